/// Where an instruction keeps its operands, and so how it is printed.
public enum InstructionFormat: Sendable, Hashable, BitwiseCopyable {
  /// rd, rs1, rs2.
  case register
  /// rd, rs1.
  case unary
  /// rd, rs1, 12-bit signed immediate.
  case immediate
  /// rd, rs1, shift amount of 5 or, on RV64, 6 bits.
  case shift
  /// rd, offset(rs1).
  case load
  /// rs2, offset(rs1).
  case store
  /// rs1, rs2, pc-relative target.
  case branch
  /// rd, upper 20 bits.
  case upper
  /// rd, pc-relative target.
  case jump
  /// rd, csr, rs1.
  case csrRegister
  /// rd, csr, 5-bit unsigned immediate.
  case csrImmediate
  /// rd, (rs1), with ordering bits.
  case loadReserved
  /// rd, rs2, (rs1), with ordering bits.
  case atomic
  /// fd, offset(rs1).
  case floatLoad
  /// fs2, offset(rs1).
  case floatStore
  /// fd, fs1, fs2, fs3, with a rounding mode.
  case floatFused
  /// fd, fs1, fs2, with a rounding mode.
  case floatRounded
  /// fd, fs1, with a rounding mode.
  case floatUnary
  /// fd, fs1, fs2, without a rounding mode.
  case floatRegister
  /// rd, fs1, fs2.
  case floatCompare
  /// rd, fs1, with a rounding mode.
  case floatToInteger
  /// fd, rs1, with a rounding mode.
  case integerToFloat
  /// rd, fs1: bits moved or classified.
  case floatToBits
  /// fd, rs1: bits moved.
  case bitsToFloat
  /// rs1, rs2: an address and an address space.
  case addressFence
  /// Predecessor and successor sets.
  case fence
  /// No operands.
  case none
}
