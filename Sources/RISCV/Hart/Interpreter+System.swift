extension Hart {
  /// The SYSTEM major opcode: Zicsr, ECALL, EBREAK, MRET and WFI.
  func interpretSystem(_ fields: InstructionFields, synchronised: Bool) -> Step {
    guard fields.funct3 == 0 else { return interpretCSR(fields, synchronised: synchronised) }
    switch fields.word {
    case 0x0000_0073: return raise(.environmentCallFromMachine, value: 0)
    case 0x0010_0073: return raise(.breakpoint, value: state.pointee.pc)
    case 0x3020_0073:
      let before = state.pointee.machine.deliverableMask
      let target = state.pointee.machine.returnFromTrap()
      return synchroniseIfEnabling(retirement(fields, target: target), before: before)
    case 0x1050_0073:
      // Whether there is anything to wait for depends on the lines in this very cycle.
      if !synchronised, state.pointee.machine.interruptsEnabled != 0 {
        return .stopped(.synchronise)
      }
      return state.pointee.machine.pendingAndEnabled == 0
        ? .retiredAndStopped(retirement(fields), .wfi) : retire(fields)
    default: return illegal(fields)
    }
  }

  /// CSRRW, CSRRS, CSRRC and their immediate forms.
  private func interpretCSR(_ fields: InstructionFields, synchronised: Bool) -> Step {
    guard fields.funct3 != 4 else { return illegal(fields) }
    let number = fields.csr
    let operation = fields.funct3 & 3
    let operand =
      fields.funct3 & 4 != 0 ? UInt32(truncatingIfNeeded: fields.rs1) : registers[fields.rs1]
    let writes = operation == 1 || fields.rs1 != 0
    let (cycles, instructions) = (state.pointee.cycles, state.pointee.instructions)
    guard
      let old = state.pointee.machine.read(
        number, cycles: cycles, instructions: instructions),
      !(writes && number >> 10 == 3)
    else { return illegal(fields) }
    if CSR.dependsOnTime(number), !synchronised { return .stopped(.synchronise) }
    guard writes else { return retire(fields, rd: old) }

    let new =
      switch operation {
      case 1: operand
      case 2: old | operand
      default: old & ~operand
      }
    let before = state.pointee.machine.deliverableMask
    state.pointee.machine.write(number, new, cycles: cycles, instructions: instructions)
    var retired = retirement(fields, rd: old)
    let stored = state.pointee.machine.read(
      number, cycles: state.pointee.cycles, instructions: state.pointee.instructions)
    retired.csrWrite = CSRWrite(csr: number, value: UInt64(stored ?? new))
    return synchroniseIfEnabling(retired, before: before)
  }

  /// Reports `retired`, and asks for the present interrupt lines when the instruction has made an
  /// interrupt deliverable that was not: the caller may have let the hart run past its rise.
  private func synchroniseIfEnabling(_ retired: Retired, before: UInt32) -> Step {
    state.pointee.machine.deliverableMask & ~before == 0
      ? .retired(retired) : .retiredAndStopped(retired, .synchronise)
  }
}
