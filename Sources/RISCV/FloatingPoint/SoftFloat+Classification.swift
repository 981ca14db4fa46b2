extension SoftFloat {
  /// The class of `a` as `fclass` reports it: one of the ten low bits is set.
  ///
  /// From bit 0: negative infinity, negative normal, negative subnormal, -0, +0, positive
  /// subnormal, positive normal, positive infinity, signaling NaN, quiet NaN.
  public static func classify<F: BinaryFormat>(_ a: F.Bits, as format: F.Type) -> UInt16 {
    let bits = F.widen(a)
    let magnitude = bits & F.magnitudeMask
    if magnitude > F.infinityMagnitude { return bits & F.quietBit == 0 ? 1 << 8 : 1 << 9 }
    // Distance from the border between -0 and +0.
    let distance: UInt16 =
      if magnitude == 0 {
        0
      } else if magnitude <= F.fractionMask {
        1
      } else if magnitude < F.infinityMagnitude {
        2
      } else {
        3
      }
    return bits & F.signBit == 0 ? 1 &<< (4 &+ distance) : 1 &<< (3 &- distance)
  }
}
