"""Quantised models with the values onnxruntime computes.

Usage: quantised.py FOLDER KIND SEED COUNT

KIND is `operators` (single quantised operators of random attributes, shapes, types and parameters), `graphs` (random
networks of quantised operators between QuantizeLinear and DequantizeLinear) or `tool` (networks that
onnxruntime's own quantisation has made). Each case is a folder with model.onnx, input_*.npy and up to three sets of
outputs: default_*.npy with onnxruntime's default options, signed_*.npy where int8 activations are allowed,
plain_*.npy without any optimisation.

`source` writes binary32 networks, with outputs as default_*.npy. `check` reads such folders, runs the models with int8
activations allowed, and fails when a result has other bits than ours_*.npy.
"""

import pathlib
import sys

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto as T
from onnx import helper, numpy_helper

ROOT = pathlib.Path(sys.argv[1])
KIND = sys.argv[2]
RANDOM = np.random.default_rng(int(sys.argv[3]))
COUNT = int(sys.argv[4])
ort.set_default_logger_severity(4)

LEVEL = ort.GraphOptimizationLevel
WAYS = {
    "plain": (LEVEL.ORT_DISABLE_ALL, {}),
    "default": (LEVEL.ORT_ENABLE_ALL, {}),
    "signed": (LEVEL.ORT_ENABLE_ALL, {"session.qdqisint8allowed": "1"}),
}


def between(low, high):
    return int(RANDOM.integers(low, high))


def chance(probability):
    return RANDOM.random() < probability


def some_bytes(kind, *shape):
    limits = np.iinfo(kind)
    return RANDOM.integers(limits.min, limits.max + 1, shape).astype(kind)


def zero(kind):
    limits = np.iinfo(kind)
    choice = between(0, 4)
    value = [0, limits.min, between(limits.min, limits.max + 1), between(limits.min, limits.max + 1)][choice]
    return np.array(value).astype(kind)


def scale(low=-6.0, high=2.0):
    power = 2.0 ** between(int(low * 1.4), int(high * 1.4) + 1)
    return np.array(power if chance(0.2) else np.exp(RANDOM.uniform(low, high)), np.float32)


