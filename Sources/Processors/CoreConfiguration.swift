public import Fabric
public import Peripherals
public import RISCV

/// A memory as a core sees it: the bytes, and what its accesses are added to.
public struct CoreMemory {
  /// The bytes.
  public let store: BackingStore
  /// What its accesses are added to.
  public let traffic: DirectTraffic
  /// Whether stores are carried out; otherwise they are access faults.
  public let isWritable: Bool

  /// Pairs a memory with its counters.
  public init(store: BackingStore, traffic: DirectTraffic, isWritable: Bool = true) {
    self.store = store
    self.traffic = traffic
    self.isWritable = isWritable
  }
}

/// What the builder decides about a core.
public struct CoreConfiguration {
  /// The hart's number.
  public var hart: Int
  /// What it executes.
  public var instructionSet: InstructionSet
  /// How many cycles the hart may run ahead of the hardware while no interrupt can be taken.
  public var quantum: UInt64
  /// The first instruction.
  public var entry: UInt64
  /// Ordinary memory, accessed directly.
  public var memories: [CoreMemory]
  /// What the `time` CSR shows; shared with the CLINT.
  public var time: MachineTime
  /// The address of `tohost`, whose stores are looked at; nil when the program has none.
  public var toHost: UInt64?
  /// What the host does for programs; one for all harts of a system.
  public var host: HostServices
  /// The name and offset of the function at an address, for trap messages.
  public var symbol: (UInt64) -> String? = { _ in nil }
  /// What misaligned loads and stores of memory do.
  public var misalignedAccess = MisalignedAccess.supported
  /// How instructions are executed.
  public var engine = Engine.fast
  /// The harts that share memory with this one; nil when there are none.
  public var group: HartGroup?
  /// The most instructions the hart retires before the run ends; nil for no limit.
  public var instructionLimit: UInt64?
  /// Told of every instruction; nil for full speed.
  public var observer: (any InstructionObserver)?

  /// Creates the configuration of a hart that nobody observes.
  public init(
    hart: Int, instructionSet: InstructionSet, quantum: UInt64, entry: UInt64,
    memories: [CoreMemory], time: MachineTime, toHost: UInt64? = nil, host: HostServices
  ) {
    self.hart = hart
    self.instructionSet = instructionSet
    self.quantum = quantum
    self.entry = entry
    self.memories = memories
    self.time = time
    self.toHost = toHost
    self.host = host
  }
}
