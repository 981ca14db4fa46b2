internal import RISCV

/// What an instruction does to the chain of calls, by the hints of the unprivileged manual for
/// return-address stacks: x1 and x5 hold return addresses.
enum ControlTransfer {
  /// Goes on behind itself, or branches.
  case none
  case jump
  case call
  case `return`
  /// Returns to a coroutine that will return here.
  case swap
  /// MRET or SRET.
  case trapReturn

  /// Classifies an instruction that retired, 16 bits when its lowest two are not 11.
  @inline(__always)
  static func of(_ word: UInt32, _ xlen: XLEN) -> ControlTransfer {
    guard word & 3 == 3 else { return ofCompressed(word, xlen) }
    switch word & 0x7f {
    case 0x6f: return isLink(word >> 7 & 31) ? .call : .jump
    case 0x67: return ofIndirect(rd: word >> 7 & 31, rs1: word >> 15 & 31)
    case 0x73: return word == 0x3020_0073 || word == 0x1020_0073 ? .trapReturn : .none
    default: return .none
    }
  }

  @inline(__always)
  private static func ofCompressed(_ word: UInt32, _ xlen: XLEN) -> ControlTransfer {
    switch word & 0xe003 {
    case 0xa001: return .jump
    // C.JAL, which RV64 has as C.ADDIW.
    case 0x2001: return xlen == .rv32 ? .call : .none
    case 0x8002:
      let rs1 = word >> 7 & 31
      guard word >> 2 & 31 == 0, rs1 != 0 else { return .none }
      return ofIndirect(rd: word >> 12 & 1, rs1: rs1)
    default: return .none
    }
  }

  private static func ofIndirect(rd: UInt32, rs1: UInt32) -> ControlTransfer {
    switch (isLink(rd), isLink(rs1)) {
    case (false, false): .jump
    case (false, true): .return
    case (true, true) where rd != rs1: .swap
    case (true, _): .call
    }
  }

  @inline(__always)
  private static func isLink(_ register: UInt32) -> Bool { register == 1 || register == 5 }
}
