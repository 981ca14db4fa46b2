extension Half {
  /// The nearest binary16, ties to even; too large values become infinite.
  public init(_ value: Float) {
    let bits = value.bitPattern
    let sign = UInt16(truncatingIfNeeded: bits >> 16) & 0x8000
    let magnitude = bits & 0x7fff_ffff
    if magnitude >= 0x7f80_0000 {
      let quiet: UInt16 = magnitude > 0x7f80_0000 ? 0x200 : 0
      self.init(bits: sign | 0x7c00 | quiet | UInt16(truncatingIfNeeded: (magnitude >> 13) & 0x1ff))
      return
    }
    if magnitude >= 0x4780_0000 {  // 2^16 and above
      self.init(bits: sign | 0x7c00)
      return
    }
    if magnitude < 0x3880_0000 {  // below the least normal, 2^-14: a multiple of 2^-24
      let scaled = (Float(bitPattern: magnitude) * 0x1p24).rounded(.toNearestOrEven)
      self.init(bits: sign | UInt16(scaled))
      return
    }
    let rebiased = magnitude &- 0x3800_0000
    let rounded = rebiased &+ 0xfff &+ ((rebiased >> 13) & 1)
    self.init(bits: sign | UInt16(truncatingIfNeeded: rounded >> 13))
  }

  /// The value, exactly.
  public var float: Float {
    let sign = UInt32(bits & 0x8000) << 16
    let exponent = UInt32(bits >> 10) & 0x1f
    let fraction = UInt32(bits & 0x3ff)
    switch exponent {
    case 0:
      let magnitude = Float(fraction) * 0x1p-24
      return Float(bitPattern: magnitude.bitPattern | sign)
    case 0x1f: return Float(bitPattern: sign | 0x7f80_0000 | fraction << 13)
    default: return Float(bitPattern: sign | (exponent + 112) << 23 | fraction << 13)
    }
  }
}

extension BFloat16 {
  /// The nearest bfloat16, ties to even; a NaN stays one.
  public init(_ value: Float) {
    let bits = value.bitPattern
    if value.isNaN {
      self.init(bits: UInt16(truncatingIfNeeded: bits >> 16) | 0x40)
    } else {
      self.init(bits: UInt16(truncatingIfNeeded: (bits &+ 0x7fff &+ ((bits >> 16) & 1)) >> 16))
    }
  }

  /// The value, exactly.
  public var float: Float { Float(bitPattern: UInt32(bits) << 16) }
}
