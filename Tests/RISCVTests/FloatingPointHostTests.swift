import RISCV
import Testing

/// Against the host's floating-point unit, which rounds to the nearest value, ties to even.
struct FloatingPointHostTests {
  private static let operandCount = 50_000

  @Test func singlePrecisionArithmeticGivesTheResultsOfTheHost() {
    checkArithmetic(Binary32.self, Float.self, .single, seed: 1) { Float(bitPattern: $0) }
  }

  @Test func doublePrecisionArithmeticGivesTheResultsOfTheHost() {
    checkArithmetic(Binary64.self, Double.self, .double, seed: 2) { Double(bitPattern: $0) }
  }

  @Test func conversionsBetweenFormatsGiveTheResultsOfTheHost() {
    var random = RandomWords(state: 3)
    for _ in 0..<Self.operandCount {
      var flags = FloatFlags()
      let double = Double(bitPattern: random.operand(.double, corners: Self.corners))
      let single = SoftFloat.convert(
        double.bitPattern, from: Binary64.self, to: Binary32.self, rounding: .nearestEven,
        flags: &flags)
      #expect(isSame(Float(double), Float(bitPattern: single)), "\(double)")
      #expect(double.isNaN || flags.contains(.inexact) == (Double(Float(double)) != double))

      let wide = SoftFloat.convert(
        single, from: Binary32.self, to: Binary64.self, rounding: .nearestEven, flags: &flags)
      #expect(isSame(Double(Float(double)), Double(bitPattern: wide)), "\(double)")
    }
  }

  @Test func conversionsToIntegersGiveTheResultsOfTheHost() {
    let modes: [(RoundingMode, FloatingPointRoundingRule)] = [
      (.nearestEven, .toNearestOrEven), (.towardZero, .towardZero), (.down, .down),
      (.up, .up), (.nearestMaxMagnitude, .toNearestOrAwayFromZero),
    ]
    var random = RandomWords(state: 4)
    for _ in 0..<Self.operandCount / 4 {
      let value = Double(bitPattern: random.operand(.double, corners: Self.corners))
      for (mode, rule) in modes {
        let rounded = value.rounded(rule)
        func check(_ width: IntegerWidth, signed: Bool, _ expected: UInt64?) {
          var flags = FloatFlags()
          let result = SoftFloat.toInteger(
            value.bitPattern, as: Binary64.self, width: width, signed: signed, rounding: mode,
            flags: &flags)
          if let expected {
            #expect(result == expected, "\(value) \(width) \(signed) \(mode)")
            #expect(flags == (rounded == value ? [] : .inexact))
          } else {
            #expect(flags == .invalid, "\(value) \(width) \(signed) \(mode)")
          }
        }
        check(.doubleword, signed: true, Int64(exactly: rounded).map { UInt64(bitPattern: $0) })
        check(.doubleword, signed: false, UInt64(exactly: rounded))
        check(
          .word, signed: true, Int32(exactly: rounded).map { UInt64(bitPattern: Int64($0)) })
        check(
          .word, signed: false,
          UInt32(exactly: rounded).map { UInt64(bitPattern: Int64(Int32(bitPattern: $0))) })
      }
    }
  }

