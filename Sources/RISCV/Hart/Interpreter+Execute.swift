/// What every instruction does, in the words of the specification.
///
/// One function for each group of extensions, one case for each instruction: this is the text to
/// read beside the manual, and the oracle that the fast engine is tested against. All arithmetic is
/// in 64 bits on registers that hold the sign-extended value; ``setX`` cuts results to XLEN.
extension Hart {
  /// Executes `operation` with the operand fields of `i`.
  ///
  /// An instruction that throws has had no effect. `synchronised` says that the time and the
  /// interrupt lines are those of this very cycle.
  func execute(
    _ operation: Operation, _ i: InstructionFields, synchronised: Bool
  ) throws(Interruption) {
    switch operation {
    case .lui, .auipc, .jal, .jalr, .beq, .bne, .blt, .bge, .bltu, .bgeu:
      try executeControlTransfer(operation, i)
    case .lb, .lh, .lw, .ld, .lbu, .lhu, .lwu, .sb, .sh, .sw, .sd:
      try executeLoadStore(operation, i)
    case .addi, .slti, .sltiu, .xori, .ori, .andi, .slli, .srli, .srai,
      .add, .sub, .sll, .slt, .sltu, .xor, .srl, .sra, .or, .and,
      .addiw, .slliw, .srliw, .sraiw, .addw, .subw, .sllw, .srlw, .sraw:
      try executeIntegerComputation(operation, i)
    case .mul, .mulh, .mulhsu, .mulhu, .div, .divu, .rem, .remu,
      .mulw, .divw, .divuw, .remw, .remuw:
      try executeMultiplication(operation, i)
    case .lrW, .scW, .amoswapW, .amoaddW, .amoxorW, .amoandW, .amoorW, .amominW, .amomaxW,
      .amominuW, .amomaxuW:
      try executeAtomicWord(operation, i)
    case .lrD, .scD, .amoswapD, .amoaddD, .amoxorD, .amoandD, .amoorD, .amominD, .amomaxD,
      .amominuD, .amomaxuD:
      try executeAtomicDoubleWord(operation, i)
    case .flw, .fsw, .fmaddS, .fmsubS, .fnmsubS, .fnmaddS, .faddS, .fsubS, .fmulS, .fdivS, .fsqrtS,
      .fsgnjS, .fsgnjnS, .fsgnjxS, .fminS, .fmaxS, .feqS, .fltS, .fleS, .fclassS,
      .fcvtWS, .fcvtWUS, .fcvtLS, .fcvtLUS, .fcvtSW, .fcvtSWU, .fcvtSL, .fcvtSLU, .fmvXW, .fmvWX:
      try executeSingle(operation, i)
    case .fld, .fsd, .fmaddD, .fmsubD, .fnmsubD, .fnmaddD, .faddD, .fsubD, .fmulD, .fdivD, .fsqrtD,
      .fsgnjD, .fsgnjnD, .fsgnjxD, .fminD, .fmaxD, .feqD, .fltD, .fleD, .fclassD,
      .fcvtWD, .fcvtWUD, .fcvtLD, .fcvtLUD, .fcvtDW, .fcvtDWU, .fcvtDL, .fcvtDLU, .fmvXD, .fmvDX,
      .fcvtSD, .fcvtDS:
      try executeDouble(operation, i)
    case .addUW, .sh1add, .sh2add, .sh3add, .sh1addUW, .sh2addUW, .sh3addUW, .slliUW,
      .andn, .orn, .xnor, .clz, .clzw, .ctz, .ctzw, .cpop, .cpopw, .max, .maxu, .min, .minu,
      .sextB, .sextH, .zextH, .rol, .rolw, .ror, .rori, .roriw, .rorw, .orcB, .rev8,
      .clmul, .clmulh, .clmulr, .bclr, .bclri, .bext, .bexti, .binv, .binvi, .bset, .bseti,
      .czeroEqz, .czeroNez:
      try executeBitManipulation(operation, i)
    case .csrrw, .csrrs, .csrrc, .csrrwi, .csrrsi, .csrrci:
      try executeCSRAccess(operation, i, synchronised: synchronised)
    case .fence, .fenceI, .ecall, .ebreak, .mret, .sret, .wfi, .sfenceVMA:
      try executeSystem(operation, i, synchronised: synchronised)
    }
  }

  // MARK: Operands

  /// Register `n` as an unsigned number of XLEN bits.
  func unsigned(_ n: Int) -> UInt64 { zeroExtended(x(n)) }

  /// Register `n` as a signed number.
  func signed(_ n: Int) -> Int64 { Int64(bitPattern: x(n)) }

  /// The low word of register `n`, unsigned.
  func word(_ n: Int) -> UInt32 { UInt32(truncatingIfNeeded: x(n)) }

  /// The low word of register `n`, signed.
  func signedWord(_ n: Int) -> Int32 { Int32(truncatingIfNeeded: x(n)) }

  /// Writes a word, sign-extended as all word instructions of RV64 do.
  func setWord(_ n: Int, _ value: UInt32) { setX(n, UInt64(value).signExtended(fromBytes: 4)) }

  /// XLEN.
  var registerWidth: UInt64 { isRV64 ? 64 : 32 }

  /// The shift amount or bit index in `value`: its low 6 bits on RV64, 5 on RV32.
  func amount(_ value: UInt64) -> UInt64 { value & (registerWidth - 1) }
}

extension UInt64 {
  /// The bits of `value`, sign-extended.
  init(signExtending value: Int32) { self.init(bitPattern: Int64(value)) }

  /// The low bytes with the highest of their bits repeated up to bit 63.
  func signExtended(fromBytes count: Int) -> UInt64 {
    let unused = UInt64(64 - 8 * count)
    return UInt64(bitPattern: Int64(bitPattern: self << unused) >> Int64(unused))
  }
}
