"""ONNX files of many versions with what onnxruntime makes of them.

    onnx_files.py make FOLDER       writes NAME.onnx, NAME.in.0.npy ..., NAME.out.0.npy ...
    onnx_files.py compare FOLDER    checks NAME.again.onnx, written from NAME.onnx: onnx.checker takes
                                    it and onnxruntime gives the same outputs
    onnx_files.py check FOLDER      onnx.checker takes every file, onnxruntime loads it
    onnx_files.py list              prints the paths of the onnx package's own model files
"""

import glob
import os
import sys

import numpy as np
import onnx
import onnxruntime as ort
from onnx import TensorProto as T
from onnx import helper as h
from onnx import numpy_helper

random = np.random.default_rng(5)
ELEMENT = {np.dtype("float32"): T.FLOAT, np.dtype("float64"): T.DOUBLE, np.dtype("int64"): T.INT64,
           np.dtype("int32"): T.INT32, np.dtype("uint8"): T.UINT8, np.dtype("int8"): T.INT8,
           np.dtype("bool"): T.BOOL, np.dtype("float16"): T.FLOAT16}
cases = []


def f32(*shape):
    return random.uniform(-2, 2, shape).astype(np.float32)


def i64(*values):
    return np.array(values, np.int64)


def case(name, opset, nodes, inputs, outputs, constants={}, ranks=True, functions=[], imports=()):
    """A network: inputs by name with their values, outputs by name with their element types."""
    given = [h.make_tensor_value_info(n, ELEMENT[v.dtype], list(v.shape) if ranks else None)
             for n, v in inputs.items()]
    taken = [h.make_tensor_value_info(n, t, None) for n, t in outputs.items()]
    graph = h.make_graph(nodes, name, given, taken,
                         [numpy_helper.from_array(v, n) for n, v in constants.items()])
    sets = [h.make_opsetid("", opset)] + [h.make_opsetid(d, v) for d, v in imports]
    model = h.make_model(graph, opset_imports=sets, functions=functions, producer_name="tests")
    model.ir_version = 10 if opset >= 21 else 8 if opset >= 15 else 7
    cases.append((name, model, inputs))


def one(name, opset, op, inputs, constants={}, /, outputs=("y",), element=T.FLOAT, ranks=True,
        domain="", operands=None, **attributes):
    """A network of one node; its operands are the inputs, then the constants."""
    operands = operands or list(inputs) + list(constants)
    node = h.make_node(op, operands, list(outputs), domain=domain, **attributes)
    elements = element if isinstance(element, (list, tuple)) else [element] * len(outputs)
    imports = [(domain, 1)] if domain else []
    case(name, opset, [node], inputs, {o: e for o, e in zip(outputs, elements) if o}, constants,
         ranks, imports=imports)


