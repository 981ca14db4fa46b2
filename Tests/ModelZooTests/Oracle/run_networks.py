"""Runs every FOLDER/NAME/model.onnx with onnxruntime on the input.npy beside it and writes output.npy."""

import sys
from pathlib import Path

import numpy as np
import onnxruntime


def run(folder: Path) -> None:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(
        str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
    )
    name = session.get_inputs()[0].name
    (output,) = session.run(None, {name: np.load(folder / "input.npy")})
    np.save(folder / "output.npy", output)


if __name__ == "__main__":
    for path in sorted(Path(sys.argv[1]).glob("*/model.onnx")):
        run(path.parent)
