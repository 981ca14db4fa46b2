internal import Fabric

/// Walks through a window pattern: the im2col view of an HWC image, in pieces of one run each.
///
/// Nothing is divided or multiplied per piece that a counter can say: as in hardware, the input
/// position of the output pixel is stepped along with the pixel.
struct WindowWalk: BitwiseCopyable {
  // The image.
  private let height: Int
  private let width: Int
  private let rowPitch: Int
  private let pixelPitch: Int
  // Steps, all in input pixels.
  private let strideX: Int
  private let strideY: Int
  private let dilationX: Int
  private let dilationY: Int
  private let left: Int
  private let outputWidth: Int
  /// Kernel rows, and kernel columns that are taken one after the other.
  private let kernelRows: Int
  private let kernelColumns: Int
  /// Neighbouring image positions of a run, and bytes taken at each.
  private let positions: Int
  private let positionBytes: Int
  private let runBytes: Int
  private let blockBytes: Int
  private let pixels: Int
  private let groupPixels: Int
  private let repetitionStride: Int
  private let first: Pixel

  /// An output pixel: its column, and where its kernel's corner lies in the image.
  private struct Pixel: BitwiseCopyable {
    var column = 0
    var x = 0
    var y = 0
  }

  private var base: Int
  private var repetitionsLeft: Int
  /// The group: its first pixel, its number of pixels and what is left with it.
  private var groupStart: Pixel
  private var groupCount: Int
  private var pixelsLeft: Int
  private var kernelRow = 0
  private var kernelColumn = 0
  /// The block: its first byte in the run and its length.
  private var blockStart = 0
  private var pieceBytes: Int
  private var pixel: Pixel
  private var pixelOfGroup = 0
  /// Bytes of the piece that are behind.
  private var done = 0

  /// A walk through `pattern`, whose `blockBytes` are at least 1.
  init(_ pattern: TransferPattern, blockBytes: Int) {
    let image = pattern.convolution
    (height, width) = (image.height, image.width)
    (rowPitch, pixelPitch) = (image.rowPitch, image.channelPitch)
    (strideX, strideY) = (image.strideX, image.strideY)
    (dilationX, dilationY) = (image.dilationX, image.dilationY)
    left = image.left
    outputWidth = image.outputWidth
    kernelRows = image.kernelHeight
    kernelColumns = pattern.mergesColumns ? 1 : image.kernelWidth
    positions = pattern.mergesColumns ? image.kernelWidth : 1
    positionBytes = image.channels &* pattern.elementBytes
    runBytes = positions &* positionBytes
    self.blockBytes = blockBytes
    pixels = pattern.count0
    groupPixels = pattern.groupPixels
    repetitionStride = pattern.stride1
    let (row, column) = image.firstPixel.quotientAndRemainder(dividingBy: image.outputWidth)
    first = Pixel(
      column: column, x: column &* image.strideX &- image.left,
      y: row &* image.strideY &- image.top)

    base = Int(bitPattern: UInt(pattern.base))
    repetitionsLeft = pattern.count1
    groupStart = first
    groupCount = groupPixels
    pixelsLeft = pixels
    pieceBytes = min(blockBytes, runBytes)
    pixel = first
  }

  /// Writes the next piece of memory or padding to `segment`; the walk must not be finished.
  @inline(__always)
  mutating func next(into segment: UnsafeMutablePointer<Segment>) {
    let x = pixel.x &+ kernelColumn &* dilationX
    let y = pixel.y &+ kernelRow &* dilationY
    let from = blockStart &+ done
    var to = blockStart &+ pieceBytes
    var flags = Segment.Flags.padding
    // One unsigned comparison says that a coordinate is inside.
    if UInt(bitPattern: y) < UInt(bitPattern: height) {
      let inside = x < 0 ? min(0 &- x, positions) &* positionBytes : 0
      let outside = max(0, min(width &- x, positions)) &* positionBytes
      if from >= inside, from < outside {
        to = min(to, outside)
        flags = .contiguous
        segment.pointee.address = Address(
          UInt(bitPattern: base &+ y &* rowPitch &+ x &* pixelPitch &+ from))
      } else if from < inside {
        to = min(to, inside)
      }
    }
    done &+= to &- from
    if done == pieceBytes {
      done = 0
      flags = Segment.Flags(rawValue: flags.rawValue | stepPixel())
    }
    segment.pointee.count = to &- from
    segment.pointee.stride = 1
    segment.pointee.elementBytes = 1
    segment.pointee.flags = flags
  }

  /// Steps to the next pixel; returns the flags of what ends.
  @inline(__always)
  private mutating func stepPixel() -> UInt64 {
    pixel.column &+= 1
    pixel.x &+= strideX
    if pixel.column == outputWidth {
      pixel.column = 0
      pixel.x = 0 &- left
      pixel.y &+= strideY
    }
    pixelOfGroup &+= 1
    var flags = Segment.Flags.endsRow.rawValue
    if pixelOfGroup == groupCount { flags |= stepBlock() }
    return flags
  }

  private mutating func stepBlock() -> UInt64 {
    let endsGroup = Segment.Flags.endsGroup.rawValue
    let behind = pixel
    pixelOfGroup = 0
    pixel = groupStart
    blockStart &+= pieceBytes
    defer { pieceBytes = min(blockBytes, runBytes &- blockStart) }
    guard blockStart == runBytes else { return endsGroup }
    blockStart = 0
    kernelColumn &+= 1
    guard kernelColumn == kernelColumns else { return endsGroup }
    kernelColumn = 0
    kernelRow &+= 1
    guard kernelRow == kernelRows else { return endsGroup }
    kernelRow = 0
    pixelsLeft &-= groupCount
    groupStart = behind
    if pixelsLeft == 0 {
      pixelsLeft = pixels
      groupStart = first
      base &+= repetitionStride
      repetitionsLeft &-= 1
    }
    groupCount = min(groupPixels, pixelsLeft)
    pixel = groupStart
    return repetitionsLeft == 0 ? endsGroup | Segment.Flags.endsTransfer.rawValue : endsGroup
  }
}
