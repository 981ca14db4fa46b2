extension SoftFloat {
  /// `a == b`. Quiet: only a signaling NaN raises invalid.
  public static func equal<F: BinaryFormat>(
    _ a: F.Bits, _ b: F.Bits, as format: F.Type, flags: inout FloatFlags
  ) -> Bool {
    let (a, b) = (F.widen(a), F.widen(b))
    if F.isNaN(a) || F.isNaN(b) {
      if F.isSignalingNaN(a) || F.isSignalingNaN(b) { flags.insert(.invalid) }
      return false
    }
    return order(a, as: F.self) == order(b, as: F.self)
  }

  /// `a < b`. Signaling: any NaN raises invalid.
  public static func less<F: BinaryFormat>(
    _ a: F.Bits, _ b: F.Bits, as format: F.Type, flags: inout FloatFlags
  ) -> Bool {
    let (a, b) = (F.widen(a), F.widen(b))
    if F.isNaN(a) || F.isNaN(b) {
      flags.insert(.invalid)
      return false
    }
    return order(a, as: F.self) < order(b, as: F.self)
  }

  /// `a <= b`. Signaling: any NaN raises invalid.
  public static func lessOrEqual<F: BinaryFormat>(
    _ a: F.Bits, _ b: F.Bits, as format: F.Type, flags: inout FloatFlags
  ) -> Bool {
    let (a, b) = (F.widen(a), F.widen(b))
    if F.isNaN(a) || F.isNaN(b) {
      flags.insert(.invalid)
      return false
    }
    return order(a, as: F.self) <= order(b, as: F.self)
  }

  /// The smaller number; -0 is smaller than +0, and a number is preferred to a NaN. A signaling
  /// NaN raises invalid.
  public static func minimum<F: BinaryFormat>(
    _ a: F.Bits, _ b: F.Bits, as format: F.Type, flags: inout FloatFlags
  ) -> F.Bits {
    select(a, b, as: F.self, flags: &flags) { $0 < $1 }
  }

  /// The larger number; +0 is larger than -0, and a number is preferred to a NaN. A signaling
  /// NaN raises invalid.
  public static func maximum<F: BinaryFormat>(
    _ a: F.Bits, _ b: F.Bits, as format: F.Type, flags: inout FloatFlags
  ) -> F.Bits {
    select(a, b, as: F.self, flags: &flags) { $0 > $1 }
  }

  /// `a` if it comes before `b`, else `b`.
  @inline(__always)
  private static func select<F: BinaryFormat>(
    _ a: F.Bits, _ b: F.Bits, as format: F.Type, flags: inout FloatFlags,
    _ comesBefore: (Int64, Int64) -> Bool
  ) -> F.Bits {
    let (left, right) = (F.widen(a), F.widen(b))
    if F.isSignalingNaN(left) || F.isSignalingNaN(right) { flags.insert(.invalid) }
    if F.isNaN(left) { return F.isNaN(right) ? F.canonicalNaN : b }
    if F.isNaN(right) { return a }
    return comesBefore(totalOrder(left, as: F.self), totalOrder(right, as: F.self)) ? a : b
  }

  /// An integer that compares as the number does, both zeros being 0.
  @inline(__always)
  private static func order<F: BinaryFormat>(_ bits: UInt64, as format: F.Type) -> Int64 {
    let magnitude = Int64(bitPattern: bits & F.magnitudeMask)
    return bits & F.signBit == 0 ? magnitude : 0 &- magnitude
  }

  /// An integer that compares as the number does, -0 being below +0.
  @inline(__always)
  private static func totalOrder<F: BinaryFormat>(_ bits: UInt64, as format: F.Type) -> Int64 {
    let magnitude = Int64(bitPattern: bits & F.magnitudeMask)
    return bits & F.signBit == 0 ? magnitude : ~magnitude
  }
}
