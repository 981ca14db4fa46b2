internal import Fabric

/// Walks through a pattern piece by piece, as the address generator does in hardware.
struct PatternIterator: BitwiseCopyable {
  private let pattern: TransferPattern
  /// The widest stride that is served by extracting bytes from a continuous burst.
  private let widestGather: Int
  private var index0 = 0
  private var index1 = 0
  private var index2 = 0
  private var index3 = 0
  /// The output pixel at `index0` of an im2col view, and the one at 0.
  private var pixelY = 0
  private var pixelX = 0
  private var firstY = 0
  private var firstX = 0
  private var window: WindowWalk
  private(set) var isFinished: Bool

  /// - Parameters:
  ///   - widestGather: element strides up to this many bytes are read as one span; wider or
  ///     negative ones take one access per element. 0: only contiguous rows.
  ///   - blockBytes: the longest piece of a window; see ``TransferPattern/count3``.
  init(_ pattern: TransferPattern, widestGather: Int, blockBytes: Int = 1) {
    self.pattern = pattern
    self.widestGather = widestGather
    isFinished = pattern.byteCount == 0
    window = WindowWalk(pattern, blockBytes: blockBytes)
    if pattern.kind == .im2col {
      let image = pattern.convolution
      (firstY, firstX) = image.firstPixel.quotientAndRemainder(dividingBy: image.outputWidth)
      (pixelY, pixelX) = (firstY, firstX)
    }
  }

  /// Writes the next piece to `segment`; the iterator must not be finished.
  @inline(__always)
  mutating func next(into segment: UnsafeMutablePointer<Segment>) {
    if pattern.kind == .window {
      window.next(into: segment)
      isFinished = segment.pointee.endsTransfer
    } else {
      segment.pointee = next()
    }
  }

  /// The next piece of anything but a window; the iterator must not be finished.
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
      stride: isSpan ? stride : element, elementBytes: element,
      flags: isSpan && stride != element ? [] : .contiguous)
  }

  private mutating func nextImage() -> Segment {
    let image = pattern.convolution
    let element = pattern.elementBytes
    let inRow = min(pattern.count0 &- index0, image.outputWidth &- pixelX)
    let inputY = pixelY &* image.strideY &- image.top &+ index2 &* image.dilationY
    let inputX = pixelX &* image.strideX &- image.left &+ index1 &* image.dilationX
    func padding(_ count: Int) -> Segment {
      Segment(count: count, stride: element, elementBytes: element, flags: .padding)
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
    guard index0 >= pattern.count0 else {
      // Image pieces end with the output row at the latest.
      pixelX &+= segment.count
      if pixelX == pattern.convolution.outputWidth {
        pixelX = 0
        pixelY &+= 1
      }
      return segment
    }
    index0 = 0
    (pixelY, pixelX) = (firstY, firstX)
    segment.flags.formUnion(.endsRow)
    let limits =
      pattern.kind == .strided
      ? (pattern.count1, pattern.count2, pattern.count3)
      : (
        pattern.convolution.kernelWidth, pattern.convolution.kernelHeight,
        pattern.convolution.channels
      )
    index1 &+= 1
    guard index1 == limits.0 else { return segment }
    segment.flags.formUnion(.endsGroup)
    index1 = 0
    index2 &+= 1
    guard index2 == limits.1 else { return segment }
    index2 = 0
    index3 &+= 1
    guard index3 == limits.2 else { return segment }
    isFinished = true
    segment.flags.formUnion(.endsTransfer)
    return segment
  }
}
