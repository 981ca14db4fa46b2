/// The interpreter: executes one raw instruction word by the text of the specification, without
/// tables or decoded records. It carries out what the fast loop leaves aside, every traced
/// instruction, and is the oracle the fast loop is tested against.
extension Hart {
  /// Executes the instruction at the program counter.
  func interpret(synchronised: Bool) -> Step {
    let pc = state.pointee.pc
    guard pc & 3 == 0 else { return raise(.instructionAddressMisaligned, value: pc) }
    guard let word = fetch(at: pc) else { return raise(.instructionAccessFault, value: pc) }
    let fields = InstructionFields(word)
    switch fields.opcode {
    case 0x37: return retire(fields, rd: UInt32(bitPattern: fields.immediateU))
    case 0x17: return retire(fields, rd: pc &+ UInt32(bitPattern: fields.immediateU))
    case 0x6f:
      return interpretJump(fields, target: pc &+ UInt32(bitPattern: fields.immediateJ))
    case 0x67:
      guard fields.funct3 == 0 else { return illegal(fields) }
      let target = registers[fields.rs1] &+ UInt32(bitPattern: fields.immediateI)
      return interpretJump(fields, target: target & ~1)
    case 0x63: return interpretBranch(fields)
    case 0x03: return interpretLoad(fields)
    case 0x23: return interpretStore(fields)
    case 0x13: return interpretImmediate(fields)
    case 0x33:
      return fields.funct7 == 1 ? interpretMultiplication(fields) : interpretRegister(fields)
    case 0x0f:
      switch fields.funct3 {
      case 0: return retire(fields)
      case 1:
        invalidateCode()
        return retire(fields)
      default: return illegal(fields)
      }
    case 0x73: return interpretSystem(fields, synchronised: synchronised)
    default: return illegal(fields)
    }
  }

  /// Raises an illegal-instruction exception; `mtval` is the instruction, of which 16 bits when
  /// its lowest bits say that it is that long.
  func illegal(_ fields: InstructionFields) -> Step {
    raise(
      .illegalInstruction, value: fields.word & 3 == 3 ? fields.word : fields.word & 0xffff)
  }

  /// Retires an instruction that writes `value` to its rd, or nothing when nil, and goes on at
  /// `target`, or behind the instruction when nil.
  func retire(_ fields: InstructionFields, rd value: UInt32? = nil, target: UInt32? = nil) -> Step {
    .retired(retirement(fields, rd: value, target: target))
  }

  /// The same, for callers that add to the record.
  func retirement(
    _ fields: InstructionFields, rd value: UInt32? = nil, target: UInt32? = nil
  ) -> Retired {
    let pc = state.pointee.pc
    var retired = Retired(programCounter: UInt64(pc), word: fields.word)
    if let value, fields.rd != 0 {
      registers[fields.rd] = value
      retired.registerWrite = RegisterWrite(register: fields.rd, value: UInt64(value))
    }
    state.pointee.pc = target ?? pc &+ 4
    state.pointee.cycles &+= 1
    state.pointee.instructions &+= 1
    state.pointee.firstOfHandler = false
    return retired
  }
}
