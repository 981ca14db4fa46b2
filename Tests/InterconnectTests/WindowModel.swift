import Fabric
import Interconnect
import SimKernel

/// The obvious way to list what a window reads: groups of pieces, one address per byte, nil for
/// padding.
func groups(of pattern: TransferPattern, portBytes: Int) -> [[[Address?]]] {
  let view = pattern.convolution
  let merges = pattern.stride3 & 1 != 0
  let groupPixels = pattern.count2 == 0 ? pattern.count0 : pattern.count2
  let blockBytes = pattern.count3 == 0 ? portBytes : pattern.count3
  var result: [[[Address?]]] = []

  /// All bytes of a pixel's run at kernel row `r` and column `s` (merged: all columns).
  func run(_ repetition: Int, _ index: Int, _ r: Int, _ s: Int) -> [Address?] {
    let pixel = view.firstPixel + index
    let y = pixel / view.outputWidth * view.strideY - view.top + r * view.dilationY
    return (merges ? Array(0..<view.kernelWidth) : [s]).flatMap { column -> [Address?] in
      let x = pixel % view.outputWidth * view.strideX - view.left + column * view.dilationX
      return (0..<view.channels * pattern.elementBytes).map { byte in
        guard (0..<view.height).contains(y), (0..<view.width).contains(x) else { return nil }
        return Address(
          bitPattern: Int64(bitPattern: pattern.base)
            + Int64(repetition * pattern.stride1 + y * view.rowPitch + x * view.channelPitch + byte)
        )
      }
    }
  }

  for repetition in 0..<pattern.count1 {
    for start in stride(from: 0, to: pattern.count0, by: max(1, groupPixels)) {
      let pixels = start..<min(pattern.count0, start + groupPixels)
      for r in 0..<view.kernelHeight {
        for s in 0..<(merges ? min(1, view.kernelWidth) : view.kernelWidth) {
          let runs = pixels.map { run(repetition, $0, r, s) }
          let bytes = runs.first?.count ?? 0
          for block in stride(from: 0, to: bytes, by: blockBytes) {
            result.append(runs.map { Array($0[block..<min(bytes, block + blockBytes)]) })
          }
        }
      }
    }
  }
  return result
}

/// The rows of a strided pattern as groups of the rows that dimension 1 repeats.
func rowGroups(of pattern: TransferPattern) -> [[[Address?]]] {
  let rows = addresses(of: pattern)
  return stride(from: 0, to: rows.count, by: max(1, pattern.count1)).map {
    Array(rows[$0..<min(rows.count, $0 + pattern.count1)])
  }
}

/// What leaves when the elements of a group's pieces are transposed: one beat per element.
func transposed(_ pieces: [[UInt8]], elementBytes: Int) -> [[UInt8]] {
  (0..<(pieces.first?.count ?? 0) / elementBytes).map { element in
    pieces.flatMap { $0[element * elementBytes..<(element + 1) * elementBytes] }
  }
}

/// A random window whose bytes all lie in `[base, base + size)`, for a stream of `portBytes`.
func randomWindow(
  in base: Address, size: Int, portBytes: Int, isTurned: Bool, using random: inout SplitMix64
) -> TransferPattern {
  while true {
    var pattern = TransferPattern()
    pattern.kind = .window
    pattern.isTurned = isTurned
    let elements = [1, 1, 2, 4, 8].filter { !isTurned || $0 <= portBytes }
    pattern.elementBytes = elements.randomElement(using: &random) ?? 1
    let element = pattern.elementBytes
    pattern.base = base + Address(Int.random(in: 0..<size / 2, using: &random))
    var view = TransferPattern.Convolution()
    view.height = Int.random(in: 1...9, using: &random)
    view.width = Int.random(in: 1...9, using: &random)
    view.kernelHeight = Int.random(in: 1...4, using: &random)
    view.kernelWidth = Int.random(in: 1...4, using: &random)
    view.strideY = Int.random(in: 1...3, using: &random)
    view.strideX = Int.random(in: 1...3, using: &random)
    view.top = Int.random(in: 0...3, using: &random)
    view.left = Int.random(in: 0...3, using: &random)
    view.dilationY = Int.random(in: 1...2, using: &random)
    view.dilationX = Int.random(in: 1...2, using: &random)
    view.outputWidth = Int.random(in: 1...9, using: &random)
    view.firstPixel = Int.random(in: 0...20, using: &random)
    let channels = [Int.random(in: 1...4, using: &random), Int.random(in: 1...40, using: &random)]
    view.channels = channels.randomElement(using: &random) ?? 1
    view.padding = UInt8.random(in: 0...255, using: &random)
    view.channelPitch = view.channels * element
    if Bool.random(using: &random) {
      pattern.stride3 = 1
      view.dilationX = 1
    } else if Bool.random(using: &random) {
      view.channelPitch += Int.random(in: -3...9, using: &random)
    }
    view.rowPitch = view.width * view.channelPitch + Int.random(in: -5...9, using: &random)
    pattern.convolution = view
    pattern.count0 = Int.random(in: 1...24, using: &random)
    pattern.count1 = Int.random(in: 1...2, using: &random)
    pattern.stride1 = Int.random(in: -99...99, using: &random)
    let rows = max(1, portBytes / element)
    pattern.count2 =
      isTurned ? Int.random(in: 1...rows, using: &random) : Int.random(in: 0...9, using: &random)
    if isTurned, pattern.count0 <= rows, Bool.random(using: &random) { pattern.count2 = 0 }
    pattern.count3 =
      isTurned
      ? Int.random(in: 0...rows, using: &random) * element
      : Int.random(in: 0...portBytes, using: &random)
    let touched = groups(of: pattern, portBytes: portBytes).joined().joined()
    guard touched.count < 6000 else { continue }
    if touched.allSatisfy({ $0.map { $0 >= base && $0 < base + Address(size) } ?? true }) {
      return pattern
    }
  }
}
