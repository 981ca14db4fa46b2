/// The registers of one privilege mode that its traps use.
struct TrapRegisters: BitwiseCopyable, Sendable {
  /// `xtvec`.
  var vector: UInt64 = 0
  /// `xscratch`.
  var scratch: UInt64 = 0
  /// `xepc`; bit 0 is always zero.
  var exceptionPC: UInt64 = 0
  /// `xcause`.
  var cause: UInt64 = 0
  /// `xtval`.
  var value: UInt64 = 0
}

/// The privileged state of a hart: its mode and all control and status registers.
///
/// Behaves as Spike does wherever the specification leaves a choice. Values have XLEN bits and are
/// zero-extended to 64; the counts of cycles and instructions come from the hart.
public struct ControlState: BitwiseCopyable, Sendable {
  let configuration: HartConfiguration
  /// The width of the registers.
  public let xlen: XLEN
  /// XLEN ones.
  let valueMask: UInt64

  /// The mode instructions are executed in.
  public var privilege: PrivilegeMode = .machine
  /// The extensions that `misa` says are switched on.
  public internal(set) var extensions: Extensions

  // MARK: Floating point

  /// The dynamic rounding mode, 3 bits, reserved values included.
  public var frm: UInt8 = 0
  /// The accrued exception flags: bit 0 inexact, 1 underflow, 2 overflow, 3 divide by zero, 4
  /// invalid.
  public var fflags: UInt8 = 0

  // MARK: Status and traps

  /// `mstatus` without the fields that follow from others: SD, UXL and SXL.
  var status: UInt64
  /// The writable bits of `mstatus` and `sstatus`.
  let statusMask: UInt64
  let supervisorStatusMask: UInt64
  var machineTrap = TrapRegisters()
  var supervisorTrap = TrapRegisters()
  var exceptionDelegation: UInt64 = 0
  var interruptDelegation: UInt64 = 0

  // MARK: Interrupts

  /// The levels of the lines from outside: bit 3 machine software, 7 machine timer, 9 supervisor
  /// external, 11 machine external, as in `mip`; other bits count nothing.
  public var interruptLines: UInt64 = 0
  var interruptsEnabled: UInt64 = 0
  /// The bits of `mip` that software has set.
  var softwarePending: UInt64 = 0

  // MARK: Counters

  /// What `time` reads, in ticks of the platform's timer.
  public var time: UInt64 = 0
  var cycleCounter = EventCounter()
  var instretCounter = EventCounter()
  var machineCounterEnable: UInt64 = 0
  var supervisorCounterEnable: UInt64 = 0

  // MARK: Memory

  var environment: UInt64 = 0
  var addressTranslation: UInt64 = 0
  var protection: PhysicalProtection

  /// The state after reset: machine mode, interrupts off, no translation, all memory allowed.
  public init(configuration: HartConfiguration) {
    self.configuration = configuration
    let set = configuration.instructionSet
    xlen = set.xlen
    valueMask = set.xlen == .rv32 ? 0xffff_ffff : .max
    extensions = set.extensions
    let hasSupervisor = set.extensions.contains(.supervisor)
    let hasUser = set.extensions.contains(.user)
    supervisorStatusMask =
      (hasSupervisor
        ? Status.supervisorInterruptEnable | Status.supervisorPreviousInterruptEnable
          | Status.supervisorPreviousPrivilege | Status.supervisorUserMemory
          | Status.makeExecutableReadable : 0)
      | (hasSupervisor || set.extensions.contains(.f) ? Status.floatingPoint : 0)
    statusMask =
      supervisorStatusMask | Status.machineInterruptEnable
      | Status.machinePreviousInterruptEnable | Status.machinePreviousPrivilege
      | (hasUser ? Status.modifyPrivilege | Status.timeoutWait : 0)
      | (hasSupervisor ? Status.trapVirtualMemory | Status.trapSupervisorReturn : 0)
    status = hasUser ? 0 : Status.machinePreviousPrivilege
    protection = PhysicalProtection(entries: configuration.protectionEntries, xlen: set.xlen)
  }

  /// Whether the hart has supervisor mode.
  var hasSupervisor: Bool { configuration.instructionSet.extensions.contains(.supervisor) }

  /// Whether the hart has user mode.
  var hasUser: Bool { configuration.instructionSet.extensions.contains(.user) }

  /// Whether `mstatus.FS` is Off, so that floating-point instructions are illegal.
  public var floatingPointIsOff: Bool { status & Status.floatingPoint == 0 }

  /// Sets `mstatus.FS` to Dirty; answers whether it was not before.
  public mutating func markFloatingPointDirty() -> Bool {
    guard status & Status.floatingPoint != Status.floatingPoint else { return false }
    status |= Status.floatingPoint
    return true
  }

  /// `mstatus.SUM`: whether supervisor mode reaches the memory of user mode.
  public var supervisorUserMemory: Bool { status & Status.supervisorUserMemory != 0 }

  /// `mstatus.MXR`: whether executable pages can be loaded from.
  public var makeExecutableReadable: Bool { status & Status.makeExecutableReadable != 0 }

  /// The privilege of loads and stores: that of `mstatus.MPP` while MPRV is set.
  public var dataPrivilege: PrivilegeMode {
    status & Status.modifyPrivilege == 0 ? privilege : previousMachinePrivilege
  }

  /// `mstatus.MPP`.
  var previousMachinePrivilege: PrivilegeMode {
    PrivilegeMode(
      rawValue: UInt8(
        truncatingIfNeeded: status >> Status.machinePreviousPrivilegeShift & 3)) ?? .user
  }

  /// Sets bits of the status register to those of `value` where `mask` is set.
  mutating func setStatus(_ mask: UInt64, _ value: UInt64) {
    status = status & ~mask | value & mask
  }

  /// Whether an instruction may be executed in the present mode, which matters for `mret`, `sret`,
  /// `wfi` and `sfence.vma` only; if not it is illegal.
  public func mayExecute(_ operation: Operation) -> Bool {
    switch operation {
    case .mret: privilege == .machine
    case .sret: hasSupervisor && privilege >= required(by: Status.trapSupervisorReturn)
    case .sfenceVMA: hasSupervisor && privilege >= required(by: Status.trapVirtualMemory)
    case .wfi:
      // A time limit of zero: with TW set WFI never waits below machine mode, and user mode is
      // not allowed to wait where there is a supervisor.
      privilege == .machine
        || (status & Status.timeoutWait == 0 && (privilege == .supervisor || !hasSupervisor))
    default: true
    }
  }

  private func required(by trap: UInt64) -> PrivilegeMode {
    status & trap != 0 ? .machine : .supervisor
  }
}
