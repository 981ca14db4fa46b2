/// The 32-bit instruction that the 16-bit encoding `half` stands for, or nil when it is illegal.
///
/// Covers all of C, with the loads and stores of Zcf (RV32 with F) and Zcd (with D). Hints are
/// legal and expand to the instruction without effect that their fields spell; only the reserved
/// encodings (such as a zero stack-pointer adjustment) are illegal.
///
/// - Parameters:
///   - half: The encoding; bits 1:0 are not 3.
///   - xlen: The register width, on which the meaning of some encodings depends.
///   - extensions: What the hart has; only C, F and D matter.
public func expandCompressed(
  _ half: UInt16, xlen: XLEN, extensions: Extensions
) -> UInt32? {
  guard extensions.contains(.c) else { return nil }
  let fields = CompressedFields(UInt32(half))
  let is64 = xlen == .rv64
  switch half & 3 {
  case 0: return expandQuadrant0(fields, is64, extensions)
  case 1: return expandQuadrant1(fields, is64)
  case 2: return expandQuadrant2(fields, is64, extensions)
  default: return nil
  }
}

/// Loads and stores relative to a register, and the address of a stack slot.
private func expandQuadrant0(
  _ c: CompressedFields, _ is64: Bool, _ extensions: Extensions
) -> UInt32? {
  switch c.funct3 {
  case 0:
    let offset = c.stackSlotOffset
    return offset == 0 ? nil : Words.immediate(Words.addi, rd: c.rs2Short, rs1: 2, offset)
  case 1 where extensions.contains(.d):
    return Words.immediate(Words.fld, rd: c.rs2Short, rs1: c.rs1Short, c.doubleOffset)
  case 2: return Words.immediate(Words.lw, rd: c.rs2Short, rs1: c.rs1Short, c.wordOffset)
  case 3 where is64:
    return Words.immediate(Words.ld, rd: c.rs2Short, rs1: c.rs1Short, c.doubleOffset)
  case 3 where extensions.contains(.f):
    return Words.immediate(Words.flw, rd: c.rs2Short, rs1: c.rs1Short, c.wordOffset)
  case 5 where extensions.contains(.d):
    return Words.store(Words.fsd, rs1: c.rs1Short, rs2: c.rs2Short, c.doubleOffset)
  case 6: return Words.store(Words.sw, rs1: c.rs1Short, rs2: c.rs2Short, c.wordOffset)
  case 7 where is64:
    return Words.store(Words.sd, rs1: c.rs1Short, rs2: c.rs2Short, c.doubleOffset)
  case 7 where extensions.contains(.f):
    return Words.store(Words.fsw, rs1: c.rs1Short, rs2: c.rs2Short, c.wordOffset)
  default: return nil
  }
}

/// Arithmetic with immediates and among x8 to x15, jumps and branches.
private func expandQuadrant1(_ c: CompressedFields, _ is64: Bool) -> UInt32? {
  let immediate = c.immediate
  switch c.funct3 {
  case 0: return Words.immediate(Words.addi, rd: c.rd, rs1: c.rd, immediate)
  case 1:
    guard is64 else { return Words.jump(rd: 1, c.jumpOffset) }
    return c.rd == 0 ? nil : Words.immediate(Words.addiw, rd: c.rd, rs1: c.rd, immediate)
  case 2: return Words.immediate(Words.addi, rd: c.rd, rs1: 0, immediate)
  case 3:
    // Both the adjustment of the stack pointer and `lui` have no use for zero.
    guard immediate != 0 else { return nil }
    guard c.rd == 2 else { return Words.lui | c.rd << 7 | UInt32(bitPattern: immediate << 12) }
    return Words.immediate(Words.addi, rd: 2, rs1: 2, c.stackAdjustment)
  case 4: return expandArithmetic(c, is64)
  case 5: return Words.jump(rd: 0, c.jumpOffset)
  case 6: return Words.branch(Words.beq, rs1: c.rs1Short, c.branchOffset)
  default: return Words.branch(Words.bne, rs1: c.rs1Short, c.branchOffset)
  }
}

/// Shifts, `andi` and register arithmetic of quadrant 1.
private func expandArithmetic(_ c: CompressedFields, _ is64: Bool) -> UInt32? {
  let rd = c.rs1Short
  switch c.word >> 10 & 3 {
  case 0: return Words.shift(Words.srli, rd: rd, c.shiftAmount, is64)
  case 1: return Words.shift(Words.srai, rd: rd, c.shiftAmount, is64)
  case 2: return Words.immediate(Words.andi, rd: rd, rs1: rd, c.immediate)
  default:
    let operation: UInt32
    switch (c.word >> 12 & 1, c.word >> 5 & 3) {
    case (0, 0): operation = Words.sub
    case (0, 1): operation = Words.xor
    case (0, 2): operation = Words.or
    case (0, 3): operation = Words.and
    case (1, 0) where is64: operation = Words.subw
    case (1, 1) where is64: operation = Words.addw
    default: return nil
    }
    return Words.register(operation, rd: rd, rs1: rd, rs2: c.rs2Short)
  }
}

