internal import Mapping

/// The pieces of a window at each place of the kernel: how many bus words they take on average, padding left out.
struct WindowPieces {
  /// A place of the kernel; of merged runs only the row counts.
  struct Place {
    var row: Int
    var column: Int
  }

  private let window: TransferShape.Window
  private let address: Int
  private let bus: Int
  /// The places, or one of them when all are alike.
  let places: [Place]
  /// How many places each of ``places`` stands for.
  let repetitions: Int

  init(_ window: TransferShape.Window, address: Int, bus: Int) {
    self.window = window
    self.address = address
    self.bus = bus
    let columns = window.isMerged ? 1 : window.kernelWidth
    // Whole words from pixel to pixel: every piece takes as many words wherever it is.
    if window.pixelPitch % bus == 0, window.rowPitch % bus == 0, !window.isMerged {
      places = [
        Place(
          row: window.top / max(1, window.dilationY), column: window.left / max(1, window.dilationX)
        )
      ]
      repetitions = window.kernelHeight * columns
      return
    }
    places = (0..<window.kernelHeight).flatMap { row in
      (0..<columns).map { Place(row: row, column: $0) }
    }
    repetitions = 1
  }

  /// The share of output pixels whose piece has bytes of the image.
  func valid(_ place: Place) -> Double {
    let rows = Self.inside(
      offset: place.row * window.dilationY - window.top, step: window.strideY,
      size: window.height, count: outputHeight)
    guard !window.isMerged else { return rows }
    return rows
      * Self.inside(
        offset: place.column * window.dilationX - window.left, step: window.strideX,
        size: window.width, count: window.outputWidth)
  }

  private var outputHeight: Int {
    max(1, (window.firstPixel + window.pixels) / max(1, window.outputWidth))
  }

  /// The share of 0 ..< count for which offset + step · i lies in 0 ..< size.
  private static func inside(offset: Int, step: Int, size: Int, count: Int) -> Double {
    let first = offset >= 0 ? 0 : (-offset + step - 1) / step
    let last = min(count - 1, (size - 1 - offset) / step)
    return Double(max(0, last - first + 1)) / Double(max(1, count))
  }

  /// Mean bus words of a piece, pieces of padding counted as none, and those of a burst.
  func words(_ place: Place, start: Int, bytes: Int) -> (mean: Double, burst: Double) {
    let first =
      address + (place.row * window.dilationY - window.top) * window.rowPitch
      + (place.column * window.dilationX - window.left) * window.pixelPitch + start
    let step = window.strideX * window.pixelPitch | window.strideY * window.rowPitch
    let inner = PieceWords.mean(bytes, first: first, step: step, bus: bus)
    guard window.isMerged else { return (inner * valid(place), inner) }
    // Runs at the sides of the image begin or end with padding.
    var sum = 0.0
    var isClipped = 0
    let run = window.placeBytes * window.kernelWidth
    for x in 0..<window.outputWidth {
      let before = max(0, window.left - x * window.strideX) * window.placeBytes
      let end =
        (x * window.strideX - window.left + window.kernelWidth - window.width) * window.placeBytes
      let after = run - max(0, end)
      guard before > 0 || after < run else { continue }
      isClipped += 1
      let (low, high) = (max(start, before), min(start + bytes, after))
      if high > low {
        sum += PieceWords.mean(high - low, first: first + low - start, step: step, bus: bus)
      }
    }
    sum += inner * Double(window.outputWidth - isClipped)
    return (sum / Double(window.outputWidth) * valid(place), inner)
  }
}
