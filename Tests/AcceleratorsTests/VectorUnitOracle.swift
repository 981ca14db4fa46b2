import Accelerators
import SimKernel

/// Offsets of the vector unit's registers, as the manual has them.
enum VectorOffset {
  static let control: UInt64 = 0x00
  static let status: UInt64 = 0x04
  static let jobs: UInt64 = 0x40
  static let table: UInt64 = 0x400
}

/// A job of the vector unit and the beats that it takes, with what it must send, worked out element
/// by element from the manual.
struct VectorCase {
  var isFloat = false
  var lanes = 8
  var fromSide = false
  var binary = 0
  var scalarA = false
  var usesTable = false
  var pool = 0
  var clamps = false
  var isBypass = false
  var isLeaky = false

  var aRatio: Float = 0
  var bRatio: Float = 0
  var constant: Float = 0
  var aZero: Int32 = 0
  var bZero: Int32 = 0
  var clampMinimum: UInt32 = 0
  var clampMaximum: UInt32 = 0
  var slope: Float = 0
  var size = (height: 1, width: 1)
  var kernel = (rows: 1, columns: 1)
  var stride = (y: 1, x: 1)
  var pad = (top: 0, left: 0)
  var out = (height: 1, width: 1)
  var poolScale: Float = 0
  var poolZero: Int32 = 0
  var poolXZero: Int32 = 0

  /// Operand a, and b where there is one, as the beats' bytes.
  var a: [[UInt8]] = []
  var b: [[UInt8]] = []

  var mode: UInt32 {
    var mode: UInt32 = fromSide ? 1 : 0
    mode |= UInt32(binary) << 2
    if scalarA { mode |= 1 << 4 }
    if usesTable { mode |= 1 << 5 }
    mode |= UInt32(pool) << 6
    if clamps { mode |= 1 << 8 }
    if isBypass { mode |= 1 << 9 }
    if isLeaky { mode |= 1 << 10 }
    return mode
  }

  /// Registers from MODE on, by offset.
  var registers: [(offset: UInt64, value: UInt32)] {
    func pair(_ low: Int, _ high: Int) -> UInt32 { UInt32(low) | UInt32(high) << 16 }
    return [
      (0x08, mode), (0x0C, UInt32(a.count)), (0x10, aRatio.bitPattern),
      (0x14, bRatio.bitPattern), (0x18, constant.bitPattern), (0x1C, UInt32(bitPattern: aZero)),
      (0x20, UInt32(bitPattern: bZero)), (0x24, clampMinimum), (0x28, clampMaximum),
      (0x2C, slope.bitPattern), (0x30, pair(size.height, size.width)),
      (
        0x34,
        UInt32(kernel.rows) | UInt32(kernel.columns) << 8 | UInt32(stride.y) << 16
          | UInt32(stride.x) << 24
      ), (0x38, UInt32(pad.top) | UInt32(pad.left) << 8), (0x3C, pair(out.height, out.width)),
      (0x48, poolScale.bitPattern), (0x4C, UInt32(bitPattern: poolZero)),
      (0x50, UInt32(bitPattern: poolXZero)),
    ]
  }

  /// The beats of the two input streams.
  var input: [[UInt8]] { fromSide ? [] : a }
  var side: [[UInt8]] {
    if fromSide { return binary == 0 ? a : zip(a, b).flatMap { [$0, $1] } }
    return binary == 0 ? [] : b
  }

  // MARK: What must come out

  func expected(table: [UInt8]) -> [[UInt8]] {
    if isBypass { return a }
    let pixels = a.indices.map { index in
      element(index, table: table)
    }
    return pool == 0 ? pixels : pooled(pixels)
  }

