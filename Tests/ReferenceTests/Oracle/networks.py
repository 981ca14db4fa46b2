"""Whole networks of the onnx package with a random image and what onnxruntime computes.

Usage: networks.py FOLDER [NAME…]; without names all light_* models.
"""

import pathlib
import sys

import numpy as np
import onnx
import onnxruntime as ort

SOURCE = pathlib.Path(onnx.__file__).parent / "backend/test/data/light"
ROOT = pathlib.Path(sys.argv[1])
random = np.random.default_rng(1)

for path in sorted(SOURCE.glob("light_*.onnx")):
    name = path.stem.removeprefix("light_")
    if len(sys.argv) > 2 and name not in sys.argv[2:]:
        continue
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 4
    session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    inputs = {i.name: random.uniform(-1, 1, i.shape).astype(np.float32) for i in session.get_inputs()}
    folder = ROOT / name
    folder.mkdir(parents=True)
    (folder / "model.onnx").write_bytes(path.read_bytes())
    for index, array in enumerate(inputs.values()):
        np.save(folder / f"input_{index}.npy", array)
    for index, array in enumerate(session.run(None, inputs)):
        np.save(folder / f"output_{index}.npy", array)
    print(name)
