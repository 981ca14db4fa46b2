"""The data: scikit-learn's 8x8 handwritten digits, upscaled to 28x28 int8 in exact arithmetic."""

from dataclasses import dataclass

import numpy as np

from architecture import IMAGE_SIDE

SPLIT_SEED = 2024
HELD_OUT = 360  # images never used in training or calibration (20 % of 1797)
SHIPPED = 100  # the first of the held-out images
SOURCE_SIDE = 8
SOURCE_MAXIMUM = 16
PIXEL_MAXIMUM = 127  # a quantised pixel p stands for the real value p / 127


@dataclass(frozen=True)
class Digits:
    """Images [n][28][28] int8 in 0...127 and labels [n] uint8, with a fixed split."""

    images: np.ndarray
    labels: np.ndarray
    training: np.ndarray  # indices
    held_out: np.ndarray  # indices; the first SHIPPED are the shipped set

    @property
    def shipped(self) -> np.ndarray:
        return self.held_out[:SHIPPED]


def _interpolation() -> np.ndarray:
    """Bilinear weights [28][8] in units of 1/14, half-pixel centres, edges clamped.

    Output centre i lies at source position (i + 1/2)*8/28 - 1/2 = (4i - 5)/14, so every weight is
    a whole number of fourteenths and the upscaling needs no floating point.
    """
    weights = np.zeros((IMAGE_SIDE, SOURCE_SIDE), np.int64)
    for i in range(IMAGE_SIDE):
        position = min(max(4 * i - 5, 0), 14 * (SOURCE_SIDE - 1))
        low, fraction = divmod(position, 14)
        weights[i, low] += 14 - fraction
        weights[i, min(low + 1, SOURCE_SIDE - 1)] += fraction
    return weights


def upscale(source: np.ndarray) -> np.ndarray:
    """Upscales [n][8][8] integers 0...16 to [n][28][28] int8 0...127, rounded to nearest."""
    weights = _interpolation()
    sums = weights @ source.astype(np.int64) @ weights.T
    full_scale = SOURCE_MAXIMUM * 14 * 14
    return ((2 * PIXEL_MAXIMUM * sums + full_scale) // (2 * full_scale)).astype(np.int8)


def load() -> Digits:
    """Loads and splits the data set; raises ImportError without scikit-learn."""
    from sklearn.datasets import load_digits

    digits = load_digits()
    # RandomState's stream is frozen by NumPy's policy, so the split is the same in every version.
    order = np.random.RandomState(SPLIT_SEED).permutation(len(digits.images))
    return Digits(
        images=upscale(digits.images),
        labels=digits.target.astype(np.uint8),
        training=order[HELD_OUT:],
        held_out=order[:HELD_OUT],
    )