def former_versions():
    x = f32(2, 3, 4, 5)
    for opset in (7, 9, 10):
        one(f"clip_{opset}", opset, "Clip", {"x": x}, min=-0.5, max=1.0)
        one(f"clip_least_{opset}", opset, "Clip", {"x": x}, min=-0.5)
    one("clip_11", 11, "Clip", {"x": x}, {"a": np.float32(-1)})
    one("clip_none_13", 13, "Clip", {"x": x})
    for opset in (7, 11, 12, 13, 21):
        if opset < 13:
            one(f"squeeze_{opset}", opset, "Squeeze", {"x": f32(1, 3, 1, 2)}, axes=[0, 2])
            one(f"unsqueeze_{opset}", opset, "Unsqueeze", {"x": f32(3, 2)}, axes=[0, 3])
            one(f"split_{opset}", opset, "Split", {"x": f32(6, 2)}, outputs=("a", "b"), axis=0,
                split=[2, 4])
            one(f"split_equal_{opset}", opset, "Split", {"x": f32(6, 2)}, outputs=("a", "b"))
            one(f"reduce_sum_{opset}", opset, "ReduceSum", {"x": x}, axes=[1, 3], keepdims=0)
        else:
            one(f"squeeze_{opset}", opset, "Squeeze", {"x": f32(1, 3, 1, 2)}, {"a": i64(0, 2)})
            one(f"unsqueeze_{opset}", opset, "Unsqueeze", {"x": f32(3, 2)}, {"a": i64(0, 3)})
            one(f"split_{opset}", opset, "Split", {"x": f32(6, 2)}, {"s": i64(2, 4)},
                outputs=("a", "b"))
            one(f"reduce_sum_{opset}", opset, "ReduceSum", {"x": x}, {"a": i64(1, 3)}, keepdims=0)
        one(f"reduce_all_{opset}", opset, "ReduceMean", {"x": x})
        one(f"softmax_{opset}", opset, "Softmax", {"x": x})
        one(f"softmax_1_{opset}", opset, "Softmax", {"x": x}, axis=1)
        one(f"softmax_last_{opset}", opset, "Softmax", {"x": x}, axis=3)
        one(f"log_softmax_{opset}", opset, "LogSoftmax", {"x": x}, axis=2)
    one("softmax_negative_11", 11, "Softmax", {"x": x}, axis=-2)
    one("split_uneven_18", 18, "Split", {"x": f32(7, 2)}, outputs=("a", "b"), num_outputs=2)
    one("reduce_max_13", 13, "ReduceMax", {"x": x}, axes=[-1])
    one("reduce_max_18", 18, "ReduceMax", {"x": x}, {"a": i64(-1)})
    one("reduce_none_18", 18, "ReduceMax", {"x": x}, {"a": i64()}, noop_with_empty_axes=1)
    for opset in (7, 9):
        one(f"slice_{opset}", opset, "Slice", {"x": x}, starts=[1, -3], ends=[9, -1], axes=[1, 2])
        one(f"slice_plain_{opset}", opset, "Slice", {"x": x}, starts=[1, 1], ends=[2, 3])
        one(f"pad_{opset}", opset, "Pad", {"x": x}, pads=[0, 0, 1, 2, 0, 0, 3, 0], value=1.5)
        one(f"pad_reflect_{opset}", opset, "Pad", {"x": x}, pads=[0, 0, 1, 2, 0, 0, 3, 0],
            mode="reflect")
    one("slice_10", 10, "Slice", {"x": x}, {"s": i64(3, 0), "e": i64(0, 2), "a": i64(2, 3),
                                            "t": i64(-2, 1)})
    one("pad_11", 11, "Pad", {"x": x}, {"p": i64(0, 0, 1, 2, 0, 0, 3, 0), "v": np.float32(2)})
    up = np.array([1, 1, 2, 3], np.float32)
    down = np.array([1, 1, 0.5, 0.4], np.float32)
    one("upsample_7", 7, "Upsample", {"x": x}, scales=[1.0, 1.0, 2.0, 3.0])
    one("upsample_linear_7", 7, "Upsample", {"x": x}, scales=[1.0, 1.0, 2.0, 2.0], mode="linear")
    one("upsample_9", 9, "Upsample", {"x": x}, {"s": up})
    one("resize_up_10", 10, "Resize", {"x": x}, {"s": up})
    one("resize_down_10", 10, "Resize", {"x": x}, {"s": down})
    one("resize_linear_10", 10, "Resize", {"x": x}, {"s": up}, mode="linear")
    empty = np.array([], np.float32)
    one("resize_sizes_11", 11, "Resize", {"x": x}, {"r": empty, "s": empty, "n": i64(2, 3, 7, 6)},
        mode="linear")
    one("resize_13", 13, "Resize", {"x": x}, {"s": up}, operands=["x", "", "s"],
        coordinate_transformation_mode="asymmetric", nearest_mode="floor")
    norm = {k: np.abs(f32(3)) + 0.1 for k in ("s", "b", "m", "v")}
    for opset in (7, 9, 14, 15):
        one(f"batch_normalization_{opset}", opset, "BatchNormalization", {"x": x}, norm,
            epsilon=1e-3, momentum=0.8)
    for opset in (7, 10, 12, 22):
        one(f"dropout_{opset}", opset, "Dropout", {"x": x}, **({"ratio": 0.3} if opset < 12 else {}))
    one("dropout_mask_10", 10, "Dropout", {"x": x}, outputs=("y", "m"), element=(T.FLOAT, T.BOOL))
    one("dropout_mask_13", 13, "Dropout", {"x": x}, {"r": np.float32(0.4), "t": np.array(False)},
        outputs=("y", "m"), element=(T.FLOAT, T.BOOL))
    one("group_normalization_18", 18, "GroupNormalization", {"x": f32(2, 4, 3, 3)},
        {"s": f32(2), "b": f32(2)}, num_groups=2)
    one("group_normalization_21", 21, "GroupNormalization", {"x": f32(2, 4, 3, 3)},
        {"s": f32(4), "b": f32(4)}, num_groups=2)
    for opset in (7, 9, 13):
        one(f"max_pool_{opset}", opset, "MaxPool", {"x": x}, kernel_shape=[2, 2], strides=[2, 2],
            pads=[0, 1, 0, 0])
    one("max_pool_indices_12", 12, "MaxPool", {"x": x}, outputs=("y", "i"),
        element=(T.FLOAT, T.INT64), kernel_shape=[2, 2])
    one("average_pool_7", 7, "AveragePool", {"x": x}, kernel_shape=[3, 3], auto_pad="SAME_UPPER",
        count_include_pad=1)
    one("average_pool_19", 19, "AveragePool", {"x": x}, kernel_shape=[2, 2], dilations=[2, 1],
        ceil_mode=1, strides=[2, 2])


