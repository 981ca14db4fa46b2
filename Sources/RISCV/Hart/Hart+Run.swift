extension Hart {
  /// Executes up to `budget` instructions by the engine of the configuration.
  ///
  /// Pending interrupts are taken before the first instruction and after any instruction that can
  /// enable one. When an instruction makes an interrupt deliverable that was not before, `run`
  /// returns ``Exit/synchronise`` after it, so that the lines can be brought up to date.
  ///
  /// - Parameters:
  ///   - budget: Most instructions to execute. One that raises an exception does not count, so a
  ///     budget of 0 does nothing, and every other one ends.
  ///   - synchronised: Whether time and interrupt lines are those of this very cycle, so that the
  ///     first instruction may depend on them.
  public func run(budget: Int, synchronised: Bool = true) -> RunResult {
    state.pointee.deviceAccess = nil
    var executed = 0
    while executed < budget {
      _ = takeInterrupt()
      if configuration.engine == .fast {
        let (count, stop) = runDecoded(budget: budget - executed)
        executed += count
        state.pointee.cycles &+= UInt64(count)
        state.pointee.instructions &+= UInt64(count)
        if count > 0 { state.pointee.firstOfHandler = false }
        switch stop {
        case .budget: continue
        case .hostStore: return RunResult(exit: takeHostStore() ?? .budget, executed: executed)
        case .interpret: if executed >= budget { continue }
        }
      }
      switch interpret(synchronised: synchronised && executed == 0) {
      case .trapped: break
      case .retired(let exit):
        executed += 1
        if let exit { return RunResult(exit: exit, executed: executed) }
      case .stopped(let exit): return RunResult(exit: exit, executed: executed)
      }
    }
    return RunResult(exit: .budget, executed: executed)
  }

  /// Executes one instruction by the interpreter and reports its effects; otherwise like
  /// ``run(budget:synchronised:)``. An interrupt that is taken is a step of its own, which costs no
  /// cycle.
  public func step(synchronised: Bool = true) -> Step {
    state.pointee.deviceAccess = nil
    if let trap = takeInterrupt() { return .trapped(trap) }
    return interpretStep(synchronised: synchronised)
  }

  /// Ends the load that `run` returned as ``Exit/deviceLoad(address:bytes:)`` with the low bytes of
  /// `value`. The instruction retires, at the cost of its one cycle; an atomic one goes on to its
  /// store, which is then the answer.
  @discardableResult
  public func completeLoad(_ value: UInt64) -> Step {
    guard let access = state.pointee.deviceAccess, !access.isStore || access.loaded == nil else {
      preconditionFailure("completeLoad without an unanswered device load")
    }
    state.pointee.deviceAccess?.loaded = value
    return interpretStep(synchronised: true)
  }

  /// Ends the store that `run` returned as ``Exit/deviceStore(address:bytes:value:)``: the
  /// instruction retires, at the cost of its one cycle.
  @discardableResult
  public func completeStore() -> Step {
    guard state.pointee.deviceAccess?.isStore == true else {
      preconditionFailure("completeStore without an unanswered device store")
    }
    state.pointee.deviceAccess?.stored = true
    return interpretStep(synchronised: true)
  }

  /// Ends the device access that `run` returned with a load or store access fault; nothing else
  /// of the instruction takes effect.
  @discardableResult
  public func failAccess() -> Trap {
    guard let access = state.pointee.deviceAccess else {
      preconditionFailure("failAccess without an unanswered device access")
    }
    state.pointee.deviceAccess = nil
    return enterTrap(
      access.isStore ? .storeAccessFault : .loadAccessFault, value: access.address)
  }

  /// Ends the call that `run` returned as ``Exit/semihosting(operation:parameter:)`` or
  /// ``Exit/environmentCall``: the instruction retires with the low XLEN bits of `result` in a0.
  @discardableResult
  public func completeHostCall(_ result: UInt64) -> Retired {
    state.pointee.effects.clear()
    let retired = (state.pointee.pc, state.pointee.control.privilege)
    setX(10, result)
    state.pointee.pc = state.pointee.nextPC
    state.pointee.cycles &+= 1
    state.pointee.instructions &+= 1
    state.pointee.firstOfHandler = false
    return record(programCounter: retired.0, privilege: retired.1)
  }

  /// Ends that call as the exception it would be without a host.
  @discardableResult
  public func refuseHostCall() -> Trap {
    let isCall = state.pointee.word == 0x0000_0073
    let cause: TrapCause =
      switch (isCall, state.pointee.control.privilege) {
      case (false, _): .breakpoint
      case (true, .user): .environmentCallFromUser
      case (true, .supervisor): .environmentCallFromSupervisor
      case (true, .machine): .environmentCallFromMachine
      }
    return enterTrap(cause, value: isCall ? 0 : state.pointee.pc)
  }

  private func interpretStep(synchronised: Bool) -> Step {
    let (pc, privilege) = (state.pointee.pc, state.pointee.control.privilege)
    switch interpret(synchronised: synchronised) {
    case .trapped(let trap): return .trapped(trap)
    case .stopped(let exit): return .stopped(exit)
    case .retired(let exit):
      let retired = record(programCounter: pc, privilege: privilege)
      return exit.map { .retiredAndStopped(retired, $0) } ?? .retired(retired)
    }
  }

  /// The effects of the instruction that has just retired.
  private func record(programCounter: UInt64, privilege: PrivilegeMode) -> Retired {
    let effects = state.pointee.effects
    var writes: [RegisterWrite] = []
    for index in 0..<effects.count {
      let (key, value) = effects[index]
      let file = RegisterWrite.File(rawValue: UInt8(key & 15)) ?? .control
      writes.append(RegisterWrite(file: file, number: Int(key >> 4), value: value))
    }
    return Retired(
      programCounter: programCounter, word: state.pointee.word, privilege: privilege,
      writes: writes, load: effects.load, store: effects.store)
  }
}