  @Test func conversionsFromIntegersGiveTheResultsOfTheHost() {
    var random = RandomWords(state: 5)
    for _ in 0..<Self.operandCount {
      let bits = random.operand(.integer, corners: [0, 1, .max, 1 << 63, 1 << 31])
      func check(_ width: IntegerWidth, signed: Bool, _ single: Float, _ double: Double) {
        var flags = FloatFlags()
        #expect(
          SoftFloat.fromInteger(
            bits, width: width, signed: signed, as: Binary32.self, rounding: .nearestEven,
            flags: &flags) == single.bitPattern, "\(bits)")
        #expect(
          SoftFloat.fromInteger(
            bits, width: width, signed: signed, as: Binary64.self, rounding: .nearestEven,
            flags: &flags) == double.bitPattern, "\(bits)")
      }
      let word = UInt32(truncatingIfNeeded: bits)
      check(.doubleword, signed: false, Float(bits), Double(bits))
      check(
        .doubleword, signed: true, Float(Int64(bitPattern: bits)), Double(Int64(bitPattern: bits)))
      check(.word, signed: false, Float(word), Double(word))
      check(
        .word, signed: true, Float(Int32(bitPattern: word)), Double(Int32(bitPattern: word)))
    }
  }

  /// Zeros, the smallest and largest numbers, infinities and NaNs, as doubles.
  private static let corners: [UInt64] = [
    0, 1 << 63, 1, 1 << 52, 0x7fef_ffff_ffff_ffff, 0x7ff0_0000_0000_0000,
    0xfff0_0000_0000_0000, 0x7ff8_0000_0000_0000, 0x7ff0_0000_0000_0001, 0x3ff0_0000_0000_0000,
    0x47ef_ffff_e000_0000, 0x47ef_ffff_f000_0000, 0x3690_0000_0000_0000, 0x3810_0000_0000_0000,
  ]

  private func isSame<Host: BinaryFloatingPoint>(_ a: Host, _ b: Host) -> Bool {
    a.isNaN ? b.isNaN : a == b && a.sign == b.sign
  }

  /// All operations on random operands, and which of them raise inexact.
  ///
  /// That a sum, product or quotient is inexact is seen in the residual, which is a number of the
  /// format unless it is very small; `fma` computes it with one rounding.
  private func checkArithmetic<F: BinaryFormat, Host: BinaryFloatingPoint>(
    _ format: F.Type, _: Host.Type, _ type: FloatOperation.Operand, seed: UInt64,
    _ number: (F.Bits) -> Host
  ) {
    let corners =
      type == .double
      ? Self.corners
      : Self.corners.map { UInt64(Float(Double(bitPattern: $0)).bitPattern) }
    var random = RandomWords(state: seed)
    let smallest = Host.leastNormalMagnitude / Host.ulpOfOne / Host.ulpOfOne
    for _ in 0..<Self.operandCount {
      let x = F.Bits(random.operand(type, corners: corners))
      let y = F.Bits(random.operand(type, corners: corners))
      let z = F.Bits(random.operand(type, corners: corners))
      let (a, b, c) = (number(x), number(y), number(z))
      func check(
        _ name: String, _ expected: Host, residual: Host?,
        _ operation: (inout FloatFlags) -> F.Bits
      ) {
        var flags = FloatFlags()
        let result = operation(&flags)
        #expect(isSame(expected, number(result)), "\(name) \(a) \(b) \(c)")
        if expected.isNaN { #expect(result == F.canonicalNaN) }
        if let residual, expected.isFinite, abs(expected) > smallest, residual.isFinite {
          #expect(flags == (residual == 0 ? [] : .inexact), "\(name) \(a) \(b) \(c)")
        }
      }
      let sum = a + b
      let virtual = sum - a
      check("add", sum, residual: (a - (sum - virtual)) + (b - virtual)) {
        SoftFloat.add(x, y, as: F.self, rounding: .nearestEven, flags: &$0)
      }
      check("subtract", a - b, residual: nil) {
        SoftFloat.subtract(x, y, as: F.self, rounding: .nearestEven, flags: &$0)
      }
      let product = a * b
      check("multiply", product, residual: (-product).addingProduct(a, b)) {
        SoftFloat.multiply(x, y, as: F.self, rounding: .nearestEven, flags: &$0)
      }
      let quotient = a / b
      let dividendIsLarge = abs(a) > smallest
      check(
        "divide", quotient,
        residual: dividendIsLarge && b != 0 ? a.addingProduct(-quotient, b) : nil
      ) {
        SoftFloat.divide(x, y, as: F.self, rounding: .nearestEven, flags: &$0)
      }
      let root = a.squareRoot()
      check("squareRoot", root, residual: dividendIsLarge ? a.addingProduct(-root, root) : nil) {
        SoftFloat.squareRoot(x, as: F.self, rounding: .nearestEven, flags: &$0)
      }
      check("fusedMultiplyAdd", c.addingProduct(a, b), residual: nil) {
        SoftFloat.fusedMultiplyAdd(x, y, z, as: F.self, rounding: .nearestEven, flags: &$0)
      }
      var flags = FloatFlags()
      #expect(SoftFloat.equal(x, y, as: F.self, flags: &flags) == (a == b))
      #expect(SoftFloat.less(x, y, as: F.self, flags: &flags) == (a < b))
      #expect(SoftFloat.lessOrEqual(x, y, as: F.self, flags: &flags) == (a <= b))
    }
  }
}
