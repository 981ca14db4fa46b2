/// The machine-mode control and status registers of an RV32 hart without other privilege modes.
struct MachineState: BitwiseCopyable {
  /// Interrupt bits that exist: machine software (3), timer (7), external (11).
  static let interruptMask: UInt32 = 0x888
  /// `mstatus.MIE`.
  static let interruptEnable: UInt32 = 1 << 3
  /// `mstatus.MPIE`.
  static let previousInterruptEnable: UInt32 = 1 << 7
  /// `mstatus.MPP`, which always reads machine mode.
  static let previousPrivilege: UInt32 = 3 << 11
  /// `misa`: MXL = 1 (32 bits), I and M.
  static let isa: UInt32 = 1 << 30 | 1 << 8 | 1 << 12

  private let configuration: HartConfiguration
  private(set) var status: UInt32 = previousPrivilege
  private(set) var interruptsEnabled: UInt32 = 0
  var interruptsPending: UInt32 = 0
  private(set) var trapVector: UInt32 = 0
  private(set) var scratch: UInt32 = 0
  private(set) var exceptionPC: UInt32 = 0
  private(set) var cause: UInt32 = 0
  private(set) var trapValue: UInt32 = 0
  private(set) var cycleCounter = EventCounter()
  private(set) var instretCounter = EventCounter()
  var time: UInt64 = 0

  init(_ configuration: HartConfiguration) { self.configuration = configuration }

  /// The interrupts that are taken as soon as they become pending.
  var deliverableMask: UInt32 {
    status & Self.interruptEnable != 0 ? interruptsEnabled : 0
  }

  /// Pending interrupts whose enable bit is set, whatever `mstatus.MIE` says.
  var pendingAndEnabled: UInt32 { interruptsPending & interruptsEnabled }

  /// The interrupt to take now: external before software before timer.
  var deliverableInterrupt: TrapCause? {
    guard pendingAndEnabled != 0, status & Self.interruptEnable != 0 else { return nil }
    if pendingAndEnabled & 1 << 11 != 0 { return .machineExternalInterrupt }
    if pendingAndEnabled & 1 << 3 != 0 { return .machineSoftwareInterrupt }
    return .machineTimerInterrupt
  }

  /// Address all exceptions go to.
  var exceptionVector: UInt32 { trapVector & ~3 }

  /// Where `cause` is handled: vectored mode sends interrupts to base + 4 × code.
  func handler(of cause: TrapCause) -> UInt32 {
    cause.isInterrupt && trapVector & 1 != 0
      ? exceptionVector &+ 4 &* cause.code : exceptionVector
  }

  /// Saves the trap in the trap registers, disables interrupts and answers the handler's address.
  mutating func enterTrap(_ cause: TrapCause, pc: UInt32, value: UInt32) -> UInt32 {
    exceptionPC = pc & ~3
    self.cause = cause.causeRegister
    trapValue = value
    let wasEnabled = status & Self.interruptEnable != 0
    status &= ~(Self.interruptEnable | Self.previousInterruptEnable)
    if wasEnabled { status |= Self.previousInterruptEnable }
    return handler(of: cause)
  }

  /// Executes `mret` and answers the address to continue at.
  mutating func returnFromTrap() -> UInt32 {
    let enable = status & Self.previousInterruptEnable != 0
    status |= Self.previousInterruptEnable
    status &= ~Self.interruptEnable
    if enable { status |= Self.interruptEnable }
    return exceptionPC
  }

  /// The value of CSR `number`, or nil when it does not exist. `cycles` and `instructions` are the
  /// hart's counts before the reading instruction.
  func read(_ number: UInt16, cycles: UInt64, instructions: UInt64) -> UInt32? {
    switch number {
    case CSR.mstatus: return status
    case CSR.misa: return Self.isa
    case CSR.mie: return interruptsEnabled
    case CSR.mtvec: return trapVector
    case CSR.mscratch: return scratch
    case CSR.mepc: return exceptionPC
    case CSR.mcause: return cause
    case CSR.mtval: return trapValue
    case CSR.mip: return interruptsPending
    case CSR.mcountinhibit:
      return (cycleCounter.inhibited ? 1 : 0) | (instretCounter.inhibited ? 4 : 0)
    case CSR.mcycle, CSR.cycle:
      return UInt32(truncatingIfNeeded: cycleCounter.value(at: cycles))
    case CSR.mcycleh, CSR.cycleh:
      return UInt32(truncatingIfNeeded: cycleCounter.value(at: cycles) >> 32)
    case CSR.minstret, CSR.instret:
      return UInt32(truncatingIfNeeded: instretCounter.value(at: instructions))
    case CSR.minstreth, CSR.instreth:
      return UInt32(truncatingIfNeeded: instretCounter.value(at: instructions) >> 32)
    case CSR.time: return UInt32(truncatingIfNeeded: time)
    case CSR.timeh: return UInt32(truncatingIfNeeded: time >> 32)
    case CSR.mvendorid: return configuration.vendorID
    case CSR.marchid: return configuration.architectureID
    case CSR.mimpid: return configuration.implementationID
    case CSR.mhartid: return configuration.hartID
    case CSR.mstatush, CSR.mconfigptr, CSR.mhpmevent, CSR.mhpmcounter, CSR.mhpmcounterh: return 0
    default: return nil
    }
  }

  /// Writes CSR `number`, keeping only what its fields can hold. The number is one that `read`
  /// knows and that is not read-only; registers without writable fields ignore the write.
  mutating func write(_ number: UInt16, _ value: UInt32, cycles: UInt64, instructions: UInt64) {
    switch number {
    case CSR.mstatus:
      let writable = Self.interruptEnable | Self.previousInterruptEnable
      status = value & writable | Self.previousPrivilege
    case CSR.mie: interruptsEnabled = value & Self.interruptMask
    case CSR.mtvec: trapVector = value & ~2
    case CSR.mscratch: scratch = value
    case CSR.mepc: exceptionPC = value & ~3
    case CSR.mcause: cause = value
    case CSR.mtval: trapValue = value
    case CSR.mcountinhibit:
      cycleCounter.setInhibited(value & 1 != 0, at: cycles)
      instretCounter.setInhibited(value & 4 != 0, at: instructions)
    case CSR.mcycle, CSR.mcycleh:
      let old = cycleCounter.value(at: cycles)
      cycleCounter.write(
        old.replacingHalf(with: value, upper: number == CSR.mcycleh), at: cycles)
    case CSR.minstret, CSR.minstreth:
      let old = instretCounter.value(at: instructions)
      instretCounter.write(
        old.replacingHalf(with: value, upper: number == CSR.minstreth), at: instructions)
    default: break
    }
  }
}

extension UInt64 {
  /// `self` with its upper or lower 32 bits replaced.
  fileprivate func replacingHalf(with half: UInt32, upper: Bool) -> UInt64 {
    upper
      ? self & 0xffff_ffff | UInt64(half) << 32
      : self & 0xffff_ffff_0000_0000 | UInt64(half)
  }
}
