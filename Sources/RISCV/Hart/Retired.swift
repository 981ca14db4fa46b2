/// A register that a retired instruction wrote.
public struct RegisterWrite: Sendable, Hashable, BitwiseCopyable {
  /// Register number, 1 to 31.
  public let register: Int
  /// The value written.
  public let value: UInt64
}

/// The memory access of a retired instruction.
public struct MemoryAccess: Sendable, Hashable, BitwiseCopyable {
  /// First byte.
  public let address: UInt64
  /// 1, 2 or 4.
  public let bytes: Int
  /// Whether it was a store.
  public let isStore: Bool
  /// The bytes that were loaded or stored, zero extended.
  public let value: UInt64
}

/// A control and status register that a retired instruction wrote explicitly.
public struct CSRWrite: Sendable, Hashable, BitwiseCopyable {
  /// CSR number.
  public let csr: UInt16
  /// The value the register holds afterwards (legal bits only).
  public let value: UInt64
}

/// The effects of one retired instruction, as a commit log prints them.
public struct Retired: Sendable, Hashable, BitwiseCopyable {
  /// Address of the instruction.
  public let programCounter: UInt64
  /// The instruction word.
  public let word: UInt32
  /// The integer register written, if any; writes to x0 are not reported.
  public internal(set) var registerWrite: RegisterWrite?
  /// The memory access, if any.
  public internal(set) var memoryAccess: MemoryAccess?
  /// The CSR written, if any.
  public internal(set) var csrWrite: CSRWrite?

  init(programCounter: UInt64, word: UInt32) {
    self.programCounter = programCounter
    self.word = word
  }
}

/// What ``Hart/step(synchronised:)`` did.
public enum Step: Sendable, Hashable {
  /// The instruction retired.
  case retired(Retired)
  /// The instruction retired and the caller has to act before the next one.
  case retiredAndStopped(Retired, Exit)
  /// The instruction raised an exception, or an interrupt was taken instead of it.
  case trapped(Trap)
  /// Nothing was executed, for this reason.
  case stopped(Exit)
}
