/// Every instruction this library executes, one case per instruction, grouped by extension.
///
/// Compressed instructions have no cases: each stands for one of these. An extension that is added
/// later brings its own group of cases, an `Encoding+X.swift` and an `Interpreter+X.swift`; every
/// `switch` over this type then refuses to compile until it answers for the new cases.
public enum Operation: UInt8, CaseIterable, Sendable, BitwiseCopyable {
  // RV32I, RV64I
  case lui, auipc, jal, jalr
  case beq, bne, blt, bge, bltu, bgeu
  case lb, lh, lw, ld, lbu, lhu, lwu
  case sb, sh, sw, sd
  case addi, slti, sltiu, xori, ori, andi, slli, srli, srai
  case add, sub, sll, slt, sltu, xor, srl, sra, or, and
  case addiw, slliw, srliw, sraiw
  case addw, subw, sllw, srlw, sraw
  case fence, ecall, ebreak
  // Zifencei
  case fenceI
  // Zicsr
  case csrrw, csrrs, csrrc, csrrwi, csrrsi, csrrci
  // M
  case mul, mulh, mulhsu, mulhu, div, divu, rem, remu
  case mulw, divw, divuw, remw, remuw
  // A
  case lrW, scW
  case amoswapW, amoaddW, amoxorW, amoandW, amoorW, amominW, amomaxW, amominuW, amomaxuW
  case lrD, scD
  case amoswapD, amoaddD, amoxorD, amoandD, amoorD, amominD, amomaxD, amominuD, amomaxuD
  // F
  case flw, fsw
  case fmaddS, fmsubS, fnmsubS, fnmaddS
  case faddS, fsubS, fmulS, fdivS, fsqrtS
  case fsgnjS, fsgnjnS, fsgnjxS, fminS, fmaxS
  case feqS, fltS, fleS, fclassS
  case fcvtWS, fcvtWUS, fcvtLS, fcvtLUS
  case fcvtSW, fcvtSWU, fcvtSL, fcvtSLU
  case fmvXW, fmvWX
  // D
  case fld, fsd
  case fmaddD, fmsubD, fnmsubD, fnmaddD
  case faddD, fsubD, fmulD, fdivD, fsqrtD
  case fsgnjD, fsgnjnD, fsgnjxD, fminD, fmaxD
  case feqD, fltD, fleD, fclassD
  case fcvtWD, fcvtWUD, fcvtLD, fcvtLUD
  case fcvtDW, fcvtDWU, fcvtDL, fcvtDLU
  case fmvXD, fmvDX
  case fcvtSD, fcvtDS
  // Zba
  case addUW, sh1add, sh2add, sh3add, sh1addUW, sh2addUW, sh3addUW, slliUW
  // Zbb
  case andn, orn, xnor
  case clz, clzw, ctz, ctzw, cpop, cpopw
  case max, maxu, min, minu
  case sextB, sextH, zextH
  case rol, rolw, ror, rori, roriw, rorw
  case orcB, rev8
  // Zbc
  case clmul, clmulh, clmulr
  // Zbs
  case bclr, bclri, bext, bexti, binv, binvi, bset, bseti
  // Zicond
  case czeroEqz, czeroNez
  // Privileged instructions
  case mret, sret, wfi, sfenceVMA
}
