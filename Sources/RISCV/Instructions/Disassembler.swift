/// How ``disassemble(_:style:)`` writes the targets of branches and jumps.
public enum TargetStyle: Sendable, Hashable {
  /// Relative to the instruction, as Spike's logs do: `pc + 0x10` for jumps, `pc - 8` for branches.
  case relative
  /// As an address, for an instruction at the given address.
  case absolute(pc: UInt64)
}

/// The ABI names of x0 to x31.
private let registerNames = [
  "zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1", "a0", "a1", "a2", "a3", "a4", "a5",
  "a6", "a7", "s2", "s3", "s4", "s5", "s6", "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6",
]

/// The instruction `word` in assembler, with targets as addresses for an instruction at `pc`.
public func disassemble(_ word: UInt32, pc: UInt64) -> String {
  disassemble(word, style: .absolute(pc: pc))
}

/// The instruction `word` in assembler, with the usual pseudo-instructions, mnemonics padded to
/// eight columns as in Spike's logs; `unknown` when it is illegal.
public func disassemble(_ word: UInt32, style: TargetStyle = .relative) -> String {
  let fields = InstructionFields(word)
  // The word assemblers write for `unimp`: a write to a read-only counter.
  if word == 0xc000_1073 { return "unimp" }
  guard let encoding = Encoding.decode(word) else { return "unknown" }
  let (mnemonic, operands) =
    pseudoInstruction(encoding.operation, fields, style)
    ?? (encoding.mnemonic, operandList(encoding.format, fields, style))
  guard !operands.isEmpty else { return mnemonic }
  let padding = String(repeating: " ", count: max(0, 7 - mnemonic.count))
  return mnemonic + padding + " " + operands.joined(separator: ", ")
}

/// The operands of an instruction that is printed by its own name.
private func operandList(
  _ format: InstructionFormat, _ fields: InstructionFields, _ style: TargetStyle
) -> [String] {
  let rd = registerNames[fields.rd]
  let rs1 = registerNames[fields.rs1]
  let rs2 = registerNames[fields.rs2]
  switch format {
  case .register: return [rd, rs1, rs2]
  case .immediate: return [rd, rs1, String(fields.immediateI)]
  case .shift: return [rd, rs1, String(fields.rs2)]
  case .load: return [rd, "\(fields.immediateI)(\(rs1))"]
  case .store: return [rs2, "\(fields.immediateS)(\(rs1))"]
  case .branch: return [rs1, rs2, branchTarget(fields, style)]
  case .upper: return [rd, hexadecimal(fields.word >> 12)]
  case .jump: return [rd, jumpTarget(fields, style)]
  case .csrRegister: return [rd, csrName(fields.csr), rs1]
  case .csrImmediate: return [rd, csrName(fields.csr), String(fields.rs1)]
  case .fence: return ["\(accessSet(fields.word >> 24)),\(accessSet(fields.word >> 20))"]
  case .none: return []
  }
}

/// The pseudo-instruction that stands for an instruction, if there is one.
private func pseudoInstruction(
  _ operation: Operation, _ fields: InstructionFields, _ style: TargetStyle
) -> (String, [String])? {
  let rd = registerNames[fields.rd]
  let rs1 = registerNames[fields.rs1]
  let rs2 = registerNames[fields.rs2]
  switch operation {
  case .addi:
    if fields.word == 0x13 { return ("nop", []) }
    if fields.rs1 == 0 { return ("li", [rd, String(fields.immediateI)]) }
    return fields.immediateI == 0 ? ("mv", [rd, rs1]) : nil
  case .xori: return fields.immediateI == -1 ? ("not", [rd, rs1]) : nil
  case .sltiu: return fields.immediateI == 1 ? ("seqz", [rd, rs1]) : nil
  case .sltu: return fields.rs1 == 0 ? ("snez", [rd, rs2]) : nil
  case .beq: return fields.rs2 == 0 ? ("beqz", [rs1, branchTarget(fields, style)]) : nil
  case .bne: return fields.rs2 == 0 ? ("bnez", [rs1, branchTarget(fields, style)]) : nil
  case .blt: return fields.rs2 == 0 ? ("bltz", [rs1, branchTarget(fields, style)]) : nil
  case .bge: return fields.rs2 == 0 ? ("bgez", [rs1, branchTarget(fields, style)]) : nil
  case .jal:
    if fields.rd == 0 { return ("j", [jumpTarget(fields, style)]) }
    return fields.rd == 1 ? ("jal", [jumpTarget(fields, style)]) : nil
  case .jalr:
    guard fields.immediateI == 0 else { return nil }
    if fields.rd == 0 { return fields.rs1 == 1 ? ("ret", []) : ("jr", [rs1]) }
    return fields.rd == 1 ? ("jalr", [rs1]) : nil
  case .csrrs:
    if fields.rs1 == 0 { return ("csrr", [rd, csrName(fields.csr)]) }
    return fields.rd == 0 ? ("csrs", [csrName(fields.csr), rs1]) : nil
  case .csrrw: return fields.rd == 0 ? ("csrw", [csrName(fields.csr), rs1]) : nil
  case .csrrc: return fields.rd == 0 ? ("csrc", [csrName(fields.csr), rs1]) : nil
  case .csrrwi: return fields.rd == 0 ? ("csrwi", [csrName(fields.csr), "\(fields.rs1)"]) : nil
  case .csrrsi: return fields.rd == 0 ? ("csrsi", [csrName(fields.csr), "\(fields.rs1)"]) : nil
  case .csrrci: return fields.rd == 0 ? ("csrci", [csrName(fields.csr), "\(fields.rs1)"]) : nil
  default: return nil
  }
}

private func branchTarget(_ fields: InstructionFields, _ style: TargetStyle) -> String {
  let distance = fields.immediateB
  switch style {
  case .relative: return "pc \(distance < 0 ? "-" : "+") \(distance.magnitude)"
  case .absolute(let pc): return address(pc, distance)
  }
}

private func jumpTarget(_ fields: InstructionFields, _ style: TargetStyle) -> String {
  let distance = fields.immediateJ
  switch style {
  case .relative: return "pc \(distance < 0 ? "-" : "+") \(hexadecimal(distance.magnitude))"
  case .absolute(let pc): return address(pc, distance)
  }
}

private func address(_ pc: UInt64, _ distance: Int32) -> String {
  hexadecimal(UInt32(truncatingIfNeeded: pc) &+ UInt32(bitPattern: distance))
}

private func csrName(_ number: UInt16) -> String {
  CSR.name(of: number) ?? "unknown_" + hexadecimal(number, digits: 3).dropFirst(2)
}

/// The letters of a fence's access set (bit 3 input, 2 output, 1 read, 0 write).
private func accessSet(_ bits: UInt32) -> String {
  (bits & 8 != 0 ? "i" : "") + (bits & 4 != 0 ? "o" : "") + (bits & 2 != 0 ? "r" : "")
    + (bits & 1 != 0 ? "w" : "")
}
