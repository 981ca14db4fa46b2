internal import Mapping

/// A piece that one request can serve: bytes in memory, or padding.
struct Piece: BitwiseCopyable {
  static let padding = 1
  static let endsRow = 2
  static let endsGroup = 4
  static let endsTransfer = 8

  var address = 0
  var bytes = 0
  var flags = 0

  @inline(__always)
  var isPadding: Bool { flags & Self.padding != 0 }
}

/// Walks through the pieces of a transfer in the order of the DMA's address generator.
struct PieceWalk: BitwiseCopyable {
  private let isWindow: Bool
  private(set) var isFinished = true

  // Nested dimensions.
  private let rowBytes: Int
  private let counts: (Int, Int, Int)
  private let strides: (Int, Int, Int)
  private var base = 0
  private var index1 = 0
  private var index2 = 0
  private var index3 = 0

  // The image.
  private var height = 0
  private var width = 0
  private var rowPitch = 0
  private var pixelPitch = 0
  private var strideX = 0
  private var strideY = 0
  private var dilationX = 0
  private var dilationY = 0
  private var left = 0
  private var outputWidth = 0
  private var kernelRows = 0
  private var kernelColumns = 0
  private var positions = 0
  private var positionBytes = 0
  private var runBytes = 0
  private var blockBytes = 0
  private var pixels = 0
  private var groupPixels = 0
  private var first = Pixel()

  /// An output pixel: its column, and where its kernel's corner lies in the image.
  private struct Pixel: BitwiseCopyable {
    var column = 0
    var x = 0
    var y = 0
  }

  private var repetitionsLeft = 0
  private var groupStart = Pixel()
  private var groupCount = 0
  private var pixelsLeft = 0
  private var kernelRow = 0
  private var kernelColumn = 0
  private var blockStart = 0
  private var pieceBytes = 0
  private var pixel = Pixel()
  private var pixelOfGroup = 0
  private var done = 0

  /// A row of bytes.
  init(address: Int, bytes: Int) {
    isWindow = false
    rowBytes = bytes
    counts = (1, 1, 1)
    strides = (0, 0, 0)
    base = address
    isFinished = bytes == 0
  }

  /// A walk through a transfer, or through the destination of a copy.
  init(_ shape: TransferShape, portBytes: Int) {
    base = Int(shape.address)
    counts = (shape.counts[1], shape.counts[2], shape.counts[3])
    strides = (shape.strides[1], shape.strides[2], shape.strides[3])
    rowBytes = shape.rowBytes
    guard let window = shape.window else {
      isWindow = false
      isFinished = shape.byteCount == 0
      return
    }
    isWindow = true
    isFinished = false
    (height, width) = (window.height, window.width)
    (rowPitch, pixelPitch) = (window.rowPitch, window.pixelPitch)
    (strideX, strideY) = (window.strideX, window.strideY)
    (dilationX, dilationY) = (window.dilationX, window.dilationY)
    left = window.left
    outputWidth = window.outputWidth
    kernelRows = window.kernelHeight
    kernelColumns = window.isMerged ? 1 : window.kernelWidth
    positions = window.isMerged ? window.kernelWidth : 1
    positionBytes = window.placeBytes
    runBytes = positions * positionBytes
    blockBytes = window.blockBytes == 0 ? portBytes : window.blockBytes
    pixels = window.pixels
    groupPixels = window.group
    let (row, column) = window.firstPixel.quotientAndRemainder(dividingBy: window.outputWidth)
    first = Pixel(
      column: column, x: column * window.strideX - window.left,
      y: row * window.strideY - window.top)
    repetitionsLeft = window.repetitions
    groupStart = first
    groupCount = groupPixels
    pixelsLeft = pixels
    pieceBytes = min(blockBytes, runBytes)
    pixel = first
  }

  /// Writes the next piece; the walk must not be finished.
  @inline(__always)
  mutating func next(into piece: UnsafeMutablePointer<Piece>) {
    if isWindow { nextOfWindow(into: piece) } else { nextRow(into: piece) }
  }

  @inline(__always)
  private mutating func nextRow(into piece: UnsafeMutablePointer<Piece>) {
    piece.pointee.address =
      base &+ index1 &* strides.0 &+ index2 &* strides.1 &+ index3 &* strides.2
    piece.pointee.bytes = rowBytes
    var flags = Piece.endsRow
    index1 &+= 1
    if index1 == counts.0 {
      index1 = 0
      flags |= Piece.endsGroup
      index2 &+= 1
      if index2 == counts.1 {
        index2 = 0
        index3 &+= 1
        if index3 == counts.2 {
          isFinished = true
          flags |= Piece.endsTransfer
        }
      }
    }
    piece.pointee.flags = flags
  }

  @inline(__always)
  private mutating func nextOfWindow(into piece: UnsafeMutablePointer<Piece>) {
    let x = pixel.x &+ kernelColumn &* dilationX
    let y = pixel.y &+ kernelRow &* dilationY
    let from = blockStart &+ done
    var to = blockStart &+ pieceBytes
    var flags = Piece.padding
    if UInt(bitPattern: y) < UInt(bitPattern: height) {
      let inside = x < 0 ? min(0 &- x, positions) &* positionBytes : 0
      let outside = max(0, min(width &- x, positions)) &* positionBytes
      if from >= inside, from < outside {
        to = min(to, outside)
        flags = 0
        piece.pointee.address = base &+ y &* rowPitch &+ x &* pixelPitch &+ from
      } else if from < inside {
        to = min(to, inside)
      }
    }
    done &+= to &- from
    if done == pieceBytes {
      done = 0
      flags |= stepPixel()
    }
    piece.pointee.bytes = to &- from
    piece.pointee.flags = flags
  }

  @inline(__always)
  private mutating func stepPixel() -> Int {
    pixel.column &+= 1
    pixel.x &+= strideX
    if pixel.column == outputWidth {
      pixel.column = 0
      pixel.x = 0 &- left
      pixel.y &+= strideY
    }
    pixelOfGroup &+= 1
    return pixelOfGroup == groupCount ? Piece.endsRow | stepBlock() : Piece.endsRow
  }

  private mutating func stepBlock() -> Int {
    let behind = pixel
    pixelOfGroup = 0
    pixel = groupStart
    blockStart &+= pieceBytes
    defer { pieceBytes = min(blockBytes, runBytes &- blockStart) }
    guard blockStart == runBytes else { return Piece.endsGroup }
    blockStart = 0
    kernelColumn &+= 1
    guard kernelColumn == kernelColumns else { return Piece.endsGroup }
    kernelColumn = 0
    kernelRow &+= 1
    guard kernelRow == kernelRows else { return Piece.endsGroup }
    kernelRow = 0
    pixelsLeft &-= groupCount
    groupStart = behind
    if pixelsLeft == 0 {
      pixelsLeft = pixels
      groupStart = first
      base &+= strides.0
      repetitionsLeft &-= 1
    }
    groupCount = min(groupPixels, pixelsLeft)
    pixel = groupStart
    guard repetitionsLeft == 0 else { return Piece.endsGroup }
    isFinished = true
    return Piece.endsGroup | Piece.endsTransfer
  }
}
