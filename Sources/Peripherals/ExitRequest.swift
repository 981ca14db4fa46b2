public import SimKernel

/// How firmware or a processor ends a run.
public enum ExitReason: Sendable, Equatable {
  /// The firmware exits with a code through the named device or mechanism.
  case code(Int, by: String)
  /// The firmware asks for a reset, which ends the run.
  case reset(by: String)
  /// A hart has retired as many instructions as it may.
  case instructionLimit(UInt64)
  /// A trap could not be handled.
  case unhandledTrap(String)
  /// A module that is not ours halted or broke the rules, or RTL and model differ.
  case moduleFault(String)
}

/// Where devices and processors leave the wish to end the run. The first one counts.
public final class ExitRequest {
  /// The first wish, if there was one.
  public private(set) var reason: ExitReason?
  private let controls: KernelControls

  /// Creates the place for a kernel.
  public init(kernel: Kernel) {
    controls = kernel.controls
  }

  /// Ends the run after the current instant.
  public func finish(_ reason: ExitReason) {
    if self.reason == nil { self.reason = reason }
    controls.finish()
  }
}