/// Loads and stores relative to the stack pointer, moves, indirect jumps, `ebreak`.
private func expandQuadrant2(
  _ c: CompressedFields, _ is64: Bool, _ extensions: Extensions
) -> UInt32? {
  switch c.funct3 {
  case 0: return Words.shift(Words.slli, rd: c.rd, c.shiftAmount, is64)
  case 1 where extensions.contains(.d):
    return Words.immediate(Words.fld, rd: c.rd, rs1: 2, c.stackDoubleLoadOffset)
  case 2:
    return c.rd == 0
      ? nil : Words.immediate(Words.lw, rd: c.rd, rs1: 2, c.stackWordLoadOffset)
  case 3 where is64:
    return c.rd == 0
      ? nil : Words.immediate(Words.ld, rd: c.rd, rs1: 2, c.stackDoubleLoadOffset)
  case 3 where extensions.contains(.f):
    return Words.immediate(Words.flw, rd: c.rd, rs1: 2, c.stackWordLoadOffset)
  case 4: return expandRegisterMove(c)
  case 5 where extensions.contains(.d):
    return Words.store(Words.fsd, rs1: 2, rs2: c.rs2, c.stackDoubleStoreOffset)
  case 6: return Words.store(Words.sw, rs1: 2, rs2: c.rs2, c.stackWordStoreOffset)
  case 7 where is64: return Words.store(Words.sd, rs1: 2, rs2: c.rs2, c.stackDoubleStoreOffset)
  case 7 where extensions.contains(.f):
    return Words.store(Words.fsw, rs1: 2, rs2: c.rs2, c.stackWordStoreOffset)
  default: return nil
  }
}

private func expandRegisterMove(_ c: CompressedFields) -> UInt32? {
  let high = c.word >> 12 & 1 != 0
  if c.rs2 != 0 {
    return Words.register(Words.add, rd: c.rd, rs1: high ? c.rd : 0, rs2: c.rs2)
  }
  if c.rd == 0 { return high ? Words.ebreak : nil }
  return Words.immediate(Words.jalr, rd: high ? 1 : 0, rs1: c.rd, 0)
}

/// The fixed bits of the instructions that compressed ones stand for, and their formats.
private enum Words {
  static let lui: UInt32 = 0x37
  static let beq: UInt32 = 0x63
  static let bne: UInt32 = 0x1063
  static let jalr: UInt32 = 0x67
  static let lw: UInt32 = 0x2003
  static let ld: UInt32 = 0x3003
  static let sw: UInt32 = 0x2023
  static let sd: UInt32 = 0x3023
  static let flw: UInt32 = 0x2007
  static let fld: UInt32 = 0x3007
  static let fsw: UInt32 = 0x2027
  static let fsd: UInt32 = 0x3027
  static let addi: UInt32 = 0x13
  static let addiw: UInt32 = 0x1b
  static let andi: UInt32 = 0x7013
  static let slli: UInt32 = 0x1013
  static let srli: UInt32 = 0x5013
  static let srai: UInt32 = 0x4000_5013
  static let add: UInt32 = 0x33
  static let sub: UInt32 = 0x4000_0033
  static let xor: UInt32 = 0x4033
  static let or: UInt32 = 0x6033
  static let and: UInt32 = 0x7033
  static let subw: UInt32 = 0x4000_003b
  static let addw: UInt32 = 0x3b
  static let ebreak: UInt32 = 0x10_0073

  static func immediate(_ fixed: UInt32, rd: UInt32, rs1: UInt32, _ value: Int32) -> UInt32 {
    fixed | rd << 7 | rs1 << 15 | UInt32(bitPattern: value) << 20
  }

  static func register(_ fixed: UInt32, rd: UInt32, rs1: UInt32, rs2: UInt32) -> UInt32 {
    fixed | rd << 7 | rs1 << 15 | rs2 << 20
  }

  static func store(_ fixed: UInt32, rs1: UInt32, rs2: UInt32, _ offset: Int32) -> UInt32 {
    let bits = UInt32(bitPattern: offset)
    return fixed | rs1 << 15 | rs2 << 20 | (bits & 31) << 7 | (bits >> 5) << 25
  }

  /// A shift in place; shift amounts of 32 and more need 64-bit registers.
  static func shift(_ fixed: UInt32, rd: UInt32, _ amount: UInt32, _ is64: Bool) -> UInt32? {
    guard is64 || amount < 32 else { return nil }
    return fixed | rd << 7 | rd << 15 | amount << 20
  }

  static func jump(rd: UInt32, _ offset: Int32) -> UInt32 {
    let bits = UInt32(bitPattern: offset)
    return 0x6f | rd << 7 | (bits >> 20) << 31 | (bits >> 1 & 0x3ff) << 21 | (bits >> 11 & 1) << 20
      | (bits >> 12 & 0xff) << 12
  }

  static func branch(_ fixed: UInt32, rs1: UInt32, _ offset: Int32) -> UInt32 {
    let bits = UInt32(bitPattern: offset)
    return fixed | rs1 << 15 | (bits >> 12) << 31 | (bits >> 5 & 0x3f) << 25
      | (bits >> 1 & 15) << 8 | (bits >> 11 & 1) << 7
  }
}
