extension Encoding {
  /// The instruction word with the given operands; operands the format does not have are ignored.
  ///
  /// - Parameters:
  ///   - rd: Number of the destination register.
  ///   - rs1: Number of the first source register, or the 5-bit immediate of a CSR instruction.
  ///   - rs2: Number of the second source register.
  ///   - rs3: Number of the third source register.
  ///   - immediate: The immediate: in bytes for branches and jumps, the upper 20 bits (shifted
  ///     down) of `lui` and `auipc`, a shift amount, the number of a CSR, or the two access sets
  ///     of `fence`. Only the bits that fit are taken.
  ///   - rounding: Rounding mode, where the format has one; 7 is the one in `frm`.
  ///   - acquire: Acquire ordering of an atomic instruction.
  ///   - release: Release ordering of an atomic instruction.
  public func word(
    rd: Int = 0, rs1: Int = 0, rs2: Int = 0, rs3: Int = 0, immediate: Int = 0, rounding: Int = 7,
    acquire: Bool = false, release: Bool = false
  ) -> UInt32 {
    let i = UInt32(truncatingIfNeeded: immediate)
    let destination = UInt32(truncatingIfNeeded: rd & 31) << 7
    let first = UInt32(truncatingIfNeeded: rs1 & 31) << 15
    let second = UInt32(truncatingIfNeeded: rs2 & 31) << 20
    let third = UInt32(truncatingIfNeeded: rs3 & 31) << 27
    let mode = UInt32(truncatingIfNeeded: rounding & 7) << 12
    let ordering: UInt32 = (acquire ? 1 << 26 : 0) | (release ? 1 << 25 : 0)
    let operands: UInt32 =
      switch format {
      case .register, .floatRegister, .floatCompare: destination | first | second
      case .unary, .floatToBits, .bitsToFloat: destination | first
      case .immediate, .load, .floatLoad, .csrRegister, .csrImmediate:
        destination | first | i << 20
      case .shift: destination | first | (i & 63) << 20
      case .store, .floatStore: first | second | Self.storeOffset(i)
      case .branch: first | second | Self.branchOffset(i)
      case .upper: destination | i << 12
      case .jump: destination | Self.jumpOffset(i)
      case .loadReserved: destination | first | ordering
      case .atomic: destination | first | second | ordering
      case .floatFused: destination | first | second | third | mode
      case .floatRounded: destination | first | second | mode
      case .floatUnary, .floatToInteger, .integerToFloat: destination | first | mode
      case .addressFence: first | second
      case .fence: (i & 0xff) << 20
      case .none: 0
      }
    return match | operands & ~mask
  }

  private static func storeOffset(_ i: UInt32) -> UInt32 { (i & 31) << 7 | (i >> 5 & 0x7f) << 25 }

  private static func branchOffset(_ i: UInt32) -> UInt32 {
    (i >> 11 & 1) << 7 | (i >> 1 & 15) << 8 | (i >> 5 & 0x3f) << 25 | (i >> 12 & 1) << 31
  }

  private static func jumpOffset(_ i: UInt32) -> UInt32 {
    (i >> 12 & 0xff) << 12 | (i >> 11 & 1) << 20 | (i >> 1 & 0x3ff) << 21 | (i >> 20 & 1) << 31
  }
}
