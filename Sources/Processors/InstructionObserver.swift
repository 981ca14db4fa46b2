public import RISCV

/// What happened at an instruction.
public enum InstructionEvent: Sendable {
  /// It retired.
  case retired(Retired)
  /// It raised an exception; `word` is nil when it could not be fetched.
  case exception(Trap, word: UInt32?)
  /// An interrupt was taken instead of it.
  case interrupt(Trap)
}

/// Looks on while a hart executes: a log, a profile. It must change nothing.
public protocol InstructionObserver: AnyObject {
  /// Told of every instruction and interrupt, in order, with the hart as it is afterwards: its
  /// ``Hart/cycle`` counts what the instruction took, with the time it waited for a device. `cycle`
  /// is the one in which it was executed, in the hart's own clock.
  func observe(_ event: InstructionEvent, of hart: Hart, at cycle: UInt64)
}
