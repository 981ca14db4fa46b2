extension ControlState {
  /// Writes CSR `number`, keeping only what its fields can hold. The number is one that `read`
  /// knows and that is not read-only; registers without writable fields ignore the write.
  ///
  /// - Parameters:
  ///   - number: The register.
  ///   - value: What to write; on RV32 the low 32 bits count.
  ///   - cycles: The hart's count before the writing instruction.
  ///   - instructions: The hart's count before the writing instruction.
  ///   - pc: Address of the writing instruction. A write that switches compressed instructions off
  ///     is ignored where the next instruction would be misaligned.
  ///   - effects: Takes the registers that changed as Spike's commit log shows them, in the order
  ///     of the changes.
  /// - Returns: What the caller must no longer rely on.
  @discardableResult
  public mutating func write(
    _ number: UInt16, _ value: UInt64, cycles: UInt64, instructions: UInt64, pc: UInt64 = 0,
    effects: inout CSREffects
  ) -> ControlChange {
    let value = value & valueMask
    switch number >> 8 {
    case 0x0: return writeFloatingPoint(number, value, &effects)
    case 0x1: return writeSupervisor(number, value, &effects)
    case 0x3:
      if number >= CSR.pmpcfg.lowerBound { return writeProtection(number, value, &effects) }
      if number == CSR.misa, pc & 2 != 0, extensions.contains(.c), value & 1 << 2 == 0 {
        return []
      }
      if number == CSR.mcountinhibit {
        cycleCounter.setInhibited(counterBits & value & 1 != 0, at: cycles)
        instretCounter.setInhibited(counterBits & value & 4 != 0, at: instructions)
        effects.append(number, counterBits & value & 5)
        return []
      }
      return writeMachine(number, value, &effects)
    case 0xb:
      writeCounter(number, value, cycles, instructions, &effects)
      return []
    default: return []
    }
  }

  // MARK: Floating point

  private mutating func writeFloatingPoint(
    _ number: UInt16, _ value: UInt64, _ effects: inout CSREffects
  ) -> ControlChange {
    if markFloatingPointDirty() { effects.append(CSR.mstatus, machineStatus) }
    switch number {
    case CSR.frm: writeRoundingMode(value, &effects)
    case CSR.fcsr:
      writeRoundingMode(value >> 5, &effects)
      writeFlags(value, &effects)
    default: writeFlags(value, &effects)
    }
    return .floatingPointState
  }

  private mutating func writeRoundingMode(_ value: UInt64, _ effects: inout CSREffects) {
    frm = UInt8(truncatingIfNeeded: value & 7)
    effects.append(CSR.frm, UInt64(frm))
  }

  private mutating func writeFlags(_ value: UInt64, _ effects: inout CSREffects) {
    fflags = UInt8(truncatingIfNeeded: value & 31)
    effects.append(CSR.fflags, UInt64(fflags))
  }

  // MARK: Supervisor mode

  private mutating func writeSupervisor(
    _ number: UInt16, _ value: UInt64, _ effects: inout CSREffects
  ) -> ControlChange {
    switch number {
    case CSR.sstatus:
      return writeStatus(value, mask: supervisorStatusMask, &effects)
    case CSR.sie:
      interruptsEnabled =
        interruptsEnabled & ~interruptDelegation | value & interruptDelegation
      effects.append(CSR.mie, interruptsEnabled)
      effects.append(CSR.sie, interruptsEnabled & interruptDelegation)
      return .interrupts
    case CSR.sip:
      return writePending(
        value, mask: InterruptBits.supervisorSoftware & interruptDelegation, &effects)
    case CSR.stvec: supervisorTrap.vector = value & ~2
    case CSR.scounteren: supervisorCounterEnable = value & counterBits
    case CSR.sscratch: supervisorTrap.scratch = value
    case CSR.sepc: supervisorTrap.exceptionPC = value & ~1
    case CSR.scause: supervisorTrap.cause = value
    case CSR.stval: supervisorTrap.value = value
    case CSR.satp:
      writeAddressTranslation(value)
      effects.append(number, addressTranslation)
      return .translation
    default: break
    }
    effects.append(number, inspect(number, cycles: 0, instructions: 0) ?? 0)
    return []
  }

  // MARK: Machine mode

  private mutating func writeMachine(
    _ number: UInt16, _ value: UInt64, _ effects: inout CSREffects
  ) -> ControlChange {
    var change: ControlChange = []
    switch number {
    case CSR.mstatus: return writeStatus(value, mask: statusMask, &effects)
    case CSR.mip:
      return writePending(value, mask: hasSupervisor ? InterruptBits.supervisor : 0, &effects)
    case CSR.misa:
      writeExtensions(value)
      change = [.extensions, .floatingPointState]
    case CSR.medeleg: exceptionDelegation = value & delegableExceptions
    case CSR.mideleg:
      interruptDelegation = value & InterruptBits.supervisor
      change = .interrupts
    case CSR.mie:
      interruptsEnabled =
        value & (InterruptBits.machine | (hasSupervisor ? InterruptBits.supervisor : 0))
      change = .interrupts
    case CSR.mtvec: machineTrap.vector = value & ~2
    case CSR.mcounteren: machineCounterEnable = value & counterBits
    case CSR.menvcfg:
      if xlen == .rv64 { environment = value & environmentMask }
      change = .translation
    case CSR.menvcfgh:
      environment = value << 32 & environmentMask
      change = .translation
    case CSR.mscratch: machineTrap.scratch = value
    case CSR.mepc: machineTrap.exceptionPC = value & ~1
    case CSR.mcause: machineTrap.cause = value
    case CSR.mtval: machineTrap.value = value
    default: break
    }
    effects.append(number, inspect(number, cycles: 0, instructions: 0) ?? 0)
    return change
  }

  /// The counters that exist: cycle, time and instret.
  private var counterBits: UInt64 {
    configuration.instructionSet.extensions.contains(.zicntr) ? 7 : 0
  }

  /// `menvcfg.ADUE` is the only bit there can be.
  private var environmentMask: UInt64 {
    configuration.instructionSet.extensions.contains(.svadu) ? 1 << 61 : 0
  }

  /// All exceptions that arise below machine mode, and hardware error. Misaligned jumps cannot
  /// arise while there are compressed instructions.
  private var delegableExceptions: UInt64 { extensions.contains(.c) ? 0x8_b3fe : 0x8_b3ff }

  private mutating func writeStatus(
    _ value: UInt64, mask: UInt64, _ effects: inout CSREffects
  ) -> ControlChange {
    let old = status
    var new = old & ~mask | value & mask
    let previous = new >> Status.machinePreviousPrivilegeShift & 3
    let legal = legalised(previous)
    new = new & ~Status.machinePreviousPrivilege | legal << Status.machinePreviousPrivilegeShift
    status = new
    effects.append(CSR.mstatus, machineStatus)
    var change: ControlChange = .interrupts
    if (old ^ new) & Status.addressing != 0 { change.insert(.translation) }
    if (old ^ new) & Status.floatingPoint != 0 { change.insert(.floatingPointState) }
    return change
  }

  /// The mode that stands in for the encoding `privilege` of a mode that may not exist.
  private func legalised(_ privilege: UInt64) -> UInt64 {
    if !hasUser { return UInt64(PrivilegeMode.machine.rawValue) }
    switch privilege {
    case 3: return privilege
    case 1 where hasSupervisor: return privilege
    default: return UInt64(PrivilegeMode.user.rawValue)
    }
  }

  private mutating func writePending(
    _ value: UInt64, mask: UInt64, _ effects: inout CSREffects
  ) -> ControlChange {
    let old = interruptsPending
    softwarePending = softwarePending & ~mask | value & mask
    if hasSupervisor {
      // Spike keeps SEIP as bit of another register, which it writes first.
      effects.append(
        CSR.mvip,
        softwarePending & InterruptBits.supervisorExternal
          | old & (InterruptBits.supervisorSoftware | InterruptBits.supervisorTimer))
    }
    effects.append(CSR.mip, interruptsPending)
    return .interrupts
  }

  private mutating func writeExtensions(_ value: UInt64) {
    let all = configuration.instructionSet.extensions
    var new = all
    func bit(_ letter: Unicode.Scalar) -> Bool {
      value >> UInt64(letter.value - Unicode.Scalar("A").value) & 1 != 0
    }
    if !bit("M") { new.remove(.m) }
    if !bit("A") { new.remove(.a) }
    if !bit("C") { new.remove(.c) }
    if !bit("F") { new.subtract([.f, .d]) }
    if !bit("D") { new.remove(.d) }
    // Without all three there is no bit B, and what there is stays.
    if !bit("B"), all.isSuperset(of: .b) { new.subtract(.b) }
    extensions = new
  }

  private mutating func writeAddressTranslation(_ value: UInt64) {
    switch xlen {
    case .rv32: addressTranslation = value
    case .rv64:
      let mode = value >> 60
      if mode == 0 || mode == 8 { addressTranslation = value }
    }
  }

  // MARK: Protection

  private mutating func writeProtection(
    _ number: UInt16, _ value: UInt64, _ effects: inout CSREffects
  ) -> ControlChange {
    if CSR.pmpcfg.contains(number) {
      let index = Int(number - CSR.pmpcfg.lowerBound)
      guard protection.setConfiguration(value, at: index) else { return [] }
      effects.append(number, protection.configuration(at: index) ?? 0)
    } else {
      let index = Int(number - CSR.pmpaddr.lowerBound)
      guard protection.setAddress(value, at: index) else { return [] }
      effects.append(number, protection.address(at: index) ?? 0)
    }
    return .translation
  }

  // MARK: Counters

  private mutating func writeCounter(
    _ number: UInt16, _ value: UInt64, _ cycles: UInt64, _ instructions: UInt64,
    _ effects: inout CSREffects
  ) {
    switch number {
    case CSR.mcycle, CSR.mcycleh:
      let old = cycleCounter.value(at: cycles)
      cycleCounter.write(merge(value, into: old, upper: number == CSR.mcycleh), at: cycles)
    case CSR.minstret, CSR.minstreth:
      let old = instretCounter.value(at: instructions)
      instretCounter.write(
        merge(value, into: old, upper: number == CSR.minstreth), at: instructions)
    default: return
    }
    effects.append(number, value)
  }

  private func merge(_ value: UInt64, into old: UInt64, upper: Bool) -> UInt64 {
    if xlen == .rv64 { return value }
    return upper ? old & 0xffff_ffff | value << 32 : old & ~0xffff_ffff | value
  }
}
