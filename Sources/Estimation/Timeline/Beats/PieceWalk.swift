internal import Mapping

/// A piece that one request can serve: bytes in memory, or padding.
struct Piece: BitwiseCopyable {
  var address = 0
  var bytes = 0
  var isPadding = false
  /// The row (beat) and the group of turned rows end with it.
  var endsRow = false
  var endsGroup = false
}

/// Walks through the pieces of a transfer in the order of the DMA's address generator, and over those of a part of it.
///
/// Of a window only the first `passes` blocks of every group of pixels are taken, from group `firstGroup` on.
struct PieceWalk {
  private let window: Window?
  private let rowBytes: Int
  private let counts: SIMD4<Int>
  private let strides: SIMD4<Int>
  private var base: Int
  private var index1 = 0
  private var index2 = 0
  private var index3 = 0

  // The place in a window.
  private var groupStart = 0
  private var pixel = 0
  private var block = 0
  private var column = 0
  private var row = 0
  private var pass = 0
  private var done = 0

  /// Repetitions of a window that are not over.
  private var repetitions = 1

  private(set) var isFinished = false

  private struct Window {
    var shape: TransferShape.Window
    var block: Int
    var run: Int
    var positions: Int
    var columns: Int
    var group: Int
    var passes: Int
  }

  /// - Parameters:
  ///   - rowBytes: bytes of a row, in place of the shape's.
  ///   - counts: how often rows repeat, in place of the shape's.
  ///   - first: repetitions that are left out at the beginning.
  init(_ shape: TransferShape, rowBytes: Int, counts: SIMD4<Int>, first: SIMD4<Int>) {
    window = nil
    self.rowBytes = rowBytes
    self.counts = counts
    strides = shape.strides
    base = Int(shape.address)
    (index1, index2, index3) = (first[1], first[2], first[3])
    isFinished = rowBytes <= 0 || counts[1] <= 0 || counts[2] <= 0 || counts[3] <= 0
  }

  init(
    window shape: TransferShape, _ window: TransferShape.Window, portBytes: Int, firstGroup: Int,
    passes: Int
  ) {
    let group = window.group == 0 ? window.pixels : window.group
    self.window = Window(
      shape: window, block: window.blockBytes == 0 ? portBytes : window.blockBytes,
      run: window.placeBytes * (window.isMerged ? window.kernelWidth : 1),
      positions: window.isMerged ? window.kernelWidth : 1,
      columns: window.isMerged ? 1 : window.kernelWidth, group: group, passes: passes)
    rowBytes = 0
    counts = shape.counts
    strides = shape.strides
    base = Int(shape.address)
    groupStart = firstGroup * group
    repetitions = max(1, window.repetitions)
    isFinished = groupStart >= window.pixels
  }

  /// The next piece; the walk must not be finished.
  @inline(__always)
  mutating func next() -> Piece {
    if let window { return next(in: window) }
    var piece = Piece(
      address: base &+ index1 &* strides[1] &+ index2 &* strides[2] &+ index3 &* strides[3],
      bytes: rowBytes, isPadding: false, endsRow: true)
    index1 &+= 1
    if index1 == counts[1] {
      index1 = 0
      piece.endsGroup = true
      index2 &+= 1
      if index2 == counts[2] {
        index2 = 0
        index3 &+= 1
        isFinished = index3 == counts[3]
      }
    }
    return piece
  }

  private mutating func next(in window: Window) -> Piece {
    let shape = window.shape
    let number = shape.firstPixel &+ groupStart &+ pixel
    let (line, place) = number.quotientAndRemainder(dividingBy: shape.outputWidth)
    let x = place &* shape.strideX &- shape.left &+ column &* shape.dilationX
    let y = line &* shape.strideY &- shape.top &+ row &* shape.dilationY
    let start = block &* window.block
    let from = start &+ done
    let end = min(start &+ window.block, window.run)
    var to = end
    var piece = Piece(isPadding: true)
    if y >= 0, y < shape.height {
      let inside = x < 0 ? min(0 &- x, window.positions) &* shape.placeBytes : 0
      let outside = max(0, min(shape.width &- x, window.positions)) &* shape.placeBytes
      if from >= inside, from < outside {
        to = min(to, outside)
        piece.isPadding = false
        piece.address = base &+ y &* shape.rowPitch &+ x &* shape.pixelPitch &+ from
      } else if from < inside {
        to = min(to, inside)
      }
    }
    piece.bytes = to &- from
    done &+= piece.bytes
    if done == end &- start {
      done = 0
      piece.endsRow = true
      pixel &+= 1
      if pixel == min(window.group, shape.pixels &- groupStart) {
        piece.endsGroup = true
        endBlock(window, isLast: end == window.run)
      }
    }
    return piece
  }

  private mutating func endBlock(_ window: Window, isLast: Bool) {
    pixel = 0
    block &+= 1
    pass &+= 1
    if isLast {
      block = 0
      column &+= 1
      if column == window.columns {
        column = 0
        row &+= 1
      }
    }
    guard row == window.shape.kernelHeight || pass == window.passes else { return }
    (row, column, block, pass) = (0, 0, 0, 0)
    groupStart &+= window.group
    guard groupStart >= window.shape.pixels else { return }
    groupStart = 0
    base &+= strides[1]
    repetitions &-= 1
    isFinished = repetitions == 0
  }
}
