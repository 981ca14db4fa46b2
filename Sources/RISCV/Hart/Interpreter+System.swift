/// Zicsr, Zifencei and the privileged instructions.
extension Hart {
  /// CSRRW, CSRRS, CSRRC and their immediate forms.
  ///
  /// Setting or clearing bits by x0 or by zero does not write, so it is legal on read-only
  /// registers. Registers that follow the time or the interrupt lines are not touched before
  /// those are up to date.
  func executeCSRAccess(
    _ operation: Operation, _ i: InstructionFields, synchronised: Bool
  ) throws(Interruption) {
    let (cycles, instructions) = (state.pointee.cycles, state.pointee.instructions)
    let writes = operation == .csrrw || operation == .csrrwi || i.rs1 != 0
    guard
      let old = state.pointee.control.read(i.csr, cycles: cycles, instructions: instructions),
      !writes || state.pointee.control.isWritable(i.csr)
    else { throw illegal() }
    if !synchronised, CSR.dependsOnTime(i.csr) { throw .exit(.synchronise) }
    // What SEIP reads is not what is written back: the interrupt line is left out.
    let base = state.pointee.control.modifiable(old, of: i.csr)
    let new: UInt64 =
      switch operation {
      case .csrrw: x(i.rs1)
      case .csrrs: base | x(i.rs1)
      case .csrrc: base & ~x(i.rs1)
      case .csrrwi: UInt64(i.rs1)
      case .csrrsi: base | UInt64(i.rs1)
      case .csrrci: base & ~UInt64(i.rs1)
      default: throw illegal()
      }
    if writes { replaceCSR(i.csr, with: new) }
    setX(i.rd, old)
  }

  /// Writes a CSR and drops what was derived from its old value.
  private func replaceCSR(_ number: UInt16, with value: UInt64) {
    let deliverable = state.pointee.control.deliverableMask
    var effects = CSREffects()
    let change = state.pointee.control.write(
      number, zeroExtended(value), cycles: state.pointee.cycles,
      instructions: state.pointee.instructions, pc: pc, effects: &effects)
    note(effects)
    apply(change)
    synchroniseIfEnabling(since: deliverable)
  }

  /// ECALL, EBREAK, fences, returns from traps and WFI.
  func executeSystem(
    _ operation: Operation, _ i: InstructionFields, synchronised: Bool
  ) throws(Interruption) {
    switch operation {
    // Memory operations are already seen in program order.
    case .fence: break
    case .fenceI: invalidateCode()
    case .ecall:
      throw .exception(.environmentCall(from: state.pointee.control.privilege), value: 0)
    case .ebreak: try breakpoint()
    case .mret:
      try requirePermission(for: .mret)
      returnFromTrap { control, effects in control.returnFromMachine(effects: &effects) }
    case .sret:
      try requirePermission(for: .sret)
      returnFromTrap { control, effects in control.returnFromSupervisor(effects: &effects) }
    case .wfi:
      try requirePermission(for: .wfi)
      // Whether there is anything to wait for depends on the lines in this very cycle.
      if !synchronised { throw .exit(.synchronise) }
      state.pointee.waitsForInterrupt = state.pointee.control.pendingAndEnabled == 0
      // A reservation does not outlast waiting, nor a trap.
      state.pointee.reservation = nil
    case .sfenceVMA:
      try requirePermission(for: .sfenceVMA)
      flushTranslations()
    default: throw illegal()
    }
  }

  /// Raises an illegal-instruction exception where the mode or a trap bit of `mstatus` forbids a
  /// privileged instruction.
  private func requirePermission(for operation: Operation) throws(Interruption) {
    if !state.pointee.control.mayExecute(operation) { throw illegal() }
  }

  private func returnFromTrap(
    _ restore: (inout ControlState, inout CSREffects) -> UInt64
  ) {
    let deliverable = state.pointee.control.deliverableMask
    var effects = CSREffects()
    state.pointee.nextPC = restore(&state.pointee.control, &effects)
    note(effects)
    synchroniseIfEnabling(since: deliverable)
  }

  private func note(_ effects: CSREffects) {
    for index in 0..<effects.count {
      state.pointee.effects.note(Effects.csr(effects[index].number), effects[index].value)
    }
  }

  /// Asks for the present interrupt lines when the instruction has made an interrupt deliverable
  /// that was not: the caller may have let the hart run past its rise.
  private func synchroniseIfEnabling(since before: UInt64) {
    if state.pointee.control.deliverableMask & ~before != 0 {
      state.pointee.mustSynchronise = true
    }
  }
}
