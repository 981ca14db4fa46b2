/// RV32I and RV64I without the system instructions.
extension Hart {
  /// Upper immediates, jumps and branches.
  func executeControlTransfer(
    _ operation: Operation, _ i: InstructionFields
  ) throws(Interruption) {
    switch operation {
    case .lui: setX(i.rd, UInt64(signExtending: i.immediateU))
    case .auipc: setX(i.rd, pc &+ UInt64(signExtending: i.immediateU))
    // The exception of a misaligned target belongs to the jump, which then writes no link.
    case .jal:
      let link = nextPC
      try jump(to: pc &+ UInt64(signExtending: i.immediateJ))
      setX(i.rd, link)
    case .jalr:
      let link = nextPC
      try jump(to: (x(i.rs1) &+ UInt64(signExtending: i.immediateI)) & ~1)
      setX(i.rd, link)
    case .beq: try branch(i, if: x(i.rs1) == x(i.rs2))
    case .bne: try branch(i, if: x(i.rs1) != x(i.rs2))
    case .blt: try branch(i, if: signed(i.rs1) < signed(i.rs2))
    case .bge: try branch(i, if: signed(i.rs1) >= signed(i.rs2))
    case .bltu: try branch(i, if: x(i.rs1) < x(i.rs2))
    case .bgeu: try branch(i, if: x(i.rs1) >= x(i.rs2))
    default: throw illegal()
    }
  }

  private func branch(_ i: InstructionFields, if taken: Bool) throws(Interruption) {
    if taken { try jump(to: pc &+ UInt64(signExtending: i.immediateB)) }
  }

  /// Loads and stores of the integer registers.
  func executeLoadStore(_ operation: Operation, _ i: InstructionFields) throws(Interruption) {
    switch operation {
    case .lb: setX(i.rd, try load(i, bytes: 1).signExtended(fromBytes: 1))
    case .lh: setX(i.rd, try load(i, bytes: 2).signExtended(fromBytes: 2))
    case .lw: setX(i.rd, try load(i, bytes: 4).signExtended(fromBytes: 4))
    case .ld: setX(i.rd, try load(i, bytes: 8))
    case .lbu: setX(i.rd, try load(i, bytes: 1))
    case .lhu: setX(i.rd, try load(i, bytes: 2))
    case .lwu: setX(i.rd, try load(i, bytes: 4))
    case .sb: try store(i, bytes: 1, x(i.rs2))
    case .sh: try store(i, bytes: 2, x(i.rs2))
    case .sw: try store(i, bytes: 4, x(i.rs2))
    case .sd: try store(i, bytes: 8, x(i.rs2))
    default: throw illegal()
    }
  }

  /// Loads from the address of an I-type instruction.
  func load(_ i: InstructionFields, bytes: Int) throws(Interruption) -> UInt64 {
    try load(at: x(i.rs1) &+ UInt64(signExtending: i.immediateI), bytes: bytes)
  }

  /// Stores to the address of an S-type instruction.
  func store(_ i: InstructionFields, bytes: Int, _ value: UInt64) throws(Interruption) {
    try store(at: x(i.rs1) &+ UInt64(signExtending: i.immediateS), bytes: bytes, value: value)
  }

  /// Integer arithmetic, logic and shifts.
  func executeIntegerComputation(
    _ operation: Operation, _ i: InstructionFields
  ) throws(Interruption) {
    let immediate = UInt64(signExtending: i.immediateI)
    switch operation {
    case .addi: setX(i.rd, x(i.rs1) &+ immediate)
    case .slti: setX(i.rd, signed(i.rs1) < Int64(i.immediateI) ? 1 : 0)
    // The immediate is sign-extended first and then compared as an unsigned number.
    case .sltiu: setX(i.rd, x(i.rs1) < immediate ? 1 : 0)
    case .xori: setX(i.rd, x(i.rs1) ^ immediate)
    case .ori: setX(i.rd, x(i.rs1) | immediate)
    case .andi: setX(i.rd, x(i.rs1) & immediate)
    case .slli: setX(i.rd, x(i.rs1) << amount(immediate))
    case .srli: setX(i.rd, unsigned(i.rs1) >> amount(immediate))
    case .srai: setX(i.rd, UInt64(bitPattern: signed(i.rs1) >> Int64(amount(immediate))))

    case .add: setX(i.rd, x(i.rs1) &+ x(i.rs2))
    case .sub: setX(i.rd, x(i.rs1) &- x(i.rs2))
    case .sll: setX(i.rd, x(i.rs1) << amount(x(i.rs2)))
    case .slt: setX(i.rd, signed(i.rs1) < signed(i.rs2) ? 1 : 0)
    // Sign extension keeps the order of unsigned numbers.
    case .sltu: setX(i.rd, x(i.rs1) < x(i.rs2) ? 1 : 0)
    case .xor: setX(i.rd, x(i.rs1) ^ x(i.rs2))
    case .srl: setX(i.rd, unsigned(i.rs1) >> amount(x(i.rs2)))
    case .sra: setX(i.rd, UInt64(bitPattern: signed(i.rs1) >> Int64(amount(x(i.rs2)))))
    case .or: setX(i.rd, x(i.rs1) | x(i.rs2))
    case .and: setX(i.rd, x(i.rs1) & x(i.rs2))

    case .addiw: setWord(i.rd, word(i.rs1) &+ UInt32(bitPattern: i.immediateI))
    case .slliw: setWord(i.rd, word(i.rs1) << UInt32(i.rs2))
    case .srliw: setWord(i.rd, word(i.rs1) >> UInt32(i.rs2))
    case .sraiw: setWord(i.rd, UInt32(bitPattern: signedWord(i.rs1) >> Int32(i.rs2)))
    case .addw: setWord(i.rd, word(i.rs1) &+ word(i.rs2))
    case .subw: setWord(i.rd, word(i.rs1) &- word(i.rs2))
    case .sllw: setWord(i.rd, word(i.rs1) << (word(i.rs2) & 31))
    case .srlw: setWord(i.rd, word(i.rs1) >> (word(i.rs2) & 31))
    case .sraw:
      setWord(i.rd, UInt32(bitPattern: signedWord(i.rs1) >> (signedWord(i.rs2) & 31)))
    default: throw illegal()
    }
  }
}
