public import Networks

/// What a plan may use of an SoC: memories, DMAs, arrays and vector units, with addresses, widths and interrupt
/// sources.
public struct Platform: Sendable {
  /// A memory that the plan may place data in.
  public struct Memory: Sendable, Equatable {
    /// Instance name.
    public var name: String
    /// Whether it lies off the chip.
    public var isDRAM: Bool
    /// The first address the plan may use; what lies below belongs to the firmware.
    public var base: UInt32
    /// Bytes from `base` on.
    public var byteCount: Int

    /// Creates a memory.
    public init(name: String, isDRAM: Bool, base: UInt32, byteCount: Int) {
      self.name = name
      self.isDRAM = isDRAM
      self.base = base
      self.byteCount = byteCount
    }
  }

  /// A module that takes commands through registers.
  public struct Device: Sendable, Equatable {
    /// Instance name.
    public var name: String
    /// Base address of the registers.
    public var base: UInt32
    /// PLIC source; 0 for none.
    public var interrupt: Int
    /// Offsets of registers by name.
    public var offsets: [String: UInt32]

    /// Creates a device.
    public init(name: String, base: UInt32, interrupt: Int, offsets: [String: UInt32]) {
      self.name = name
      self.base = base
      self.interrupt = interrupt
      self.offsets = offsets
    }

    /// The offset of a register; traps when the device has none of this name.
    func offset(_ register: String) -> UInt32 {
      guard let offset = offsets[register] else {
        preconditionFailure("\(name) has no register \(register)")
      }
      return offset
    }
  }

  /// A DMA.
  public struct DMA: Sendable, Equatable {
    /// The module.
    public var device: Device
    /// Bytes of a full beat of its stream.
    public var portBytes: Int

    /// Creates a DMA.
    public init(device: Device, portBytes: Int) {
      self.device = device
      self.portBytes = portBytes
    }
  }

  /// A vector unit in the write-back path of an array.
  public struct VectorUnit: Sendable, Equatable {
    /// The module.
    public var device: Device
    /// Channels of a beat.
    public var lanes: Int
    /// Pixels of a line buffer.
    public var maximumWidth: Int
    /// Feeds its port `side`; nil when nothing does.
    public var side: DMA?

    /// Creates a vector unit.
    public init(device: Device, lanes: Int, maximumWidth: Int, side: DMA?) {
      self.device = device
      self.lanes = lanes
      self.maximumWidth = maximumWidth
      self.side = side
    }
  }

  /// A systolic array with the DMAs around it.
  public struct Array: Sendable, Equatable {
    /// Which operand stays in the processing elements.
    public enum Dataflow: String, Sendable {
      /// The result.
      case outputStationary
      /// The weights.
      case weightStationary
    }

    /// The module.
    public var device: Device
    /// What stays.
    public var dataflow: Dataflow
    /// Rows (YDIM) and columns (XDIM) of processing elements.
    public var rows: Int
    /// Columns of processing elements.
    public var columns: Int
    /// Type of operands: int8 or fp32.
    public var element: ElementType
    /// Rows of the accumulator buffer (weight stationary).
    public var accumulatorRows: Int
    /// Feeds `in1` with the layer's input.
    public var input: DMA
    /// Feeds `in2` with weights.
    public var weights: DMA
    /// Takes results to memory.
    public var output: DMA
    /// Copies from memory to memory; nil when the SoC has none.
    public var load: DMA?
    /// What lies between the array and `output`.
    public var vector: VectorUnit?

    /// Creates an array.
    public init(
      device: Device, dataflow: Dataflow, rows: Int, columns: Int, element: ElementType,
      accumulatorRows: Int, input: DMA, weights: DMA, output: DMA, load: DMA?, vector: VectorUnit?
    ) {
      self.device = device
      self.dataflow = dataflow
      self.rows = rows
      self.columns = columns
      self.element = element
      self.accumulatorRows = accumulatorRows
      self.input = input
      self.weights = weights
      self.output = output
      self.load = load
      self.vector = vector
    }

    /// Output pixels of one tile.
    var tileRows: Int { dataflow == .outputStationary ? rows : accumulatorRows }
  }

  /// Name of the SoC.
  public var name: String
  /// Memories, the DRAM with the program among them.
  public var memories: [Memory]
  /// Arrays that are complete: fed and drained by DMAs.
  public var arrays: [Array]
  /// Remarks for the user: modules that plans cannot use, and why.
  public var remarks: [String]

  /// Creates a platform.
  public init(
    name: String, memories: [Memory], arrays: [Array],
    remarks: [String] = []
  ) {
    self.name = name
    self.memories = memories
    self.arrays = arrays
    self.remarks = remarks
  }

  /// The memory for everything that fits nowhere else: the largest DRAM, otherwise the largest memory.
  var main: Memory? {
    memories.max { ($0.isDRAM ? 1 : 0, $0.byteCount) < ($1.isDRAM ? 1 : 0, $1.byteCount) }
  }

  /// On-chip memories beside the main one, the largest first.
  var scratchpads: [Memory] {
    memories.filter { !$0.isDRAM && $0.name != main?.name }
      .sorted { $0.byteCount > $1.byteCount }
  }
}