  private func element(_ index: Int, table: [UInt8]) -> [UInt8] {
    let first = a[index]
    var second = binary == 0 ? [] : b[index]
    while second.count < first.count { second.append(0) }
    if isFloat {
      return stride(from: 0, to: first.count, by: 4).flatMap { place -> [UInt8] in
        let x = real(first, place)
        let y = binary == 0 ? 0 : real(second, place)
        var value = binary == 0 ? x : binary == 1 ? x + y : x * y
        if isLeaky, value < 0 { value *= slope }
        if clamps {
          let (least, greatest) = (
            Float(bitPattern: clampMinimum), Float(bitPattern: clampMaximum)
          )
          if value < least { value = least }
          if value > greatest { value = greatest }
        }
        return bytes(value)
      }
    }
    return first.indices.map { place in
      var value = Int8(bitPattern: first[place])
      if binary != 0 { value = quantised(value, Int8(bitPattern: second[place])) }
      if clamps {
        value = max(value, Int8(truncatingIfNeeded: Int32(bitPattern: clampMinimum)))
        value = min(value, Int8(truncatingIfNeeded: Int32(bitPattern: clampMaximum)))
      }
      return usesTable ? table[Int(UInt8(bitPattern: value))] : UInt8(bitPattern: value)
    }
  }

  private func stride(from: Int, to: Int, by step: Int) -> StrideTo<Int> {
    Swift.stride(from: from, to: to, by: step)
  }

  private func quantised(_ a: Int8, _ b: Int8) -> Int8 {
    let value: Float
    if binary == 2 {
      let product = (Int32(a) - aZero) * (Int32(b) - bZero)
      value = Float(product) * aRatio + constant
    } else if scalarA {
      value = constant.addingProduct(Float(a), aRatio).addingProduct(Float(b), bRatio)
    } else {
      value = constant.addingProduct(Float(b), bRatio).addingProduct(Float(a), aRatio)
    }
    guard value >= -0x1p31, value < 0x1p31 else { return -128 }
    return Int8(clamping: Int32(value.rounded(.toNearestOrEven)))
  }

  private func pooled(_ pixels: [[UInt8]]) -> [[UInt8]] {
    let kept = pixels.first?.count ?? 0
    func pixel(_ y: Int, _ x: Int) -> [UInt8] {
      let bytes = pixels[y * size.width + x]
      return Array((bytes + Array(repeating: 0, count: kept)).prefix(kept))
    }
    var result: [[UInt8]] = []
    for row in 0..<out.height {
      for column in 0..<out.width {
        let ys = (0..<kernel.rows).map { row * stride.y - pad.top + $0 }
        let xs = (0..<kernel.columns).map { column * stride.x - pad.left + $0 }
        let window = ys.filter { (0..<size.height).contains($0) }.flatMap { y in
          xs.filter { (0..<size.width).contains($0) }.map { pixel(y, $0) }
        }
        result.append(isFloat ? floatResult(window, kept) : byteResult(window, kept))
      }
    }
    return result
  }

  private func byteResult(_ window: [[UInt8]], _ kept: Int) -> [UInt8] {
    (0..<kept).map { lane in
      let values = window.map { Int32(Int8(bitPattern: $0[lane])) }
      if pool == 1 { return UInt8(bitPattern: Int8(values.max() ?? -128)) }
      let sum = values.reduce(0) { $0 + $1 - poolXZero }
      let scaled = Float(sum) * poolScale
      let least = Float(-128 - poolZero)
      let greatest = Float(127 - poolZero)
      let bounded = scaled > least ? (scaled < greatest ? scaled : greatest) : least
      return UInt8(
        bitPattern: Int8(Int32(bounded.rounded(.toNearestOrEven)) + poolZero))
    }
  }

  private func floatResult(_ window: [[UInt8]], _ kept: Int) -> [UInt8] {
    stride(from: 0, to: kept, by: 4).flatMap { place -> [UInt8] in
      if pool == 1 {
        var best = -Float.infinity
        for pixel in window where real(pixel, place) > best { best = real(pixel, place) }
        return bytes(best)
      }
      var sum: Float = 0
      for pixel in window { sum += real(pixel, place) }
      return bytes(sum * poolScale)
    }
  }

  private func real(_ bytes: [UInt8], _ place: Int) -> Float {
    let pattern = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[place + $1]) << UInt32(8 * $1) }
    return Float(bitPattern: pattern)
  }

  private func bytes(_ value: Float) -> [UInt8] {
    (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(8 * $0)) }
  }
}

