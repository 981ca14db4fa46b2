public import Fabric

/// Where the bytes of a transfer lie in memory: up to four nested dimensions, or the im2col view of
/// an image.
///
/// For ``Kind/window`` the dimensions mean something else: `count1` and `stride1` repeat everything
/// with the base moved by `stride1` bytes, `count2` is the number of output pixels in a group (0:
/// all), `count3` the bytes of a block (0: as wide as the stream), bit 0 of `stride3` merges the
/// kernel's columns into one run. In this order:
///
///     for every repetition, group, kernel row, kernel column (merged: all at once), block:
///       for every pixel of the group: the block of that pixel's run
///
/// A run is `channels` elements at one image position (merged: at `kernelWidth` neighbouring ones).
public struct TransferPattern: BitwiseCopyable, Sendable, Equatable {
  /// The kind of addressing.
  public enum Kind: UInt8, BitwiseCopyable, Sendable {
    /// Nested loops with byte strides.
    case strided = 0
    /// The columns of the im2col matrix of a convolution (CHW).
    case im2col = 1
    /// The rows of the im2col matrix of a convolution, in pieces, tile by tile (HWC).
    case window = 2
  }

  /// The geometry of an im2col view: input height × width × channels (CHW for ``Kind/im2col``, HWC
  /// for ``Kind/window``), kernel, steps, padding.
  public struct Convolution: BitwiseCopyable, Sendable, Equatable {
    /// Input height and width in pixels.
    public var height = 0, width = 0
    /// Kernel height (R) and width (S).
    public var kernelHeight = 1, kernelWidth = 1
    /// Stride in pixels.
    public var strideY = 1, strideX = 1
    /// Padding above and left, in pixels; below and right follow from the output's size.
    public var top = 0, left = 0
    /// Kernel dilation in pixels.
    public var dilationY = 1, dilationX = 1
    /// Output width (Q) in pixels.
    public var outputWidth = 1
    /// First output pixel, counted y·Q + x.
    public var firstPixel = 0
    /// Input channels; for a window the elements taken at every image position.
    public var channels = 1
    /// The byte that padding elements are made of.
    public var padding: UInt8 = 0
    /// Bytes from one channel to the next (for a window: from one image column to the next), and
    /// from one image row to the next.
    public var channelPitch = 0, rowPitch = 0

    /// A 1×1 convolution of an empty image.
    public init() {}
  }

  /// The kind of addressing.
  public var kind = Kind.strided
  /// The first byte (strided) or the image's first byte (im2col).
  public var base: Address = 0
  /// Bytes of an element: 1, 2, 4 or 8.
  public var elementBytes = 1
  /// Elements per dimension, innermost first. For an image `count0` is the number of output pixels.
  public var count0 = 0, count1 = 1, count2 = 1, count3 = 1
  /// Byte distance of neighbours per dimension; may be negative.
  public var stride0 = 1, stride1 = 0, stride2 = 0, stride3 = 0
  /// The image view, for ``Kind/im2col`` and ``Kind/window``.
  public var convolution = Convolution()

  /// An empty transfer.
  public init() {}

  /// Whether the rows of a group leave transposed: one beat per element, holding that element of
  /// every row.
  public var isTurned = false

  /// Bytes of a window's run.
  public var runBytes: Int {
    (mergesColumns ? convolution.kernelWidth : 1) * convolution.channels * elementBytes
  }

  /// Whether a window takes all columns of a kernel row at once.
  public var mergesColumns: Bool { stride3 & 1 != 0 }

  /// Output pixels in a window's group; the last group may be smaller.
  public var groupPixels: Int { count2 == 0 ? count0 : min(count0, count2) }

  /// Payload bytes of the whole transfer.
  public var byteCount: Int {
    // The number of empty rows may be beyond all bounds.
    if count0 == 0 { return 0 }
    let image = convolution.channels * convolution.kernelHeight * convolution.kernelWidth
    return switch kind {
    case .strided: count1 * count2 * count3 * count0 * elementBytes
    case .im2col: image * count0 * elementBytes
    case .window: image * count0 * count1 * elementBytes
    }
  }
}
