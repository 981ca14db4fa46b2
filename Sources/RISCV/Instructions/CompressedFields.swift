/// The operand fields of a 16-bit encoding. Offsets are in bytes.
struct CompressedFields {
  /// The encoding, zero extended.
  let word: UInt32

  init(_ word: UInt32) { self.word = word }

  /// Bits 15:13.
  var funct3: UInt32 { word >> 13 & 7 }
  /// Bits 11:7, the destination and first source register.
  var rd: UInt32 { word >> 7 & 31 }
  /// Bits 6:2, the second source register.
  var rs2: UInt32 { word >> 2 & 31 }
  /// Bits 9:7, one of x8 to x15: the base address, or the destination of arithmetic.
  var rs1Short: UInt32 { 8 + (word >> 7 & 7) }
  /// Bits 4:2, one of x8 to x15: the destination of loads, or a second source.
  var rs2Short: UInt32 { 8 + (word >> 2 & 7) }

  /// `count` bits from `low` on, moved to bit `position` of an immediate.
  private func bits(_ low: UInt32, _ count: UInt32, at position: UInt32) -> UInt32 {
    (word >> low & (1 << count - 1)) << position
  }

  /// All ones from bit `position` up when bit 12 is set.
  private func sign(from position: UInt32) -> UInt32 {
    word >> 12 & 1 != 0 ? ~0 << position : 0
  }

  /// The 6-bit signed immediate of the CI format.
  var immediate: Int32 { Int32(bitPattern: bits(2, 5, at: 0) | sign(from: 5)) }
  /// The 6-bit shift amount.
  var shiftAmount: UInt32 { bits(2, 5, at: 0) | bits(12, 1, at: 5) }
  /// Offset of a word from a register.
  var wordOffset: Int32 {
    Int32(bitPattern: bits(6, 1, at: 2) | bits(10, 3, at: 3) | bits(5, 1, at: 6))
  }
  /// Offset of a doubleword from a register.
  var doubleOffset: Int32 { Int32(bitPattern: bits(10, 3, at: 3) | bits(5, 2, at: 6)) }
  /// Offset of a stack slot whose address is computed.
  var stackSlotOffset: Int32 {
    let low = bits(6, 1, at: 2) | bits(5, 1, at: 3)
    return Int32(bitPattern: low | bits(11, 2, at: 4) | bits(7, 4, at: 6))
  }
  /// Change of the stack pointer.
  var stackAdjustment: Int32 {
    let low = bits(6, 1, at: 4) | bits(2, 1, at: 5)
    return Int32(bitPattern: low | bits(5, 1, at: 6) | bits(3, 2, at: 7) | sign(from: 9))
  }
  /// Offset of a word loaded from the stack.
  var stackWordLoadOffset: Int32 {
    Int32(bitPattern: bits(4, 3, at: 2) | bits(12, 1, at: 5) | bits(2, 2, at: 6))
  }
  /// Offset of a doubleword loaded from the stack.
  var stackDoubleLoadOffset: Int32 {
    Int32(bitPattern: bits(5, 2, at: 3) | bits(12, 1, at: 5) | bits(2, 3, at: 6))
  }
  /// Offset of a word stored on the stack.
  var stackWordStoreOffset: Int32 { Int32(bitPattern: bits(9, 4, at: 2) | bits(7, 2, at: 6)) }
  /// Offset of a doubleword stored on the stack.
  var stackDoubleStoreOffset: Int32 {
    Int32(bitPattern: bits(10, 3, at: 3) | bits(7, 3, at: 6))
  }
  /// Distance of a jump.
  var jumpOffset: Int32 {
    let low = bits(3, 3, at: 1) | bits(11, 1, at: 4) | bits(2, 1, at: 5)
    let high = bits(7, 1, at: 6) | bits(6, 1, at: 7) | bits(9, 2, at: 8) | bits(8, 1, at: 10)
    return Int32(bitPattern: low | high | sign(from: 11))
  }
  /// Distance of a branch.
  var branchOffset: Int32 {
    let low = bits(3, 2, at: 1) | bits(10, 2, at: 3)
    return Int32(bitPattern: low | bits(2, 1, at: 5) | bits(5, 2, at: 6) | sign(from: 8))
  }
}
