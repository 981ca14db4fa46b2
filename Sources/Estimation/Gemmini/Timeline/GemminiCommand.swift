/// One command as the reservation station sees it: what it orders against, and what its
/// controller needs to know to time it.
struct GemminiCommand {
  /// The command's kind; the controller follows from it.
  enum Kind: UInt8 {
    case configureLoad, configureStore, configureExecute
    /// DRAM to scratchpad or accumulator.
    case moveIn
    /// Zeros to scratchpad or accumulator: no memory request.
    case zeroFill
    case preload
    case compute
    /// Accumulator to DRAM.
    case moveOut
  }

  /// A half-open range of local rows; empty for "no operand". Accumulator rows start at
  /// `accumulatorBase`, so that the two memories never overlap.
  struct Rows {
    var start: Int32 = 0
    var end: Int32 = 0

    static let none = Rows()
    static let accumulatorBase: Int32 = 1 << 20

    var isReal: Bool { end > start }

    init() {}

    init(_ start: Int, count: Int) {
      self.start = Int32(truncatingIfNeeded: start)
      self.end = Int32(truncatingIfNeeded: start + count)
    }

    init(accumulator start: Int, count: Int) {
      self.start = Int32(truncatingIfNeeded: start) + Self.accumulatorBase
      self.end = Int32(truncatingIfNeeded: start + count) + Self.accumulatorBase
    }

    func overlaps(_ other: Rows) -> Bool {
      start < other.end && other.start < end
    }
  }

  var kind: Kind
  /// Move: the local rows. Preload: C. Compute: A.
  var first = Rows.none
  /// Preload: D or the weights. Compute: the B or D operand.
  var second = Rows.none
  /// Byte address in DRAM, see `OperandBase`.
  var address = 0
  /// 32-bit elements: a local row of the accumulator is one DRAM row.
  var wide = false
  /// C is added to what is in the accumulator.
  var accumulates = false
  /// Max pooling of a move-out.
  var isPooled = false
  /// The pooling window; meaningless without pooling.
  var pool = GemminiPoolWindow()
  private var packed = Packed()

  /// Commands are copied often, so they are kept small.
  private struct Packed {
    var stride: Int32 = 0
    var bytes: Int32 = 0
    var blockStride: Int32 = 16
    var rows: Int16 = 0
    var repeats: Int16 = 1
  }

  /// Bytes between two DRAM rows; 0 repeats one row.
  var stride: Int {
    get { Int(packed.stride) }
    set { packed.stride = Int32(truncatingIfNeeded: newValue) }
  }
  /// Rows moved or fed.
  var rows: Int {
    get { Int(packed.rows) }
    set { packed.rows = Int16(truncatingIfNeeded: newValue) }
  }
  /// Bytes of one DRAM row.
  var bytes: Int {
    get { Int(packed.bytes) }
    set { packed.bytes = Int32(truncatingIfNeeded: newValue) }
  }
  /// Local rows between two blocks of a wide move-in.
  var blockStride: Int {
    get { Int(packed.blockStride) }
    set { packed.blockStride = Int32(truncatingIfNeeded: newValue) }
  }
  /// Times each row is written (first-layer packing of several pixels in a row).
  var repeats: Int {
    get { Int(packed.repeats) }
    set { packed.repeats = Int16(truncatingIfNeeded: newValue) }
  }

  init(_ kind: Kind) {
    self.kind = kind
  }
}

/// Where the operands lie in DRAM: 16 MiB apart, as in the measurements.
enum OperandBase {
  static let inputs = 0
  static let weights = 1 << 24
  static let outputs = 2 << 24
  static let bias = 3 << 24
}

/// The part of a pooled move-out that its controller steps through.
struct GemminiPoolWindow {
  /// Window and step in rows and columns.
  var size: UInt8 = 1
  var stride: UInt8 = 1
  /// Padding above and left of the block.
  var top: UInt8 = 0
  var left: UInt8 = 0
  /// Pooled rows and columns written.
  var pooledRows: UInt16 = 0
  var pooledColumns: UInt16 = 0
  /// Rows and columns of the block in the accumulator.
  var rows: UInt16 = 0
  var columns: UInt16 = 0
  /// Columns of the whole pooled image in DRAM.
  var imageColumns: UInt16 = 0
}