def indices():
    x = f32(3, 4, 5)
    where = random.integers(0, 3, (2, 4, 5))
    for opset in (9, 10):
        one(f"scatter_{opset}", opset, "Scatter", {"x": x}, {"i": where[:1], "u": f32(1, 4, 5)}, axis=0)
    for opset in (11, 13, 16, 18):
        one(f"scatter_elements_{opset}", opset, "ScatterElements", {"x": x},
            {"i": where[:1] - 3, "u": f32(1, 4, 5)}, **({"reduction": "add"} if opset > 13 else {}))
        one(f"scatter_nd_{opset}", opset, "ScatterND", {"x": x, "u": f32(2, 5)},
            {"i": np.array([[0, -1], [2, 1]])}, operands=["x", "i", "u"],
            **({"reduction": "mul"} if opset > 13 else {}))
    for opset in (7, 9):
        one(f"top_k_{opset}", opset, "TopK", {"x": x}, outputs=("y", "i"), element=(T.FLOAT, T.INT64),
            k=2, axis=1)
    for opset in (10, 11):
        one(f"top_k_{opset}", opset, "TopK", {"x": x}, {"k": i64(3)}, outputs=("y", "i"),
            element=(T.FLOAT, T.INT64), **({"largest": 0} if opset > 10 else {}))
    one("gather_nd_11", 11, "GatherND", {"x": x}, {"i": np.array([[0, 1], [-1, 2]])})
    one("gather_nd_12", 12, "GatherND", {"x": x}, {"i": where[:1, :3, :2].transpose(1, 0, 2)},
        batch_dims=1)
    for opset in (9, 11):
        one(f"one_hot_{opset}", opset, "OneHot", {"x": where}, {"d": np.float32(4), "v": f32(2)},
            axis=1)
    one("trilu_14", 14, "Trilu", {"x": x})
    one("trilu_lower_14", 14, "Trilu", {"x": x}, {"k": np.array(-1)}, upper=0)
    for opset in (11, 14):
        one(f"cum_sum_{opset}", opset, "CumSum", {"x": x}, {"a": np.array(-2)}, exclusive=1, reverse=1)


