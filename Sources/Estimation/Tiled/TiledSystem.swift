/// A SoC as the tiled model sees it; all rates and latencies in cycles of the reference clock.
public struct TiledSystem: Sendable {
  /// A memory behind the crossbar.
  public struct Memory: BitwiseCopyable, Sendable {
    /// Cycles from an access to its data.
    public var readDelay = 1
    /// Cycles from the last written word to the answer.
    public var writeDelay = 1
    /// Bits that cross the pins per cycle; 0 for a memory that serves a word per port and cycle.
    public var bitsPerCycle = 0
    /// Banks, each of which serves an access per cycle.
    public var banks = 1
    /// Ports; initiator i uses port i mod `ports`.
    public var ports = 1
    /// Tells memories apart.
    public var index = -1

    /// One port, one bank, one cycle.
    public init() {}
  }

  /// A DMA.
  public struct DMA: BitwiseCopyable, Sendable {
    /// Bytes of a full beat.
    public var portBytes = 16
    /// Bursts under way at most.
    public var outstanding = 4
    /// Words of the longest burst.
    public var burstBeats = 16
    /// Place among the initiators of the crossbar.
    public var initiator = 0

    /// Sixteen bytes, four bursts of sixteen words.
    public init() {}
  }

  /// An array with the engines around it.
  public struct Array: BitwiseCopyable, Sendable {
    /// Whether weights stay in the processing elements; otherwise results do.
    public var isWeightStationary = false
    /// Rows of processing elements.
    public var rows = 1
    /// Columns of processing elements.
    public var columns = 1
    /// Bytes of an operand.
    public var elementBytes = 1
    /// Rows of the accumulator buffer (weight stationary).
    public var accumulatorRows = 1
    /// Whether results leave while the next tile is computed (output stationary).
    public var isDoubleBuffered = true
    /// Whether results pass a vector unit.
    public var hasVectorUnit = true
    /// Channels that a vector unit alone takes at a time.
    public var lanes = 1
    /// Feeds the window.
    public var input = DMA()
    /// Feeds weights.
    public var weights = DMA()
    /// Takes results to memory.
    public var output = DMA()
    /// Feeds the vector unit's second operand.
    public var side = DMA()
    /// Copies from memory to memory; nil without.
    public var load: DMA?
    /// Bytes of one of the two buffers for weights; 0 without.
    public var weightCapacity = 0

    /// One processing element.
    public init() {}

    /// Output pixels of a tile.
    var tileRows: Int { isWeightStationary ? accumulatorRows : rows }
  }

  /// Bytes of a word of the crossbar.
  public var busBytes = 16
  /// Cycles through the crossbar, each way.
  public var crossbarLatency = 1
  /// Memory of feature maps.
  public var activations = Memory()
  /// Memory that weights pass through.
  public var weights = Memory()
  /// Memory for everything else.
  public var main = Memory()
  /// The arrays, in the order of the file.
  public var arrays: [Array] = []

  /// A system without arrays.
  public init() {}
}

/// How fast a DMA moves words to or from a memory; the formulas of the replay (`StreamTiming`).
struct TiledStream: BitwiseCopyable {
  let latency: Double
  let answer: Double
  let pins: Double
  let burst: Double
  let outstanding: Double
  let bufferWords: Double
  let isOffChip: Bool

  init(_ dma: TiledSystem.DMA, _ memory: TiledSystem.Memory, _ system: TiledSystem) {
    isOffChip = memory.bitsPerCycle > 0
    pins =
      isOffChip ? max(1, Double(8 * system.busBytes) / Double(memory.bitsPerCycle)) : 1
    let way = Double(2 * system.crossbarLatency + 1)
    latency = way + Double(memory.readDelay) + pins - 1
    answer = way + Double(memory.writeDelay) + pins - 1
    burst = Double(dma.burstBeats)
    outstanding = Double(dma.outstanding)
    bufferWords = Double(max(32, 2 * dma.burstBeats))
  }

  /// Cycles per word of read bursts of `words` words: the pins, or as many bursts as may be under
  /// way
  /// and fit the buffer in the time that one takes.
  func read(_ words: Double) -> Double {
    let length = min(max(1, words), burst)
    let bursts = min(outstanding, (bufferWords / length).rounded(.down))
    return max(pins, (latency + 4 + length * pins) / (bursts * length))
  }

  /// Cycles per word of written bursts of `words` words; a third of a cycle is lost between bursts.
  func write(_ words: Double) -> Double {
    let length = min(max(1, words), burst)
    return max(
      pins, (length * pins + 1.0 / 3) / length,
      (answer + length * pins) / (outstanding * length))
  }

  /// Cycles at the pins off the chip per word.
  var pinCycles: Double { isOffChip ? pins : 0 }
}

/// Mean bus words of pieces of `bytes` bytes whose addresses are multiples of `step`.
@inline(__always)
func tiledWords(_ bytes: Int, step: Int, bus: Int) -> Double {
  let distance = step == 0 ? bus : min(1 << step.trailingZeroBitCount, bus)
  let padded = (bytes + distance - 1) / distance * distance
  return Double(padded + bus - distance) / Double(bus)
}
