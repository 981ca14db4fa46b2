/// The memory access of a retired instruction.
public struct MemoryAccess: Sendable, Hashable, BitwiseCopyable {
  /// First byte, as the program addressed it.
  public let address: UInt64
  /// 1, 2, 4 or 8.
  public let bytes: Int
  /// Whether it was a store.
  public let isStore: Bool
  /// The bytes that were loaded or stored, zero extended.
  public let value: UInt64

  /// An access with the given properties.
  public init(address: UInt64, bytes: Int, isStore: Bool, value: UInt64) {
    self.address = address
    self.bytes = bytes
    self.isStore = isStore
    self.value = value
  }
}

/// A register that a retired instruction wrote.
public struct RegisterWrite: Sendable, Hashable, BitwiseCopyable {
  /// Which file the register belongs to.
  public enum File: UInt8, Sendable, Hashable, BitwiseCopyable {
    /// x1 to x31; writes to x0 are not reported.
    case integer = 0
    /// f0 to f31.
    case float = 1
    /// The control and status registers.
    case control = 4
  }

  /// Which file the register belongs to.
  public let file: File
  /// The register's number in its file.
  public let number: Int
  /// What it holds afterwards: XLEN bits, 64 of a floating-point register, zero extended.
  public let value: UInt64

  /// A write with the given properties.
  public init(file: File, number: Int, value: UInt64) {
    self.file = file
    self.number = number
    self.value = value
  }
}

/// The effects of one retired instruction, as a commit log prints them.
public struct Retired: Sendable {
  /// Address of the instruction.
  public let programCounter: UInt64
  /// The instruction, 16 bits when its lowest two are not 11.
  public let word: UInt32
  /// The mode it was executed in.
  public let privilege: PrivilegeMode
  /// The registers written, in the order in which they were.
  public let writes: [RegisterWrite]
  /// The load, if any; of an atomic instruction both are present.
  public let load: MemoryAccess?
  /// The store, if any.
  public let store: MemoryAccess?

  /// A record with the given effects.
  public init(
    programCounter: UInt64, word: UInt32, privilege: PrivilegeMode, writes: [RegisterWrite] = [],
    load: MemoryAccess? = nil, store: MemoryAccess? = nil
  ) {
    self.programCounter = programCounter
    self.word = word
    self.privilege = privilege
    self.writes = writes
    self.load = load
    self.store = store
  }

  /// The integer register written, if any.
  public var integerWrite: RegisterWrite? { writes.first { $0.file == .integer } }

  /// The floating-point register written, if any.
  public var floatWrite: RegisterWrite? { writes.first { $0.file == .float } }
}

/// What ``Hart/step(synchronised:)`` did.
public enum Step: Sendable {
  /// The instruction retired.
  case retired(Retired)
  /// The instruction retired and the caller has to act before the next one.
  case retiredAndStopped(Retired, Exit)
  /// The instruction raised an exception, or an interrupt was taken instead of it.
  case trapped(Trap)
  /// Nothing was executed, for this reason.
  case stopped(Exit)
}