def composed():
    x = f32(2, 3, 4, 5)
    one("celu", 12, "Celu", {"x": x}, alpha=0.7)
    one("celu_one", 12, "Celu", {"x": x})
    one("thresholded_relu", 10, "ThresholdedRelu", {"x": x}, alpha=0.5)
    one("shrink", 9, "Shrink", {"x": x}, bias=0.3, lambd=0.8)
    one("tan", 7, "Tan", {"x": x})
    one("mean_variance_normalization", 13, "MeanVarianceNormalization", {"x": x})
    one("lp_normalization", 7, "LpNormalization", {"x": x}, axis=1, p=1)
    one("lp_normalization_2", 7, "LpNormalization", {"x": x * np.float32([1, 0, 1])[:, None, None]},
        axis=-1)
    one("rms_normalization", 23, "RMSNormalization", {"x": x}, {"s": f32(4, 5)}, axis=2)
    one("layer_normalization", 17, "LayerNormalization", {"x": x}, {"s": f32(5), "b": f32(5)})
    one("layer_normalization_moments", 17, "LayerNormalization", {"x": x}, {"s": f32(5)},
        outputs=("y", "m", "d"))
    one("cast_like", 15, "CastLike", {"x": x}, {"t": np.array([1], np.int32)}, element=T.INT32)
    one("cast_like_half", 19, "CastLike", {"x": x}, {"t": np.array([1], np.float16)},
        element=T.FLOAT16)
    for index, (equation, a, b) in enumerate([
            ("bij,bjk->bik", (2, 3, 4), (2, 4, 5)), ("ij,kj->ik", (3, 4), (5, 4)),
            ("bhid,bhjd->bhij", (2, 3, 4, 5), (2, 3, 6, 5)), ("bij, bjk -> kbi", (2, 3, 4), (2, 4, 5)),
            ("nchw,cd->nhwd", (2, 3, 4, 5), (3, 6))]):
        if equation.startswith("nchw"):
            continue  # two axes of one operand remain
        one(f"einsum_{index}", 12, "Einsum", {"a": f32(*a), "b": f32(*b)}, equation=equation)
    one("einsum_transpose", 12, "Einsum", {"a": f32(2, 3, 4)}, equation="ijk->kij")
    constants = [
        h.make_node("Constant", [], ["a"], value=numpy_helper.from_array(f32(5))),
        h.make_node("Constant", [], ["b"], value_float=1.5),
        h.make_node("Constant", [], ["c"], value_floats=[1.0, 2.0, 3.0, 4.0, 5.0]),
        h.make_node("Constant", [], ["d"], value_ints=[2, 3, 20]),
        h.make_node("Constant", [], ["e"], value_int=2),
        h.make_node("Add", ["x", "a"], ["f"]), h.make_node("Mul", ["f", "b"], ["g"]),
        h.make_node("Sub", ["g", "c"], ["i"]), h.make_node("Reshape", ["i", "d"], ["j"]),
        h.make_node("Gather", ["j", "e"], ["y"], axis=1)]
    case("constants", 13, constants, {"x": x}, {"y": T.FLOAT})
    one("softmax_unknown_rank_11", 11, "Softmax", {"x": x}, ranks=False, axis=2)


def reference(name, given):
    """An attribute of a function's node that takes the value of the function's attribute."""
    return onnx.AttributeProto(name=name, type=onnx.AttributeProto.FLOAT, ref_attr_name=given)


def functions():
    x = f32(2, 3)
    inner = h.make_function(
        "own", "Scaled", ["a"], ["b"],
        [h.make_node("Constant", [], ["k"]), h.make_node("Mul", ["a", "k"], ["b"])],
        [h.make_opsetid("", 13)], ["factor"])
    inner.node[0].attribute.append(reference("value_float", "factor"))
    leaky = h.make_node("LeakyRelu", ["s"], ["r"])
    leaky.attribute.append(reference("alpha", "slope"))
    scaled = h.make_node("Scaled", ["p"], ["s"], domain="own")
    scaled.attribute.append(h.make_attribute("factor", 2.5))
    outer = h.make_function(
        "own", "Block", ["p", "q"], ["t"], [scaled, leaky, h.make_node("Add", ["r", "q"], ["t"])],
        [h.make_opsetid("", 13), h.make_opsetid("own", 1)],
        attribute_protos=[h.make_attribute("slope", 0.2)])
    first = h.make_node("Block", ["x", "x"], ["u"], domain="own")
    second = h.make_node("Block", ["u", "x"], ["y"], domain="own", slope=0.4)
    case("functions", 13, [first, second], {"x": x}, {"y": T.FLOAT}, functions=[inner, outer],
         imports=[("own", 1)])


