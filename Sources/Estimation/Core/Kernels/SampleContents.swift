/// Contents for operands whose values are not known: pseudo-random, the same in every run.
///
/// binary32 numbers are about normally distributed around 0 (sum of four uniform numbers), with
/// deviation 1 or as dequantised bytes would be. Bytes are crowded around a centre, with few far
/// away, as activations are: the range of a quantised tensor is that of its extremes. Nothing is NaN,
/// infinite or subnormal.
struct SampleContents {
  /// Elements after which a sample repeats: odd, so that neither rows nor channels line up with it.
  private static let count = 16_381

  /// Deviation of dequantised bytes, in steps of the quantisation.
  static let byteDeviation: Float = 24
  /// Bytes are this times the signed square of a normally distributed number.
  private static let byteSpread: Float = 4

  private let floats: [Float]
  private let whole: [Int8]

  init() {
    var random = SampleGenerator(state: 0x9e37_79b9_7f4a_7c15)
    var floats: [Float] = []
    for _ in 0..<Self.count {
      let sum = (0..<4).reduce(Float(0)) { sum, _ in
        sum + Float(random.next() >> 40) / Float(1 << 24)
      }
      // Four uniform numbers have variance 4/12.
      let value = (sum - 2) * 1.732_050_8
      floats.append(value)
    }
    self.floats = floats
    // Numbers are at most 3.5.
    whole = floats.map { Int8(($0 * $0.magnitude * Self.byteSpread).rounded()) }
  }

  /// Fills `count` bytes at `pointer` with elements.
  ///
  /// - Parameter scale: value of the last bit where binary32 numbers are dequantised bytes.
  func fill(
    _ pointer: UnsafeMutableRawPointer, count: Int, _ element: KernelOperand.Element, scale: Float?
  ) {
    switch element {
    case .float32:
      let deviation = scale.map { $0 * Self.byteDeviation } ?? 1
      var bytes: [UInt8] = []
      bytes.reserveCapacity(4 * floats.count)
      for value in floats {
        withUnsafeBytes(of: (value * deviation).bitPattern.littleEndian) { bytes += $0 }
      }
      repeatBytes(bytes, pointer, count)
    case .bytes(let isSigned, let centre):
      let range = isSigned ? -128...127 : 0...255
      repeatBytes(
        whole.map {
          UInt8(truncatingIfNeeded: min(max(Int($0) + centre, range.lowerBound), range.upperBound))
        }, pointer, count)
    case .truth: fill(pointer, count, bytes: 1) { $0 & 1 }
    case .integers(let bytes): fill(pointer, count, bytes: bytes) { $0 & 0x7f }
    case .indices(let bytes, let bound):
      let bound = UInt64(max(1, bound))
      fill(pointer, count, bytes: bytes) { $0 % bound }
    }
  }

  private func repeatBytes(_ sample: [UInt8], _ pointer: UnsafeMutableRawPointer, _ count: Int) {
    sample.withUnsafeBytes { sample in
      guard let base = sample.baseAddress else { return }
      for offset in stride(from: 0, to: count, by: sample.count) {
        (pointer + offset).copyMemory(from: base, byteCount: min(sample.count, count - offset))
      }
    }
  }

  private func fill(
    _ pointer: UnsafeMutableRawPointer, _ count: Int, bytes: Int, _ value: (UInt64) -> UInt64
  ) {
    var random = SampleGenerator(state: 0x2545_f491_4f6c_dd1d)
    for offset in stride(from: 0, to: count - bytes + 1, by: bytes) {
      let value = value(random.next() >> 8)
      for index in 0..<bytes {
        pointer.storeBytes(
          of: UInt8(truncatingIfNeeded: value >> UInt64(8 * index)), toByteOffset: offset + index,
          as: UInt8.self)
      }
    }
  }
}

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
struct SampleGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return value ^ value >> 31
  }
}
