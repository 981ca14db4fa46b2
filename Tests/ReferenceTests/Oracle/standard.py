"""The test cases of the ONNX standard: writes each one-node case as a folder that RecordedCase reads.

Usage: standard.py FOLDER
"""

import pathlib
import sys

import numpy
import onnx
from onnx.backend.test.loader import load_model_tests
from onnx.backend.test.case.node import collect_testcases

# Operators that networks have here; quantised ones are tested elsewhere.
OPERATORS = set(
    """Conv ConvTranspose Gemm MatMul Relu LeakyRelu Elu Selu HardSigmoid HardSwish Sigmoid Swish Tanh Erf Gelu
    Softplus Softsign Mish Abs Neg Exp Log Sqrt Reciprocal Floor Ceil Round Sign Sin Cos Not IsNaN Add Sub Mul Div Pow
    Mod Equal Less LessOrEqual Greater GreaterOrEqual And Or Xor Min Max Sum Mean Clip Where PRelu Cast Softmax
    LogSoftmax ReduceSum ReduceMean ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceSumSquare ReduceLogSum
    ReduceLogSumExp ArgMax ArgMin BatchNormalization LayerNormalization InstanceNormalization GroupNormalization
    LRN MaxPool AveragePool GlobalMaxPool GlobalAveragePool Resize Identity Concat Reshape Flatten Transpose Squeeze
    Unsqueeze Slice Split Pad Expand Tile Gather GatherElements DepthToSpace SpaceToDepth Shape Size ConstantOfShape
    Range Dropout Constant GatherND ScatterND ScatterElements Scatter OneHot Trilu CumSum TopK""".split()
)


# Cases whose attributes are refused on import, and two of which onnxruntime thinks otherwise.
EXCLUDED = [
    "training", "_antialias", "tf_crop_and_resize", "argmax_2d_precomputed_strides", "test_not_",
    "convtranspose_kernel_shape", "convtranspose_output_shape", "spacetodepth_crd",
    # Expected values with four digits.
    "averagepool_2d_ceil_last_window_starts_on_pad",
    # The place of an element follows from the exact size of the result, not from its elements.
    "resize_downsample_scales_cubic_align_corners", "resize_downsample_scales_linear_align_corners",
]


def freeze(model, inputs):
    """Makes integer inputs constants: shapes and axes must be known."""
    kept = []
    arrays = []
    shaping = {
        "Reshape": [1], "Squeeze": [1], "Unsqueeze": [1], "Slice": [1, 2, 3, 4], "Split": [1], "Pad": [1, 3],
        "Expand": [1], "Tile": [1], "Resize": [1, 2, 3], "ConstantOfShape": [0], "Range": [0, 1, 2],
        "TopK": [1], "OneHot": [1],
    }
    frozen = set()
    for node in model.graph.node:
        for index in shaping.get(node.op_type, [1] if node.op_type.startswith("Reduce") else []):
            if index < len(node.input):
                frozen.add(node.input[index])
    for value, array in zip(list(model.graph.input), inputs):
        if value.name in frozen:
            model.graph.initializer.append(onnx.numpy_helper.from_array(array, value.name))
            model.graph.input.remove(value)
        else:
            kept.append(value)
            arrays.append(array)
    return arrays


def main():
    root = pathlib.Path(sys.argv[1])
    count = 0
    for case in collect_testcases(None):
        model = case.model
        if not all(node.op_type in OPERATORS and node.domain == "" for node in model.graph.node):
            continue
        if len(model.graph.node) != 1 or any(part in case.name for part in EXCLUDED):
            continue
        inputs, outputs = case.data_sets[0]
        if not all(isinstance(a, (numpy.ndarray, numpy.generic)) for a in list(inputs) + list(outputs)):
            continue
        inputs = [numpy.asarray(a) for a in inputs]
        outputs = [numpy.asarray(a) for a in outputs]
        if any(a.dtype.kind not in "biuf" or a.dtype.name == "bfloat16" for a in inputs + outputs):
            continue
        if any("loat8" in a.dtype.name or "int4" in a.dtype.name or "int2" in a.dtype.name for a in inputs + outputs):
            continue
        model = onnx.ModelProto.FromString(model.SerializeToString())
        inputs = freeze(model, inputs)
        folder = root / case.name
        folder.mkdir(parents=True)
        onnx.save(model, folder / "model.onnx")
        for index, array in enumerate(inputs):
            numpy.save(folder / f"input_{index}.npy", array)
        for index, array in enumerate(outputs):
            numpy.save(folder / f"output_{index}.npy", array)
        count += 1
    print(count)


main()
