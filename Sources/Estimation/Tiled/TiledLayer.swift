/// A layer of a planned network as the tiled model sees it: everything that does not change with
/// the
/// sides of arrays, widths of buses and ports, rates of memories or the capacity for weights.
public struct TiledLayer: BitwiseCopyable, Sendable {
  /// What computes a layer.
  public enum Engine: UInt8, BitwiseCopyable, Sendable {
    /// An array, with the vector unit behind it.
    case array
    /// A vector unit alone.
    case vector
    /// The core.
    case core
  }

  /// Where the input is while the array computes.
  public enum Source: UInt8, BitwiseCopyable, Sendable {
    /// In the scratchpad already.
    case resident
    /// Copied into one of two buffers, piece by piece.
    case staged
    /// In the main memory.
    case direct
  }

  /// Pooling on the way to memory.
  public struct Pool: BitwiseCopyable, Sendable {
    /// Rows of a window.
    public var rows = 1
    /// Columns of a window.
    public var columns = 1
    /// Vertical distance of windows.
    public var strideY = 1
    /// Horizontal distance of windows.
    public var strideX = 1
    /// Rows of the result.
    public var outHeight = 1
    /// Columns of the result.
    public var outWidth = 1
    /// Whether means are taken, not maxima.
    public var isAverage = false

    /// One window of one pixel.
    public init() {}
  }

  /// What happens to results on their way out.
  public struct Finish: OptionSet, BitwiseCopyable, Sendable {
    /// A bit for each.
    public let rawValue: UInt16
    /// A bias is added.
    public static let bias = Finish(rawValue: 1)
    /// Compared with zero.
    public static let rectify = Finish(rawValue: 2)
    /// Scaled to integers.
    public static let requantise = Finish(rawValue: 4)
    /// With a factor for every column.
    public static let scaleColumns = Finish(rawValue: 8)
    /// A second operand comes in beside it.
    public static let side = Finish(rawValue: 16)
    /// The second operand is added; otherwise multiplied.
    public static let adds = Finish(rawValue: 32)
    /// Bytes are replaced by a table's.
    public static let table = Finish(rawValue: 64)
    /// The vector unit compares with two bounds.
    public static let clamp = Finish(rawValue: 128)
    /// Results lie in the main memory.
    public static let resultInMain = Finish(rawValue: 256)
    /// The second operand lies in the main memory.
    public static let sideInMain = Finish(rawValue: 512)
    /// Weights are computed, not constant: they lie where feature maps do.
    public static let computedWeights = Finish(rawValue: 1024)

    /// Any combination.
    public init(rawValue: UInt16) { self.rawValue = rawValue }
  }

  /// Loads, stores and bytes of the core in a memory.
  public struct Traffic: BitwiseCopyable, Sendable {
    /// Load instructions.
    public var loads = 0
    /// Store instructions.
    public var stores = 0
    /// Bytes loaded.
    public var loadedBytes = 0
    /// Bytes stored.
    public var storedBytes = 0
    /// None.
    public init() {}
  }

  /// What computes it.
  public var engine = Engine.core
  /// Index of the array, or of the one that the vector unit belongs to.
  public var array = 0
  /// The product; for vector units alone only the output's extents count.
  public var shape: LayerShape
  /// Bytes from one input pixel to the next.
  public var inputPitch = 1
  /// Bytes from one output pixel to the next.
  public var outputPitch = 1
  /// Bytes of an element of the result.
  public var resultBytes = 1
  /// Where the input is.
  public var source = Source.resident
  /// Output rows of a piece of the input.
  public var pieceRows = 1
  /// What happens to results.
  public var finish: Finish = []
  /// What is pooled; nil for nothing.
  public var pool: Pool?
  /// Share of the window's places that lie in the image, 0…1; the others are padding.
  public var inside = 1.0
  /// Cycles in which the core issues the first job of the vector unit.
  public var firstVectorIssue = 0.0
  /// Cycles in which it issues each of the others.
  public var vectorIssue = 0.0
  /// Instructions of the core's kernels.
  public var instructions = 0
  /// What they do in the memory for feature maps.
  public var activations = Traffic()
  /// What they do in the memory for weights.
  public var weights = Traffic()
  /// What they do in the main memory.
  public var main = Traffic()

  /// A layer of the core without cost.
  public init(shape: LayerShape) {
    self.shape = shape
    pieceRows = shape.outputHeight
    inside = Self.inside(shape)
  }

  /// Share of window places inside the image: the mean over kernel rows times the one over columns.
  private static func inside(_ shape: LayerShape) -> Double {
    func share(
      _ kernel: Int, _ out: Int, _ stride: Int, _ dilation: Int, _ padding: Int, _ side: Int
    ) -> Double {
      var count = 0
      for tap in 0..<kernel {
        // Outputs o with 0 ≤ o · stride − padding + tap · dilation < side.
        let offset = tap * dilation - padding
        let first = offset >= 0 ? 0 : (-offset + stride - 1) / stride
        let last = (side - 1 - offset) >= 0 ? min(out - 1, (side - 1 - offset) / stride) : -1
        count += max(0, last - first + 1)
      }
      return Double(count) / Double(max(1, kernel * out))
    }
    return share(
      shape.kernelHeight, shape.outputHeight, shape.strideY, shape.dilationY, shape.top,
      shape.inputHeight)
      * share(
        shape.kernelWidth, shape.outputWidth, shape.strideX, shape.dilationX, shape.left,
        shape.inputWidth)
  }
}

/// A planned network as the tiled model sees it.
public struct TiledNetwork: Sendable {
  /// Names of the layers for reports, in the order of ``layers``.
  public var names: [String]
  /// The layers in the order of the plan.
  public var layers: [TiledLayer]
  /// What the core executes between kernels.
  public var issue: TiledIssue

  /// Creates a network.
  public init(names: [String], layers: [TiledLayer], issue: TiledIssue) {
    self.names = names
    self.layers = layers
    self.issue = issue
  }
}

/// What issuing commands costs the core, in cycles of the reference clock, and in registers
/// written.
public struct TiledIssue: BitwiseCopyable, Sendable {
  /// Before the first layer.
  public var start = 0.0
  /// A job of an array, issued, per column that it uses: biases and factors of the columns are
  /// written.
  public var column = 0.0
  /// A completed job: interrupt served, and successors looked for at every engine.
  public var service = 0.0
  /// The DMAs of a piece of the input with a group of weights.
  public var step = 0.0
  /// From the last result's being in memory to the first read of the layer that needs it.
  public var handover = 0.0
  /// From a kernel's end to that of its command, and from the interrupt to its beginning.
  public var kernel = 0.0
  /// Registers of a job per column.
  public var columnRegisters = 0.0
  /// Instructions of a job per column.
  public var columnInstructions = 0.0
  /// Registers of a step.
  public var stepRegisters = 0
  /// Instructions of a step.
  public var stepInstructions = 0
  /// Instructions to serve a completed job.
  public var serviceInstructions = 0
  /// Cycles per instruction of the core.
  public var instruction = 1.0

  /// Nothing costs anything.
  public init() {}
}
