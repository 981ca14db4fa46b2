/// How a run ended: one reason line and one process exit code.
public struct RunEnd: Sendable, Equatable {
  /// What ended the run.
  public enum Kind: String, Sendable, CaseIterable {
    /// The firmware exited; its code is the process's.
    case exited
    /// The cycle limit was reached.
    case cycleLimit
    /// A hart reached the limit of instructions.
    case instructionLimit
    /// The wall-clock limit was reached.
    case wallLimit
    /// Nothing was scheduled any more and the firmware had not exited.
    case deadlock
    /// A trap could not be handled.
    case unhandledTrap
    /// A plug-in or RTL halted or broke the rules, or RTL and model differ.
    case moduleFault
    /// The firmware asked for a reset.
    case reset
    /// The user interrupted the run.
    case interrupted
  }

  /// What ended the run.
  public let kind: Kind
  /// The firmware's exit code, for ``Kind/exited``.
  public let firmwareCode: Int?
  /// One line for the user.
  public let reason: String
  /// Who waits for whom, after a deadlock or a limit.
  public let waits: [String]

  /// A run that the user has ended before it began.
  public static let interrupted = RunEnd(
    kind: .interrupted, firmwareCode: nil, reason: "interrupted by the user", waits: [])

  /// The process exit code before verification is taken into account.
  public var exitCode: Int32 {
    switch kind {
    case .exited: return Self.processCode(ofFirmware: firmwareCode ?? 0)
    case .cycleLimit, .instructionLimit: return ProcessExit.cycleLimit.rawValue
    case .wallLimit: return ProcessExit.wallLimit.rawValue
    case .deadlock: return ProcessExit.deadlock.rawValue
    case .unhandledTrap: return ProcessExit.unhandledTrap.rawValue
    case .moduleFault: return ProcessExit.moduleFault.rawValue
    case .reset: return ProcessExit.reset.rawValue
    case .interrupted: return ProcessExit.interrupted.rawValue
    }
  }

  /// A process has 8 bits for its exit code: the low ones of the firmware's, but a failure stays
  /// one.
  static func processCode(ofFirmware code: Int) -> Int32 {
    let low = Int32(truncatingIfNeeded: code & 0xFF)
    return low == 0 && code != 0 ? 255 : low
  }
}
