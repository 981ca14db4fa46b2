import Fabric
import Interconnect
import SimKernel
import TestSupport

/// The obvious way to list a pattern's bytes: one address per byte, nil for padding.
func addresses(of pattern: TransferPattern) -> [[Address?]] {
  var rows: [[Address?]] = []
  let element = pattern.elementBytes
  func bytes(_ start: Int64) -> [Address?] {
    (0..<element).map { Address(bitPattern: start + Int64($0)) }
  }
  let base = Int64(bitPattern: pattern.base)
  switch pattern.kind {
  case .strided:
    for i3 in 0..<pattern.count3 {
      for i2 in 0..<pattern.count2 {
        for i1 in 0..<pattern.count1 {
          let row =
            base
            + Int64(
              i1 * pattern.stride1 + i2 * pattern.stride2 + i3 * pattern.stride3)
          rows.append((0..<pattern.count0).flatMap { bytes(row + Int64($0 * pattern.stride0)) })
        }
      }
    }
  case .im2col:
    let view = pattern.convolution
    for c in 0..<view.channels {
      for r in 0..<view.kernelHeight {
        for s in 0..<view.kernelWidth {
          rows.append(
            (0..<pattern.count0).flatMap { index -> [Address?] in
              let pixel = view.firstPixel + index
              let y = pixel / view.outputWidth * view.strideY - view.top + r * view.dilationY
              let x = pixel % view.outputWidth * view.strideX - view.left + s * view.dilationX
              guard (0..<view.height).contains(y), (0..<view.width).contains(x) else {
                return Array(repeating: nil, count: element)
              }
              return bytes(
                base + Int64(c * view.channelPitch + y * view.rowPitch + x * element))
            })
        }
      }
    }
  case .window: rows = groups(of: pattern, portBytes: .max).flatMap { $0 }
  }
  return rows
}

/// A random pattern whose bytes all lie in `[base, base + size)`.
func randomPattern(
  in base: Address, size: Int, kind: TransferPattern.Kind, using random: inout SplitMix64
) -> TransferPattern {
  while true {
    var pattern = TransferPattern()
    pattern.kind = kind
    pattern.elementBytes = [1, 1, 2, 4, 8].randomElement(using: &random) ?? 1
    pattern.base = base + Address(Int.random(in: 0..<size, using: &random))
    if kind == .strided {
      pattern.count0 = Int.random(in: 0...40, using: &random)
      pattern.stride0 =
        Bool.random(using: &random)
        ? pattern.elementBytes : Int.random(in: -40...40, using: &random)
      pattern.count1 = Int.random(in: 1...5, using: &random)
      pattern.count2 = Int.random(in: 1...4, using: &random)
      pattern.count3 = Int.random(in: 1...3, using: &random)
      pattern.stride1 = Int.random(in: -300...300, using: &random)
      pattern.stride2 = Int.random(in: -900...900, using: &random)
      pattern.stride3 = Int.random(in: -3000...3000, using: &random)
      if Int.random(in: 0..<20, using: &random) == 0 { pattern.count1 = 0 }
    } else {
      var view = TransferPattern.Convolution()
      view.height = Int.random(in: 1...12, using: &random)
      view.width = Int.random(in: 1...12, using: &random)
      view.kernelHeight = Int.random(in: 1...4, using: &random)
      view.kernelWidth = Int.random(in: 1...4, using: &random)
      view.strideY = Int.random(in: 1...3, using: &random)
      view.strideX = Int.random(in: 1...3, using: &random)
      view.top = Int.random(in: 0...3, using: &random)
      view.left = Int.random(in: 0...3, using: &random)
      view.dilationY = Int.random(in: 1...2, using: &random)
      view.dilationX = Int.random(in: 1...2, using: &random)
      view.outputWidth = Int.random(in: 1...12, using: &random)
      view.firstPixel = Int.random(in: 0...20, using: &random)
      view.channels = Int.random(in: 1...3, using: &random)
      view.padding = UInt8.random(in: 0...255, using: &random)
      view.rowPitch = view.width * pattern.elementBytes + Int.random(in: 0...5, using: &random)
      view.channelPitch = view.height * view.rowPitch + Int.random(in: 0...9, using: &random)
      pattern.count0 = Int.random(in: 1...20, using: &random)
      pattern.convolution = view
    }
    let touched = addresses(of: pattern).joined().compactMap { $0 }
    if touched.allSatisfy({ $0 >= base && $0 < base + Address(size) }) { return pattern }
  }
}

/// The register writes that program a pattern.
func programming(
  _ pattern: TransferPattern, at device: Address, rowAlign: Bool = false, lastEachRow: Bool = false
) -> [RegisterMaster.Step] {
  func word(_ value: Int) -> UInt32 { UInt32(truncatingIfNeeded: value) }
  let view = pattern.convolution
  var mode = UInt32(pattern.kind.rawValue)
  mode |= UInt32(pattern.elementBytes.trailingZeroBitCount) << 8
  if rowAlign { mode |= 1 << 4 }
  if lastEachRow { mode |= 1 << 5 }
  if pattern.isTurned { mode |= 1 << 6 }
  let kernel =
    word(view.kernelHeight) | word(view.kernelWidth) << 8 | word(view.strideY) << 16
    | word(view.strideX) << 24
  let padding =
    word(view.top) | word(view.left) << 8 | word(view.dilationY) << 16
    | word(view.dilationX) << 24
  let values: [(Address, UInt32)] = [
    (0x08, mode), (0x0C, UInt32(truncatingIfNeeded: pattern.base)),
    (0x10, word(pattern.count0)), (0x14, word(pattern.stride0)),
    (0x18, word(pattern.count1)), (0x1C, word(pattern.stride1)),
    (0x20, word(pattern.count2)), (0x24, word(pattern.stride2)),
    (0x28, word(pattern.count3)), (0x2C, word(pattern.stride3)),
    (0x30, word(view.height) | word(view.width) << 16), (0x34, kernel), (0x38, padding),
    (0x3C, word(view.outputWidth)), (0x40, word(view.firstPixel)), (0x44, word(view.channels)),
    (0x48, UInt32(view.padding)), (0x4C, word(view.channelPitch)), (0x50, word(view.rowPitch)),
  ]
  return values.map { .write(device + $0.0, $0.1) }
}

/// The register writes that program the destination of a memory-to-memory transfer.
func programmingDestination(
  _ pattern: TransferPattern, at device: Address
) -> [RegisterMaster.Step] {
  let values: [Int] = [
    pattern.count0, pattern.stride0, pattern.count1, pattern.stride1, pattern.count2,
    pattern.stride2, pattern.count3, pattern.stride3,
  ]
  return [.write(device + 0x54, UInt32(truncatingIfNeeded: pattern.base))]
    + values.enumerated().map {
      .write(device + 0x58 + Address(4 * $0.offset), UInt32(truncatingIfNeeded: $0.element))
    }
}