class Graph:
    """A model under construction."""

    def __init__(self):
        self.nodes, self.constants, self.inputs, self.outputs = [], [], {}, []
        self.values = 0

    def name(self):
        self.values += 1
        return f"v{self.values}"

    def constant(self, array):
        name = self.name()
        self.constants.append(numpy_helper.from_array(np.asarray(array), name))
        return name

    def input(self, array):
        name = self.name()
        self.inputs[name] = np.asarray(array)
        return name

    def node(self, op, operands, results=1, domain="", **attributes):
        names = [self.name() for _ in range(results)]
        operands = [o if isinstance(o, str) else self.constant(o) for o in operands]
        self.nodes.append(helper.make_node(op, operands, names, name=f"{op}_{len(self.nodes)}", domain=domain, **attributes))
        return names[0] if results == 1 else names

    def quantise(self, value, s, z):
        return self.node("QuantizeLinear", [value, np.asarray(s, np.float32), z])

    def dequantise(self, value, s, z=None, **attributes):
        return self.node("DequantizeLinear", [value, np.asarray(s, np.float32)] + ([] if z is None else [z]), **attributes)

    def pair(self, value, s, z):
        return self.dequantise(self.quantise(value, s, z), s, z)

    def model(self, types=None):
        types = types or {}
        given = [
            helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(a.dtype), a.shape)
            for n, a in self.inputs.items()
        ]
        taken = [
            helper.make_tensor_value_info(n, types[n], None) if n in types else helper.make_empty_tensor_value_info(n)
            for n in self.outputs
        ]
        graph = helper.make_graph(self.nodes, "quantised", given, taken, self.constants)
        opsets = [helper.make_opsetid("", 21), helper.make_opsetid("com.microsoft", 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=10)


def write(number, model, inputs, ways):
    folder = ROOT / f"{number:04}"
    folder.mkdir(parents=True)
    onnx.save(model, folder / "model.onnx")
    for index, array in enumerate(inputs.values()):
        np.save(folder / f"input_{index}.npy", array)
    for way in ways:
        level, settings = WAYS[way]
        options = ort.SessionOptions()
        options.graph_optimization_level = level
        options.intra_op_num_threads = 1
        for key, value in settings.items():
            options.add_session_config_entry(key, value)
        try:
            session = ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime's own conversion from int8 to uint8 fails for some networks
            if way != "default" or "output_dtype" not in str(error):
                raise
            continue
        for index, array in enumerate(session.run(None, inputs)):
            np.save(folder / f"{way}_{index}.npy", array)


# Single operators.


def window(rank, groups_allow_dilation=True):
    attributes = {
        "kernel_shape": [between(1, 4) for _ in range(rank)],
        "strides": [between(1, 3) for _ in range(rank)],
    }
    if groups_allow_dilation and chance(0.3):
        attributes["dilations"] = [between(1, 3) for _ in range(rank)]
    if chance(0.7):
        attributes["pads"] = [between(0, min(attributes["kernel_shape"])) for _ in range(2 * rank)]
    elif chance(0.6):
        attributes["auto_pad"] = ["SAME_UPPER", "SAME_LOWER", "VALID"][between(0, 3)]
        attributes.pop("dilations", None)
    return attributes


def weights_parameters(kind, count, low=-6.0, high=-2.0):
    if chance(0.5):
        return np.exp(RANDOM.uniform(low, high, count)).astype(np.float32), np.zeros(count, kind)
    return scale(low, high), (zero(kind) if chance(0.5) else np.array(0, kind))


def add_products(g):
    for x_kind, w_kind in ((np.uint8, np.int8), (np.int8, np.int8), (np.uint8, np.uint8)):
        rank = between(1, 4) if chance(0.4) else 2
        groups, channels, rows = between(1, 4), between(1, 6), between(1, 10)
        if chance(0.25):
            groups, channels, rows = between(1, 12), 1, between(1, 3)
        attributes = window(rank)
        sides = [between(7, 12) for _ in range(rank)]
        x = g.input(some_bytes(x_kind, between(1, 3), channels * groups, *sides))
        w = some_bytes(w_kind, rows * groups, channels, *attributes["kernel_shape"])
        w_scale, w_zero = weights_parameters(w_kind, rows * groups)
        x_scale = scale(-6, 0)
        spread = np.sqrt(channels * np.prod(attributes["kernel_shape"])) * 74
        y_scale = np.array(x_scale * np.mean(w_scale) * spread * np.exp(RANDOM.uniform(-1, 1)), np.float32)
        operands = [x, x_scale, zero(x_kind), w, w_scale, w_zero, y_scale, zero(x_kind)]
        if chance(0.7):
            operands.append(RANDOM.integers(-20000, 20000, rows * groups).astype(np.int32))
        g.outputs.append(g.node("QLinearConv", operands, group=groups, **attributes))
        g.outputs.append(g.node("ConvInteger", [x, w, zero(x_kind)], group=groups, **attributes))

        m, k, n = between(1, 20), between(1, 80), between(1, 40)
        batch_a = [between(1, 4)] if chance(0.4) else []
        batch_b = batch_a if chance(0.5) else []
        a, b = g.input(some_bytes(x_kind, *batch_a, m, k)), g.input(some_bytes(w_kind, *batch_b, k, n))
        b_scale, b_zero = scale(-6, -2), zero(w_kind)
        if chance(0.4) and not batch_b:
            b_scale, b_zero = np.exp(RANDOM.uniform(-6, -2, n)).astype(np.float32), some_bytes(w_kind, n)
        a_scale = scale()
        y_scale = np.array(a_scale * np.mean(b_scale) * np.sqrt(k) * 5000 * np.exp(RANDOM.uniform(-4, 1)), np.float32)
        g.outputs.append(
            g.node("QLinearMatMul", [a, a_scale, zero(x_kind), b, b_scale, b_zero, y_scale, zero(x_kind)])
        )
        g.outputs.append(g.node("MatMulInteger", [a, b, zero(x_kind), b_zero]))

        turned_a, turned_b = between(0, 2), between(0, 2)
        a = g.input(some_bytes(x_kind, *((k, m) if turned_a else (m, k))))
        b = g.input(some_bytes(w_kind, *((n, k) if turned_b else (k, n))))
        b_scale, b_zero = scale(-6, -2), zero(w_kind)
        if chance(0.4):
            b_scale, b_zero = np.exp(RANDOM.uniform(-6, -2, n)).astype(np.float32), some_bytes(w_kind, n)
        alpha = 1.0 if chance(0.5) else float(np.float32(RANDOM.uniform(0.3, 3)))
        shapes = [(n,), (1, n), (m, 1), (m, n), (1,)]
        c = RANDOM.integers(-9000, 9000, shapes[between(0, 5)]).astype(np.int32) if chance(0.7) else ""
        operands = [a, a_scale, zero(x_kind), b, b_scale, b_zero, c]
        kind = T.FLOAT
        if chance(0.7):
            y_scale = np.array(alpha * a_scale * np.mean(b_scale) * np.sqrt(k) * 5000, np.float32)
            operands += [y_scale, zero(x_kind)]
            kind = helper.np_dtype_to_tensor_dtype(np.dtype(x_kind))
        result = g.node("QGemm", operands, domain="com.microsoft", alpha=alpha, transA=turned_a, transB=turned_b)
        g.outputs.append(result)
        g.types[result] = kind


def add_conversions(g):
    for kind in (np.int8, np.uint8, np.int16, np.uint16):
        for real in (np.float32, np.float16):
            shape = [between(1, 5) for _ in range(between(1, 3))] + [between(1, 200)]
            axis = between(0, len(shape))
            limit = np.iinfo(kind).max
            s, z, attributes = real(scale(-5, 0) * 127 / limit), zero(kind), {}
            if chance(0.5):
                s = (np.exp(RANDOM.uniform(-5, 0, shape[axis])) * 127 / limit).astype(real)
                z, attributes = some_bytes(kind, shape[axis]), {"axis": axis}
            around = np.asarray(s, np.float64).reshape([-1] + [1] * (len(shape) - 1 - axis)) if attributes else float(s)
            x = RANDOM.normal(size=shape) * limit * around * np.exp(RANDOM.uniform(-2, 1))
            if chance(0.3):  # halfway between integers
                x = (RANDOM.integers(-300, 300, shape) + 0.5) * around
            with np.errstate(over="ignore"):
                x = x.astype(real)
            x.flat[between(0, x.size)] = [0, np.nan, np.inf, -np.inf][between(0, 4)]
            g.outputs.append(g.node("QuantizeLinear", [g.input(x), s, z], **attributes))
            g.outputs.append(g.node("DequantizeLinear", [g.input(some_bytes(kind, *shape)), s, z], **attributes))
    shape = [between(1, 5), between(1, 200)]
    wide = RANDOM.integers(-(2**31), 2**31, shape).astype(np.int32)
    g.outputs.append(g.node("DequantizeLinear", [g.input(wide), scale(-9, 0)]))
    x = (RANDOM.normal(size=shape) * np.exp(RANDOM.uniform(-5, 5)) + between(-3, 3)).astype(np.float32)
    g.outputs += g.node("DynamicQuantizeLinear", [g.input(x)], 3)
    g.outputs += g.node("DynamicQuantizeLinear", [g.input(np.zeros(shape, np.float32))], 3)


def add_functions(g):
    for kind in (np.int8, np.uint8):
        for op in ("QLinearAdd", "QLinearMul"):
            m, n = between(1, 6), between(1, 300)
            shapes = [
                ((m, n), (m, n)), ((), (m, n)), ((m, n), (1,)), ((2, m, 1, n), (m, 7, 1)), ((m, n), (n,)),
                ((m, 1), (m, n)), ((1, 1), (1,)), ((m, 3, 1), (3, 1)),
            ]  # fmt: skip
            a_shape, b_shape = shapes[between(0, len(shapes))]
            a_scale, b_scale = scale(-4, 0), scale(-4, 0)
            y_scale = (a_scale + b_scale) if op == "QLinearAdd" else a_scale * b_scale * 100
            y_scale = np.array(y_scale * np.exp(RANDOM.uniform(-1, 0.5)), np.float32)
            a, b = g.input(some_bytes(kind, *a_shape)), g.input(some_bytes(kind, *b_shape))
            operands = [a, a_scale, zero(kind), b, b_scale, zero(kind), y_scale, zero(kind)]
            g.outputs.append(g.node(op, operands, domain="com.microsoft"))
        x = g.input(some_bytes(kind, between(1, 5), between(1, 300)))
        y_scale = np.array(1 / 256, np.float32) if chance(0.5) else scale(-7, -4)
        g.outputs.append(
            g.node("QLinearSigmoid", [x, scale(-5, -1), zero(kind), y_scale, zero(kind)], domain="com.microsoft")
        )
        alpha = float(np.float32(RANDOM.uniform(0, 0.5)))
        operands = [x, scale(), zero(kind), scale(), zero(kind)]
        g.outputs.append(g.node("QLinearLeakyRelu", operands, domain="com.microsoft", alpha=alpha))

        rank, channels, last = between(1, 4), between(1, 20), int(chance(0.3))
        sides = [between(3, 10) for _ in range(rank)]
        x = g.input(some_bytes(kind, between(1, 3), *(sides + [channels] if last else [channels] + sides)))
        operands = [x, scale(-5, 0), zero(kind), scale(-5, 0), zero(kind)]
        g.outputs.append(
            g.node("QLinearGlobalAveragePool", operands, domain="com.microsoft", channels_last=last)
        )
        attributes = window(rank, False)
        if chance(0.2):
            attributes["kernel_shape"] = sides
        attributes.update(ceil_mode=between(0, 2), count_include_pad=between(0, 2), channels_last=last)
        s = scale(-5, 0)
        operands = [x, s, zero(kind), np.array(s * np.exp(RANDOM.uniform(-1, 0.3)), np.float32), zero(kind)]
        g.outputs.append(g.node("QLinearAveragePool", operands, domain="com.microsoft", **attributes))

        shape = [between(1, 5) for _ in range(between(1, 3))] + [between(1, 60)]
        least = np.array(np.iinfo(kind).min, kind)
        operands = [g.input(some_bytes(kind, *shape)), scale(-5, -1), zero(kind), y_scale, least]
        axis = between(0, len(shape))
        g.outputs.append(g.node("QLinearSoftmax", operands, domain="com.microsoft", axis=axis, opset=13))

        shape = [between(1, 5) for _ in range(between(1, 4))]
        axis = between(0, len(shape))
        operands = [scale(-4, 0), zero(kind)]
        for _ in range(between(1, 5)):
            part = list(shape)
            part[axis] = between(1, 40)
            same = chance(0.3)
            operands += [g.input(some_bytes(kind, *part))]
            operands += [operands[0], operands[1]] if same else [scale(-4, 0), zero(kind)]
        g.outputs.append(g.node("QLinearConcat", operands, domain="com.microsoft", axis=axis))


def operators():
    for number in range(COUNT):
        g = Graph()
        g.types = {}
        (add_products, add_conversions, add_functions)[number % 3](g)
        write(number, g.model(g.types), g.inputs, ["plain"])


# Networks of quantised operators.


class Network(Graph):
    """A random network in which values are quantised between operators."""

    def __init__(self, kind, is_symmetric):
        super().__init__()
        self.kind, self.is_symmetric = kind, is_symmetric

    def parameters(self, is_positive=False):
        s = np.array(np.exp(RANDOM.uniform(-4.5, -2.5)), np.float32)
        if self.is_symmetric:
            return s, np.array(0 if self.kind == np.int8 else 128, self.kind)
        if is_positive:
            return s, np.array(np.iinfo(self.kind).min, self.kind)
        return s, zero(self.kind)

    def weights(self, *shape, axis=0):
        """Dequantised weights, their scales, and the axis of these."""
        w = some_bytes(np.int8, *shape)
        if chance(0.5):
            count = shape[axis]
            s = np.exp(RANDOM.uniform(-6.5, -5, count)).astype(np.float32)
            return self.dequantise(w, s, np.zeros(count, np.int8), axis=axis), s
        s = np.array(np.exp(RANDOM.uniform(-6.5, -5)), np.float32)
        return self.dequantise(w, s, np.array(0, np.int8)), s

    def bias(self, count, s):
        s = np.asarray(s, np.float32)
        if chance(0.2):  # left to onnxruntime
            return RANDOM.normal(size=count).astype(np.float32)
        integers = RANDOM.integers(-3000, 3000, count).astype(np.int32)
        attributes = {"axis": 0} if s.ndim else {}
        zeros = np.zeros(s.shape, np.int32) if chance(0.7) else None
        return self.dequantise(integers, s, zeros, **attributes)

    def convolution(self, value, s, channels, rows=None):
        groups = channels if chance(0.2) else 1
        rows = channels if groups > 1 else rows or between(4, 10)
        w, w_scale = self.weights(rows, channels // groups, 3, 3)
        operands = [value, w]
        if chance(0.8):
            operands.append(self.bias(rows, s * w_scale))
        return self.node("Conv", operands, group=groups, pads=[1, 1, 1, 1]), rows

    def activation(self, value):
        choice = between(0, 4)
        if choice == 0:
            return self.node("Relu", [value]), True
        if choice == 1:
            return self.node("Clip", [value, np.array(0, np.float32), np.array(6, np.float32)]), True
        return value, False

    def close(self, value, is_positive=False):
        s, z = self.parameters(is_positive)
        return self.pair(value, s, z), s, z


def network(number):
    kind = [np.uint8, np.int8][between(0, 2)]
    g = Network(kind, chance(0.4))
    channels, side = between(3, 7), 8
    x = g.input(RANDOM.normal(size=(1, channels, side, side)).astype(np.float32))
    value, s, z = g.close(x)
    for _ in range(between(2, 7)):
        choice = between(0, 12)
        before = value
        if choice <= 3:
            y, channels = g.convolution(value, s, channels)
            y, positive = g.activation(y)
            value, s, z = g.close(y, positive)
        elif choice == 4:
            y, _ = g.convolution(value, s, channels, rows=channels)
            y, s, z = g.close(y)
            y, positive = g.activation(g.node("Add", [y, before]))
            value, s, z = g.close(y, positive)
        elif choice == 5:
            other = g.dequantise(some_bytes(kind, channels, 1, 1), scale(-4, -2), zero(kind))
            value, s, z = g.close(g.node(["Add", "Mul"][between(0, 2)], [value, other]))
        elif choice == 6:
            attributes = {"kernel_shape": [2, 2], "pads": [0, 0, 1, 1]}
            value = g.node(["MaxPool", "AveragePool"][between(0, 2)], [value], **attributes)
            if chance(0.6):
                value = g.pair(value, s, z)
            elif chance(0.5):
                value, s, z = g.close(value)
            else:
                value, s, z = g.close(g.node("LeakyRelu", [value], alpha=0.25))
        elif choice == 7:
            op = ["Sigmoid", "LeakyRelu", "Tanh", "HardSwish"][between(0, 4)]
            value, s, z = g.close(g.node(op, [value]))
        elif choice == 8:
            y, rows = g.convolution(value, s, channels)
            y, _, _ = g.close(y)
            value, s, z = g.close(g.node("Concat", [y, before], axis=1))
            channels += rows
        elif choice == 9:
            moved = g.pair(g.node("Transpose", [value], perm=[0, 1, 3, 2]), s, z)
            value = moved
        elif choice == 10:
            if g.is_symmetric:  # Relu between equal parameters
                value = g.pair(g.node("Relu", [value]), s, z)
        elif channels % 2 == 0:
            one, two = g.node("Split", [value], 2, axis=1, num_outputs=2)
            one, two = g.pair(one, s, z), g.pair(two, s, z)
            value, s, z = g.close(g.node("Concat", [two, one], axis=1))
    ending = between(0, 4)
    if ending == 0:
        value, s, z = g.close(g.node("GlobalAveragePool", [value]))
        value = g.pair(g.node("Flatten", [value]), s, z)
        w, w_scale = g.weights(5, channels)
        value = g.node("Gemm", [value, w, g.bias(5, s * w_scale)], transB=1)
        if chance(0.6):
            value, s, z = g.close(value)
            if chance(0.5):
                value = g.pair(g.node("Softmax", [value], axis=1), 1 / 256, np.array(np.iinfo(kind).min, kind))
    elif ending == 1:
        value = g.pair(g.node("Reshape", [value, np.array([channels, -1])]), s, z)
        value = g.pair(g.node("Transpose", [value], perm=[1, 0]), s, z)
        w, _ = g.weights(channels, 6, axis=1)
        value = g.node("MatMul", [value, w])
        if chance(0.6):
            value, s, z = g.close(value)
    g.outputs.append(value)
    write(number, g.model(), g.inputs, ["plain", "default", "signed"])


def graphs():
    for number in range(COUNT):
        network(number)


# Networks in binary32.


def floats(*shape):
    return (RANDOM.normal(size=shape) / np.sqrt(np.prod(shape[1:]))).astype(np.float32)


def image_network(normalises):
    """A small network of images with most of the operators that can be quantised."""
    g = Graph()
    x = g.input(RANDOM.normal(size=(1, 3, 12, 12)).astype(np.float32))
    g.inputs = {"x": g.inputs[x]}

    def convolution(value, rows, channels, groups=1):
        y = g.node("Conv", [value, floats(rows, channels // groups, 3, 3), floats(rows)], pads=[1, 1, 1, 1], group=groups)
        if normalises:
            around = [RANDOM.uniform(0.5, 2, rows).astype(np.float32) for _ in range(4)]
            y = g.node("BatchNormalization", [y] + around, epsilon=1e-5)
        return y

    y = g.node("Relu", [convolution("x", 8, 3)])
    z = convolution(y, 8, 8)
    y = g.node("Relu", [g.node("Add", [z, y])])
    y = g.node("MaxPool", [y], kernel_shape=[2, 2], strides=[2, 2])
    z = convolution(y, 8, 8, 8)
    z = g.node("Clip", [z, np.array(0, np.float32), np.array(6, np.float32)])
    y = g.node("Concat", [z, g.node("Sigmoid", [y])], axis=1)
    if normalises:
        y = g.node("AveragePool", [y], kernel_shape=[2, 2], strides=[2, 2])
        y = g.node("Mul", [y, g.node("HardSwish", [y])])
        y = g.node("Add", [y, floats(16, 1, 1)])
    y = g.node("Flatten", [g.node("GlobalAveragePool", [g.node("LeakyRelu", [y], alpha=0.1)])])
    y = g.node("Gemm", [y, floats(10, 16), floats(10)], transB=1)
    y = g.node("MatMul", [y, floats(10, 4)])
    g.outputs.append(y)
    return g


def source():
    for number in range(COUNT):
        g = image_network(True)
        write(number, g.model(), g.inputs, ["default"])


def check():
    wrong = 0
    for folder in sorted(ROOT.iterdir()):
        options = ort.SessionOptions()
        options.add_session_config_entry("session.qdqisint8allowed", "1")
        session = ort.InferenceSession(str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])
        inputs = {v.name: np.load(folder / f"input_{i}.npy") for i, v in enumerate(session.get_inputs())}
        for index, expected in enumerate(session.run(None, inputs)):
            ours = np.load(folder / f"ours_{index}.npy")
            if ours.dtype != expected.dtype or not np.array_equal(ours, expected):
                wrong += 1
                print(f"{folder.name}: {np.sum(ours != expected)} of {ours.size} values differ", file=sys.stderr)
    sys.exit(1 if wrong else 0)


# Networks that onnxruntime's tool has quantised.


def tool():
    from onnxruntime.quantization import (
        CalibrationDataReader, CalibrationMethod, QuantFormat, QuantType, quant_pre_process, quantize_static,
    )  # fmt: skip

    class Samples(CalibrationDataReader):
        def __init__(self):
            self.left = iter([{"x": RANDOM.normal(size=(1, 3, 12, 12)).astype(np.float32)} for _ in range(3)])

        def get_next(self):
            return next(self.left, None)

    formats = [QuantFormat.QDQ, QuantFormat.QOperator]
    for number in range(COUNT):
        g = image_network(False)
        path = ROOT.with_suffix(".model.onnx")
        out = ROOT.with_suffix(".quantised.onnx")
        onnx.save(g.model(), path)
        activations = QuantType.QInt8 if number % 4 >= 2 else QuantType.QUInt8
        quantize_static(
            str(path), str(out), Samples(), quant_format=formats[number % 2], per_channel=bool(number // 4 % 2),
            activation_type=activations, weight_type=QuantType.QInt8, calibrate_method=CalibrationMethod.MinMax,
            extra_options={"ActivationSymmetric": number % 8 == 6},
        )  # fmt: skip
        inputs = {"x": RANDOM.normal(size=(1, 3, 12, 12)).astype(np.float32)}
        write(number, onnx.load(out), inputs, ["default", "signed"] + (["plain"] if number % 2 else []))
        path.unlink()
        out.unlink()


{"operators": operators, "graphs": graphs, "tool": tool, "source": source, "check": check}[KIND]()
