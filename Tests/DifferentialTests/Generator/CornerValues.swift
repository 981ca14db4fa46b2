/// Operands at the edges of the number formats, where implementations differ.
enum CornerValues {
  private static let integers: [UInt64] = [
    0, 1, 2, 3, 31, 32, 33, 63, 64, 0x7f, 0x80, 0xff, 0x7fff, 0x8000, 0xffff, 0x1_0000,
    0x7fff_ffff, 0x8000_0000, 0x8000_0001, 0xffff_fffe, 0xffff_ffff, 0x1_0000_0000,
    0x7fff_ffff_ffff_ffff, 0x8000_0000_0000_0000, 0x8000_0000_0000_0001,
    0xffff_ffff_7fff_ffff, 0xffff_ffff_8000_0000, 0x5555_5555_5555_5555,
    0xaaaa_aaaa_aaaa_aaaa, 0x0123_4567_89ab_cdef, 0xff00_ff00_ff00_ff00,
    0xffff_ffff_ffff_fffe, 0xffff_ffff_ffff_ffff,
  ]

  /// An integer: an edge, a power of two or its neighbour, a small number or just any.
  static func integer(_ random: inout SplitMix64) -> UInt64 {
    switch random.below(8) {
    case 0...3: random.pick(integers)
    case 4: 1 << UInt64(random.below(64)) &+ UInt64(random.below(3)) &- 1
    case 5: UInt64(bitPattern: Int64(random.below(2048) - 1024))
    default: random.next()
    }
  }

  /// The bits of a single-precision number, a special one in so many percent of the cases.
  static func single(_ random: inout SplitMix64, special: Int = 30) -> UInt32 {
    UInt32(
      truncatingIfNeeded: number(exponentBits: 8, fractionBits: 23, special: special, &random))
  }

  /// The bits of a double-precision number, a special one in so many percent of the cases.
  static func double(_ random: inout SplitMix64, special: Int = 30) -> UInt64 {
    number(exponentBits: 11, fractionBits: 52, special: special, &random)
  }

  /// What an f register may hold: a double, a boxed single, or a single whose box is broken.
  static func floatRegister(_ random: inout SplitMix64) -> UInt64 {
    switch random.below(16) {
    case 0...6: double(&random)
    case 7...13: 0xffff_ffff_0000_0000 | UInt64(single(&random))
    case 14: UInt64(single(&random))
    default: random.next()
    }
  }

  /// Eight bytes of memory as loads of any kind may like them.
  static func memory(_ random: inout SplitMix64) -> UInt64 {
    switch random.below(8) {
    case 0, 1: integer(&random)
    case 2, 3: double(&random)
    case 4, 5: UInt64(single(&random)) << 32 | UInt64(single(&random))
    case 6: integer(&random) << 32 | integer(&random) & 0xffff_ffff
    default: random.next()
    }
  }

  /// Zeros, subnormals, ones and their neighbours, limits of integer conversion, halves,
  /// infinities, quiet and signalling NaNs, and numbers of similar size that cancel or round.
  private static func number(
    exponentBits: Int, fractionBits: Int, special: Int, _ random: inout SplitMix64
  ) -> UInt64 {
    let sign = UInt64(random.below(2)) << UInt64(exponentBits + fractionBits)
    let maximum = (1 << exponentBits) - 1
    let bias = maximum / 2
    if random.chance(special) {
      // Zero, one, infinity, quiet and signalling NaN, the extremes of both kinds of numbers.
      let (one, quiet) = (UInt64(1) << UInt64(fractionBits), UInt64(1) << UInt64(fractionBits - 1))
      let numbers = [
        0, 0, UInt64(bias) * one, UInt64(maximum) * one, UInt64(maximum) * one,
        UInt64(maximum) * one + quiet, UInt64(maximum) * one + 1, 1, one - 1, one,
        UInt64(maximum) * one - 1,
      ]
      return sign | random.pick(numbers)
    }
    let exponent =
      switch random.below(16) {
      case 0, 1: 0
      case 2: 1
      case 3: maximum
      case 4: maximum - 1
      case 5: bias + random.pick([31, 32, 63, 64, 30, 62]) - random.below(2)
      case 6: 1 + random.below(fractionBits + 2)
      case 7: bias / 2 + random.below(4)
      case 8: bias + bias / 2 + random.below(4)
      case 9: bias + fractionBits - 1 + random.below(3)
      case 10: random.below(maximum)
      default: bias - 3 + random.below(6)
      }
    let all = UInt64(1) << UInt64(fractionBits) - 1
    let fraction =
      switch random.below(8) {
      case 0, 1: UInt64(0)
      case 2: all
      case 3: UInt64(1) << UInt64(random.below(fractionBits))
      case 4: UInt64(1 + random.below(7))
      case 5: all ^ UInt64(random.below(8))
      case 6: UInt64(random.below(16)) << UInt64(fractionBits - 4)
      default: random.next() & all
      }
    return sign | UInt64(exponent) << UInt64(fractionBits) | fraction
  }
}
