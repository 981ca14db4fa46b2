"""The exported files: parameters, data, golden outputs, parameters.json and the C header."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import header
import reference
import training
from architecture import CLASSES, IMAGE_SIDE, LAYERS
from digits import HELD_OUT, PIXEL_MAXIMUM, Digits
from quantisation import QuantisedLayer, quantise

ALIGNMENT = 64  # bytes, of every block in weights.bin


@dataclass(frozen=True)
class Measured:
    """What an export takes from the data set. Accuracies are counts of correct predictions."""

    images: np.ndarray  # shipped, int8 [n][28][28]
    labels: np.ndarray  # shipped, uint8 [n]
    network: list[QuantisedLayer]
    training_images: int
    held_out_images: int
    correct: dict[str, int]


def measure(parameters: training.Parameters, digits: Digits) -> Measured:
    """Calibrates on all training images and measures accuracies."""
    network = quantise(parameters, reference.calibration(digits.images[digits.training]))

    def integer_correct(indices: np.ndarray) -> int:
        logits = reference.execute(network, digits.images[indices])["fc3"]
        return int((reference.predictions(logits) == digits.labels[indices]).sum())

    correct = {}
    for name in ("training", "held_out", "shipped"):
        indices = getattr(digits, name)
        correct[f"fp32_{name}"] = training.correct_predictions(parameters, digits, indices)
        correct[f"int8_{name}"] = integer_correct(indices)
    shipped = digits.shipped
    return Measured(
        images=digits.images[shipped],
        labels=digits.labels[shipped],
        network=network,
        training_images=len(digits.training),
        held_out_images=len(digits.held_out),
        correct=correct,
    )


def recall(folder: Path) -> Measured:
    """The same from the committed files, for a machine without scikit-learn."""
    parameters, _ = training.restore(folder / "weights.npz")
    committed = json.loads((folder / "parameters.json").read_text())
    maxima = {layer["name"]: layer["accumulator_maximum"] for layer in committed["layers"]}
    images, labels = _data(folder)
    return Measured(
        images=images,
        labels=labels,
        network=quantise(parameters, lambda _network, layer, _weights, _bias: maxima[layer.name]),
        training_images=committed["data"]["training_images"],
        held_out_images=committed["data"]["held_out_images"],
        correct=committed["correct_predictions"],
    )


def _data(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    pixels = np.frombuffer((folder / "images.bin").read_bytes(), np.int8)
    labels = np.frombuffer((folder / "labels.bin").read_bytes(), np.uint8)
    return pixels.reshape(len(labels), IMAGE_SIDE, IMAGE_SIDE), labels


def load(folder: Path) -> tuple[list[QuantisedLayer], np.ndarray, np.ndarray]:
    """The exported network, read from the integer files alone, with images and labels."""
    committed = json.loads((folder / "parameters.json").read_text())
    network = []
    for layer, entry in zip(LAYERS, committed["layers"], strict=True):
        weights = np.frombuffer((folder / f"{layer.name}.weights.bin").read_bytes(), np.int8)
        bias = np.frombuffer((folder / f"{layer.name}.bias.bin").read_bytes(), "<i4")
        network.append(
            QuantisedLayer(
                layer=layer,
                weights=weights.reshape(layer.k, layer.filters).T,
                bias=bias,
                scale=entry["scale"],
                shift=entry["shift"],
                weight_step=entry["weight_step"],
                input_step=entry["input_step"],
                output_step=entry["output_step"],
                accumulator_maximum=entry["accumulator_maximum"],
            )
        )
    images, labels = _data(folder)
    return network, images, labels


def little_endian(values: np.ndarray) -> bytes:
    """The array's elements in C order, little endian."""
    return np.ascontiguousarray(values, values.dtype.newbyteorder("<")).tobytes()


def _blob(files: dict[str, bytes]) -> tuple[bytes, dict[str, int]]:
    """All parameter files one after the other, each aligned, and their offsets."""
    blob = bytearray()
    offsets = {}
    for name, content in files.items():
        blob += bytes(-len(blob) % ALIGNMENT)
        offsets[name] = len(blob)
        blob += content
    blob += bytes(-len(blob) % ALIGNMENT)
    return bytes(blob), offsets


