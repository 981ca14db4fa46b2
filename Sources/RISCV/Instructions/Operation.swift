/// Every instruction this library executes, one case per instruction, grouped by extension.
///
/// An extension that is added later brings its own group of cases, an `Encoding+X.swift` and an
/// `Interpreter+X.swift`; every `switch` over this type then refuses to compile until it answers
/// for the new cases.
public enum Operation: UInt8, CaseIterable, Sendable {
  // RV32I
  case lui, auipc, jal, jalr
  case beq, bne, blt, bge, bltu, bgeu
  case lb, lh, lw, lbu, lhu
  case sb, sh, sw
  case addi, slti, sltiu, xori, ori, andi, slli, srli, srai
  case add, sub, sll, slt, sltu, xor, srl, sra, or, and
  case fence, ecall, ebreak
  // Zifencei
  case fenceI
  // RV32M
  case mul, mulh, mulhsu, mulhu, div, divu, rem, remu
  // Zicsr
  case csrrw, csrrs, csrrc, csrrwi, csrrsi, csrrci
  // Machine-mode privileged instructions
  case mret, wfi
}
