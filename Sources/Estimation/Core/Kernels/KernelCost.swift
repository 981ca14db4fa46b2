/// One call of a kernel of the runtime firmware: `kernels[identifier](words)`.
public struct KernelCall: Sendable, Hashable {
  /// The kernel's number (Firmware/network/kernels.h).
  public var identifier: UInt32
  /// Its parameters, as they lie in the plan; addresses are absolute.
  public var words: [UInt32]

  /// Describes a call.
  public init(identifier: UInt32, words: [UInt32]) {
    self.identifier = identifier
    self.words = words
  }
}

/// Loads and stores of one memory by instructions.
public struct CoreTraffic: Sendable, Hashable, BitwiseCopyable {
  /// Load instructions.
  public var loads = 0
  /// Store instructions.
  public var stores = 0
  /// Bytes loaded.
  public var loadedBytes = 0
  /// Bytes stored.
  public var storedBytes = 0

  /// No traffic.
  public init() {}
}

/// What a kernel costs the core.
public struct KernelCost: Sendable, Hashable {
  /// Instructions from the kernel's first to its return, both included. One instruction takes one
  /// cycle of the core's instruction clock (`cpu_mips`).
  public var instructions: Int
  /// Loads and stores, one entry for each memory in the order of the meter's.
  public var traffic: [CoreTraffic]
  /// Whether parts of the kernel were run and the rest calculated, rather than all of it run.
  public var isExtrapolated: Bool

  /// A cost with the given figures.
  public init(instructions: Int, traffic: [CoreTraffic], isExtrapolated: Bool) {
    self.instructions = instructions
    self.traffic = traffic
    self.isExtrapolated = isExtrapolated
  }

  /// Loads and stores of all memories together.
  public var totalTraffic: CoreTraffic {
    var total = CoreTraffic()
    for entry in traffic {
      total.loads += entry.loads
      total.stores += entry.stores
      total.loadedBytes += entry.loadedBytes
      total.storedBytes += entry.storedBytes
    }
    return total
  }
}