def build(parameters: training.Parameters, record: dict, measured: Measured) -> dict[str, bytes]:
    """Every exported file by its path in the folder (all but weights.npz)."""
    network = measured.network
    values: dict[str, np.ndarray] = {}
    for item in network:
        values[f"{item.layer.name}.weights.bin"] = item.weights.T  # [K][M]
        values[f"{item.layer.name}.bias.bin"] = item.bias
    blob, offsets = _blob({name: little_endian(array) for name, array in values.items()})
    values["images.bin"] = measured.images.reshape(len(measured.images), -1)
    values["labels.bin"] = measured.labels
    outputs = reference.execute(network, measured.images)
    for name, output in outputs.items():
        values[f"golden/{name}.bin"] = output[0]
    values["golden/logits.bin"] = outputs["fc3"]
    values["golden/predictions.bin"] = reference.predictions(outputs["fc3"])
    values["weights.bin"] = np.frombuffer(blob, np.uint8)

    files = {name: little_endian(array) for name, array in values.items()}
    files["lenet5_parameters.h"] = header.text(
        network, offsets, len(blob), len(measured.images)
    ).encode()
    described = {
        name: {
            "data_type": str(array.dtype.name),
            "shape": list(array.shape),
            "sha256": hashlib.sha256(files[name]).hexdigest(),
        }
        for name, array in sorted(values.items())
    }
    document = _document(record, measured, described, offsets)
    files["parameters.json"] = (json.dumps(document, indent=2) + "\n").encode()
    return files


def _document(record: dict, measured: Measured, files: dict, offsets: dict[str, int]) -> dict:
    totals = {
        "training": measured.training_images,
        "held_out": measured.held_out_images,
        "shipped": len(measured.images),
    }
    return {
        "network": "LeNet-5",
        "macs_per_image": sum(layer.macs for layer in LAYERS),
        "classes": CLASSES,
        "data": {
            "source": "sklearn.datasets.load_digits, 8x8, values 0 to 16",
            "upscaling": "bilinear to 28x28, half-pixel centres, edges clamped, exact rationals",
            "pixels": f"int8 0 to {PIXEL_MAXIMUM}, real value = pixel / {PIXEL_MAXIMUM}",
            "training_images": totals["training"],
            "held_out_images": totals["held_out"],
            "shipped_images": totals["shipped"],
            "shipped": f"the first {totals['shipped']} of the {HELD_OUT} held-out images",
        },
        "training": record,
        "quantisation": {
            "scheme": "int8 symmetric per tensor, zero points 0, int32 bias and accumulators",
            "calibration": "largest integer accumulator after ReLU over all training images",
            "requantisation": "clamp(roundHalfEven(acc * scale / 2^shift), -128, 127)",
        },
        "correct_predictions": measured.correct,
        "accuracy": {
            name: round(count / totals[name.split("_", 1)[1]], 4)
            for name, count in measured.correct.items()
        },
        "layers": [_layer_entry(item, offsets) for item in measured.network],
        "files": files,
    }


def _layer_entry(item: QuantisedLayer, offsets: dict[str, int]) -> dict:
    layer = item.layer
    return {
        "name": layer.name,
        "input_shape": [layer.channels, layer.side, layer.side],
        "output_shape": [layer.filters, layer.output_side, layer.output_side],
        "kernel": layer.kernel,
        "padding": layer.padding,
        "stride": 1,
        "m": layer.filters,
        "k": layer.k,
        "n": layer.output_side**2,
        "macs": layer.macs,
        "relu": layer.relu,
        "requantise": item.requantises,
        "scale": item.scale,
        "shift": item.shift,
        "pool": layer.pool,
        "weight_step": item.weight_step,
        "input_step": item.input_step,
        "output_step": item.output_step,
        "accumulator_maximum": item.accumulator_maximum,
        "weights_offset": offsets[f"{layer.name}.weights.bin"],
        "bias_offset": offsets[f"{layer.name}.bias.bin"],
    }


def summary(files: dict[str, bytes]) -> str:
    """Sizes, constants and accuracies for a person."""
    document = json.loads(files["parameters.json"])
    lines = [f"{len(content):8d} {name}" for name, content in sorted(files.items())]
    lines.append(f"{sum(map(len, files.values())):8d} bytes in all")
    for layer in document["layers"]:
        lines.append(
            f"{layer['name']}: M {layer['m']}, K {layer['k']}, N {layer['n']}, "
            f"SCALE {layer['scale']}, SHIFT {layer['shift']}"
        )
    for name, count in document["correct_predictions"].items():
        lines.append(f"{name}: {count} correct, {100 * document['accuracy'][name]:.2f} %")
    return "\n".join(lines)
