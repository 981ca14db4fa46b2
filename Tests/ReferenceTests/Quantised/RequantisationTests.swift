import Networks
import Reference
import Testing

struct RequantisationTests {
  @Test func scalesAreRoundedTo31Bits() throws {
    var random = RandomNumbers(seed: 1)
    for _ in 0..<2000 {
      let scale = random.real(in: -30...20)
      let value = try Requantisation(scale: scale)
      #expect(abs(value.scale - scale) <= scale * 0x1p-31)
      #expect(value.factor >= 1 << 30 && value.factor < 1 << 31)
    }
    #expect(try Requantisation(scale: 1) == Requantisation(factor: 1 << 30, shift: 30))
    #expect(try Requantisation(scale: 0.25) == Requantisation(factor: 1 << 30, shift: 32))
    // The largest factor below 1 rounds up to a power of two.
    #expect(try Requantisation(scale: 1.0.nextDown).scale == 1)
    #expect(try Requantisation(scale: 0x1p-60).scale == 0x1p-60)
  }

  @Test func impossibleScalesAreErrors() {
    for scale in [0, -1, Double.nan, .infinity, 0x1p31] {
      #expect(throws: NetworkError.self) { try Requantisation(scale: scale) }
    }
    #expect(throws: NetworkError.self) { try Requantisation(factor: 1 << 31, shift: 0) }
    #expect(throws: NetworkError.self) { try Requantisation(factor: 1, shift: 64) }
  }

  @Test func productsAreRoundedToNearestEven() throws {
    let half = try Requantisation(factor: 1, shift: 1)
    #expect([-3, -2, -1, 0, 1, 2, 3].map { half.scaled($0) } == [-2, -1, 0, 0, 0, 1, 2])
    var random = RandomNumbers(seed: 2)
    for _ in 0..<5000 {
      let value = try Requantisation(
        factor: UInt32(truncatingIfNeeded: random.next() >> 33),
        shift: Int(random.next() % 64))
      let accumulator = Int32(truncatingIfNeeded: random.next())
      let result = value.scaled(accumulator)
      let product = Int64(accumulator) * Int64(value.factor)
      if value.shift == 0 {
        #expect(result == product)
        continue
      }
      // |product − result·2^shift| is at most half a step, and at half a step the result is even.
      let (high, low) = result.multipliedFullWidth(by: 1 << Int64(min(value.shift, 62)))
      guard value.shift <= 62, high == Int64(bitPattern: low) >> 63 else { continue }
      let distance = (product &- Int64(bitPattern: low)).magnitude
      let step = UInt64(1) << UInt64(value.shift - 1)
      #expect(distance < step || (distance == step && result % 2 == 0))
    }
    #expect(try Requantisation(factor: (1 << 31) - 1, shift: 63).scaled(.min) == 0)
  }

  @Test func resultsAreClamped() throws {
    let value = try Requantisation(scale: 1)
    #expect(value(1000, zeroPoint: 3, clampedTo: -128...127) == 127)
    #expect(value(-1000, zeroPoint: 3, clampedTo: -128...127) == -128)
    #expect(value(20, zeroPoint: 3, clampedTo: -128...127) == 23)
  }

  @Test func productsCanRunWithTheArraysArithmetic() throws {
    // 3·5 = 15 accumulated, scaled by ½·½/½ = ½: 7.5 becomes 8 either way.
    let operands: [Tensor?] = [
      Tensor([1, 1], [UInt8(3)]), Tensor(scalar: Float(0.5)), Tensor(scalar: UInt8(0)),
      Tensor([1, 1], [Int8(5)]), Tensor(scalar: Float(0.5)), Tensor(scalar: Int8(0)),
      Tensor(scalar: Float(0.5)), Tensor(scalar: UInt8(0)),
    ]
    for arithmetic in [RequantisationArithmetic.float32, .fixedPoint] {
      let result = try Networks.Operator.qLinearMatMul.evaluateQuantised(
        operands, results: [TensorType(.uint8, [1, 1])], requantisation: arithmetic)
      #expect(result == [Tensor([1, 1], [UInt8(8)])])
    }
  }
}

/// Reproducible random numbers.
struct RandomNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 }

  /// SplitMix64.
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// A number whose binary exponent is in a range.
  mutating func real(in exponents: ClosedRange<Int>) -> Double {
    let exponent = Int.random(in: exponents, using: &self)
    return Double(sign: .plus, exponent: exponent, significand: .random(in: 1..<2, using: &self))
  }

  /// Numbers around 0.
  mutating func floats(_ count: Int) -> [Float] {
    (0..<count).map { _ in .random(in: -1...1, using: &self) }
  }
}
