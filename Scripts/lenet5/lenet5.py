#!/usr/bin/env python3
"""LeNet-5 for the accelerator: train, quantise and export, run the integer reference, check.

    lenet5.py train      train from scratch: writes weights.npz (needs scikit-learn)
    lenet5.py export     quantise weights.npz: writes every other file (needs scikit-learn)
    lenet5.py reference  run the exported integer network on shipped images
    lenet5.py check      re-export into memory and compare with the files; exits 1 on a difference
"""

import os

# One BLAS thread, set before NumPy loads: the order of floating-point sums is then fixed.
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"

import argparse
import sys
import zipfile
from pathlib import Path

import digits as digits_module
import direct
import export
import reference
import training

DEFAULT_FOLDER = Path(__file__).resolve().parents[2] / "Configs" / "lenet5"
WEIGHTS = "weights.npz"


def run_train(folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    digits = digits_module.load()
    parameters, record = training.train(digits)
    training.save(folder / WEIGHTS, parameters, record)
    correct = training.correct_predictions(parameters, digits, digits.held_out)
    print(f"fp32: {correct}/{len(digits.held_out)} held-out images correct")
    return 0


def run_export(folder: Path) -> int:
    parameters, record = training.restore(folder / WEIGHTS)
    files = export.build(parameters, record, export.measure(parameters, digits_module.load()))
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    print(export.summary(files))
    return 0


def run_reference(folder: Path, image: int, output: Path | None) -> int:
    network, images, labels = export.load(folder)
    if not 0 <= image < len(images):
        print(f"image {image} does not exist: there are {len(images)}", file=sys.stderr)
        return 1
    outputs = reference.execute(network, images[image : image + 1])
    if output is not None:
        output.mkdir(parents=True, exist_ok=True)
        for name, values in outputs.items():
            (output / f"{name}.bin").write_bytes(export.little_endian(values[0]))
    logits = outputs["fc3"].reshape(-1)
    print(f"image {image}: label {labels[image]}, class {logits.argmax()}")
    print(f"logits {logits.tolist()}")
    return 0


def run_check(folder: Path) -> int:
    problems = []
    parameters, record = training.restore(folder / WEIGHTS)
    try:
        measured = export.measure(parameters, digits_module.load())
    except ImportError:
        measured = export.recall(folder)
        print("scikit-learn is missing: data, calibration and accuracies taken as committed")
    expected = export.build(parameters, record, measured)
    for name, content in expected.items():
        path = folder / name
        if not path.is_file():
            problems.append(f"{name} is missing")
        elif path.read_bytes() != content:
            problems.append(f"{name} differs from a fresh export")
    if not problems:
        problems = direct.differences(folder)
    for problem in problems:
        print(f"lenet5 check: {problem}", file=sys.stderr)
    if not problems:
        print(f"lenet5 check: {len(expected)} files agree; image 0 agrees with direct loops")
    return 1 if problems else 0


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=("train", "export", "reference", "check"))
    parser.add_argument(
        "--folder", type=Path, default=DEFAULT_FOLDER, help="default: Configs/lenet5"
    )
    parser.add_argument("--image", type=int, default=0, help="reference: which shipped image")
    parser.add_argument(
        "--output", type=Path, help="reference: folder for every layer's output of that image"
    )
    arguments = parser.parse_args()
    try:
        if arguments.command == "train":
            return run_train(arguments.folder)
        if arguments.command == "export":
            return run_export(arguments.folder)
        if arguments.command == "reference":
            return run_reference(arguments.folder, arguments.image, arguments.output)
        return run_check(arguments.folder)
    except (OSError, ImportError, ValueError, KeyError, zipfile.BadZipFile) as error:
        print(f"lenet5: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
