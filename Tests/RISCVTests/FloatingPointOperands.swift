/// SplitMix64.
struct RandomWords {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }

  /// A random operand, the same as `random_operand` of `Fixtures/float-vectors.c` takes: one in
  /// eight is a corner, one is any encoding; of the others half have few digits, ones or zeros at
  /// the end, and three quarters have an exponent near one.
  mutating func operand(_ type: FloatOperation.Operand, corners: [UInt64]) -> UInt64 {
    let kind = next()
    let bits = next()
    if kind % 8 == 0 { return corners[Int(kind / 8 % UInt64(corners.count))] }
    if type == .integer { return bits >> (kind / 8 % 64) ^ (0 &- (kind >> 16 & 1)) }
    if kind % 8 == 1 { return type == .single ? bits & 0xffff_ffff : bits }
    let (fractionBits, exponentBits): (UInt64, UInt64) = type == .single ? (23, 8) : (52, 11)
    let bias: UInt64 = 1 << (exponentBits - 1) - 1
    var fraction = bits & (1 << fractionBits - 1)
    let tail: UInt64 = 1 << ((kind >> 8) % (fractionBits + 1)) - 1
    if kind >> 16 & 1 != 0 { fraction = kind >> 17 & 1 != 0 ? fraction | tail : fraction & ~tail }
    let isNearOne = kind >> 18 & 3 != 0
    let exponent =
      isNearOne ? bias - 32 + (kind >> 24) % 64 : (kind >> 24) % (2 * bias + 1)
    return (bits >> 63) << (fractionBits + exponentBits) | exponent << fractionBits | fraction
  }
}
