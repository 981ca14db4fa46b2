/// Exception and interrupt codes of `mcause` (without the interrupt bit) that this hart raises.
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
  case environmentCallFromMachine = 11
  // Interrupts, code + 32 here: 3 software, 7 timer, 11 external.
  case machineSoftwareInterrupt = 35
  case machineTimerInterrupt = 39
  case machineExternalInterrupt = 43

  /// Whether the cause is an interrupt.
  public var isInterrupt: Bool { rawValue >= 32 }

  /// The exception code field of `mcause`.
  public var code: UInt32 { UInt32(rawValue & 31) }

  /// The value `mcause` takes on RV32.
  public var causeRegister: UInt32 { code | (isInterrupt ? 0x8000_0000 : 0) }

  /// The cause that a value of `mcause` stands for, or nil when this hart never raises it.
  public init?(causeRegister value: UInt32) {
    let code = value & 0x7fff_ffff
    guard code < 32 else { return nil }
    self.init(rawValue: UInt8(code) + (value >> 31 == 1 ? 32 : 0))
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
    case .environmentCallFromMachine: "environment call from M-mode"
    case .machineSoftwareInterrupt: "machine software interrupt"
    case .machineTimerInterrupt: "machine timer interrupt"
    case .machineExternalInterrupt: "machine external interrupt"
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
