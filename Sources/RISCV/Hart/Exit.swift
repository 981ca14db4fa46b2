/// Why ``Hart/run(budget:synchronised:)`` returned.
public enum Exit: Sendable, Hashable {
  /// The whole budget was executed.
  case budget
  /// The next instruction loads `bytes` (1, 2, 4 or 8, naturally aligned) from outside all regions.
  /// It has not retired: call ``Hart/completeLoad(_:)`` or ``Hart/failAccess()``.
  case deviceLoad(address: UInt64, bytes: Int)
  /// The next instruction stores the low `bytes` of `value` outside all regions. It has not
  /// retired: call ``Hart/completeStore()`` or ``Hart/failAccess()``.
  case deviceStore(address: UInt64, bytes: Int, value: UInt64)
  /// A `wfi` has retired and no enabled interrupt is pending. Calling `run` again simply goes on;
  /// the caller should first wait until ``Hart/interruptPendingAndEnabled``.
  case wfi
  /// The next instruction depends on the time or on the interrupt lines as they are now: bring
  /// both up to date and call `run` with `synchronised: true`.
  case synchronise
  /// A store has reached the watched double word; it has retired.
  case hostStore(address: UInt64, bytes: Int, value: UInt64)
  /// The next instruction is the EBREAK of a semihosting call: the operation number is in a0, its
  /// parameter in a1. Call ``Hart/completeHostCall(_:)``, or ``Hart/refuseHostCall()`` to make it an
  /// ordinary breakpoint.
  case semihosting(operation: UInt64, parameter: UInt64)
  /// The next instruction is an ECALL that the configuration hands to the host. Call
  /// ``Hart/completeHostCall(_:)`` or ``Hart/refuseHostCall()``.
  case environmentCall
  /// A trap whose handler raises an exception with its very first instruction, so that nothing can
  /// ever change again. The values are those of the original trap. Nothing was executed; calling
  /// `run` again returns the same.
  case doubleFault(cause: TrapCause, programCounter: UInt64, value: UInt64)
}

/// What one call of ``Hart/run(budget:synchronised:)`` did.
public struct RunResult: Sendable, Hashable {
  /// Why it stopped.
  public let exit: Exit
  /// CPU cycles spent, one for each instruction that retired.
  public let executed: Int

  /// A result with the given reason and cycles.
  public init(exit: Exit, executed: Int) {
    self.exit = exit
    self.executed = executed
  }
}

/// Why an instruction cannot retire now.
enum Interruption: Error {
  /// It raises an exception.
  case exception(TrapCause, value: UInt64)
  /// The caller has to do something first.
  case exit(Exit)
}