extension VectorCase {
  /// A job that the unit can do, of at most some hundred beats.
  static func random(
    isFloat: Bool, lanes: Int, using random: inout SplitMix64
  ) -> VectorCase {
    var job = VectorCase()
    job.isFloat = isFloat
    job.lanes = lanes
    func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
    job.fromSide = chance(30)
    job.isBypass = chance(8)
    var beats = Int.random(in: 1...40, using: &random)
    if !job.isBypass {
      job.binary = chance(50) ? Int.random(in: 1...2, using: &random) : 0
      job.scalarA = chance(50)
      job.usesTable = !isFloat && chance(30)
      job.clamps = chance(40)
      job.isLeaky = isFloat && chance(30)
      if chance(60) {
        job.pool = Int.random(in: 1...2, using: &random)
        job.drawPool(&random)
        beats = job.size.height * job.size.width
      }
    }
    job.drawNumbers(&random)
    let full = lanes * (isFloat ? 4 : 1)
    let usual = chance(60) ? full : Int.random(in: 1...lanes, using: &random) * (isFloat ? 4 : 1)
    func beat() -> [UInt8] {
      let count = chance(5) ? Int.random(in: 1...lanes, using: &random) * (isFloat ? 4 : 1) : usual
      if !isFloat || job.isBypass {
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      }
      return (0..<count / 4).flatMap { _ -> [UInt8] in
        let value =
          chance(2) ? Float.nan.magnitude : Float(Int.random(in: -999...999, using: &random)) / 8
        return (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(8 * $0)) }
      }
    }
    job.a = (0..<beats).map { _ in beat() }
    if job.binary != 0 { job.b = (0..<beats).map { _ in beat() } }
    return job
  }

  private mutating func drawPool(_ random: inout SplitMix64) {
    size = (Int.random(in: 1...12, using: &random), Int.random(in: 1...12, using: &random))
    kernel = (Int.random(in: 1...5, using: &random), Int.random(in: 1...5, using: &random))
    if Int.random(in: 0..<5, using: &random) == 0 { kernel = (size.height, size.width) }
    stride = (Int.random(in: 1...4, using: &random), Int.random(in: 1...4, using: &random))
    pad = (
      Int.random(in: 0..<kernel.rows, using: &random),
      Int.random(in: 0..<kernel.columns, using: &random)
    )
    // As many windows as have a pixel of the image, or fewer.
    let most = (
      (size.height - 1 + pad.top) / stride.y + 1, (size.width - 1 + pad.left) / stride.x + 1
    )
    out = (
      Int.random(in: max(1, most.0 - 2)...most.0, using: &random),
      Int.random(in: max(1, most.1 - 2)...most.1, using: &random)
    )
  }

  private mutating func drawNumbers(_ random: inout SplitMix64) {
    aRatio = Float.random(in: 0.001...3, using: &random)
    bRatio = Float.random(in: 0.001...3, using: &random)
    constant = Float.random(in: -60...60, using: &random)
    if Int.random(in: 0..<8, using: &random) == 0 {
      // Sums that binary64 does not hold, and sums beyond 32 bits.
      aRatio *= Bool.random(using: &random) ? 0x1p-60 : 0x1p40
    }
    if binary == 2 { aRatio /= 64 }
    aZero = Int32.random(in: -128...127, using: &random)
    bZero = Int32.random(in: -128...127, using: &random)
    slope = Float.random(in: 0...0.5, using: &random)
    poolScale = Float.random(in: 0.01...0.5, using: &random)
    poolZero = Int32.random(in: -128...127, using: &random)
    poolXZero = Int32.random(in: -8...8, using: &random)
    let bounds = [
      Int32.random(in: -128...127, using: &random), Int32.random(in: -128...127, using: &random),
    ].sorted()
    if isFloat {
      clampMinimum = Float(bounds[0]).bitPattern
      clampMaximum = Float(bounds[1]).bitPattern
    } else {
      clampMinimum = UInt32(bitPattern: bounds[0])
      clampMaximum = UInt32(bitPattern: bounds[1])
    }
  }
}
