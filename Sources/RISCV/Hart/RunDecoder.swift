/// Makes the records of the fast loop.
extension Hart {
  /// Decodes the straight line that begins at slot `first` of `page`, whose bytes are at `location`.
  /// Instructions that reach into the next page are left to the interpreter.
  @inline(never)
  func decodeRun(
    _ page: UnsafeMutablePointer<DecodedInstruction>, from first: Int,
    _ location: UnsafeRawPointer, bytes: Int
  ) {
    let extensions = state.pointee.control.extensions
    var slot = first
    var lineSlots: [Int] = []
    while slot < DecodedInstruction.slotsPerPage, page[slot].handler == .undecoded {
      let record = decode(location, slot: slot, bytes: bytes, extensions)
      page[slot] = record
      if record.handler == .interpret { break }
      lineSlots.append(slot)
      slot += record.slots
      if record.endsRun { break }
    }
    // What the line runs into has its own count; behind a jump nothing follows.
    let endsItself = lineSlots.last.map { page[$0].endsRun } ?? false
    var run = endsItself || slot >= DecodedInstruction.slotsPerPage ? 0 : page[slot].run
    for slot in lineSlots.reversed() {
      run += 1
      page[slot].run = run
    }
  }

  /// The record of one instruction. Only `bytes` bytes of the page are memory.
  private func decode(
    _ location: UnsafeRawPointer, slot: Int, bytes: Int, _ extensions: Extensions
  ) -> DecodedInstruction {
    let offset = 2 * slot
    guard offset + 2 <= bytes else { return .interpret }
    var word = UInt32(
      UInt16(littleEndian: location.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
    if word & 3 == 3 {
      guard offset + 4 <= bytes else { return .interpret }
      word = UInt32(
        littleEndian: location.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
    let slots = word & 3 == 3 ? 2 : 1
    let decoded = decoder.decode(word, extensions: extensions)
    guard let operation = decoded.operation else { return .interpret }
    var record = makeRecord(
      operation, InstructionFields(decoded.word), slot: slot, slots: slots,
      alignment: extensions.contains(.c) ? 2 : 4)
    if slots == 1 {
      // Every expansion has a handler that can take its length.
      guard let handler = record.handler.compressed else { return .interpret }
      record.handler = handler
    }
    return record
  }

  private func makeRecord(
    _ operation: Operation, _ i: InstructionFields, slot: Int, slots: Int, alignment: Int
  ) -> DecodedInstruction {
    func make(_ handler: Handler, rd: Int, rs1: Int = 0, _ immediate: Int64) -> DecodedInstruction {
      DecodedInstruction(
        handler, a: rd == 0 ? DecodedInstruction.discard : rd, b: rs1, slots: slots,
        immediate: immediate)
    }
    func register(_ handler: Handler) -> DecodedInstruction {
      make(handler, rd: i.rd, rs1: i.rs1, Int64(i.rs2))
    }
    func immediate(_ handler: Handler) -> DecodedInstruction {
      make(handler, rd: i.rd, rs1: i.rs1, Int64(i.immediateI))
    }
    func shift(_ handler: Handler) -> DecodedInstruction {
      make(handler, rd: i.rd, rs1: i.rs1, Int64(i.shamt6))
    }
    func store(_ handler: Handler) -> DecodedInstruction {
      DecodedInstruction(
        handler, a: i.rs2, b: i.rs1, slots: slots, immediate: Int64(i.immediateS))
    }
    /// A branch, or nil for one to a misaligned target, which raises an exception when taken.
    func branch(_ near: Handler, _ far: Handler) -> DecodedInstruction {
      let distance = Int(i.immediateB)
      guard distance % alignment == 0 else { return .interpret }
      let isNear = (0..<DecodedInstruction.slotsPerPage).contains(slot + distance / 2)
      return DecodedInstruction(
        isNear ? near : far, a: i.rs2, b: i.rs1, slots: slots,
        immediate: Int64(isNear ? distance / 2 : distance))
    }
    func jump() -> DecodedInstruction {
      let distance = Int(i.immediateJ)
      guard distance % alignment == 0 else { return .interpret }
      let isNear = (0..<DecodedInstruction.slotsPerPage).contains(slot + distance / 2)
      // In slots even when far: 20 bits hold no more.
      return make(isNear ? .jal : .farJAL, rd: i.rd, Int64(distance / 2))
    }
    func pick(_ wide: Handler, _ words: Handler) -> Handler { isRV64 ? wide : words }
    func float(_ handler: Handler, _ operation: FloatOperation) -> DecodedInstruction {
      let operands = i.rs2 | i.rs3 << 5 | Int(i.rm) << 10 | Int(operation.rawValue) << 13
      return DecodedInstruction(
        handler, a: i.rd, b: i.rs1, slots: slots, immediate: Int64(operands))
    }
    func floatRegister(_ handler: Handler) -> DecodedInstruction {
      DecodedInstruction(handler, a: i.rd, b: i.rs1, slots: slots, immediate: Int64(i.rs2))
    }

    switch operation {
    case .lui: return make(.lui, rd: i.rd, Int64(i.immediateU >> 12))
    case .auipc: return make(.auipc, rd: i.rd, Int64(i.immediateU >> 12))
    case .jal: return jump()
    case .jalr: return immediate(.jalr)
    case .beq: return branch(.beq, .farBEQ)
    case .bne: return branch(.bne, .farBNE)
    case .blt: return branch(.blt, .farBLT)
    case .bge: return branch(.bge, .farBGE)
    case .bltu: return branch(.bltu, .farBLTU)
    case .bgeu: return branch(.bgeu, .farBGEU)
    case .lb: return immediate(.lb)
    case .lh: return immediate(.lh)
    case .lw: return immediate(.lw)
    case .ld: return immediate(.ld)
    case .lbu: return immediate(.lbu)
    case .lhu: return immediate(.lhu)
    case .lwu: return immediate(.lwu)
    case .sb: return store(.sb)
    case .sh: return store(.sh)
    case .sw: return store(.sw)
    case .sd: return store(.sd)
    case .addi:
      if i.rd == 0 { return make(.nop, rd: 0, 0) }
      if i.rs1 == 0 { return immediate(.li) }
      return immediate(i.immediateI == 0 ? .mv : pick(.addi, .addiw))
    case .slti: return immediate(.slti)
    case .sltiu: return immediate(.sltiu)
    case .xori: return immediate(.xori)
    case .ori: return immediate(.ori)
    case .andi: return immediate(.andi)
    case .slli: return shift(pick(.slli, .slliw))
    case .srli: return shift(pick(.srli, .srliw))
    case .srai: return shift(pick(.srai, .sraiw))
    case .add:
      if i.rs1 == 0 { return make(.mv, rd: i.rd, rs1: i.rs2, 0) }
      return register(pick(.add, .addw))
    case .sub: return register(pick(.sub, .subw))
    case .sll: return register(pick(.sll, .sllw))
    case .slt: return register(.slt)
    case .sltu: return register(.sltu)
    case .xor: return register(.xor)
    case .srl: return register(pick(.srl, .srlw))
    case .sra: return register(pick(.sra, .sraw))
    case .or: return register(.or)
    case .and: return register(.and)
    case .addiw: return immediate(.addiw)
    case .slliw: return shift(.slliw)
    case .srliw: return shift(.srliw)
    case .sraiw: return shift(.sraiw)
    case .addw: return register(.addw)
    case .subw: return register(.subw)
    case .sllw: return register(.sllw)
    case .srlw: return register(.srlw)
    case .sraw: return register(.sraw)
    case .fence: return make(.nop, rd: 0, 0)
    case .mul: return register(pick(.mul, .mulw))
    case .mulh: return register(pick(.mulh, .mulhWords))
    case .mulhsu: return register(pick(.mulhsu, .mulhsuWords))
    case .mulhu: return register(pick(.mulhu, .mulhuWords))
    case .div: return register(pick(.div, .divw))
    case .divu: return register(pick(.divu, .divuw))
    case .rem: return register(pick(.rem, .remw))
    case .remu: return register(pick(.remu, .remuw))
    case .mulw: return register(.mulw)
    case .divw: return register(.divw)
    case .divuw: return register(.divuw)
    case .remw: return register(.remw)
    case .remuw: return register(.remuw)
    case .addUW: return register(.addUW)
    case .sh1add: return register(pick(.sh1add, .sh1addw))
    case .sh2add: return register(pick(.sh2add, .sh2addw))
    case .sh3add: return register(pick(.sh3add, .sh3addw))
    case .sh1addUW: return register(.sh1addUW)
    case .sh2addUW: return register(.sh2addUW)
    case .sh3addUW: return register(.sh3addUW)
    case .slliUW: return shift(.slliUW)
    case .andn: return register(.andn)
    case .orn: return register(.orn)
    case .xnor: return register(.xnor)
    case .clz: return register(pick(.clz, .clzw))
    case .ctz: return register(pick(.ctz, .ctzw))
    case .cpop: return register(pick(.cpop, .cpopw))
    case .clzw: return register(.clzw)
    case .ctzw: return register(.ctzw)
    case .cpopw: return register(.cpopw)
    case .max: return register(.max)
    case .maxu: return register(.maxu)
    case .min: return register(.min)
    case .minu: return register(.minu)
    case .sextB: return register(.sextB)
    case .sextH: return register(.sextH)
    case .zextH: return register(.zextH)
    case .rol: return register(pick(.rol, .rolw))
    case .ror: return register(pick(.ror, .rorw))
    case .rori: return shift(pick(.rori, .roriw))
    case .rolw: return register(.rolw)
    case .rorw: return register(.rorw)
    case .roriw: return shift(.roriw)
    case .rev8: return isRV64 ? register(.rev8) : .interpret
    case .bclr: return isRV64 ? register(.bclr) : .interpret
    case .bclri: return isRV64 ? shift(.bclri) : .interpret
    case .bext: return isRV64 ? register(.bext) : .interpret
    case .bexti: return shift(.bexti)
    case .binv: return isRV64 ? register(.binv) : .interpret
    case .binvi: return isRV64 ? shift(.binvi) : .interpret
    case .bset: return isRV64 ? register(.bset) : .interpret
    case .bseti: return isRV64 ? shift(.bseti) : .interpret
    case .czeroEqz: return register(.czeroEqz)
    case .czeroNez: return register(.czeroNez)
    case .flw:
      return DecodedInstruction(
        .flw, a: i.rd, b: i.rs1, slots: slots, immediate: Int64(i.immediateI))
    case .fld:
      return DecodedInstruction(
        .fld, a: i.rd, b: i.rs1, slots: slots, immediate: Int64(i.immediateI))
    case .fsw: return store(.fsw)
    case .fsd: return store(.fsd)
    case .fsgnjS: return floatRegister(.fsgnjS)
    case .fsgnjnS: return floatRegister(.fsgnjnS)
    case .fsgnjxS: return floatRegister(.fsgnjxS)
    case .fsgnjD: return floatRegister(.fsgnjD)
    case .fsgnjnD: return floatRegister(.fsgnjnD)
    case .fsgnjxD: return floatRegister(.fsgnjxD)
    case .fmvXW: return register(.fmvXW)
    case .fmvXD: return register(.fmvXD)
    case .fmvWX: return floatRegister(.fmvWX)
    case .fmvDX: return floatRegister(.fmvDX)
    case .faddS: return float(.floatSingle, .add)
    case .fsubS: return float(.floatSingle, .subtract)
    case .fmulS: return float(.floatSingle, .multiply)
    case .fdivS: return float(.floatSingle, .divide)
    case .fsqrtS: return float(.floatSingle, .squareRoot)
    case .fmaddS: return float(.floatSingle, .multiplyAdd)
    case .fmsubS: return float(.floatSingle, .multiplySubtract)
    case .fnmsubS: return float(.floatSingle, .negatedMultiplySubtract)
    case .fnmaddS: return float(.floatSingle, .negatedMultiplyAdd)
    case .faddD: return float(.floatDouble, .add)
    case .fsubD: return float(.floatDouble, .subtract)
    case .fmulD: return float(.floatDouble, .multiply)
    case .fdivD: return float(.floatDouble, .divide)
    case .fsqrtD: return float(.floatDouble, .squareRoot)
    case .fmaddD: return float(.floatDouble, .multiplyAdd)
    case .fmsubD: return float(.floatDouble, .multiplySubtract)
    case .fnmsubD: return float(.floatDouble, .negatedMultiplySubtract)
    case .fnmaddD: return float(.floatDouble, .negatedMultiplyAdd)
    case .ecall, .ebreak, .fenceI, .csrrw, .csrrs, .csrrc, .csrrwi, .csrrsi, .csrrci, .mret, .sret,
      .wfi, .sfenceVMA, .lrW, .scW, .amoswapW, .amoaddW, .amoxorW, .amoandW, .amoorW, .amominW,
      .amomaxW, .amominuW, .amomaxuW, .lrD, .scD, .amoswapD, .amoaddD, .amoxorD, .amoandD,
      .amoorD, .amominD, .amomaxD, .amominuD, .amomaxuD, .orcB, .clmul, .clmulh, .clmulr,
      .fminS, .fmaxS, .feqS, .fltS, .fleS, .fclassS, .fcvtWS, .fcvtWUS, .fcvtLS, .fcvtLUS, .fcvtSW,
      .fcvtSWU, .fcvtSL, .fcvtSLU, .fminD, .fmaxD, .feqD, .fltD, .fleD, .fclassD, .fcvtWD,
      .fcvtWUD, .fcvtLD, .fcvtLUD, .fcvtDW, .fcvtDWU, .fcvtDL, .fcvtDLU, .fcvtSD, .fcvtDS:
      return .interpret
    }
  }
}
