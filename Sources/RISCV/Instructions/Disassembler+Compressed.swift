extension InstructionWriter {
  /// A 16-bit encoding.
  func compressed(_ half: UInt16) -> String {
    if half == 0 { return "c.unimp" }
    let c = CompressedFields(UInt32(half))
    let (mnemonic, operands) =
      switch half & 3 {
      case 0: quadrant0(c)
      case 1: quadrant1(c)
      default: quadrant2(c)
      }
    return join(mnemonic, operands)
  }

  private func integer(_ register: UInt32) -> String { RegisterNames.integer[Int(register)] }
  private func float(_ register: UInt32) -> String { RegisterNames.float[Int(register)] }

  private func quadrant0(_ c: CompressedFields) -> (String, [String]) {
    let base = integer(c.rs1Short)
    let word = "\(c.wordOffset)(\(base))"
    let double = "\(c.doubleOffset)(\(base))"
    return switch c.funct3 {
    case 0: ("c.addi4spn", [integer(c.rs2Short), "sp", String(c.stackSlotOffset)])
    case 1: ("c.fld", [float(c.rs2Short), double])
    case 2: ("c.lw", [integer(c.rs2Short), word])
    case 3 where xlen == .rv64: ("c.ld", [integer(c.rs2Short), double])
    case 3: ("c.flw", [float(c.rs2Short), word])
    case 4: byteAccess(c, base)
    case 5: ("c.fsd", [float(c.rs2Short), double])
    case 6: ("c.sw", [integer(c.rs2Short), word])
    case _ where xlen == .rv64: ("c.sd", [integer(c.rs2Short), double])
    default: ("c.fsw", [float(c.rs2Short), word])
    }
  }

  /// Bytes and half-words (Zcb), which no hart of this library executes.
  private func byteAccess(_ c: CompressedFields, _ base: String) -> (String, [String]) {
    let byte = "\(c.word >> 6 & 1 | c.word >> 4 & 2)(\(base))"
    let half = "\(c.word >> 4 & 2)(\(base))"
    let register = integer(c.rs2Short)
    return switch (c.word >> 10 & 7, c.word >> 6 & 1) {
    case (0, _): ("c.lbu", [register, byte])
    case (1, 0): ("c.lhu", [register, half])
    case (1, _): ("c.lh", [register, half])
    case (2, _): ("c.sb", [register, byte])
    case (3, 0): ("c.sh", [register, half])
    default: ("unknown", [])
    }
  }

  private func quadrant1(_ c: CompressedFields) -> (String, [String]) {
    let rd = integer(c.rd)
    let immediate = String(c.immediate)
    return switch c.funct3 {
    case 0: c.word == 1 ? ("c.nop", []) : ("c.addi", [rd, immediate])
    case 1 where xlen == .rv64: ("c.addiw", [rd, immediate])
    case 1: ("c.jal", [branchTarget(c.jumpOffset)])
    case 2: ("c.li", [rd, immediate])
    case 3: upperImmediate(c)
    case 4: arithmetic(c)
    case 5: ("c.j", [branchTarget(c.jumpOffset)])
    case 6: ("c.beqz", [integer(c.rs1Short), branchTarget(c.branchOffset)])
    default: ("c.bnez", [integer(c.rs1Short), branchTarget(c.branchOffset)])
    }
  }

  private func upperImmediate(_ c: CompressedFields) -> (String, [String]) {
    if c.rd == 2 { return ("c.addi16sp", ["sp", String(c.stackAdjustment)]) }
    // Zcmop takes the zero immediates of the odd registers up to x15.
    if c.immediate == 0, c.rd & 1 == 1, c.rd < 16 { return ("c.mop.\(c.rd)", []) }
    return ("c.lui", [integer(c.rd), hexadecimal(UInt32(bitPattern: c.immediate) & 0xf_ffff)])
  }

  private func arithmetic(_ c: CompressedFields) -> (String, [String]) {
    let rd = integer(c.rs1Short)
    let rs2 = integer(c.rs2Short)
    switch c.word >> 10 & 3 {
    case 0: return ("c.srli", [rd, String(c.shiftAmount)])
    case 1: return ("c.srai", [rd, String(c.shiftAmount)])
    case 2: return ("c.andi", [rd, String(c.immediate)])
    default: break
    }
    switch (c.word >> 12 & 1) << 2 | c.word >> 5 & 3 {
    case 0: return ("c.sub", [rd, rs2])
    case 1: return ("c.xor", [rd, rs2])
    case 2: return ("c.or", [rd, rs2])
    case 3: return ("c.and", [rd, rs2])
    case 4: return ("c.subw", [rd, rs2])
    case 5: return ("c.addw", [rd, rs2])
    case 6: return ("c.mul", [rd, rs2])
    default:
      let names = ["c.zext.b", "c.sext.b", "c.zext.h", "c.sext.h", "c.zext.w", "c.not"]
      let index = Int(c.word >> 2 & 7)
      return index < names.count ? (names[index], [rd]) : ("unknown", [])
    }
  }

  private func quadrant2(_ c: CompressedFields) -> (String, [String]) {
    let rd = integer(c.rd)
    let wordLoad = "\(c.stackWordLoadOffset)(sp)"
    let doubleLoad = "\(c.stackDoubleLoadOffset)(sp)"
    let wordStore = "\(c.stackWordStoreOffset)(sp)"
    let doubleStore = "\(c.stackDoubleStoreOffset)(sp)"
    return switch c.funct3 {
    case 0: ("c.slli", [rd, String(c.shiftAmount)])
    case 1: ("c.fldsp", [float(c.rd), doubleLoad])
    case 2: ("c.lwsp", [rd, wordLoad])
    case 3 where xlen == .rv64: ("c.ldsp", [rd, doubleLoad])
    case 3: ("c.flwsp", [float(c.rd), wordLoad])
    case 4: registerMove(c)
    case 5: ("c.fsdsp", [float(c.rs2), doubleStore])
    case 6: ("c.swsp", [integer(c.rs2), wordStore])
    case _ where xlen == .rv64: ("c.sdsp", [integer(c.rs2), doubleStore])
    default: ("c.fswsp", [float(c.rs2), wordStore])
    }
  }

  private func registerMove(_ c: CompressedFields) -> (String, [String]) {
    let high = c.word >> 12 & 1 != 0
    let rd = integer(c.rd)
    if c.rs2 != 0 { return (high ? "c.add" : "c.mv", [rd, integer(c.rs2)]) }
    switch (high, c.rd) {
    case (true, 0): return ("c.ebreak", [])
    case (true, _): return ("c.jalr", [rd])
    case (false, 1): return ("c.ret", [])
    case (false, _): return ("c.jr", [rd])
    }
  }
}
