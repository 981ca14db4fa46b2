extension Hart {
  /// Takes the most urgent deliverable interrupt, if there is one.
  @inline(__always)
  func takeInterrupt() -> Trap? {
    guard let cause = state.pointee.control.deliverableInterrupt else { return nil }
    return enterTrap(cause, value: 0)
  }

  /// The trap whose handler the hart is about to start, if that handler raises an exception with
  /// its very first instruction which it would have to handle itself: then the same would happen
  /// for ever.
  func endlessTrap(_ cause: TrapCause) -> Exit? {
    guard state.pointee.firstOfHandler else { return nil }
    let control = state.pointee.control.trapRecord
    var after = state.pointee.control
    let handler = after.enterTrap(cause, pc: state.pointee.pc, value: 0)
    guard handler == state.pointee.pc, after.privilege == state.pointee.control.privilege,
      let original = control.cause
    else { return nil }
    return .doubleFault(
      cause: original, programCounter: control.programCounter, value: control.value)
  }

  /// Enters the handler of an interrupt or exception, which takes no time: as on Spike, `mcycle` counts
  /// nothing for the instruction that raised it.
  func enterTrap(_ cause: TrapCause, value: UInt64) -> Trap {
    let pc = state.pointee.pc
    state.pointee.pc = state.pointee.control.enterTrap(cause, pc: pc, value: value)
    state.pointee.firstOfHandler = true
    state.pointee.reservation = nil
    return Trap(cause: cause, programCounter: pc, value: value)
  }
}
