"""int8 quantisation: symmetric per tensor, zero points 0, requantisation by SCALE / 2^SHIFT."""

from dataclasses import dataclass

import numpy as np

from architecture import LAYERS, Layer
from digits import PIXEL_MAXIMUM

INT8_MAXIMUM = 127
SCALE_BITS = 16  # SCALE is normalised to 2^15 ... 2^16 - 1


@dataclass(frozen=True)
class QuantisedLayer:
    """Integer parameters of one layer. `scale` is 0 where the raw accumulator is the output."""

    layer: Layer
    weights: np.ndarray  # int8 [M][K]
    bias: np.ndarray  # int32 [M]
    scale: int
    shift: int
    weight_step: float  # real value of one weight unit
    input_step: float  # real value of one input unit
    output_step: float  # real value of one output unit (of the accumulator for raw output)
    accumulator_maximum: int  # largest accumulator after ReLU over the training images

    @property
    def requantises(self) -> bool:
        return self.scale != 0


def round_half_even_shift(product: np.ndarray, shift: int) -> np.ndarray:
    """round(product / 2^shift), ties to even, exact in int64."""
    if shift == 0:
        return product
    quotient = product >> shift
    remainder = product & ((1 << shift) - 1)
    half = 1 << (shift - 1)
    up = (remainder > half) | ((remainder == half) & ((quotient & 1) == 1))
    return quotient + up


def requantise(accumulator: np.ndarray, scale: int, shift: int) -> np.ndarray:
    """int32 accumulators (in int64) to int8: clamp(roundHalfEven(acc * SCALE / 2^SHIFT))."""
    rounded = round_half_even_shift(accumulator.astype(np.int64) * scale, shift)
    return np.clip(rounded, -128, 127).astype(np.int8)


def fixed_point(numerator: int, denominator: int) -> tuple[int, int]:
    """SCALE and SHIFT with SCALE / 2^SHIFT nearest to numerator / denominator (below 2^15)."""
    shift = 0
    while (numerator << (shift + 1)) < (denominator << SCALE_BITS):
        shift += 1
    scale = ((numerator << (shift + 1)) + denominator) // (2 * denominator)
    if scale == 1 << SCALE_BITS:  # rounded up to the next power of two
        scale, shift = scale >> 1, shift - 1
    return scale, shift


def quantise_weights(weights: np.ndarray) -> tuple[np.ndarray, float]:
    """int8 weights in -127...127 and the real value of one unit."""
    step = float(np.abs(weights).max()) / INT8_MAXIMUM
    return np.rint(weights.astype(np.float64) / step).astype(np.int8), step


def quantise(parameters: dict[str, np.ndarray], maximum_of) -> list[QuantisedLayer]:
    """Quantises layer by layer.

    `maximum_of(quantised_so_far, layer, weights, bias)` gives the largest accumulator after ReLU
    over the calibration images; it becomes the output value 127. Calibration thus works on exact
    integers, so its result does not depend on the machine.
    """
    network: list[QuantisedLayer] = []
    step = 1.0 / PIXEL_MAXIMUM
    for layer in LAYERS:
        weights, weight_step = quantise_weights(parameters[f"{layer.name}.weights"])
        accumulator_step = step * weight_step
        bias = np.rint(parameters[f"{layer.name}.bias"].astype(np.float64) / accumulator_step)
        bias = bias.astype(np.int32)
        maximum = maximum_of(network, layer, weights, bias)
        if maximum == 0:
            raise ValueError(f"{layer.name}: every output is 0 on the calibration images")
        if layer.relu:
            scale, shift = fixed_point(INT8_MAXIMUM, maximum)
            output_step = accumulator_step * maximum / INT8_MAXIMUM
        else:
            scale, shift, output_step = 0, 0, accumulator_step
        network.append(
            QuantisedLayer(
                layer, weights, bias, scale, shift, weight_step, step, output_step, maximum
            )
        )
        step = output_step
    return network
