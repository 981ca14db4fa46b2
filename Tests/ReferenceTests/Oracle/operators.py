"""Random one-node models over operators, attributes and shapes, with the values onnxruntime computes.

Usage: operators.py FOLDER [SEED]

Each case is a folder that RecordedCase reads: model.onnx, input_*.npy, output_*.npy without optimisation and
optimised_*.npy where the default optimisation gives other bits.
"""

import pathlib
import sys

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto as T
from onnx import helper, numpy_helper

ROOT = pathlib.Path(sys.argv[1])
RANDOM = np.random.default_rng(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
ort.set_default_logger_severity(4)
COUNT = {"written": 0, "refused": 0}


def floats(*shape, low=-2.0, high=2.0, dtype=np.float32):
    return RANDOM.uniform(low, high, shape).astype(dtype)


def integers(*shape, low=-9, high=10, dtype=np.int64):
    return RANDOM.integers(low, high, shape).astype(dtype)


def truths(*shape):
    return RANDOM.integers(0, 2, shape).astype(bool)


def case(op, inputs, attributes=None, constants=None, outputs=1, opset=21, exact=False):
    """Writes a case. `inputs` are arrays; None is an absent operand; `constants` are indices of constant operands."""
    constants = constants or []
    names = ["" if a is None else f"x{i}" for i, a in enumerate(inputs)]
    node = helper.make_node(op, names, [f"y{i}" for i in range(outputs)], **(attributes or {}))
    given = [(n, a) for i, (n, a) in enumerate(zip(names, inputs)) if a is not None and i not in constants]
    graph = helper.make_graph(
        [node],
        op,
        [helper.make_tensor_value_info(n, helper.np_dtype_to_tensor_dtype(a.dtype), a.shape) for n, a in given],
        [helper.make_empty_tensor_value_info(f"y{i}") for i in range(outputs)],
        [numpy_helper.from_array(inputs[i], names[i]) for i in constants],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=10)
    results = []
    try:
        for level in (ort.GraphOptimizationLevel.ORT_DISABLE_ALL, ort.GraphOptimizationLevel.ORT_ENABLE_ALL):
            options = ort.SessionOptions()
            options.graph_optimization_level = level
            options.intra_op_num_threads = 1
            options.log_severity_level = 4
            session = ort.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
            results.append(session.run(None, dict(given)))
    except ort.capi.onnxruntime_pybind11_state.NotImplemented:  # no kernel for these types
        COUNT["refused"] += 1
        return
    except ort.capi.onnxruntime_pybind11_state.InvalidGraph as error:  # types the standard excludes
        assert "Type Error" in str(error), error
        COUNT["refused"] += 1
        return
    folder = ROOT / f"{COUNT['written']:04}-{op}-{opset}"
    folder.mkdir(parents=True)
    onnx.save(model, folder / "model.onnx")
    for index, (_, array) in enumerate(given):
        np.save(folder / f"input_{index}.npy", array)
    for index, (plain, optimised) in enumerate(zip(*results)):
        np.save(folder / f"output_{index}.npy", plain)
        if plain.tobytes() != optimised.tobytes():
            np.save(folder / f"optimised_{index}.npy", optimised)
    if exact:
        (folder / "exact").touch()
    COUNT["written"] += 1


def pick(*choices):
    return choices[RANDOM.integers(len(choices))]


def side(low=1, high=9):
    return int(RANDOM.integers(low, high))


def window(rank, transposed=False):
    """Random attributes of a window and the least input sides."""
    kernel = [side(1, 5) for _ in range(rank)]
    strides = [side(1, 4) for _ in range(rank)]
    dilations = [side(1, 3) for _ in range(rank)]
    attributes = {"kernel_shape": kernel, "strides": strides, "dilations": dilations}
    if pick(0, 0, 1) and not transposed:
        attributes["auto_pad"] = pick("SAME_UPPER", "SAME_LOWER", "VALID")
        if attributes["auto_pad"] != "VALID":
            attributes["dilations"] = [1] * rank
    else:
        attributes["pads"] = [int(RANDOM.integers(0, k)) for k in kernel + kernel]
    reach = [(k - 1) * d + 1 for k, d in zip(kernel, dilations)]
    return attributes, reach


def products():
    for i in range(70):
        rank = pick(1, 2, 2, 2, 3)
        attributes, reach = window(rank)
        groups = pick(1, 1, 2, 3)
        channels = groups * side(1, 9)
        filters = groups * side(1, 12)
        if i % 7 == 0:
            groups = channels
            filters = channels * pick(1, 2)
        spatial = [r + side(0, 20 if rank < 3 else 5) for r in reach]
        attributes["group"] = groups
        if i % 9 == 0 and "pads" in attributes:
            del attributes["pads"]
        x = floats(side(1, 3), channels, *spatial)
        w = floats(filters, channels // groups, *attributes["kernel_shape"], low=-1, high=1)
        bias = floats(filters) if i % 2 else None
        case("Conv", [x, w] + ([bias] if bias is not None else []), attributes, [1] if i % 3 else [], opset=pick(13, 21))
    for shape in [(1, 300, 5, 7), (2, 64, 14, 14), (1, 520, 1, 1)]:
        case("Conv", [floats(*shape), floats(40, shape[1], 1, 1)], {})
    case("Conv", [floats(1, 70, 33, 35), floats(70, 70, 3, 3, low=-0.3, high=0.3)], {"pads": [1] * 4})
    for i in range(40):
        rank = pick(1, 2, 2, 3)
        attributes, _ = window(rank, transposed=True)
        del attributes["pads"]
        reach = [(k - 1) * d + 1 for k, d in zip(attributes["kernel_shape"], attributes["dilations"])]
        if i % 3:
            attributes["pads"] = [int(RANDOM.integers(0, (r + 1) // 2)) for r in reach + reach]
        if i % 4 == 0:
            attributes["output_padding"] = [int(RANDOM.integers(0, s)) for s in attributes["strides"]]
        if i % 10 == 5:
            attributes["auto_pad"] = pick("SAME_UPPER", "SAME_LOWER", "VALID")
            attributes.pop("pads", None)
        groups = pick(1, 1, 2)
        channels, filters = groups * side(1, 7), groups * side(1, 7)
        attributes["group"] = groups
        x = floats(side(1, 3), channels, *[side(2, 9) for _ in range(rank)])
        w = floats(channels, filters // groups, *attributes["kernel_shape"], low=-1, high=1)
        case("ConvTranspose", [x, w] + ([floats(filters)] if i % 2 else []), attributes)
    for i in range(30):
        m, n, k = side(1, 40), side(1, 40), pick(side(), side(1, 80), 300)
        ta, tb = pick(0, 1), pick(0, 1)
        a = floats(*((k, m) if ta else (m, k)))
        b = floats(*((n, k) if tb else (k, n)))
        c = pick(None, floats(n), floats(m, 1), floats(1, n), floats(m, n), floats())
        case(
            "Gemm", [a, b] + ([c] if c is not None else []),
            {"transA": ta, "transB": tb, "alpha": pick(1.0, 0.5), "beta": pick(1.0, 2.0)}, opset=pick(13, 21))
    for a, b in [
        ((3, 4), (4, 5)), ((4,), (4, 5)), ((3, 4), (4,)), ((6,), (6,)), ((2, 3, 4), (4, 5)), ((2, 3, 4), (2, 4, 5)),
        ((2, 1, 3, 4), (5, 4, 6)), ((3, 4), (2, 4, 5)), ((1, 700), (700, 30)), ((65, 513), (513, 67)),
        ((2, 3, 17, 9), (2, 3, 9, 17)), ((4,), (2, 4, 5)), ((2, 3, 4), (4,)), ((1, 3, 4), (5, 4, 2)),
    ]:
        case("MatMul", [floats(*a), floats(*b)])
        case("MatMul", [floats(*a, dtype=np.float64), floats(*b, dtype=np.float64)])
        case("MatMul", [integers(*a, dtype=np.int32), integers(*b, dtype=np.int32)])
        case("MatMul", [integers(*a), integers(*b)])
    case("MatMul", [floats(0, 4), floats(4, 3)])
    case("MatMul", [floats(3, 0), floats(0, 2)])


UNARY = {
    "Relu": [{}], "LeakyRelu": [{}, {"alpha": 0.3}], "Elu": [{}, {"alpha": 0.7}], "Selu": [{}, {"alpha": 1.2, "gamma": 0.9}],
    "HardSigmoid": [{}, {"alpha": 0.3, "beta": 0.4}], "HardSwish": [{}], "Sigmoid": [{}], "Tanh": [{}], "Erf": [{}],
    "Gelu": [{}, {"approximate": "tanh"}], "Softplus": [{}], "Softsign": [{}], "Mish": [{}], "Abs": [{}], "Neg": [{}],
    "Exp": [{}], "Reciprocal": [{}], "Floor": [{}], "Ceil": [{}], "Round": [{}], "Sign": [{}], "Sin": [{}], "Cos": [{}],
}


def elementwise():
    special = np.array([0, -0.0, 0.5, 1.5, 2.5, -0.5, -1.5, np.inf, -np.inf, 80, -80, 1e-6, 1e-20], np.float32)
    for op, variants in UNARY.items():
        for attributes in variants:
            case(op, [floats(3, 5, 7, low=-9, high=9)], attributes)
            if op not in ("Sin", "Cos"):
                case(op, [special], attributes)
            case(op, [floats(4, 3, dtype=np.float64)], attributes)
            case(op, [floats(4, 3, dtype=np.float16)], attributes)
            case(op, [integers(2, 9, dtype=np.int32)], attributes)
            case(op, [integers(2, 9, dtype=np.int64)], attributes)
            case(op, [integers(2, 9, dtype=np.int8)], attributes)
    for op in ("Log", "Sqrt"):
        case(op, [floats(30, low=0, high=9)])
        case(op, [special])
        case(op, [floats(30, low=0, high=9, dtype=np.float64)])
    case("Not", [truths(3, 4)])
    case("IsNaN", [np.array([1, np.nan, np.inf], np.float32)])
    shapes = [
        ((3, 4), (3, 4)), ((3, 4), (4,)), ((3, 4), (3, 1)), ((), (3, 4)), ((2, 3, 4, 5), (3, 1, 1)), ((1,), (5,)),
        ((2, 1, 4), (1, 3, 1)), ((0, 3), (1, 3)), ((2, 3, 4, 5), (1, 3, 1, 5)), ((4, 1), (1, 4)), ((33,), (1,)),
    ]
    for op in ("Add", "Sub", "Mul", "Div", "Equal", "Less", "LessOrEqual", "Greater", "GreaterOrEqual"):
        for a, b in shapes:
            case(op, [floats(*a), floats(*b)], opset=pick(13, 21))
        for dtype in (np.int32, np.int64, np.float64, np.uint8, np.int8, np.float16, np.uint32, np.uint64, np.int16):
            low = 1 if np.dtype(dtype).kind == "u" else -9
            b = integers(4, low=low, high=10, dtype=dtype)
            b[b == 0] = 3
            case(op, [integers(3, 4, low=low, high=10, dtype=dtype), b])
    for op in ("And", "Or", "Xor", "Equal"):
        case(op, [truths(3, 4), truths(4)])
    for a, b in shapes:
        case("Pow", [floats(*a, low=0.1, high=3), floats(*b)])
    for a, b in [(np.float32, np.float32), (np.float32, np.int64), (np.int64, np.int64), (np.int32, np.float32), (np.float32, np.float64)]:
        case("Pow", [integers(3, 4, low=1, high=5, dtype=a), integers(4, low=0, high=4, dtype=b)])
    case("Pow", [floats(3, 4), np.array(2, np.float32)])
    case("Pow", [floats(3, 4), np.array(3, np.float32)])
    for dtype in (np.int32, np.int64, np.uint8, np.int8):
        b = integers(4, low=1, high=9, dtype=dtype)
        case("Mod", [integers(5, 4, low=0 if dtype == np.uint8 else -20, high=20, dtype=dtype), b])
        case("Mod", [integers(5, 4, low=0 if dtype == np.uint8 else -20, high=20, dtype=dtype), b], {"fmod": 1})
    case("Mod", [integers(5, 4), np.array([-3, 3, -7, 7])])
    case("Mod", [floats(5, 4), floats(4)], {"fmod": 1})
    for op in ("Min", "Max", "Sum", "Mean"):
        case(op, [floats(3, 4)])
        case(op, [floats(3, 4), floats(4), floats(3, 1)])
        case(op, [floats(3, 4, dtype=np.float64), floats(4, dtype=np.float64)])
        case(op, [integers(3, 4), integers(4)])
        case(op, [integers(3, 4, dtype=np.int32), integers(1, dtype=np.int32)])
    case("Max", [np.array([1, np.nan, 3], np.float32), np.array([np.nan, 1, 5], np.float32)])
    for low, high in [(-1, 1), (None, 0.5), (0, None), (None, None), (1, -1)]:
        bounds = [None if v is None else np.array(v, np.float32) for v in (low, high)]
        case("Clip", [floats(4, 5)] + bounds, constants=[i + 1 for i, b in enumerate(bounds) if b is not None])
        bounds = [None if v is None else np.array(int(v), np.int64) for v in (low, high)]
        case("Clip", [integers(4, 5)] + bounds, opset=13)
    case("Where", [truths(3, 1), floats(3, 4), floats(4)], exact=True)
    case("Where", [truths(2, 3, 4), integers(4), integers(3, 1)], exact=True)
    case("Where", [truths(5), truths(5), truths(5)])
    for slope in ((1,), (3, 1, 1), (3, 4, 5), (5,)):
        case("PRelu", [floats(2, 3, 4, 5), floats(*slope)])
    types = [T.FLOAT, T.DOUBLE, T.FLOAT16, T.INT8, T.UINT8, T.INT16, T.UINT16, T.INT32, T.UINT32, T.INT64, T.UINT64, T.BOOL]
    for source in (np.float32, np.float64, np.float16, np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64, np.uint64, bool):
        for target in types:
            x = integers(20, low=0, high=100).astype(source)
            if np.dtype(source).kind == "f":
                x = (x + RANDOM.uniform(0, 1, 20)).astype(source)
            case("Cast", [x], {"to": target}, exact=True)
    wild = np.array([np.nan, np.inf, -np.inf, 3e9, -3e9, 1e19, -1e19, 2147483648.0, -2147483648.0], np.float32)
    for target in (T.INT32, T.INT64, T.BOOL, T.FLOAT16):
        case("Cast", [wild], {"to": target}, exact=True)
    case("Cast", [np.array([-1, 300, -129, 2**31, 2**40 + 5])], {"to": T.INT8}, exact=True)
    case("Cast", [np.array([-1, 2**53 + 1, 2**62 + 1, 16777217])], {"to": T.FLOAT}, exact=True)


def axes():
    for op in ("Softmax", "LogSoftmax"):
        for axis in (-1, 0, 1, 2, -3):
            case(op, [floats(3, 5, 7, low=-20, high=20)], {"axis": axis}, opset=pick(13, 21))
        case(op, [floats(3, 5, dtype=np.float64)], {"axis": 0})
        case(op, [floats(3, 1000)], {})
    for op in ("Sum", "Mean", "Max", "Min", "Prod", "L1", "L2", "SumSquare", "LogSum", "LogSumExp"):
        low = 0.1 if op == "LogSum" else -2
        for chosen in ([0], [1], [-1], [0, 2], [1, 2], [2, 3], [0, 1, 2, 3], None):
            x = floats(2, 3, 4, 5, low=low)
            inputs = [x] + ([np.array(chosen)] if chosen else [])
            case("Reduce" + op, inputs, {"keepdims": pick(0, 1)}, constants=[1] if chosen else [])
        # The logarithm of integers is cut off: it depends on the last bit of the logarithm.
        for dtype in (np.float64,) if "Log" in op else (np.float64, np.int32, np.int64, np.int8, np.uint8):
            case("Reduce" + op, [integers(3, 4, low=1, high=4, dtype=dtype), np.array([1])], {}, constants=[1])
        case("Reduce" + op, [floats(3, 4, low=low)], {"noop_with_empty_axes": 1})
        case("Reduce" + op, [floats(7, 301, low=low), np.array([1])], {}, constants=[1])
        case("Reduce" + op, [floats(7, 31, low=low), np.array([0])], {}, constants=[1])
    for op in ("ArgMax", "ArgMin"):
        for axis in (0, 1, -1):
            for last in (0, 1):
                attributes = {"axis": axis, "keepdims": pick(0, 1), "select_last_index": last}
                case(op, [floats(3, 4, 5)], attributes)
                case(op, [integers(3, 4, 5, low=0, high=3, dtype=np.int32)], attributes)
                case(op, [integers(3, 4, 5, low=0, high=3, dtype=np.uint8)], attributes)
    for shape in ((2, 3, 4, 5), (2, 3), (2, 3, 7), (1, 3, 2, 3, 4)):
        parameters = [floats(3), floats(3), floats(3), floats(3, low=0.1)]
        case("BatchNormalization", [floats(*shape)] + parameters, {"epsilon": pick(1e-5, 1e-2)}, [1, 2, 3, 4], opset=15)
    for axis in (-1, 1, -2, 0):
        shape = (2, 3, 20)
        inner = shape[axis:] if axis else shape
        case("LayerNormalization", [floats(*shape), floats(*inner), floats(*inner)], {"axis": axis})
        case("LayerNormalization", [floats(*shape), floats(*inner)], {"axis": axis, "epsilon": 0.01}, outputs=3)
    for shape in ((2, 3, 4, 5), (1, 3, 9), (2, 3, 3, 4, 2)):
        case("InstanceNormalization", [floats(*shape), floats(3), floats(3)], {"epsilon": pick(1e-5, 1e-2)})
    for groups in (1, 2, 3, 6):
        case("GroupNormalization", [floats(2, 6, 5, 4), floats(6), floats(6)], {"num_groups": groups})
    for size in (1, 3, 5):
        case("LRN", [floats(2, 7, 4, 3)], {"size": size, "alpha": 0.3, "beta": 0.6, "bias": 1.5})


def windows():
    for i in range(60):
        rank = pick(1, 2, 2, 3)
        attributes, reach = window(rank)
        if any(s > k for s, k in zip(attributes["strides"], attributes["kernel_shape"])):
            # onnxruntime pads by a negative number, or refuses, when SAME windows leave elements out at the end.
            attributes["auto_pad"] = "VALID" if "auto_pad" in attributes else "NOTSET"
        spatial = [r + side(0, 12 if rank < 3 else 4) for r in reach]
        if attributes.get("auto_pad", "NOTSET") == "NOTSET":
            attributes["ceil_mode"] = pick(0, 1)
        x = floats(side(1, 3), side(1, 4), *spatial)
        case("MaxPool", [x], attributes, opset=pick(13, 21), outputs=pick(1, 1, 2))
        case("AveragePool", [x], dict(attributes, count_include_pad=pick(0, 1)), opset=pick(19, 21))
        if i % 5 == 0:
            case("MaxPool", [integers(1, 2, *spatial, dtype=np.int8)], attributes)
            case("MaxPool", [integers(1, 2, *spatial, low=0, dtype=np.uint8)], attributes)
            case("MaxPool", [floats(1, 2, *spatial, dtype=np.float64)], attributes)
    for shape in ((2, 3, 4, 5), (1, 2, 9), (1, 2, 3, 4, 5)):
        case("GlobalMaxPool", [floats(*shape)])
        case("GlobalAveragePool", [floats(*shape)])
    for mode in ("nearest", "linear", "cubic"):
        for coordinates in ("half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric", "half_pixel_symmetric"):
            # Exact factors where the sum of several rounded terms decides which element is the nearest.
            less = 0.625 if coordinates == "half_pixel_symmetric" else 0.6
            for scales in ([2, 2], [1.5, less], [0.5, 3], None):
                attributes = {"mode": mode, "coordinate_transformation_mode": coordinates}
                if mode == "nearest":
                    attributes["nearest_mode"] = pick("round_prefer_floor", "round_prefer_ceil", "floor", "ceil")
                if mode == "cubic":
                    attributes["cubic_coeff_a"] = pick(-0.75, -0.5)
                    attributes["exclude_outside"] = pick(0, 1)
                x = floats(1, 2, side(3, 8), side(3, 8))
                if scales:
                    inputs = [x, None, np.array([1, 1] + scales, np.float32)]
                    case("Resize", inputs, attributes, [2], opset=pick(13, 19))
                else:
                    sizes = np.array([1, 2, side(2, 12), side(2, 12)])
                    case("Resize", [x, None, None, sizes], attributes, [3], opset=pick(13, 19))
    for policy in ("stretch", "not_larger", "not_smaller"):
        attributes = {"mode": "linear", "keep_aspect_ratio_policy": policy, "axes": [2, 3]}
        case("Resize", [floats(1, 2, 5, 7), None, None, np.array([9, 8])], attributes, [3])
        case("Resize", [floats(1, 2, 5, 7), None, None, np.array([9, 8])], dict(attributes, mode="nearest"), [3])


def movement():
    def make(*shape):
        return pick(floats(*shape), integers(*shape), integers(*shape, dtype=np.int8), truths(*shape),
                    floats(*shape, dtype=np.float16), integers(*shape, dtype=np.int32))

    def exact(op, inputs, attributes=None, constants=None, outputs=1, opset=21):
        case(op, inputs, attributes, constants, outputs, opset, exact=True)

    for i in range(25):
        shape = [side(1, 5) for _ in range(side(1, 5))]
        rank = len(shape)
        x = make(*shape)
        exact("Transpose", [x], {"perm": [int(p) for p in RANDOM.permutation(rank)]})
        axis = int(RANDOM.integers(-rank, rank))
        parts = [x] + [make_like(x, axis, side(1, 4)) for _ in range(side(1, 4))]
        exact("Concat", parts, {"axis": axis})
        count = shape[axis]
        cut = int(RANDOM.integers(0, count + 1))
        exact("Split", [x, np.array([cut, count - cut])], {"axis": axis}, [1], outputs=2)
        starts = [int(RANDOM.integers(-2 * s, 2 * s)) for s in shape]
        ends = [int(RANDOM.integers(-2 * s, 2 * s)) for s in shape]
        steps = [int(pick(-3, -2, -1, 1, 2, 3)) for _ in shape]
        chosen = [int(a) for a in RANDOM.permutation(rank)[: side(1, rank + 1)]]
        exact("Slice", [x, np.array([starts[a] for a in chosen]), np.array([ends[a] for a in chosen]),
                        np.array(chosen), np.array([steps[a] for a in chosen])], {}, [1, 2, 3, 4])
        exact("Tile", [x, np.array([side(1, 4) for _ in shape])], {}, [1])
        exact("Expand", [make(*[pick(1, s) for s in shape[rank // 2:]]), np.array(shape)], {}, [1])
        exact("Gather", [x, integers(2, 3, low=-count, high=count)], {"axis": axis})
        exact("Gather", [x, np.array(-1)], {"axis": axis})
        exact("GatherElements", [x, integers(*shape, low=-count, high=count)], {"axis": axis})
        pads = [int(RANDOM.integers(0, max(1, min(s, 4)))) for s in shape + shape]
        y = floats(*shape)
        exact("Pad", [y, np.array(pads), np.array(1.5, np.float32)], {}, [1, 2], opset=pick(13, 21))
        exact("Pad", [y, np.array(pads)], {"mode": pick("reflect", "edge")}, [1])
        exact("Pad", [y, np.array(pads)], {"mode": "wrap"}, [1])
        exact("Flatten", [x], {"axis": int(RANDOM.integers(-rank, rank + 1))})
        exact("Reshape", [x, np.array([-1])], {}, [1])
        exact("Unsqueeze", [x, np.array([0, -1])], {}, [1])
        exact("Squeeze", [x.reshape([1] + shape + [1]), np.array([0, -1])], {}, [1])
        exact("Shape", [x], {"start": int(RANDOM.integers(-5, 5)), "end": int(RANDOM.integers(-5, 5))})
        exact("Size", [x])
        exact("Identity", [x])
    exact("Pad", [floats(4, 5), np.array([-1, 2, 1, -2]), np.array(1.5, np.float32)], {}, [1, 2])
    exact("Pad", [floats(4, 5), np.array([1, 2]), np.array(1.5, np.float32), np.array([-1])], {}, [1, 2, 3])
    exact("Pad", [floats(6, 5), np.array([-1, 2, 1, -2])], {"mode": "edge"}, [1])
    for mode in ("DCR", "CRD"):
        exact("DepthToSpace", [floats(2, 12, 3, 4)], {"blocksize": 2, "mode": mode})
    exact("SpaceToDepth", [floats(2, 3, 6, 4)], {"blocksize": 2})
    exact("ConstantOfShape", [np.array([2, 3])], {"value": numpy_helper.from_array(np.array([5], np.int32))}, [0])
    exact("Range", [np.array(3), np.array(-8), np.array(-3)], {}, [0, 1, 2])
    case("Range", [np.array(v, np.float32) for v in (0.5, 3, 0.3)], {}, [0, 1, 2])
    exact("Transpose", [floats(2, 3, 4)])


def make_like(x, axis, count):
    shape = list(x.shape)
    shape[axis] = count
    if x.dtype == bool:
        return truths(*shape)
    return (floats(*shape) * 3).astype(x.dtype)


def places(shape, length, count):
    """Index tuples over the first axes of a shape, all different, some counted from the back."""
    chosen = RANDOM.permutation(int(np.prod(shape[:length])))[:count]
    tuples = np.stack(np.unravel_index(chosen, shape[:length]), axis=-1)
    return np.where(RANDOM.integers(0, 2, tuples.shape) == 1, tuples, tuples - np.array(shape[:length]))


def indices():
    def exact(op, inputs, attributes=None, constants=None, outputs=1, opset=21):
        case(op, inputs, attributes, constants, outputs, opset, exact=True)

    def make(*shape):
        return pick(floats(*shape), integers(*shape), integers(*shape, dtype=np.uint8), truths(*shape),
                    floats(*shape, dtype=np.float16), floats(*shape, dtype=np.float64))

    numbers = (np.float32, np.float64, np.int8, np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64,
               np.uint64)
    for _ in range(25):
        shape = [side(1, 6) for _ in range(side(1, 5))]
        rank = len(shape)
        x = make(*shape)
        batch = int(RANDOM.integers(0, rank))
        length = side(1, rank - batch + 1)
        middle = [side(1, 4) for _ in range(side(0, 3))]
        tuples = [integers(*shape[:batch], *middle, low=-s, high=s) for s in shape[batch:batch + length]]
        exact("GatherND", [x, np.stack(tuples, axis=-1)], {"batch_dims": batch})
        length = side(1, rank + 1)
        tuples = places(shape, length, side(1, 6))
        exact("ScatterND", [x, tuples, make_shaped(x, len(tuples), *shape[length:])], opset=pick(11, 13, 18))
        axis = int(RANDOM.integers(-rank, rank))
        smaller = [side(1, s + 1) for s in shape]
        order = np.argsort(RANDOM.uniform(size=[s if a == axis % rank else m for a, (s, m) in
                                                enumerate(zip(shape, smaller))]), axis=axis)
        order = np.take(order, range(smaller[axis]), axis)
        order = np.where(RANDOM.integers(0, 2, order.shape) == 1, order, order - shape[axis])
        exact("ScatterElements", [x, order.astype(pick(np.int32, np.int64)), make_shaped(x, *order.shape)],
              {"axis": axis}, opset=pick(11, 13, 18))
        exact("Scatter", [x, np.abs(order % shape[axis]), make_shaped(x, *order.shape)], {"axis": axis}, opset=9)
        count = shape[axis]
        y = pick(floats, integers)(*shape)
        exact("TopK", [y, np.array([side(0, count + 1)])],
              {"axis": axis, "largest": pick(0, 1)}, [1], outputs=2, opset=pick(11, 21))
        exact("TopK", [integers(*shape, low=0, high=3, dtype=np.int32), np.array([side(0, count + 1)])],
              {"axis": axis, "largest": pick(0, 1)}, [1], outputs=2)
        exact("TopK", [y, np.array([1])], {"axis": axis, "largest": pick(0, 1), "sorted": 0}, [1], outputs=2)
        exact("TopK", [y], {"axis": axis % rank, "k": side(1, count + 1)}, outputs=2, opset=9)
        flags = {"exclusive": pick(0, 1), "reverse": pick(0, 1)}
        for dtype in (np.float32, np.float64, np.int32, np.int64):
            case("CumSum", [floats(*shape).astype(dtype) * dtype(3), np.array(axis, pick(np.int32, np.int64))],
                 flags, [1] if pick(0, 1) else [], opset=pick(11, 14))
        matrices = shape + [side(1, 6)]
        for k in (None, np.array(int(RANDOM.integers(-7, 8)))):
            exact("Trilu", [make(*matrices)] + ([] if k is None else [k]), {"upper": pick(0, 1)},
                  [1] if k is not None and pick(0, 1) else [], opset=14)
        depth = side(1, 6)
        for dtype in (np.float32, np.int64, np.int32):
            values = pick(np.array([0, 1], np.float32), np.array([-2, 5]), np.array([3.5, 0], np.float32))
            exact("OneHot", [integers(*shape[:3], low=-8, high=8, dtype=dtype), np.array(depth, dtype), values],
                  {"axis": int(RANDOM.integers(-len(shape[:3]) - 1, len(shape[:3]) + 1))}, [1])
    # Several updates to one place.
    for reduction in ("add", "mul", "max", "min"):
        for dtype in numbers:
            low = 0 if np.dtype(dtype).kind == "u" else -4
            x = integers(4, 5, 3, low=low, high=9, dtype=dtype)
            for length in (1, 2, 3):
                tuples = np.stack([integers(7, low=-s, high=s) for s in x.shape[:length]], axis=-1)
                updates = integers(7, *x.shape[length:], low=low, high=4, dtype=dtype)
                case("ScatterND", [x, tuples, updates], {"reduction": reduction}, opset=18)
            for axis in (0, 1, -1):
                where = integers(4, 3, 2, low=-x.shape[axis], high=x.shape[axis])
                updates = integers(4, 3, 2, low=low, high=4, dtype=dtype)
                case("ScatterElements", [x, where, updates], {"axis": axis, "reduction": reduction}, opset=18)
    wild = np.array([3, np.inf, -np.inf, 1e30, -0.0, 0.0, 3], np.float32)
    for largest in (0, 1):
        exact("TopK", [wild, np.array([7])], {"largest": largest}, [1], outputs=2)
        exact("TopK", [floats(3, 2000), np.array([10])], {"largest": largest}, [1], outputs=2)
        exact("TopK", [floats(2000, 3), np.array([700])], {"largest": largest, "axis": 0}, [1], outputs=2)
    for diagonal in (-2**63, -100, 100, 2**63 - 1):
        exact("Trilu", [floats(3, 4), np.array(diagonal)], {"upper": pick(0, 1)}, opset=14)
    exact("Trilu", [floats(2, 0, 4)], opset=14)
    exact("GatherND", [floats(3, 4), integers(0, 1)])
    exact("ScatterND", [floats(3, 4), integers(0, 1), floats(0, 4)], opset=18)
    case("CumSum", [floats(3, 0), np.array(1)], opset=14)


def make_shaped(x, *shape):
    """Other elements of the type of x."""
    return truths(*shape) if x.dtype == bool else (floats(*shape, low=0, high=9)).astype(x.dtype)


for family in (products, elementwise, axes, windows, movement, indices):
    family()
print(COUNT["written"], "cases;", COUNT["refused"], "refused by onnxruntime")
