"""A second executor, from the definition: nested loops over the exported bytes, Python integers.

It shares no code with the reference and finds weights only through the offsets and constants of
the generated C header, as the firmware does, so it checks the file layout too.
"""

import re
import struct
from fractions import Fraction
from pathlib import Path


def _constants(header: str) -> dict[str, int]:
    pattern = re.compile(r"^#define LENET5_(\w+) (-?\d+)$", re.MULTILINE)
    return {name: int(value) for name, value in pattern.findall(header)}


def _layer(constants: dict[str, int], name: str, blob: bytes, image: list) -> list:
    """One layer on image[c][y][x]; returns output[m][y][x]."""

    def constant(suffix: str) -> int:
        return constants[f"{name}_{suffix}"]

    filters, kernel, pad = constant("M"), constant("KERNEL"), constant("PADDING")
    channels, side, out = constant("CHANNELS"), constant("SIDE"), constant("OUTPUT_SIDE")
    weights = struct.unpack_from(f"<{constant('K') * filters}b", blob, constant("WEIGHTS_OFFSET"))
    bias = struct.unpack_from(f"<{filters}i", blob, constant("BIAS_OFFSET"))
    output = []
    for m in range(filters):
        rows = []
        for y in range(out):
            row = []
            for x in range(out):
                total = bias[m]
                for c in range(channels):
                    for r in range(kernel):
                        for s in range(kernel):
                            v, u = y + r - pad, x + s - pad
                            if 0 <= v < side and 0 <= u < side:
                                k = (c * kernel + r) * kernel + s
                                total += weights[k * filters + m] * image[c][v][u]
                if constant("RELU"):
                    total = max(total, 0)
                if constant("REQUANTISE"):
                    exact = Fraction(total * constant("SCALE"), 1 << constant("SHIFT"))
                    total = min(max(round(exact), -128), 127)  # round() takes ties to even
                row.append(total)
            rows.append(row)
        output.append(rows)
    return output


def _pooled(image: list) -> list:
    return [
        [
            [max(top[x], top[x + 1], low[x], low[x + 1]) for x in range(0, len(top), 2)]
            for top, low in zip(plane[0::2], plane[1::2])
        ]
        for plane in image
    ]


def _flat(image: list) -> list[int]:
    return [value for plane in image for row in plane for value in row]


def differences(folder: Path) -> list[str]:
    """Runs shipped image 0 and lists the golden files that disagree."""
    constants = _constants((folder / "lenet5_parameters.h").read_text())
    blob = (folder / "weights.bin").read_bytes()
    side = constants["CONV1_SIDE"]
    images = (folder / "images.bin").read_bytes()
    flat = struct.unpack_from(f"{constants['IMAGE_BYTES']}b", images)
    x = [[list(flat[y * side : (y + 1) * side]) for y in range(side)]]
    outputs = {}
    for name in ("conv1", "conv2", "fc1", "fc2", "fc3"):
        if name.startswith("fc"):
            x = [[[value]] for value in _flat(x)]
        x = _layer(constants, name.upper(), blob, x)
        outputs[name] = _flat(x)
        if name.startswith("conv"):
            x = _pooled(x)
            outputs[name.replace("conv", "pool")] = _flat(x)
    problems = []
    for name, values in outputs.items():
        golden = (folder / "golden" / f"{name}.bin").read_bytes()
        packed = struct.pack(f"<{len(values)}{'i' if name == 'fc3' else 'b'}", *values)
        if golden != packed:
            problems.append(f"golden/{name}.bin disagrees with direct loops over weights.bin")
    return problems
