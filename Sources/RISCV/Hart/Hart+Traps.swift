extension Hart {
  /// Takes the most urgent deliverable interrupt, if there is one.
  @inline(__always)
  func takeInterrupt() -> Trap? {
    guard let cause = state.pointee.machine.deliverableInterrupt else { return nil }
    return enterTrap(cause, value: 0)
  }

  /// Raises an exception at the current instruction, or reports that the handler's own first
  /// instruction has raised one: then the same would happen for ever.
  func raise(_ cause: TrapCause, value: UInt32) -> Step {
    let machine = state.pointee.machine
    if state.pointee.firstOfHandler, state.pointee.pc == machine.exceptionVector,
      let original = TrapCause(causeRegister: machine.cause)
    {
      return .stopped(
        .doubleFault(
          cause: original, programCounter: UInt64(machine.exceptionPC),
          value: UInt64(machine.trapValue)))
    }
    return .trapped(enterException(cause, value: value))
  }

  /// Enters the handler of an exception, at the cost of the instruction's one cycle.
  func enterException(_ cause: TrapCause, value: UInt32) -> Trap {
    state.pointee.cycles &+= 1
    return enterTrap(cause, value: value)
  }

  private func enterTrap(_ cause: TrapCause, value: UInt32) -> Trap {
    let pc = state.pointee.pc
    state.pointee.pc = state.pointee.machine.enterTrap(cause, pc: pc, value: value)
    state.pointee.firstOfHandler = true
    return Trap(cause: cause, programCounter: UInt64(pc), value: UInt64(value))
  }
}
