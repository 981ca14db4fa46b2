internal import Mapping

/// What the bus sees of a window transfer: the pieces of an image's im2col view that lie inside it.
struct WindowTraffic {
  /// Words and bursts.
  private(set) var traffic = BusTraffic()
  /// Bytes that come from memory; what is missing of the transfer's bytes is padding.
  private(set) var memoryBytes = 0
  /// Address of a piece; nil when everything is padding.
  private(set) var firstAddress: Int?

  private let window: TransferShape.Window
  private let image: Int
  private let blockBytes: Int
  private let port: BusPort

  /// Counts a transfer.
  ///
  /// - Parameters:
  ///   - image: address of the image's first byte.
  ///   - portBytes: bytes of a beat of the stream, the longest piece where the window says nothing.
  init(_ window: TransferShape.Window, image: Int, portBytes: Int, port: BusPort) {
    self.window = window
    self.image = image
    self.port = port
    blockBytes = window.blockBytes(portBytes: portBytes)
    // Pixels in raster order: the end of a row, whole rows, the beginning of one.
    let width = window.outputWidth
    var first = window.firstPixel
    let end = first + window.pixels
    while first < end {
      let (row, column) = first.quotientAndRemainder(dividingBy: width)
      let rows = column == 0 ? max(1, (end - first) / width) : 1
      let last = min(width, column + end - first)
      add(rows: row..<row + rows, columns: column..<last)
      first += rows == 1 ? last - column : rows * width
    }
    traffic = BusTraffic(
      words: traffic.words * window.repetitions, bursts: traffic.bursts * window.repetitions)
    memoryBytes *= window.repetitions
  }

  /// Adds a rectangle of output pixels.
  private mutating func add(rows: Range<Int>, columns: Range<Int>) {
    for kernelRow in 0..<window.kernelHeight {
      let offset = kernelRow * window.dilationY - window.top
      let inside = Self.steps(rows, stride: window.strideY, offset: offset, limit: window.height)
      guard !inside.isEmpty else { continue }
      let y = inside.lowerBound * window.strideY + offset
      if window.isMerged {
        addMerged(rows: inside.count, y: y, columns: columns)
        continue
      }
      for kernelColumn in 0..<window.kernelWidth {
        let offset = kernelColumn * window.dilationX - window.left
        let across = Self.steps(
          columns, stride: window.strideX, offset: offset, limit: window.width)
        guard !across.isEmpty else { continue }
        addRun(
          0..<window.placeBytes, rows: inside.count, y: y, columns: across.count,
          x: across.lowerBound * window.strideX + offset)
      }
    }
  }

  /// Those of some steps whose position, step · stride + offset, is one of an image's.
  private static func steps(
    _ steps: Range<Int>, stride: Int, offset: Int, limit: Int
  ) -> Range<Int> {
    let first = max(steps.lowerBound, offset >= 0 ? 0 : (stride - 1 - offset) / stride)
    let end = limit <= offset ? 0 : (limit - 1 - offset) / stride + 1
    return first..<max(first, min(steps.upperBound, end))
  }

  /// Runs that hold all columns of the kernel: whole ones side by side, those at the edges one by
  /// one.
  private mutating func addMerged(rows: Int, y: Int, columns: Range<Int>) {
    let places = window.kernelWidth
    let whole = Self.steps(
      columns, stride: window.strideX, offset: -window.left, limit: window.width - places + 1)
    if !whole.isEmpty {
      addRun(
        0..<places * window.placeBytes, rows: rows, y: y, columns: whole.count,
        x: whole.lowerBound * window.strideX - window.left)
    }
    for column in columns where !whole.contains(column) {
      let x = column * window.strideX - window.left
      let first = max(0, -x)
      let end = max(first, min(places, window.width - x))
      addRun(
        first * window.placeBytes..<end * window.placeBytes, rows: rows, y: y, columns: 1, x: x)
    }
  }

  /// Adds some bytes of runs that begin at a place of the image, and `rows` · `columns` windows on.
  private mutating func addRun(_ run: Range<Int>, rows: Int, y: Int, columns: Int, x: Int) {
    guard !run.isEmpty else { return }
    let start = image + y * window.rowPitch + x * window.pixelPitch
    if firstAddress == nil { firstAddress = start + run.lowerBound }
    memoryBytes += run.count * rows * columns
    var position = run.lowerBound
    func lattice(_ bytes: Int) -> PieceLattice {
      PieceLattice(
        base: start + position, bytes: bytes, columns: columns,
        columnPitch: window.strideX * window.pixelPitch, rows: rows,
        rowPitch: window.strideY * window.rowPitch)
    }
    // Whole blocks that lie alike: each in words and bursts of its own.
    if position == 0 {
      let (whole, _) = run.count.quotientAndRemainder(dividingBy: blockBytes)
      let first = lattice(blockBytes)
      if whole > 0, min(first.alignment, blockBytes & (0 &- blockBytes)) >= blockBytes {
        traffic.add(port.traffic(first), times: whole)
        position = whole * blockBytes
      }
    }
    while position < run.upperBound {
      let end = min(run.upperBound, (position / blockBytes + 1) * blockBytes)
      traffic.add(port.traffic(lattice(end - position)))
      position = end
    }
  }
}

extension TransferShape.Window {
  /// Bytes of a full piece: those of a beat where the window says nothing.
  func blockBytes(portBytes: Int) -> Int { blockBytes == 0 ? portBytes : blockBytes }

  /// Runs of a pixel, and bytes of a run.
  var runs: Int { kernelHeight * (isMerged ? 1 : kernelWidth) }
  /// Bytes of a run.
  var runBytes: Int { placeBytes * (isMerged ? kernelWidth : 1) }
  /// Bytes of the transfer, padding included.
  var transferBytes: Int { repetitions * pixels * runs * runBytes }
}
