import RISCV
import Testing

/// The choices RISC-V makes where IEEE 754 leaves one, each stated by itself.
struct FloatingPointRuleTests {
  private static let signaling: UInt32 = 0x7f80_0001
  private static let payload: UInt32 = 0xffc1_2345
  private static let one: UInt32 = 0x3f80_0000
  private static let infinity: UInt32 = 0x7f80_0000
  private static let smallestNormal: UInt32 = 0x0080_0000

  @Test func aNaNResultIsCanonicalWhateverNaNCameIn() {
    var flags = FloatFlags()
    #expect(
      SoftFloat.add(
        Self.payload, Self.one, as: Binary32.self, rounding: .nearestEven, flags: &flags)
        == 0x7fc0_0000)
    #expect(flags == [])
    #expect(
      SoftFloat.convert(
        Self.payload, from: Binary32.self, to: Binary64.self, rounding: .nearestEven,
        flags: &flags) == 0x7ff8_0000_0000_0000)
    #expect(flags == [])
  }

  @Test func aSignalingNaNRaisesInvalid() {
    var flags = FloatFlags()
    _ = SoftFloat.squareRoot(
      Self.signaling, as: Binary32.self, rounding: .nearestEven, flags: &flags)
    #expect(flags == .invalid)
  }

  @Test func flagsAccrue() {
    var flags: FloatFlags = [.divideByZero, .overflow]
    _ = SoftFloat.divide(
      Self.one, 0x4040_0000, as: Binary32.self, rounding: .nearestEven, flags: &flags)
    #expect(flags == [.divideByZero, .overflow, .inexact])
  }

  @Test func minimumAndMaximumPreferANumberToANaNAndOrderTheZeros() {
    var flags = FloatFlags()
    #expect(
      SoftFloat.minimum(Self.payload, Self.one, as: Binary32.self, flags: &flags) == Self.one)
    #expect(
      SoftFloat.minimum(Self.payload, Self.payload, as: Binary32.self, flags: &flags)
        == Binary32.canonicalNaN)
    #expect(
      SoftFloat.minimum(0, Binary32.signMask, as: Binary32.self, flags: &flags)
        == Binary32.signMask)
    #expect(SoftFloat.maximum(Binary32.signMask, 0, as: Binary32.self, flags: &flags) == 0)
    #expect(flags == [])
    #expect(
      SoftFloat.maximum(Self.signaling, Self.one, as: Binary32.self, flags: &flags) == Self.one)
    #expect(flags == .invalid)
  }

  @Test func equalityIsQuietAndOrderIsSignaling() {
    var flags = FloatFlags()
    #expect(!SoftFloat.equal(Self.payload, Self.one, as: Binary32.self, flags: &flags))
    #expect(flags == [])
    #expect(!SoftFloat.lessOrEqual(Self.payload, Self.one, as: Binary32.self, flags: &flags))
    #expect(flags == .invalid)
  }

  @Test func zeroTimesInfinityIsInvalidEvenIfAQuietNaNIsAdded() {
    var flags = FloatFlags()
    let result = SoftFloat.fusedMultiplyAdd(
      0, Self.infinity, Self.payload, as: Binary32.self, rounding: .nearestEven, flags: &flags)
    #expect(result == Binary32.canonicalNaN)
    #expect(flags == .invalid)
  }

  @Test func tininessIsDetectedAfterRounding() {
    // 1 - 2^-24 of the smallest normal number has 24 digits: with the exponent unbounded it would
    // not be rounded, and stays tiny although the result is the smallest normal number.
    var flags = FloatFlags()
    let tiny = SoftFloat.multiply(
      0x3f7f_ffff, Self.smallestNormal, as: Binary32.self, rounding: .nearestEven,
      flags: &flags)
    #expect(tiny == Self.smallestNormal)
    #expect(flags == [.underflow, .inexact])

    // 1 - 2^-46 of it is rounded to it even with the exponent unbounded, so it is not tiny.
    flags = []
    let rounded = SoftFloat.multiply(
      0x3f80_0001, 0x007f_ffff, as: Binary32.self, rounding: .nearestEven, flags: &flags)
    #expect(rounded == Self.smallestNormal)
    #expect(flags == .inexact)
  }

  @Test func overflowStopsAtTheLargestNumberWhereTheModeRoundsTowardsZero() {
    let largest: UInt32 = 0x7f7f_ffff
    for mode in RoundingMode.allCases {
      var flags = FloatFlags()
      let positive = SoftFloat.add(
        largest, largest, as: Binary32.self, rounding: mode, flags: &flags)
      let negative = SoftFloat.multiply(
        largest, largest | Binary32.signMask, as: Binary32.self, rounding: mode, flags: &flags)
      #expect(positive == (mode == .towardZero || mode == .down ? largest : Self.infinity))
      #expect(
        negative ^ Binary32.signMask
          == (mode == .towardZero || mode == .up ? largest : Self.infinity))
      #expect(flags == [.overflow, .inexact])
    }
  }

  @Test func anExactZeroDifferenceIsNegativeOnlyWhenRoundingDown() {
    for mode in RoundingMode.allCases {
      var flags = FloatFlags()
      let zero = SoftFloat.subtract(
        Self.one, Self.one, as: Binary32.self, rounding: mode, flags: &flags)
      #expect(zero == (mode == .down ? Binary32.signMask : 0))
      #expect(flags == [])
    }
  }

  @Test func integerConversionsSaturateAndNaNCountsAsTheLargest() {
    func convert(_ bits: UInt32, _ width: IntegerWidth, signed: Bool) -> UInt64 {
      var flags = FloatFlags()
      let result = SoftFloat.toInteger(
        bits, as: Binary32.self, width: width, signed: signed, rounding: .towardZero,
        flags: &flags)
      #expect(flags == .invalid)
      return result
    }
    #expect(convert(Self.payload, .word, signed: true) == 0x7fff_ffff)
    #expect(convert(Self.payload, .word, signed: false) == .max)
    #expect(convert(Self.payload, .doubleword, signed: true) == .max >> 1)
    #expect(convert(Self.payload, .doubleword, signed: false) == .max)
    let minusInfinity = Self.infinity | Binary32.signMask
    #expect(convert(minusInfinity, .word, signed: true) == 0xffff_ffff_8000_0000)
    #expect(convert(minusInfinity, .word, signed: false) == 0)
    #expect(convert(minusInfinity, .doubleword, signed: true) == 1 << 63)
    #expect(convert(minusInfinity, .doubleword, signed: false) == 0)
  }

  @Test func aNegativeNumberThatRoundsToZeroIsNoInvalidUnsigned() {
    var flags = FloatFlags()
    let minusHalf: UInt32 = 0xbf00_0000
    #expect(
      SoftFloat.toInteger(
        minusHalf, as: Binary32.self, width: .word, signed: false, rounding: .nearestEven,
        flags: &flags) == 0)
    #expect(flags == .inexact)
  }
}