def microsoft():
    ms = {"domain": "com.microsoft"}
    x = f32(2, 3, 8)
    one("ms_gelu", 13, "Gelu", {"x": x}, **ms)
    one("ms_fast_gelu", 13, "FastGelu", {"x": x}, {"b": f32(8)}, **ms)
    one("ms_fast_gelu_plain", 13, "FastGelu", {"x": x}, **ms)
    one("ms_bias_gelu", 13, "BiasGelu", {"x": x}, {"b": f32(8)}, **ms)
    one("ms_quick_gelu", 13, "QuickGelu", {"x": x}, alpha=1.3, **ms)
    one("ms_skip_layer_normalization", 13, "SkipLayerNormalization", {"x": x, "z": f32(2, 3, 8)},
        {"g": f32(8), "b": f32(8), "c": f32(8)}, epsilon=1e-5, **ms)
    one("ms_skip_layer_normalization_sum", 13, "SkipLayerNormalization",
        {"x": x, "z": f32(2, 3, 8)}, {"g": f32(8), "b": f32(8)}, outputs=("y", "", "", "s"), **ms)
    one("ms_skip_simplified", 13, "SkipSimplifiedLayerNormalization", {"x": x, "z": f32(2, 3, 8)},
        {"g": f32(8)}, epsilon=1e-5, **ms)
    one("simplified", 13, "SimplifiedLayerNormalization", {"x": x}, {"g": f32(8)}, axis=-1,
        epsilon=1e-5)
    one("ms_fused_mat_mul", 13, "FusedMatMul", {"a": f32(2, 5, 3), "b": f32(2, 4, 5)}, alpha=0.5,
        transA=1, transB=1, **ms)
    one("ms_fused_gemm", 13, "FusedGemm", {"a": f32(2, 5), "b": f32(4, 5), "c": f32(4)}, transB=1,
        alpha=0.5, activation="LeakyRelu", activation_alpha=0.2, **ms)
    w = {"w": f32(4, 3, 3, 3), "b": f32(4)}
    image = {"x": f32(1, 3, 6, 6)}
    one("ms_fused_conv_relu", 13, "FusedConv", image, w, pads=[1, 1, 1, 1], activation="Relu", **ms)
    one("ms_fused_conv_clip", 13, "FusedConv", image, w, activation="Clip",
        activation_params=[0.0, 6.0], **ms)
    one("ms_fused_conv_sum", 13, "FusedConv", {**image, "z": f32(1, 4, 6, 6)}, w,
        operands=["x", "w", "b", "z"], pads=[1, 1, 1, 1], activation="Relu", **ms)
    a = random.integers(0, 256, (2, 3, 8), np.uint8)
    b = random.integers(-128, 128, (8, 5), np.int8)
    one("ms_mat_mul_integer_to_float", 13, "MatMulIntegerToFloat", {"a": a},
        {"b": b, "s": np.float32(0.1), "t": np.abs(f32(5)), "u": np.uint8(100), "v": np.zeros(5, np.int8),
         "c": f32(5)}, **ms)
    one("ms_dynamic_quantize_mat_mul", 13, "DynamicQuantizeMatMul", {"a": f32(3, 8)},
        {"b": b, "t": np.float32(0.05), "v": np.int8(3), "c": f32(5)}, **ms)
    one("ms_qlinear_softmax_12", 12, "QLinearSoftmax", {"x": a},
        {"s": np.float32(0.1), "z": np.uint8(0), "t": np.float32(1 / 256), "u": np.uint8(0)},
        element=T.UINT8, axis=-1, opset=12, **ms)
    one("ms_qlinear_leaky_relu", 13, "QLinearLeakyRelu", {"x": a},
        {"s": np.float32(0.1), "z": np.uint8(100), "t": np.float32(0.1), "u": np.uint8(90)},
        element=T.UINT8, alpha=0.2, **ms)


def quantised():
    x = f32(2, 3, 4)
    for opset in (10, 13, 19, 21):
        one(f"quantize_{opset}", opset, "QuantizeLinear", {"x": x},
            {"s": np.float32(0.05), "z": np.uint8(7)}, element=T.UINT8)
    one("quantize_axis_13", 13, "QuantizeLinear", {"x": x},
        {"s": np.abs(f32(3)) + 0.1, "z": np.zeros(3, np.int8)}, element=T.INT8, axis=1)
    one("quantize_type_21", 21, "QuantizeLinear", {"x": x}, {"s": np.float32(0.05)},
        element=T.INT8, output_dtype=T.INT8)
    one("quantize_plain_13", 13, "QuantizeLinear", {"x": x}, {"s": np.float32(0.05)},
        element=T.UINT8)
    one("dequantize_10", 10, "DequantizeLinear", {"x": random.integers(0, 9, (2, 3), np.uint8)},
        {"s": np.float32(0.05), "z": np.uint8(7)})


