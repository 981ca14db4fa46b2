extension ControlState {
  // MARK: Interrupts

  /// `mip`: the lines and what software has set.
  var interruptsPending: UInt64 {
    softwarePending
      | interruptLines & (hasSupervisor ? InterruptBits.lines : InterruptBits.machine)
  }

  /// Pending interrupts whose enable bit is set, whatever the global enables say: what ends a WFI.
  public var pendingAndEnabled: UInt64 { interruptsPending & interruptsEnabled }

  /// The interrupts that are taken as soon as they become pending.
  public var deliverableMask: UInt64 {
    interruptsEnabled
      & ((machineInterruptsAreTaken ? ~interruptDelegation : 0)
        | (supervisorInterruptsAreTaken ? interruptDelegation : 0))
  }

  private var machineInterruptsAreTaken: Bool {
    privilege < .machine || status & Status.machineInterruptEnable != 0
  }

  private var supervisorInterruptsAreTaken: Bool {
    privilege < .supervisor
      || (privilege == .supervisor && status & Status.supervisorInterruptEnable != 0)
  }

  /// The interrupt to take now: those for machine mode first, then external before software before
  /// timer, those of machine mode before those of supervisor mode.
  public var deliverableInterrupt: TrapCause? {
    let candidates = interruptsPending & deliverableMask
    guard candidates != 0 else { return nil }
    let forMachine = candidates & ~interruptDelegation
    let urgent = forMachine != 0 ? forMachine : candidates
    if urgent & InterruptBits.machineExternal != 0 { return .machineExternalInterrupt }
    if urgent & InterruptBits.machineSoftware != 0 { return .machineSoftwareInterrupt }
    if urgent & InterruptBits.machineTimer != 0 { return .machineTimerInterrupt }
    if urgent & InterruptBits.supervisorExternal != 0 { return .supervisorExternalInterrupt }
    if urgent & InterruptBits.supervisorSoftware != 0 { return .supervisorSoftwareInterrupt }
    return .supervisorTimerInterrupt
  }

  // MARK: Entry

  /// Whether a trap with `cause` that is taken now goes to supervisor mode.
  public func isDelegated(_ cause: TrapCause) -> Bool {
    guard privilege < .machine else { return false }
    let delegation = cause.isInterrupt ? interruptDelegation : exceptionDelegation
    return delegation >> UInt64(cause.code) & 1 != 0
  }

  /// Takes a trap: saves where and why, enters machine or supervisor mode with its interrupts off,
  /// and answers the handler's address.
  ///
  /// - Parameters:
  ///   - cause: Why.
  ///   - pc: Address of the instruction that is not executed.
  ///   - value: The faulting address or instruction, 0 when the cause has none.
  public mutating func enterTrap(_ cause: TrapCause, pc: UInt64, value: UInt64) -> UInt64 {
    if isDelegated(cause) {
      save(cause, pc, value, in: &supervisorTrap)
      let enabled = status & Status.supervisorInterruptEnable != 0
      setStatus(
        Status.supervisorInterruptEnable | Status.supervisorPreviousInterruptEnable
          | Status.supervisorPreviousPrivilege,
        (enabled ? Status.supervisorPreviousInterruptEnable : 0)
          | (privilege == .supervisor ? Status.supervisorPreviousPrivilege : 0))
      privilege = .supervisor
      return handler(of: cause, supervisorTrap.vector)
    }
    save(cause, pc, value, in: &machineTrap)
    let enabled = status & Status.machineInterruptEnable != 0
    setStatus(
      Status.machineInterruptEnable | Status.machinePreviousInterruptEnable
        | Status.machinePreviousPrivilege,
      (enabled ? Status.machinePreviousInterruptEnable : 0)
        | UInt64(privilege.rawValue) << Status.machinePreviousPrivilegeShift)
    privilege = .machine
    return handler(of: cause, machineTrap.vector)
  }

  private func save(
    _ cause: TrapCause, _ pc: UInt64, _ value: UInt64, in registers: inout TrapRegisters
  ) {
    registers.exceptionPC = pc & ~1 & valueMask
    registers.cause = cause.causeRegister(xlen)
    registers.value = value & valueMask
  }

  /// Vectored mode sends interrupts to base + 4 × code.
  private func handler(of cause: TrapCause, _ vector: UInt64) -> UInt64 {
    let offset = cause.isInterrupt && vector & 1 != 0 ? 4 * UInt64(cause.code) : 0
    return (vector & ~3 &+ offset) & valueMask
  }

  /// The trap that the handler of the present mode has been entered with, as its registers say;
  /// without a cause when they hold none that a hart raises.
  public var trapRecord: (cause: TrapCause?, programCounter: UInt64, value: UInt64) {
    let registers = privilege == .machine ? machineTrap : supervisorTrap
    return (
      TrapCause(causeRegister: registers.cause, xlen: xlen), registers.exceptionPC,
      registers.value
    )
  }

  // MARK: Return

  /// Executes `mret` and answers the address to go on at.
  public mutating func returnFromMachine(effects: inout CSREffects) -> UInt64 {
    let target = previousMachinePrivilege
    let enable = status & Status.machinePreviousInterruptEnable != 0
    setStatus(
      Status.machineInterruptEnable | Status.machinePreviousInterruptEnable
        | Status.machinePreviousPrivilege,
      (enable ? Status.machineInterruptEnable : 0) | Status.machinePreviousInterruptEnable
        | (hasUser ? 0 : Status.machinePreviousPrivilege))
    if target != .machine { status &= ~Status.modifyPrivilege }
    privilege = target
    effects.append(CSR.mstatus, machineStatus)
    if xlen == .rv32 { effects.append(CSR.mstatush, 0) }
    return returnAddress(machineTrap)
  }

  /// Executes `sret` and answers the address to go on at.
  public mutating func returnFromSupervisor(effects: inout CSREffects) -> UInt64 {
    let target: PrivilegeMode =
      status & Status.supervisorPreviousPrivilege != 0 ? .supervisor : .user
    let enable = status & Status.supervisorPreviousInterruptEnable != 0
    setStatus(
      Status.supervisorInterruptEnable | Status.supervisorPreviousInterruptEnable
        | Status.supervisorPreviousPrivilege | Status.modifyPrivilege,
      (enable ? Status.supervisorInterruptEnable : 0) | Status.supervisorPreviousInterruptEnable)
    privilege = target
    effects.append(CSR.mstatus, machineStatus)
    return returnAddress(supervisorTrap)
  }

  /// The exception program counter as it reads: aligned to what instructions are aligned to.
  func returnAddress(_ registers: TrapRegisters) -> UInt64 {
    extensions.contains(.c) ? registers.exceptionPC : registers.exceptionPC & ~2
  }
}
