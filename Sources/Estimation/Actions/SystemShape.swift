/// What counts of actions need to know of an SoC: names as in the registry, widths, dimensions.
public struct SystemShape: Sendable, Equatable {
  /// A memory behind the crossbar.
  public struct Memory: Sendable, Equatable {
    /// Instance name.
    public var name: String
    /// First address.
    public var address: UInt64
    /// Size in bytes.
    public var byteCount: UInt64
    /// Whether it lies off the chip.
    public var isDRAM: Bool
    /// Accesses per cycle and bank.
    public var ports: Int
    /// Banks, interleaved by bus words.
    public var banks: Int

    /// Creates a memory.
    public init(
      name: String, address: UInt64, byteCount: UInt64, isDRAM: Bool, ports: Int = 1,
      banks: Int = 1
    ) {
      self.name = name
      self.address = address
      self.byteCount = byteCount
      self.isDRAM = isDRAM
      self.ports = ports
      self.banks = banks
    }
  }

  /// A DMA.
  public struct DMA: Sendable, Equatable {
    /// Which way data moves.
    public enum Direction: Sendable {
      /// Memory to stream.
      case toStream
      /// Stream to memory.
      case fromStream
      /// Memory to memory.
      case memoryToMemory
    }

    /// Instance name.
    public var name: String
    /// Which way data moves.
    public var direction: Direction
    /// Bytes of a full beat of its stream.
    public var portBytes: Int
    /// Bus words of its longest burst.
    public var maximumBurstBeats: Int
    /// Bursts that may be under way at a time.
    public var outstanding: Int

    /// Creates a DMA.
    public init(
      name: String, direction: Direction, portBytes: Int, maximumBurstBeats: Int = 16,
      outstanding: Int = 4
    ) {
      self.name = name
      self.direction = direction
      self.portBytes = portBytes
      self.maximumBurstBeats = maximumBurstBeats
      self.outstanding = outstanding
    }

    /// Whether pieces can be turned: only on the way to a stream.
    public var hasTurnBuffer: Bool { direction == .toStream }
  }

  /// A systolic array.
  public struct Array: Sendable, Equatable {
    /// Which operand stays in the processing elements.
    public enum Dataflow: Sendable {
      /// The result.
      case outputStationary
      /// The weights.
      case weightStationary
    }

    /// Instance name.
    public var name: String
    /// What stays.
    public var dataflow: Dataflow
    /// Rows of processing elements (YDIM).
    public var rows: Int
    /// Columns of processing elements (XDIM).
    public var columns: Int
    /// Whether operands are binary32; integers otherwise.
    public var isFloat: Bool
    /// Bytes of an operand.
    public var operandBytes: Int
    /// Bytes of a beat of the stream of results.
    public var outBytes: Int
    /// Rows of the accumulator buffer (weight stationary).
    public var accumulatorRows: Int
    /// Whether results move to drain registers of their own (output stationary).
    public var isDoubleBuffered: Bool

    /// Creates an array.
    public init(
      name: String, dataflow: Dataflow, rows: Int, columns: Int, isFloat: Bool = false,
      operandBytes: Int = 1, outBytes: Int, accumulatorRows: Int = 1024,
      isDoubleBuffered: Bool = true
    ) {
      self.name = name
      self.dataflow = dataflow
      self.rows = rows
      self.columns = columns
      self.isFloat = isFloat
      self.operandBytes = operandBytes
      self.outBytes = outBytes
      self.accumulatorRows = accumulatorRows
      self.isDoubleBuffered = isDoubleBuffered
    }
  }

  /// A vector unit.
  public struct VectorUnit: Sendable, Equatable {
    /// Instance name.
    public var name: String
    /// Channels of a beat.
    public var lanes: Int
    /// Whether elements are binary32; int8 otherwise.
    public var isFloat: Bool

    /// Creates a vector unit.
    public init(name: String, lanes: Int, isFloat: Bool = false) {
      self.name = name
      self.lanes = lanes
      self.isFloat = isFloat
    }
  }

  /// Bytes of a bus word.
  public var busBytes: Int
  /// Memories.
  public var memories: [Memory]
  /// DMAs.
  public var dmas: [DMA]
  /// Systolic arrays.
  public var arrays: [Array]
  /// Vector units.
  public var vectorUnits: [VectorUnit]
  /// Name of the core.
  public var core: String
  /// Name of the PLIC through which devices interrupt the core; nil when the runtime asks them in
  /// turn.
  public var interruptController: String?
  /// Name of the marker that is told which layer runs; nil for none.
  public var marker: String?

  /// Creates a shape.
  public init(
    busBytes: Int, memories: [Memory], dmas: [DMA], arrays: [Array], vectorUnits: [VectorUnit],
    core: String = "cpu", interruptController: String? = "plic", marker: String? = "marker"
  ) {
    self.busBytes = busBytes
    self.memories = memories
    self.dmas = dmas
    self.arrays = arrays
    self.vectorUnits = vectorUnits
    self.core = core
    self.interruptController = interruptController
    self.marker = marker
  }

  /// Index of the memory that holds an address; nil when none does.
  func memory(at address: Int) -> Int? {
    let address = UInt64(bitPattern: Int64(address))
    return memories.firstIndex { address >= $0.address && address - $0.address < $0.byteCount }
  }

  /// Index of the memory in which plans keep descriptors: the largest DRAM, without any the largest
  /// memory.
  var mainMemory: Int? {
    memories.indices.max {
      (memories[$0].isDRAM ? 1 : 0, memories[$0].byteCount)
        < (memories[$1].isDRAM ? 1 : 0, memories[$1].byteCount)
    }
  }
}
