extension Hart {
  /// JAL and JALR: the exception of a misaligned target belongs to the jump, which then writes no
  /// link register.
  func interpretJump(_ fields: InstructionFields, target: UInt32) -> Step {
    guard target & 3 == 0 else { return raise(.instructionAddressMisaligned, value: target) }
    return retire(fields, rd: state.pointee.pc &+ 4, target: target)
  }

  /// Conditional branches.
  func interpretBranch(_ fields: InstructionFields) -> Step {
    let (a, b) = (registers[fields.rs1], registers[fields.rs2])
    let (x, y) = (Int32(bitPattern: a), Int32(bitPattern: b))
    let taken: Bool
    switch fields.funct3 {
    case 0: taken = a == b
    case 1: taken = a != b
    case 4: taken = x < y
    case 5: taken = x >= y
    case 6: taken = a < b
    case 7: taken = a >= b
    default: return illegal(fields)
    }
    guard taken else { return retire(fields) }
    let target = state.pointee.pc &+ UInt32(bitPattern: fields.immediateB)
    guard target & 3 == 0 else { return raise(.instructionAddressMisaligned, value: target) }
    return retire(fields, target: target)
  }

  /// Register-immediate arithmetic.
  func interpretImmediate(_ fields: InstructionFields) -> Step {
    let a = registers[fields.rs1]
    let immediate = fields.immediateI
    let operand = UInt32(bitPattern: immediate)
    switch (fields.funct3, fields.funct7) {
    case (0, _): return retire(fields, rd: a &+ operand)
    case (2, _): return retire(fields, rd: Int32(bitPattern: a) < immediate ? 1 : 0)
    case (3, _): return retire(fields, rd: a < operand ? 1 : 0)
    case (4, _): return retire(fields, rd: a ^ operand)
    case (6, _): return retire(fields, rd: a | operand)
    case (7, _): return retire(fields, rd: a & operand)
    case (1, 0): return retire(fields, rd: a << UInt32(fields.rs2))
    case (5, 0): return retire(fields, rd: a >> UInt32(fields.rs2))
    case (5, 0x20):
      return retire(fields, rd: UInt32(bitPattern: Int32(bitPattern: a) >> Int32(fields.rs2)))
    default: return illegal(fields)
    }
  }

  /// Register-register arithmetic.
  func interpretRegister(_ fields: InstructionFields) -> Step {
    let (a, b) = (registers[fields.rs1], registers[fields.rs2])
    let x = Int32(bitPattern: a)
    let amount = b % 32
    switch (fields.funct7, fields.funct3) {
    case (0, 0): return retire(fields, rd: a &+ b)
    case (0x20, 0): return retire(fields, rd: a &- b)
    case (0, 1): return retire(fields, rd: a << amount)
    case (0, 2): return retire(fields, rd: x < Int32(bitPattern: b) ? 1 : 0)
    case (0, 3): return retire(fields, rd: a < b ? 1 : 0)
    case (0, 4): return retire(fields, rd: a ^ b)
    case (0, 5): return retire(fields, rd: a >> amount)
    case (0x20, 5): return retire(fields, rd: UInt32(bitPattern: x >> Int32(amount)))
    case (0, 6): return retire(fields, rd: a | b)
    case (0, 7): return retire(fields, rd: a & b)
    default: return illegal(fields)
    }
  }
}
