"""Darknet networks computed from the definitions of its layers, one element at a time where that is clearer.

Writes NAME.cfg, NAME.weights, NAME.in.npy and NAME.out.K.npy for each case.

Usage: darknet.py FOLDER
"""

import struct
import sys

import numpy as np

random = np.random.default_rng(7)
folder = sys.argv[1]


def activation(name, x):
    with np.errstate(over="ignore"):
        return {
            "linear": lambda: x,
            "leaky": lambda: np.where(x > 0, x, 0.1 * x),
            "relu": lambda: np.maximum(x, 0),
            "relu6": lambda: np.clip(x, 0, 6),
            "relie": lambda: np.where(x > 0, x, 0.01 * x),
            "hardtan": lambda: np.clip(x, -1, 1),
            "logistic": lambda: 1 / (1 + np.exp(-x)),
            "tanh": lambda: np.tanh(x),
            "elu": lambda: np.where(x >= 0, x, np.exp(x) - 1),
            "mish": lambda: x * np.tanh(np.log1p(np.exp(x))),
            "swish": lambda: x / (1 + np.exp(-x)),
        }[name]()


def normalise(x, scales, means, variances):
    """x is C×…; the small number is added to the deviation."""
    shape = (-1,) + (1,) * (x.ndim - 1)
    return (x - means.reshape(shape)) / (np.sqrt(variances.reshape(shape)) + 1e-6) * scales.reshape(shape)


