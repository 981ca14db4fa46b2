"""The integer reference: executes the quantised network in int64 NumPy, untiled."""

import numpy as np

from architecture import Layer, im2col, layer_input, pooling_windows, to_images
from quantisation import QuantisedLayer, requantise


def accumulators(
    layer: Layer, weights: np.ndarray, bias: np.ndarray, x: np.ndarray
) -> np.ndarray:
    """Accumulators plus bias, after ReLU where the layer has one: int64 [B][M][P][Q].

    Raises ValueError if one would not fit the array's int32 accumulator.
    """
    columns = im2col(layer, layer_input(layer, x)).astype(np.int64)
    product = columns @ weights.astype(np.int64).T + bias.astype(np.int64)
    if np.abs(product).max() >= 2**31:
        raise ValueError(f"{layer.name}: an accumulator does not fit int32")
    return to_images(layer, np.maximum(product, 0) if layer.relu else product)


def execute(network: list[QuantisedLayer], images: np.ndarray) -> dict[str, np.ndarray]:
    """Every layer's output for int8 images [B][28][28], by layer name.

    int8 [B][C][H][W] for convolutions and poolings, int8 [B][M] for fc1 and fc2, int32 [B][10]
    for fc3.
    """
    outputs: dict[str, np.ndarray] = {}
    x = images
    for item in network:
        layer = item.layer
        x = accumulators(layer, item.weights, item.bias, x)
        if item.requantises:
            x = requantise(x, item.scale, item.shift)
        else:
            x = x.astype(np.int32)
        outputs[layer.name] = x if layer.is_convolution else x.reshape(len(x), -1)
        if layer.pool:
            x = pooling_windows(x).max(axis=-1)
            outputs[layer.pool] = x
    return outputs


def calibration(images: np.ndarray):
    """The largest accumulator per layer over `images`, in the form `quantise` asks for."""

    def maximum_of(network, layer, weights, bias) -> int:
        x = images
        if network:
            outputs = execute(network, images)
            last = network[-1].layer
            x = outputs[last.pool or last.name]
        return int(np.abs(accumulators(layer, weights, bias, x)).max())

    return maximum_of


def predictions(logits: np.ndarray) -> np.ndarray:
    """Classes of logits [B][10]; the lowest class wins a tie."""
    return logits.argmax(axis=1).astype(np.uint8)
