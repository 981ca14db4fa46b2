extension ControlState {
  /// The value of CSR `number`, or nil when it does not exist or the present mode and settings do
  /// not allow to read it: then the instruction is illegal. `cycles` and `instructions` are the
  /// hart's counts before the reading instruction.
  public func read(_ number: UInt16, cycles: UInt64, instructions: UInt64) -> UInt64? {
    isAccessible(number)
      ? inspect(number, cycles: cycles, instructions: instructions) : nil
  }

  /// The value of CSR `number` as machine mode with everything switched on would read it, or nil
  /// when it does not exist.
  public func inspect(_ number: UInt16, cycles: UInt64, instructions: UInt64) -> UInt64? {
    switch number >> 8 {
    case 0x0: floatingPointRegister(number)
    case 0x1: supervisorRegister(number)
    case 0x3: machineRegister(number)
    case 0x7: CSR.tselect...CSR.tinfo ~= number ? 0 : nil
    case 0xb: machineCounter(number, cycles, instructions)
    case 0xc: unprivilegedCounter(number, cycles, instructions)
    case 0xf: identification(number)
    default: nil
    }
  }

  /// Whether a write to CSR `number`, which can be read, is legal too.
  public func isWritable(_ number: UInt16) -> Bool { !CSR.isReadOnly(number) }

  /// The value that the set and clear instructions change and write back to CSR `number`, which
  /// reads `value`.
  ///
  /// They differ for `mip` only: an external interrupt line must not become a software-written bit.
  public func modifiable(_ value: UInt64, of number: UInt16) -> UInt64 {
    guard number == CSR.mip, softwarePending & InterruptBits.supervisorExternal == 0 else {
      return value
    }
    return value & ~InterruptBits.supervisorExternal
  }

  /// Whether the present mode and settings allow to reach CSR `number`, if it exists.
  private func isAccessible(_ number: UInt16) -> Bool {
    guard UInt16(privilege.rawValue) >= number >> 8 & 3 else { return false }
    switch number {
    case CSR.fflags, CSR.frm, CSR.fcsr:
      return extensions.contains(.f) && !floatingPointIsOff
    case CSR.satp:
      return privilege == .machine || status & Status.trapVirtualMemory == 0
    case 0xc00...0xcff:
      let bit = UInt64(1) << UInt64(number & 31)
      if privilege < .machine, machineCounterEnable & bit == 0 { return false }
      return privilege != .user || !hasSupervisor || supervisorCounterEnable & bit != 0
    default: return true
    }
  }

  // MARK: Groups

  private func floatingPointRegister(_ number: UInt16) -> UInt64? {
    guard configuration.instructionSet.extensions.contains(.f) else { return nil }
    switch number {
    case CSR.fflags: return UInt64(fflags)
    case CSR.frm: return UInt64(frm)
    case CSR.fcsr: return UInt64(frm) << 5 | UInt64(fflags)
    default: return nil
    }
  }

  private func supervisorRegister(_ number: UInt16) -> UInt64? {
    guard hasSupervisor else { return nil }
    switch number {
    case CSR.sstatus: return supervisorStatus
    case CSR.sie: return interruptsEnabled & interruptDelegation
    case CSR.stvec: return supervisorTrap.vector
    case CSR.scounteren: return supervisorCounterEnable
    case CSR.senvcfg: return 0
    case CSR.sscratch: return supervisorTrap.scratch
    case CSR.sepc: return returnAddress(supervisorTrap)
    case CSR.scause: return supervisorTrap.cause
    case CSR.stval: return supervisorTrap.value
    case CSR.sip: return interruptsPending & interruptDelegation
    case CSR.satp: return addressTranslation
    default: return nil
    }
  }

  private func machineRegister(_ number: UInt16) -> UInt64? {
    switch number {
    case CSR.mstatus: machineStatus
    case CSR.misa: InstructionSet(xlen: xlen, extensions: extensions).misa
    case CSR.medeleg: hasSupervisor ? exceptionDelegation : nil
    case CSR.mideleg: hasSupervisor ? interruptDelegation : nil
    case CSR.mie: interruptsEnabled
    case CSR.mtvec: machineTrap.vector
    case CSR.mcounteren: hasUser ? machineCounterEnable : nil
    case CSR.menvcfg: hasUser ? environment & valueMask : nil
    case CSR.menvcfgh: hasUser && xlen == .rv32 ? environment >> 32 : nil
    case CSR.mstatush: xlen == .rv32 ? 0 : nil
    case CSR.mcountinhibit:
      (cycleCounter.inhibited ? 1 : 0) | (instretCounter.inhibited ? 4 : 0)
    case CSR.mhpmevent: 0
    case CSR.mscratch: machineTrap.scratch
    case CSR.mepc: returnAddress(machineTrap)
    case CSR.mcause: machineTrap.cause
    case CSR.mtval: machineTrap.value
    case CSR.mip: interruptsPending
    case CSR.pmpcfg: protection.configuration(at: Int(number - CSR.pmpcfg.lowerBound))
    case CSR.pmpaddr: protection.address(at: Int(number - CSR.pmpaddr.lowerBound))
    default: nil
    }
  }

  private func machineCounter(
    _ number: UInt16, _ cycles: UInt64, _ instructions: UInt64
  ) -> UInt64? {
    switch number {
    case CSR.mcycle: return cycleCounter.value(at: cycles) & valueMask
    case CSR.minstret: return instretCounter.value(at: instructions) & valueMask
    case CSR.mhpmcounter: return 0
    default: break
    }
    guard xlen == .rv32 else { return nil }
    switch number {
    case CSR.mcycleh: return cycleCounter.value(at: cycles) >> 32
    case CSR.minstreth: return instretCounter.value(at: instructions) >> 32
    case CSR.mhpmcounterh: return 0
    default: return nil
    }
  }

  private func unprivilegedCounter(
    _ number: UInt16, _ cycles: UInt64, _ instructions: UInt64
  ) -> UInt64? {
    guard configuration.instructionSet.extensions.contains(.zicntr) else { return nil }
    switch number {
    case CSR.cycle: return cycleCounter.value(at: cycles) & valueMask
    case CSR.time: return time & valueMask
    case CSR.instret: return instretCounter.value(at: instructions) & valueMask
    default: break
    }
    guard xlen == .rv32 else { return nil }
    switch number {
    case CSR.cycleh: return cycleCounter.value(at: cycles) >> 32
    case CSR.timeh: return time >> 32
    case CSR.instreth: return instretCounter.value(at: instructions) >> 32
    default: return nil
    }
  }

  private func identification(_ number: UInt16) -> UInt64? {
    switch number {
    case CSR.mvendorid: UInt64(configuration.vendorID)
    case CSR.marchid: configuration.architectureID & valueMask
    case CSR.mimpid: configuration.implementationID & valueMask
    case CSR.mhartid: UInt64(configuration.hartID)
    case CSR.mconfigptr: 0
    default: nil
    }
  }

  // MARK: Status

  /// `mstatus` as it reads; on RV32 its lower half.
  var machineStatus: UInt64 {
    var value = status | dirtySummary
    if xlen == .rv64 {
      if hasUser { value |= Status.userXLEN64 }
      if hasSupervisor { value |= Status.supervisorXLEN64 }
    }
    return value
  }

  private var supervisorStatus: UInt64 {
    status & supervisorStatusMask | dirtySummary | (xlen == .rv64 ? Status.userXLEN64 : 0)
  }

  /// SD: whether some unit's state is dirty, in the most significant bit.
  private var dirtySummary: UInt64 {
    status & Status.floatingPoint == Status.floatingPoint
      ? 1 << (UInt64(xlen.rawValue) - 1) : 0
  }
}