class Case:
    """A network being written and computed at the same time; values are C×H×W in double precision."""

    def __init__(self, name, shape, version=(0, 2, 5)):
        self.name, self.version = name, version
        channels, height, width = shape
        self.text = f"[net]\nbatch=64\nheight = {height}\nwidth={width}\nchannels={channels}\n"
        self.weights = []
        self.layers, self.outputs = [], []
        self.x = random.normal(size=shape).astype(np.float32)
        np.save(f"{folder}/{name}.in.npy", self.x[None])
        self.x = self.x.astype(np.float64)

    def section(self, name, **options):
        self.text += f"\n# layer {len(self.layers)}\n[{name}]\n"
        self.text += "".join(f"{key}={value}\n" for key, value in options.items() if value is not None)

    def parameter(self, *shape, positive=False):
        values = random.normal(size=shape) * 0.4
        values = (np.abs(values) + 0.05 if positive else values).astype(np.float32)
        return values.astype(np.float64)

    def store(self, *arrays):
        self.weights += [array.astype("<f4").tobytes() for array in arrays]

    def done(self, x):
        self.x = x
        self.layers.append(x)
        return self

    def conv(self, filters, size, stride=1, pad=None, padding=None, groups=1, act="leaky", normalised=False):
        self.section(
            "convolutional", batch_normalize=1 if normalised else None, filters=filters, size=size, stride=stride,
            pad=pad, padding=padding, groups=groups if groups > 1 else None, activation=act)
        channels, height, width = self.x.shape
        biases = self.parameter(filters)
        statistics = [self.parameter(filters), self.parameter(filters), self.parameter(filters, positive=True)]
        kernels = self.parameter(filters, channels // groups, size, size)
        self.store(biases, *(statistics if normalised else []), kernels)
        p = size // 2 if pad else (padding or 0)
        x = np.pad(self.x, ((0, 0), (p, p), (p, p)))
        rows = (height + 2 * p - size) // stride + 1
        columns = (width + 2 * p - size) // stride + 1
        y = np.zeros((filters, rows, columns))
        for f in range(filters):
            group = f // (filters // groups)
            part = x[group * (channels // groups):(group + 1) * (channels // groups)]
            for i in range(rows):
                for j in range(columns):
                    window = part[:, i * stride:i * stride + size, j * stride:j * stride + size]
                    y[f, i, j] = (window * kernels[f]).sum()
        if normalised:
            y = normalise(y, *statistics)
        return self.done(activation(act, y + biases[:, None, None]))

    def connected(self, count, act="logistic", normalised=False):
        self.section("connected", output=count, activation=act, batch_normalize=1 if normalised else None)
        x = self.x.reshape(-1)
        biases, matrix = self.parameter(count), self.parameter(count, x.size)
        statistics = [self.parameter(count), self.parameter(count), self.parameter(count, positive=True)]
        transposed = self.version[0] > 1000 or self.version[1] > 1000
        self.store(biases, matrix.T if transposed else matrix, *(statistics if normalised else []))
        y = matrix @ x
        if normalised:
            y = normalise(y, *statistics)
        return self.done(activation(act, y + biases).reshape(-1, 1, 1))

    def maxpool(self, size=None, stride=None, padding=None):
        self.section("maxpool", size=size, stride=stride, padding=padding)
        stride = stride or 1
        size = size or stride
        padding = size - 1 if padding is None else padding
        channels, height, width = self.x.shape
        rows, columns = (height + padding - size) // stride + 1, (width + padding - size) // stride + 1
        y = np.full((channels, rows, columns), -np.inf)
        for i in range(rows):
            for j in range(columns):
                for n in range(size):
                    for m in range(size):
                        r, c = -(padding // 2) + i * stride + n, -(padding // 2) + j * stride + m
                        if 0 <= r < height and 0 <= c < width:
                            y[:, i, j] = np.maximum(y[:, i, j], self.x[:, r, c])
        return self.done(y)

    def avgpool(self):
        self.section("avgpool")
        return self.done(self.x.mean((1, 2), keepdims=True))

    def softmax(self, groups=1, temperature=None):
        self.section("softmax", groups=groups, temperature=temperature)
        x = self.x.reshape(groups, -1) / (temperature or 1)
        e = np.exp(x - x.max(1, keepdims=True))
        return self.done((e / e.sum(1, keepdims=True)).reshape(-1, 1, 1))

    def shortcut(self, position, act="linear"):
        self.section("shortcut", **{"from": position, "activation": act})
        other = self.layers[position]
        y = self.x.copy()
        common = min(len(y), len(other))
        y[:common] += other[:common]
        return self.done(activation(act, y))

    def route(self, *positions, groups=1, group=0):
        self.section(
            "route", layers=", ".join(map(str, positions)), groups=groups if groups > 1 else None,
            group_id=group if groups > 1 else None)
        parts = []
        for position in positions:
            x = self.layers[position]
            size = len(x) // groups
            parts.append(x[group * size:(group + 1) * size])
        return self.done(np.concatenate(parts))

    def upsample(self, stride=2, scale=None):
        self.section("upsample", stride=stride, scale=scale)
        return self.done(self.x.repeat(stride, 1).repeat(stride, 2) * (scale or 1))

    def reorg(self, stride):
        self.section("reorg", stride=stride)
        channels, height, width = self.x.shape
        deep = channels // (stride * stride)
        x, y = self.x.reshape(-1), np.zeros(self.x.size)
        for k in range(channels):
            for j in range(height):
                for i in range(width):
                    c, offset = k % deep, k // deep
                    column, row = i * stride + offset % stride, j * stride + offset // stride
                    y[i + width * (j + height * k)] = x[column + width * stride * (row + height * stride * c)]
        return self.done(y.reshape(channels * stride * stride, height // stride, width // stride))

    def batchnorm(self):
        self.section("batchnorm")
        n = len(self.x)
        statistics = [self.parameter(n), self.parameter(n), self.parameter(n, positive=True)]
        self.store(*statistics)
        return self.done(normalise(self.x, *statistics))

    def activate(self, name):
        self.section("activation", activation=name)
        return self.done(activation(name, self.x))

    def dropout(self):
        self.section("dropout", probability=".5")
        return self.done(self.x)

    def yolo(self):
        self.section("yolo", mask="0,1", anchors="1,2, 3,4", classes=3, num=2, jitter=".3")
        self.outputs.append(self.x)
        return self.done(self.x)

    def save(self, is_flat=False):
        if not self.outputs or self.x is not self.outputs[-1]:
            self.outputs.append(self.x)
        major, minor, revision = self.version
        wide = major * 10 + minor >= 2 and major < 1000 and minor < 1000
        header = struct.pack("<iii", *self.version) + struct.pack("<q" if wide else "<i", 32013312)
        with open(f"{folder}/{self.name}.cfg", "w") as file:
            file.write(self.text)
        with open(f"{folder}/{self.name}.weights", "wb") as file:
            file.write(header + b"".join(self.weights))
        for index, y in enumerate(self.outputs):
            np.save(f"{folder}/{self.name}.out.{index}.npy", y[None].astype(np.float32))


Case("plain", (3, 9, 11), (0, 1, 0)).conv(4, 3, pad=1).maxpool(2, 2).conv(6, 1, act="relu").avgpool().softmax().save()
Case("normalised", (2, 8, 8)).conv(4, 3, 2, pad=1, normalised=True).conv(8, 3, padding=2, normalised=True, act="mish") \
    .batchnorm().save()
Case("groups", (4, 7, 7)).conv(8, 3, pad=1, groups=4, normalised=True).conv(8, 3, 2, groups=8, act="relu6") \
    .conv(4, 1, groups=2, act="swish").save()
Case("residual", (3, 6, 6)).conv(4, 3, pad=1).conv(4, 3, pad=1).shortcut(-2, "leaky").conv(6, 1).shortcut(-2) \
    .conv(2, 1).shortcut(0, "relu").dropout().save()
Case("routes", (2, 8, 8)).conv(4, 3, pad=1).maxpool(2, 2).conv(4, 1).upsample().route(-1, 0).route(0, 1 - 2, groups=2, group=1) \
    .route(-2).reorg(2).save()
Case("detector", (3, 8, 8)).conv(8, 3, 2, pad=1, normalised=True).yolo().route(0).upsample(2, 0.5).conv(4, 1, act="linear") \
    .yolo().save()
Case("connected", (2, 5, 5)).connected(7, "tanh").connected(6, "relie", normalised=True).softmax(3, 2.5).save()
Case("transposed", (1, 4, 4), (0, 1001, 0)).connected(5, "elu").connected(3).save()
Case("back-to-image", (2, 3, 3)).connected(4, "hardtan").conv(3, 1).upsample(3).activate("logistic").save()
for size, stride, padding in [(3, 2, None), (3, 1, None), (5, 3, None), (2, 1, None), (4, 4, 0), (3, 2, 4), (2, None, 1)]:
    Case(f"pool-{size}-{stride}-{padding}", (2, 9, 7)).maxpool(size, stride, padding).save()
