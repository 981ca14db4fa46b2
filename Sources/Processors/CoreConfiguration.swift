public import Fabric
public import Peripherals

/// A memory as a core sees it: the bytes, and what its accesses are added to.
public struct CoreMemory {
  /// The bytes.
  public let store: BackingStore
  /// What its accesses are added to.
  public let traffic: DirectTraffic

  /// Pairs a memory with its counters.
  public init(store: BackingStore, traffic: DirectTraffic) {
    self.store = store
    self.traffic = traffic
  }
}

/// What the builder decides about a core.
public struct CoreConfiguration {
  /// The hart's number.
  public let hart: Int
  /// How many cycles the hart may run ahead of the hardware while no interrupt can be taken.
  public let quantum: UInt64
  /// The first instruction.
  public let entry: UInt64
  /// Ordinary memory, accessed directly.
  public let memories: [CoreMemory]
  /// Addresses of `tohost` and `fromhost`, if the program has them.
  public let toHost: UInt64?
  /// See ``toHost``.
  public let fromHost: UInt64?
  /// The console of proxied system calls.
  public let console: Console
  /// The name and offset of the function at an address, for trap messages.
  public let symbol: (UInt64) -> String?

  /// Creates a configuration.
  public init(
    hart: Int, quantum: UInt64, entry: UInt64, memories: [CoreMemory], toHost: UInt64?,
    fromHost: UInt64?, console: Console, symbol: @escaping (UInt64) -> String?
  ) {
    self.hart = hart
    self.quantum = quantum
    self.entry = entry
    self.memories = memories
    self.toHost = toHost
    self.fromHost = fromHost
    self.console = console
    self.symbol = symbol
  }
}
