/// An exception or interrupt that a hart takes.
///
/// The raw value is the exception code of the cause registers, plus 64 for interrupts.
public enum TrapCause: UInt8, Sendable, CaseIterable, BitwiseCopyable {
  // Exceptions.
  case instructionAddressMisaligned = 0
  case instructionAccessFault = 1
  case illegalInstruction = 2
  case breakpoint = 3
  case loadAddressMisaligned = 4
  case loadAccessFault = 5
  case storeAddressMisaligned = 6
  case storeAccessFault = 7
  case environmentCallFromUser = 8
  case environmentCallFromSupervisor = 9
  case environmentCallFromMachine = 11
  case instructionPageFault = 12
  case loadPageFault = 13
  case storePageFault = 15
  // Interrupts.
  case supervisorSoftwareInterrupt = 65
  case machineSoftwareInterrupt = 67
  case supervisorTimerInterrupt = 69
  case machineTimerInterrupt = 71
  case supervisorExternalInterrupt = 73
  case machineExternalInterrupt = 75

  /// Whether the cause is an interrupt.
  public var isInterrupt: Bool { rawValue >= 64 }

  /// The exception code field of the cause registers.
  public var code: UInt32 { UInt32(rawValue & 63) }

  /// The value `mcause` or `scause` takes: the interrupt bit is the most significant one of XLEN.
  public func causeRegister(_ xlen: XLEN) -> UInt64 {
    UInt64(code) | (isInterrupt ? 1 << (UInt64(xlen.rawValue) - 1) : 0)
  }

  /// The cause that a value of `mcause` or `scause` stands for, or nil when no hart of this
  /// library raises it.
  public init?(causeRegister value: UInt64, xlen: XLEN) {
    let interruptBit = UInt64(1) << (UInt64(xlen.rawValue) - 1)
    let code = value & ~interruptBit
    guard code < 64 else { return nil }
    self.init(rawValue: UInt8(code) + (value & interruptBit != 0 ? 64 : 0))
  }

  /// What an `ecall` in `mode` raises.
  public static func environmentCall(from mode: PrivilegeMode) -> TrapCause {
    switch mode {
    case .user: .environmentCallFromUser
    case .supervisor: .environmentCallFromSupervisor
    case .machine: .environmentCallFromMachine
    }
  }
}

extension TrapCause: CustomStringConvertible {
  /// The name the privileged specification uses.
  public var description: String {
    switch self {
    case .instructionAddressMisaligned: "instruction address misaligned"
    case .instructionAccessFault: "instruction access fault"
    case .illegalInstruction: "illegal instruction"
    case .breakpoint: "breakpoint"
    case .loadAddressMisaligned: "load address misaligned"
    case .loadAccessFault: "load access fault"
    case .storeAddressMisaligned: "store/AMO address misaligned"
    case .storeAccessFault: "store/AMO access fault"
    case .environmentCallFromUser: "environment call from U-mode"
    case .environmentCallFromSupervisor: "environment call from S-mode"
    case .environmentCallFromMachine: "environment call from M-mode"
    case .instructionPageFault: "instruction page fault"
    case .loadPageFault: "load page fault"
    case .storePageFault: "store/AMO page fault"
    case .supervisorSoftwareInterrupt: "supervisor software interrupt"
    case .machineSoftwareInterrupt: "machine software interrupt"
    case .supervisorTimerInterrupt: "supervisor timer interrupt"
    case .machineTimerInterrupt: "machine timer interrupt"
    case .supervisorExternalInterrupt: "supervisor external interrupt"
    case .machineExternalInterrupt: "machine external interrupt"
    }
  }

  /// The name Spike's log uses: `trap_load_page_fault`, `interrupt #7`.
  public var spikeName: String {
    switch self {
    case .instructionAddressMisaligned: "trap_instruction_address_misaligned"
    case .instructionAccessFault: "trap_instruction_access_fault"
    case .illegalInstruction: "trap_illegal_instruction"
    case .breakpoint: "trap_breakpoint"
    case .loadAddressMisaligned: "trap_load_address_misaligned"
    case .loadAccessFault: "trap_load_access_fault"
    case .storeAddressMisaligned: "trap_store_address_misaligned"
    case .storeAccessFault: "trap_store_access_fault"
    case .environmentCallFromUser: "trap_user_ecall"
    case .environmentCallFromSupervisor: "trap_supervisor_ecall"
    case .environmentCallFromMachine: "trap_machine_ecall"
    case .instructionPageFault: "trap_instruction_page_fault"
    case .loadPageFault: "trap_load_page_fault"
    case .storePageFault: "trap_store_page_fault"
    default: "interrupt #\(code)"
    }
  }

  /// Whether Spike's log shows a trap value for the cause: interrupts and environment calls have
  /// none.
  public var hasTrapValue: Bool {
    switch self {
    case .environmentCallFromUser, .environmentCallFromSupervisor, .environmentCallFromMachine:
      false
    default: !isInterrupt
    }
  }
}

/// A trap as the trap handler sees it.
public struct Trap: Sendable, Hashable, BitwiseCopyable {
  /// Why.
  public let cause: TrapCause
  /// Address of the instruction that was interrupted or raised the exception (`mepc`).
  public let programCounter: UInt64
  /// The faulting address or instruction word (`mtval`); 0 when the cause has none.
  public let value: UInt64

  /// A trap with the values the trap registers take.
  public init(cause: TrapCause, programCounter: UInt64, value: UInt64) {
    self.cause = cause
    self.programCounter = programCounter
    self.value = value
  }
}
