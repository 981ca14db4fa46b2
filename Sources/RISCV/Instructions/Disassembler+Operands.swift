extension InstructionWriter {
  /// The operands of an instruction that is printed by its own name.
  func operands(_ format: InstructionFormat, _ fields: InstructionFields) -> [String] {
    let rd = RegisterNames.integer[fields.rd]
    let rs1 = RegisterNames.integer[fields.rs1]
    let rs2 = RegisterNames.integer[fields.rs2]
    switch format {
    case .register: return [rd, rs1, rs2]
    case .unary: return [rd, rs1]
    case .immediate: return [rd, rs1, String(fields.immediateI)]
    case .shift: return [rd, rs1, String(fields.shamt6)]
    case .load: return [rd, "\(fields.immediateI)(\(rs1))"]
    case .store: return [rs2, "\(fields.immediateS)(\(rs1))"]
    case .branch: return [rs1, rs2, branchTarget(fields.immediateB)]
    case .upper: return [rd, hexadecimal(fields.word >> 12)]
    case .jump: return [rd, jumpTarget(fields.immediateJ)]
    case .csrRegister: return [rd, csrName(fields.csr), rs1]
    case .csrImmediate: return [rd, csrName(fields.csr), String(fields.rs1)]
    case .loadReserved: return [rd, "(\(rs1))"]
    case .atomic: return [rd, rs2, "(\(rs1))"]
    case .addressFence: return [rs1, rs2]
    case .fence: return [accessSets(fields.word)]
    case .none: return []
    default: return floatOperands(format, fields)
    }
  }

  /// The operands of an instruction of a layout that only foreign extensions have.
  func operands(_ format: ForeignEncoding.Format, _ fields: InstructionFields) -> [String] {
    let rs1 = RegisterNames.integer[fields.rs1]
    let vectorMask = fields.word >> 25 & 1 == 0 ? ["v0.t"] : []
    switch format {
    case .standard(let standard): return operands(standard, fields)
    case .branchImmediate:
      return [rs1, String(fields.rs2 == 0 ? -1 : fields.rs2), branchTarget(fields.immediateB)]
    case .address: return ["(\(rs1))"]
    case .storeAtAddress: return [RegisterNames.integer[fields.rs2], "(\(rs1))"]
    case .vectorLoad: return ["v\(fields.rd)", "(\(rs1))"] + vectorMask
    case .vectorRegister:
      return ["v\(fields.rd)", "v\(fields.rs2)", "v\(fields.rs1)"] + vectorMask
    }
  }

  /// Rounding modes are not printed.
  private func floatOperands(
    _ format: InstructionFormat, _ fields: InstructionFields
  ) -> [String] {
    let rd = RegisterNames.integer[fields.rd]
    let rs1 = RegisterNames.integer[fields.rs1]
    let fd = RegisterNames.float[fields.rd]
    let fs1 = RegisterNames.float[fields.rs1]
    let fs2 = RegisterNames.float[fields.rs2]
    return switch format {
    case .floatLoad: [fd, "\(fields.immediateI)(\(rs1))"]
    case .floatStore: [fs2, "\(fields.immediateS)(\(rs1))"]
    case .floatFused: [fd, fs1, fs2, RegisterNames.float[fields.rs3]]
    case .floatRounded, .floatRegister: [fd, fs1, fs2]
    case .floatUnary: [fd, fs1]
    case .floatCompare: [rd, fs1, fs2]
    case .floatToInteger, .floatToBits: [rd, fs1]
    case .integerToFloat, .bitsToFloat: [fd, rs1]
    default: []
    }
  }

  /// The predecessor and successor sets of a fence.
  private func accessSets(_ word: UInt32) -> String {
    let predecessor = accessSet(word >> 24)
    return (predecessor.isEmpty ? "" : predecessor + ",") + accessSet(word >> 20)
  }

  /// The letters of a fence's access set (bit 3 input, 2 output, 1 read, 0 write).
  private func accessSet(_ bits: UInt32) -> String {
    (bits & 8 != 0 ? "i" : "") + (bits & 4 != 0 ? "o" : "") + (bits & 2 != 0 ? "r" : "")
      + (bits & 1 != 0 ? "w" : "")
  }

  /// The pseudo-instruction that stands for an instruction, if there is one.
  func pseudoInstruction(
    _ operation: Operation, _ fields: InstructionFields
  ) -> (String, [String])? {
    let rd = RegisterNames.integer[fields.rd]
    let rs1 = RegisterNames.integer[fields.rs1]
    let rs2 = RegisterNames.integer[fields.rs2]
    switch operation {
    case .addi:
      if fields.word == 0x13 { return ("nop", []) }
      if fields.rs1 == 0 { return ("li", [rd, String(fields.immediateI)]) }
      return fields.immediateI == 0 ? ("mv", [rd, rs1]) : nil
    case .addiw: return fields.immediateI == 0 ? ("sext.w", [rd, rs1]) : nil
    case .addUW: return fields.rs2 == 0 ? ("zext.w", [rd, rs1]) : nil
    case .xori: return fields.immediateI == -1 ? ("not", [rd, rs1]) : nil
    case .sltiu: return fields.immediateI == 1 ? ("seqz", [rd, rs1]) : nil
    case .sltu: return fields.rs1 == 0 ? ("snez", [rd, rs2]) : nil
    case .beq, .bne, .blt, .bge: return branchOnZero(operation, fields)
    case .jal:
      if fields.rd == 0 { return ("j", [jumpTarget(fields.immediateJ)]) }
      return fields.rd == 1 ? ("jal", [jumpTarget(fields.immediateJ)]) : nil
    case .jalr:
      guard fields.immediateI == 0 else { return nil }
      if fields.rd == 0 { return fields.rs1 == 1 ? ("ret", []) : ("jr", [rs1]) }
      return fields.rd == 1 ? ("jalr", [rs1]) : nil
    case .csrrw, .csrrs, .csrrc, .csrrwi, .csrrsi, .csrrci: return csrAccess(operation, fields)
    default: return nil
    }
  }

  private func branchOnZero(
    _ operation: Operation, _ fields: InstructionFields
  ) -> (String, [String])? {
    guard fields.rs2 == 0 else { return nil }
    let name =
      switch operation {
      case .beq: "beqz"
      case .bne: "bnez"
      case .blt: "bltz"
      default: "bgez"
      }
    return (name, [RegisterNames.integer[fields.rs1], branchTarget(fields.immediateB)])
  }

  /// A CSR instruction that only reads or only writes.
  private func csrAccess(
    _ operation: Operation, _ fields: InstructionFields
  ) -> (String, [String])? {
    let csr = csrName(fields.csr)
    if operation == .csrrs, fields.rs1 == 0 {
      return ("csrr", [RegisterNames.integer[fields.rd], csr])
    }
    guard fields.rd == 0 else { return nil }
    return switch operation {
    case .csrrw: ("csrw", [csr, RegisterNames.integer[fields.rs1]])
    case .csrrs: ("csrs", [csr, RegisterNames.integer[fields.rs1]])
    case .csrrc: ("csrc", [csr, RegisterNames.integer[fields.rs1]])
    case .csrrwi: ("csrwi", [csr, String(fields.rs1)])
    case .csrrsi: ("csrsi", [csr, String(fields.rs1)])
    default: ("csrci", [csr, String(fields.rs1)])
    }
  }
}
