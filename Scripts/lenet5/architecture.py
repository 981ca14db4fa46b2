"""The LeNet-5 network: layer shapes, and the lowering of a layer to a matrix product."""

from dataclasses import dataclass

import numpy as np

IMAGE_SIDE = 28
CLASSES = 10


@dataclass(frozen=True)
class Layer:
    """One weighted layer with stride 1; a fully connected one is a 1x1 convolution on one pixel.

    Its order of events is: matrix product, bias, ReLU, requantisation, 2x2 max pooling.
    """

    name: str
    channels: int
    side: int  # input height and width, pixels
    filters: int
    kernel: int  # kernel height and width, pixels
    padding: int  # zeros on each of the four edges, pixels
    relu: bool
    pool: str  # name of the 2x2 max pooling that follows, "" for none

    @property
    def is_convolution(self) -> bool:
        return self.side > 1

    @property
    def k(self) -> int:
        """Products summed per output, C*R*S."""
        return self.channels * self.kernel * self.kernel

    @property
    def output_side(self) -> int:
        """Output height and width before pooling, pixels."""
        return self.side + 2 * self.padding - self.kernel + 1

    @property
    def macs(self) -> int:
        """Multiply-accumulates for one image."""
        return self.filters * self.k * self.output_side**2


LAYERS = (
    Layer("conv1", 1, 28, 6, kernel=5, padding=2, relu=True, pool="pool1"),
    Layer("conv2", 6, 14, 16, kernel=5, padding=0, relu=True, pool="pool2"),
    Layer("fc1", 400, 1, 120, kernel=1, padding=0, relu=True, pool=""),
    Layer("fc2", 120, 1, 84, kernel=1, padding=0, relu=True, pool=""),
    Layer("fc3", 84, 1, CLASSES, kernel=1, padding=0, relu=False, pool=""),
)


def im2col(layer: Layer, x: np.ndarray) -> np.ndarray:
    """Lowers images [B][C][H][W] to rows of patches [B*P*Q][K], K in the order channel, r, s."""
    pad = layer.padding
    if pad:
        x = np.pad(x, ((0, 0), (0, 0), (pad, pad), (pad, pad)))
    windows = np.lib.stride_tricks.sliding_window_view(
        x, (layer.kernel, layer.kernel), axis=(2, 3)
    )
    return windows.transpose(0, 2, 3, 1, 4, 5).reshape(-1, layer.k)


def layer_input(layer: Layer, x: np.ndarray) -> np.ndarray:
    """Reshapes the previous output to this layer's input; fc1 flattens pool2 in CHW order."""
    return x.reshape(len(x), layer.channels, layer.side, layer.side)


def to_images(layer: Layer, product: np.ndarray) -> np.ndarray:
    """Turns a product [B*P*Q][M] into images [B][M][P][Q]."""
    side = layer.output_side
    return np.ascontiguousarray(
        product.reshape(-1, side, side, layer.filters).transpose(0, 3, 1, 2)
    )


def pooling_windows(x: np.ndarray) -> np.ndarray:
    """Splits images [B][C][H][W] into 2x2 windows [B][C][H/2][W/2][4]."""
    batch, channels, height, width = x.shape
    windows = x.reshape(batch, channels, height // 2, 2, width // 2, 2)
    return windows.transpose(0, 1, 2, 4, 3, 5).reshape(
        batch, channels, height // 2, width // 2, 4
    )
