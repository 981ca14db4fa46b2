/// What a command makes its engine do, as far as time and actions are concerned: what models of a plan's cycles work with.
public enum CommandWork: Sendable, Equatable {
  /// A kernel of the core.
  case kernel(CoreKernel)
  /// The descriptors of a DMA, in their order.
  case transfer([TransferShape])
  /// A job of an array.
  case job(ArrayJobShape)
  /// A job of a vector unit.
  case vector(VectorJobShape)
}

/// A command with what the runtime does to issue it.
public struct PlannedCommand: Sendable, Equatable {
  /// An engine that must have completed so many commands.
  public struct Dependency: Sendable, Equatable {
    /// Index in ``MappedNetwork/work``.
    public var engine: Int
    /// Commands that it must have completed.
    public var count: Int
  }

  /// The layer that begins with the command: an index in ``MappedNetwork/tags``; nil for none.
  public var tag: Int?
  /// What it waits for beside its turn.
  public var dependencies: [Dependency]
  /// Runs of consecutive registers that are written.
  public var groups: Int
  /// Registers that are written.
  public var values: Int
  /// The layer it is for: an index in ``MappedNetwork/layers``.
  public var layer: Int
  /// What is done.
  public var work: CommandWork
}

/// All commands of one engine.
public struct EngineWork: Sendable, Equatable {
  /// How an engine tells that a command is complete.
  public enum Kind: Sendable {
    /// The core itself.
    case core
    /// A DMA.
    case dma
    /// An array or a vector unit.
    case accelerator
  }

  /// Instance name; `core` for the core.
  public var name: String
  /// How it completes commands.
  public var kind: Kind
  /// Its source number at the interrupt controller; 0 for none.
  public var interrupt: Int
  /// In the order in which they are carried out.
  public var commands: [PlannedCommand]
}

/// A job of an array: M×K times K×N, in tiles and passes.
public struct ArrayJobShape: Sendable, Equatable {
  /// Rows of the result (output pixels), M.
  public var rows: Int
  /// Columns of the result, N.
  public var columns: Int
  /// Steps of a pass (K; weight-stationary: rows of weights of a pass).
  public var depth: Int
  /// Passes over every tile.
  public var passes: Int
  /// Rows of a full tile.
  public var tileRows: Int
  /// Bytes of a result.
  public var resultBytes: Int
  /// What happens to results on their way out.
  public var addsBias: Bool
  /// Compared with zero: ReLU, or a slope for negative numbers.
  public var rectifies: Bool
  /// Negative fp32 numbers are multiplied by a slope.
  public var hasSlope: Bool
  /// Scaled to integers.
  public var requantises: Bool
  /// With a factor for every column.
  public var scalesColumns: Bool
  /// fp32: compared with two bounds.
  public var clamps: Bool
}

/// A job of a vector unit: one pass of beats.
public struct VectorJobShape: Sendable, Equatable {
  /// The windows of a pooling, in pixels.
  public struct Pool: Sendable, Equatable {
    /// Whether means are taken, not maxima.
    public var isAverage: Bool
    /// Rows and columns of the image.
    public var height: Int
    /// Columns of the image.
    public var width: Int
    /// Rows of a window.
    public var rows: Int
    /// Columns of a window.
    public var columns: Int
    /// Vertical distance of windows.
    public var strideY: Int
    /// Horizontal distance of windows.
    public var strideX: Int
    /// Padding above.
    public var top: Int
    /// Padding on the left.
    public var left: Int
    /// Rows of the result.
    public var outHeight: Int
    /// Columns of the result.
    public var outWidth: Int
  }

  /// Pixels that come in.
  public var beats: Int
  /// Channels of a pixel.
  public var channels: Int
  /// Bytes of an element.
  public var elementBytes: Int
  /// Whether operands come from memory, not from an array.
  public var isAlone: Bool
  /// A second operand is added (false: multiplied); nil for none.
  public var adds: Bool?
  /// Compared with two bounds.
  public var clamps: Bool
  /// Negative fp32 numbers are multiplied by a slope.
  public var hasSlope: Bool
  /// Bytes are replaced by a table's.
  public var usesTable: Bool
  /// What is pooled; nil for nothing.
  public var pool: Pool?
}

/// A transfer of a DMA: one descriptor.
public struct TransferShape: Sendable, Equatable, BitwiseCopyable {
  /// The im2col view of an image.
  public struct Window: Sendable, Equatable, BitwiseCopyable {
    /// Rows and columns of the image.
    public var height: Int
    /// Columns of the image.
    public var width: Int
    /// Rows of the kernel.
    public var kernelHeight: Int
    /// Columns of the kernel.
    public var kernelWidth: Int
    /// Vertical distance of windows.
    public var strideY: Int
    /// Horizontal distance of windows.
    public var strideX: Int
    /// Vertical dilation.
    public var dilationY: Int
    /// Horizontal dilation.
    public var dilationX: Int
    /// Padding above.
    public var top: Int
    /// Padding on the left.
    public var left: Int
    /// Columns of the output.
    public var outputWidth: Int
    /// The first output pixel in raster order.
    public var firstPixel: Int
    /// Output pixels.
    public var pixels: Int
    /// Output pixels of a group: of a tile of the array.
    public var group: Int
    /// Bytes taken at a place of the image.
    public var placeBytes: Int
    /// Bytes of a piece, at most.
    public var blockBytes: Int
    /// Whether a run holds all columns of the kernel.
    public var isMerged: Bool
    /// Bytes from one image column to the next.
    public var pixelPitch: Int
    /// Bytes from one image row to the next.
    public var rowPitch: Int
    /// How often everything is sent.
    public var repetitions: Int
  }

  /// First address that is read or written on the stream's other side.
  public var address: UInt32
  /// Where a copy goes; nil for streams.
  public var destination: UInt32?
  /// Bytes of an element of the stream.
  public var elementBytes: Int
  /// Neighbouring bytes of the innermost dimension.
  public var rowBytes: Int
  /// How often rows repeat along three dimensions, and how many bytes apart.
  public var counts: SIMD4<Int>
  /// Distances of repetitions in bytes; the first component is unused.
  public var strides: SIMD4<Int>
  /// Whether every row begins a new beat.
  public var alignsRows: Bool
  /// Whether groups leave transposed.
  public var turns: Bool
  /// The image it is a view of; nil for nested dimensions.
  public var window: Window?
  /// Where the DMA reads the descriptor from; nil when the core writes it to the registers.
  public var descriptor: UInt32?

  /// Bytes of a descriptor in memory.
  public static let descriptorBytes = 128

  /// Rows in all.
  public var rowCount: Int { counts[1] * counts[2] * counts[3] }
  /// Bytes moved.
  public var byteCount: Int { rowBytes * rowCount }
}
