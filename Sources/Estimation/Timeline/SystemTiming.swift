/// What the times of a plan depend on beside the plan itself: memories, bus, DMAs and arrays with their latencies and
/// rates, in cycles of the SoC's reference clock.
public struct SystemTiming: Sendable {
  /// A memory behind the crossbar.
  public struct Memory: Sendable {
    /// First address.
    public var base: UInt64
    /// Bytes.
    public var length: UInt64
    /// Cycles from access to data.
    public var readDelay: Int
    /// Cycles from the last word of a burst to its answer.
    public var writeDelay: Int
    /// Bits that cross the pins per cycle; nil for memories that serve a word per port and cycle.
    public var bitsPerCycle: Int?
    /// Banks, interleaved by bus word, each of which serves an access per cycle.
    public var banks: Int
    /// Ports, each of which serves an access per cycle; initiator i uses port i mod `ports`.
    public var ports: Int

    /// Creates a memory.
    public init(
      base: UInt64, length: UInt64, readDelay: Int, writeDelay: Int, bitsPerCycle: Int?, banks: Int,
      ports: Int
    ) {
      self.base = base
      self.length = length
      self.readDelay = readDelay
      self.writeDelay = writeDelay
      self.bitsPerCycle = bitsPerCycle
      self.banks = banks
      self.ports = ports
    }
  }

  /// A DMA.
  public struct DMA: Sendable {
    /// Instance name.
    public var name: String
    /// Bytes of a full beat.
    public var portBytes: Int
    /// Bursts under way at most.
    public var outstanding: Int
    /// Words of a burst at most.
    public var burstBeats: Int
    /// Its place among the initiators of the crossbar.
    public var initiator: Int

    /// Creates a DMA.
    public init(
      name: String, portBytes: Int, outstanding: Int, burstBeats: Int, initiator: Int
    ) {
      self.name = name
      self.initiator = initiator
      self.portBytes = portBytes
      self.outstanding = outstanding
      self.burstBeats = burstBeats
    }
  }

  /// An array with the engines around it, by instance name.
  public struct Array: Sendable {
    /// The array.
    public var name: String
    /// Whether weights stay; otherwise results do.
    public var isWeightStationary: Bool
    /// Rows and columns of processing elements.
    public var rows: Int
    /// Columns of processing elements.
    public var columns: Int
    /// Whether results leave while the next tile is computed (output stationary).
    public var isDoubleBuffered: Bool
    /// Feeds in1.
    public var input: String
    /// Feeds in2.
    public var weights: String
    /// Takes results to memory.
    public var output: String
    /// What lies between the array and `output`.
    public var vector: String?
    /// Feeds the vector unit's second operand.
    public var side: String?
    /// Bytes of a beat of results.
    public var outBytes: Int

    /// Creates an array.
    public init(
      name: String, isWeightStationary: Bool, rows: Int, columns: Int, isDoubleBuffered: Bool,
      input: String, weights: String, output: String, vector: String?, side: String?, outBytes: Int
    ) {
      self.name = name
      self.isWeightStationary = isWeightStationary
      self.rows = rows
      self.columns = columns
      self.isDoubleBuffered = isDoubleBuffered
      self.input = input
      self.weights = weights
      self.output = output
      self.vector = vector
      self.side = side
      self.outBytes = outBytes
    }
  }

  /// Bytes of a word of the crossbar.
  public var busBytes: Int
  /// Cycles through the crossbar, each way.
  public var crossbarLatency: Int
  /// Bursts under way through the crossbar, at most, of an initiator in each direction.
  public var crossbarOutstanding: Int
  /// Whether initiators take turns; otherwise the first goes first.
  public var isRoundRobin: Bool
  /// The memories.
  public var memories: [Memory]
  /// The DMAs.
  public var dmas: [DMA]
  /// The arrays.
  public var arrays: [Array]
  /// What the core costs.
  public var core: CoreTiming

  /// Creates a system.
  public init(
    busBytes: Int, crossbarLatency: Int, crossbarOutstanding: Int = 8, isRoundRobin: Bool = true,
    memories: [Memory], dmas: [DMA], arrays: [Array], core: CoreTiming
  ) {
    self.busBytes = busBytes
    self.crossbarLatency = crossbarLatency
    self.crossbarOutstanding = crossbarOutstanding
    self.isRoundRobin = isRoundRobin
    self.memories = memories
    self.dmas = dmas
    self.arrays = arrays
    self.core = core
  }

  /// The bank that all words of a stream lie in whose addresses are multiples of `step` apart; nil when they
  /// wander. Banks of different memories have different numbers.
  func bank(of address: Int, step: Int, bytes: Int) -> Int? {
    guard let memory = memory(at: UInt32(truncatingIfNeeded: address)) else { return nil }
    let (banks, base) = (memories[memory].banks, Int(memories[memory].base))
    guard step % (banks * busBytes) == 0, (address % busBytes) + bytes <= busBytes else {
      return nil
    }
    return memory << 16 | (address - base) / busBytes % banks
  }

  /// The memory at an address; nil when there is none.
  func memory(at address: UInt32) -> Int? {
    memories.firstIndex { UInt64(address) &- $0.base < $0.length }
  }
}

/// What the core's part of a plan costs, in cycles of the SoC's reference clock.
public struct CoreTiming: Sendable {
  /// What the runtime firmware executes between kernels.
  public var runtime: RuntimeCost
  /// Reference cycles per instruction.
  public var instruction: Double
  /// Cycles through the crossbar, each way.
  public var latency: Int

  /// Creates costs.
  public init(runtime: RuntimeCost, instruction: Double, latency: Int) {
    self.runtime = runtime
    self.instruction = instruction
    self.latency = latency
  }

  /// From an access's instruction to the next one; see ``HartTiming``.
  func access(isStore: Bool) -> Double {
    let away = Double(2 * latency + (isStore ? 2 : 1))
    return ((away / instruction).rounded(.down) + 2) * instruction
  }

  /// From an access's instruction to the cycle in which the device sees it.
  func served(isStore: Bool) -> Double { Double(latency + (isStore ? 2 : 1)) }

  /// From a device's completion to the first instruction of a waiting core.
  var interrupt: Double { max(2, instruction) }

  /// Cycles of a piece of the runtime.
  ///
  /// Of those that a replay needs often ``RuntimeCycles`` has the results.
  func cycles(_ piece: RuntimeCost.Piece) -> Double {
    Double(piece.instructions - piece.accesses.count) * instruction
      + Double(piece.loads) * access(isStore: false) + Double(piece.stores) * access(isStore: true)
  }
}
