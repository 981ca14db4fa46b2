public import Fabric

/// Where the bytes of a transfer lie in memory: up to four nested dimensions, or the im2col view of
/// an image.
public struct TransferPattern: BitwiseCopyable, Sendable, Equatable {
  /// The kind of addressing.
  public enum Kind: UInt8, BitwiseCopyable, Sendable {
    /// Nested loops with byte strides.
    case strided = 0
    /// The columns of the im2col matrix of a convolution.
    case im2col = 1
  }

  /// The geometry of an im2col view: input height × width × channels (CHW), kernel, steps, padding.
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
    /// Input channels.
    public var channels = 1
    /// The byte that padding elements are made of.
    public var padding: UInt8 = 0
    /// Bytes from one channel to the next and from one image row to the next.
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
  /// Elements per dimension, innermost first. For im2col `count0` is the number of output pixels.
  public var count0 = 0, count1 = 1, count2 = 1, count3 = 1
  /// Byte distance of neighbours per dimension; may be negative.
  public var stride0 = 1, stride1 = 0, stride2 = 0, stride3 = 0
  /// The image view, for ``Kind/im2col``.
  public var convolution = Convolution()

  /// An empty transfer.
  public init() {}

  /// Innermost rows of the transfer.
  public var rowCount: Int {
    switch kind {
    case .strided: count1 * count2 * count3
    case .im2col:
      convolution.channels * convolution.kernelHeight * convolution.kernelWidth
    }
  }

  /// Payload bytes of the whole transfer.
  public var byteCount: Int {
    // The number of empty rows may be beyond all bounds.
    count0 == 0 ? 0 : rowCount * count0 * elementBytes
  }
}

/// A piece of a row that one request can serve: bytes in memory, or padding.
struct Segment: BitwiseCopyable {
  /// First byte in memory; unused for padding.
  var address: Address = 0
  /// Elements, and their distance in bytes.
  var count = 0
  var stride = 1
  var elementBytes = 1
  var isPadding = false
  /// Whether the row, and the transfer, end with this piece.
  var endsRow = false
  var endsTransfer = false

  /// Payload bytes.
  var bytes: Int { count &* elementBytes }
  /// Bytes of memory from the first to the last payload byte.
  var span: Int { (count &- 1) &* stride &+ elementBytes }
}

/// Walks through a pattern piece by piece, as the address generator does in hardware.
struct PatternIterator: BitwiseCopyable {
  private let pattern: TransferPattern
  /// The widest stride that is served by extracting bytes from a continuous burst.
  private let widestGather: Int
  private var index0 = 0
  private var index1 = 0
  private var index2 = 0
  private var index3 = 0
  private(set) var isFinished: Bool

  /// - Parameter widestGather: element strides up to this many bytes are read as one span; wider or
  ///   negative ones take one access per element. 0: only contiguous rows.
  init(_ pattern: TransferPattern, widestGather: Int) {
    self.pattern = pattern
    self.widestGather = widestGather
    isFinished = pattern.byteCount == 0
  }

  /// The next piece; the iterator must not be finished.
  mutating func next() -> Segment {
    pattern.kind == .strided ? nextStrided() : nextImage()
  }

  private mutating func nextStrided() -> Segment {
    let row =
      Int64(bitPattern: pattern.base) &+ Int64(index1 &* pattern.stride1)
      &+ Int64(index2 &* pattern.stride2) &+ Int64(index3 &* pattern.stride3)
    return advance(
      piece(
        at: row &+ Int64(index0 &* pattern.stride0), remaining: pattern.count0 &- index0,
        stride: pattern.stride0))
  }

  /// As many of `remaining` elements as one request can serve.
  private func piece(at address: Int64, remaining: Int, stride: Int) -> Segment {
    let element = pattern.elementBytes
    let isSpan = stride == element || (stride > element && stride <= widestGather)
    return Segment(
      address: Address(bitPattern: address), count: isSpan ? remaining : 1,
      stride: isSpan ? stride : element, elementBytes: element)
  }

  private mutating func nextImage() -> Segment {
    let image = pattern.convolution
    let element = pattern.elementBytes
    let pixel = image.firstPixel &+ index0
    let (y, x) = (pixel / image.outputWidth, pixel % image.outputWidth)
    let inRow = min(pattern.count0 &- index0, image.outputWidth &- x)
    let inputY = y &* image.strideY &- image.top &+ index2 &* image.dilationY
    let inputX = x &* image.strideX &- image.left &+ index1 &* image.dilationX
    func padding(_ count: Int) -> Segment {
      Segment(count: count, stride: element, elementBytes: element, isPadding: true)
    }
    guard inputY >= 0, inputY < image.height, inputX < image.width else {
      return advance(padding(inRow))
    }
    if inputX < 0 {
      let missing = (image.strideX &- 1 &- inputX) / image.strideX
      return advance(padding(min(missing, inRow)))
    }
    let inside = (image.width &- 1 &- inputX) / image.strideX &+ 1
    let address =
      Int64(bitPattern: pattern.base) &+ Int64(index3 &* image.channelPitch)
      &+ Int64(inputY &* image.rowPitch) &+ Int64(inputX &* element)
    return advance(
      piece(
        at: address, remaining: min(inside, inRow), stride: image.strideX &* element))
  }

  /// Steps behind `segment` and marks what it ends.
  private mutating func advance(_ segment: Segment) -> Segment {
    var segment = segment
    index0 &+= segment.count
    guard index0 >= pattern.count0 else { return segment }
    index0 = 0
    segment.endsRow = true
    let limits =
      pattern.kind == .strided
      ? (pattern.count1, pattern.count2, pattern.count3)
      : (
        pattern.convolution.kernelWidth, pattern.convolution.kernelHeight,
        pattern.convolution.channels
      )
    index1 &+= 1
    guard index1 == limits.0 else { return segment }
    index1 = 0
    index2 &+= 1
    guard index2 == limits.1 else { return segment }
    index2 = 0
    index3 &+= 1
    guard index3 == limits.2 else { return segment }
    isFinished = true
    segment.endsTransfer = true
    return segment
  }
}
