/// The operand fields of a 32-bit instruction word, named as in the base instruction formats.
public struct InstructionFields: Sendable, BitwiseCopyable {
  /// The instruction word.
  public let word: UInt32

  /// Wraps an instruction word; nothing is checked.
  @inlinable public init(_ word: UInt32) { self.word = word }

  /// Bits 6:0.
  @inlinable public var opcode: UInt32 { word & 0x7f }
  /// Bits 11:7, the destination register.
  @inlinable public var rd: Int { Int(word >> 7 & 31) }
  /// Bits 14:12.
  @inlinable public var funct3: UInt32 { word >> 12 & 7 }
  /// Bits 19:15, the first source register (or the 5-bit immediate of a CSR instruction).
  @inlinable public var rs1: Int { Int(word >> 15 & 31) }
  /// Bits 24:20, the second source register (or a shift amount).
  @inlinable public var rs2: Int { Int(word >> 20 & 31) }
  /// Bits 31:27, the third source register (of a fused multiplication).
  @inlinable public var rs3: Int { Int(word >> 27) }
  /// Bits 25:20, a shift amount; on RV32 bit 25 of a legal shift is zero.
  @inlinable public var shamt6: UInt32 { word >> 20 & 63 }
  /// Bits 14:12, the rounding mode of a floating-point instruction (7: the one in `frm`).
  @inlinable public var rm: UInt32 { word >> 12 & 7 }
  /// Bit 26, acquire ordering of an atomic instruction.
  @inlinable public var aq: Bool { word >> 26 & 1 != 0 }
  /// Bit 25, release ordering of an atomic instruction.
  @inlinable public var rl: Bool { word >> 25 & 1 != 0 }
  /// Bits 31:27.
  @inlinable public var funct5: UInt32 { word >> 27 }
  /// Bits 31:25.
  @inlinable public var funct7: UInt32 { word >> 25 }
  /// Bits 31:20, a CSR number.
  @inlinable public var csr: UInt16 { UInt16(truncatingIfNeeded: word >> 20) }

  /// Immediate of the I format, sign extended.
  @inlinable public var immediateI: Int32 { Int32(bitPattern: word) >> 20 }
  /// Immediate of the S format, sign extended.
  @inlinable public var immediateS: Int32 {
    (Int32(bitPattern: word) >> 25) << 5 | Int32(bitPattern: word >> 7 & 31)
  }
  /// Immediate of the B format, sign extended, in bytes.
  @inlinable public var immediateB: Int32 {
    let low = (word >> 8 & 0xf) << 1 | (word >> 25 & 0x3f) << 5 | (word >> 7 & 1) << 11
    return (Int32(bitPattern: word) >> 31) << 12 | Int32(bitPattern: low)
  }
  /// Immediate of the U format: the upper 20 bits in place, the lower 12 zero.
  @inlinable public var immediateU: Int32 { Int32(bitPattern: word & 0xffff_f000) }
  /// Immediate of the J format, sign extended, in bytes.
  @inlinable public var immediateJ: Int32 {
    let low = (word >> 21 & 0x3ff) << 1 | (word >> 20 & 1) << 11 | (word >> 12 & 0xff) << 12
    return (Int32(bitPattern: word) >> 31) << 20 | Int32(bitPattern: low)
  }
}
