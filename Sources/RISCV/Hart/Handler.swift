/// What the fast loop does for one decoded instruction.
///
/// Handlers are those of RV64; on RV32, whose registers are sign extended, most instructions take
/// the handler of the RV64 instruction that works on words. What is rare, or needs more than
/// registers and ordinary memory, is left to the interpreter (`interpret`).
enum Handler: UInt8 {
  /// The slot has not been decoded since its bytes changed; zero, so that zeroed slots mean it.
  case undecoded = 0
  /// Behind the last slot of a page.
  case pageEnd
  case interpret
  case nop, lui, auipc, li
  case lb, lh, lw, ld, lbu, lhu, lwu
  case sb, sh, sw, sd
  case mv, addi, slti, sltiu, xori, ori, andi, slli, srli, srai
  case add, sub, sll, slt, sltu, xor, srl, sra, or, and
  case addiw, slliw, srliw, sraiw
  case addw, subw, sllw, srlw, sraw
  case mul, mulh, mulhsu, mulhu, div, divu, rem, remu
  case mulw, divw, divuw, remw, remuw
  /// Upper halves of products of words, on RV32.
  case mulhWords, mulhsuWords, mulhuWords
  case addUW, sh1add, sh2add, sh3add, sh1addUW, sh2addUW, sh3addUW, slliUW
  case sh1addw, sh2addw, sh3addw
  case andn, orn, xnor
  case clz, clzw, ctz, ctzw, cpop, cpopw
  case max, maxu, min, minu
  case sextB, sextH, zextH
  case rol, rolw, ror, rori, roriw, rorw
  case rev8
  case bclr, bclri, bext, bexti, binv, binvi, bset, bseti
  case czeroEqz, czeroNez
  case flw, fld, fsw, fsd
  case fsgnjS, fsgnjnS, fsgnjxS, fsgnjD, fsgnjnD, fsgnjxD
  case fmvXW, fmvWX, fmvXD, fmvDX
  /// Floating-point arithmetic, out of line: the immediate holds rs2, rs3, rm and the operation.
  case floatSingle, floatDouble
  // Compressed instructions that are met often; others share the handlers of their expansions.
  case cNop, cLui, cLi, cMv, cLw, cLd, cSw, cSd
  case cAddi, cAndi, cSlli, cSrli, cSrai, cAdd, cSub, cXor, cOr, cAnd
  case cAddiw, cSlliw, cSrliw, cSraiw, cAddw, cSubw
  // From here on all end a straight line.
  case jal, jalr
  case beq, bne, blt, bge, bltu, bgeu
  case cBeqz, cBnez
  /// To another page.
  case farJAL, farBEQ, farBNE, farBLT, farBGE, farBLTU, farBGEU
}

extension Handler {
  /// The handler of the same instruction in 16 bits; nil when it takes the length from the record.
  var compressed: Handler? {
    switch self {
    case .nop: .cNop
    case .lui: .cLui
    case .li: .cLi
    case .mv: .cMv
    case .lw: .cLw
    case .ld: .cLd
    case .sw: .cSw
    case .sd: .cSd
    case .addi: .cAddi
    case .andi: .cAndi
    case .slli: .cSlli
    case .srli: .cSrli
    case .srai: .cSrai
    case .add: .cAdd
    case .sub: .cSub
    case .xor: .cXor
    case .or: .cOr
    case .and: .cAnd
    case .addiw: .cAddiw
    case .slliw: .cSlliw
    case .srliw: .cSrliw
    case .sraiw: .cSraiw
    case .addw: .cAddw
    case .subw: .cSubw
    case .beq: .cBeqz
    case .bne: .cBnez
    case .jal, .jalr, .farJAL, .farBEQ, .farBNE, .flw, .fld, .fsw, .fsd, .interpret: self
    default: nil
    }
  }
}
