/// Floating-point arithmetic of the F and D extensions, in integers only.
///
/// Every operation computes the exact result, rounds it once in the given mode and adds the
/// exceptions it raises to `flags`. The choices IEEE 754 leaves open are those of RISC-V
/// (unprivileged manual, "F" and "D" extensions 2.2):
///
/// - a NaN result is the canonical NaN, payloads are not propagated;
/// - tininess is detected after rounding;
/// - `0 * infinity + NaN` raises invalid;
/// - `minimum` and `maximum` are minimumNumber and maximumNumber of IEEE 754-2019;
/// - conversions to integers saturate, NaN counting as positive infinity.
///
/// The host's floating-point unit has no part in it, so results do not depend on the host.
public enum SoftFloat {}

extension SoftFloat {
  /// The result of an operation with a NaN among its operands.
  @inline(__always)
  static func propagateNaN<F: BinaryFormat>(
    signaling: Bool, as format: F.Type, flags: inout FloatFlags
  ) -> F.Bits {
    if signaling { flags.insert(.invalid) }
    return F.canonicalNaN
  }

  /// The result of an operation that is not defined for its operands.
  @inline(__always)
  static func invalid<F: BinaryFormat>(as format: F.Type, flags: inout FloatFlags) -> F.Bits {
    flags.insert(.invalid)
    return F.canonicalNaN
  }
}