def encodings():
    """Constants in every field that can hold them, each added to an input of its type."""
    values = np.array([0, 1, 5, 100])
    kinds = {"int8": T.INT8, "uint8": T.UINT8, "int16": T.INT16, "uint16": T.UINT16,
             "int32": T.INT32, "uint32": T.UINT32, "int64": T.INT64, "uint64": T.UINT64,
             "float16": T.FLOAT16, "float32": T.FLOAT, "float64": T.DOUBLE, "bool": T.BOOL,
             "bfloat16": T.BFLOAT16}
    for name, kind in kinds.items():
        for raw in (False, True):
            data = values.astype(bool if kind == T.BOOL else np.float32)
            tensor = h.make_tensor("c", kind, [4], data.tolist())
            if raw:
                tensor = numpy_helper.from_array(numpy_helper.to_array(tensor), "c")
            graph = h.make_graph(
                [h.make_node("Cast", ["c"], ["d"], to=T.FLOAT), h.make_node("Add", ["x", "d"], ["y"])],
                "encoding", [h.make_tensor_value_info("x", T.FLOAT, [4])],
                [h.make_tensor_value_info("y", T.FLOAT, None)], [tensor])
            model = h.make_model(graph, opset_imports=[h.make_opsetid("", 13)])
            model.ir_version = 7
            cases.append((f"encoding_{name}_{'raw' if raw else 'typed'}", model, {"x": f32(4)}))


def session(path):
    options = ort.SessionOptions()
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3
    options.intra_op_num_threads = 1
    return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def make(folder):
    for part in (former_versions, indices, composed, functions, microsoft, quantised, encodings):
        part()
    for name, model, inputs in cases:
        path = f"{folder}/{name}.onnx"
        onnx.save(model, path)
        outputs = session(path).run(None, inputs)
        for index, value in enumerate(inputs.values()):
            np.save(f"{folder}/{name}.in.{index}.npy", value)
        for index, value in enumerate(outputs):
            np.save(f"{folder}/{name}.out.{index}.npy", value)
    # The same weights in another file, behind other bytes.
    weights = {"w": f32(30, 40), "v": f32(40)}
    nodes = [h.make_node("MatMul", ["x", "w"], ["m"]), h.make_node("Add", ["m", "v"], ["y"])]
    cases.clear()
    case("external", 13, nodes, {"x": f32(2, 30)}, {"y": T.FLOAT}, weights)
    name, model, inputs = cases[0]
    onnx.save(model, f"{folder}/{name}.onnx", save_as_external_data=True, location="weights.bin",
              size_threshold=0)
    np.save(f"{folder}/{name}.in.0.npy", inputs["x"])
    np.save(f"{folder}/{name}.out.0.npy", session(f"{folder}/{name}.onnx").run(None, inputs)[0])


def compare(folder):
    failures = []
    for path in sorted(glob.glob(f"{folder}/*.again.onnx")):
        name = path[: -len(".again.onnx")]
        try:
            onnx.checker.check_model(path, full_check="ms_" not in name)
            again = session(path)
            values = [np.load(f"{name}.in.{i}.npy") for i in range(len(again.get_inputs()))]
            outputs = again.run(None, {i.name: v for i, v in zip(again.get_inputs(), values)})
            for index, output in enumerate(outputs):
                wanted = np.load(f"{name}.out.{index}.npy")
                assert output.dtype == wanted.dtype and output.shape == wanted.shape
                np.testing.assert_allclose(output.astype(np.float64), wanted.astype(np.float64),
                                           rtol=2e-4, atol=2e-5)
        except Exception as error:
            failures.append(f"{os.path.basename(path)}: {str(error)[:300]}")
    print("\n".join(failures))


def check(folder):
    failures = []
    for path in sorted(glob.glob(f"{folder}/*.onnx")):
        try:
            onnx.checker.check_model(path)
            session(path)
        except Exception as error:
            failures.append(f"{os.path.basename(path)}: {str(error)[:300]}")
    print("\n".join(failures))


def data():
    root = os.path.join(os.path.dirname(onnx.__file__), "backend/test/data")
    print("\n".join(sorted(glob.glob(root + "/**/*.onnx", recursive=True))))


if __name__ == "__main__":
    if sys.argv[1] == "list":
        data()
    else:
        {"make": make, "compare": compare, "check": check}[sys.argv[1]](sys.argv[2])
