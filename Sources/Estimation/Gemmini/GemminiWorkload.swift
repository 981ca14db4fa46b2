/// One layer for a Gemmini, in the terms of its C library.
public enum GemminiWorkload: Sendable, Equatable {
  /// `C[M x N] = A[M x K] B[K x N]`.
  case matmul(GemminiMatmul)
  /// A convolution with optional max pooling.
  case convolution(GemminiConvolution)
}

/// A matrix multiplication with packed row-major operands.
public struct GemminiMatmul: Sendable, Equatable {
  /// Which code drives the array.
  public enum Driver: String, Sendable, CaseIterable {
    /// The library's tiling, weight stationary, one `LOOP_WS` per tile.
    case tiledWeightStationary = "tiled_auto_ws"
    /// The library's tiling, output stationary, tiles unrolled in software.
    case tiledOutputStationary = "tiled_auto_os"
    /// The whole product as one `LOOP_WS`.
    case singleLoop = "loop_ws_single"
    /// The whole product as one output stationary tile.
    case singleOutputStationary = "os_single"

    /// Whether partial sums stay in the array.
    public var isOutputStationary: Bool {
      self == .tiledOutputStationary || self == .singleOutputStationary
    }
  }

  /// Rows of A and C.
  public var rows: Int
  /// Columns of B and C.
  public var columns: Int
  /// Columns of A, rows of B.
  public var depth: Int
  /// An int32 row vector is added to every row of C.
  public var hasBias: Bool
  /// ReLU on the way out; it costs no cycle.
  public var hasActivation: Bool
  /// Bits of an element of C in memory: 8 or 32.
  public var outputBits: Int
  /// The code that drives the array.
  public var driver: Driver

  /// `M x N x K` as `rows x columns x depth`.
  public init(
    rows: Int, columns: Int, depth: Int, hasBias: Bool = false, hasActivation: Bool = false,
    outputBits: Int = 8, driver: Driver = .tiledWeightStationary
  ) {
    self.rows = rows
    self.columns = columns
    self.depth = depth
    self.hasBias = hasBias
    self.hasActivation = hasActivation
    self.outputBits = outputBits
    self.driver = driver
  }
}

/// A square convolution in NHWC, as the library's `tiled_conv_auto` takes it.
public struct GemminiConvolution: Sendable, Equatable {
  /// Images.
  public var batch: Int
  /// Height and width of the input.
  public var inputSize: Int
  /// Channels of the input.
  public var inputChannels: Int
  /// Channels of the output.
  public var outputChannels: Int
  /// Height and width of the kernel.
  public var kernel: Int
  /// Stride in both directions.
  public var stride: Int
  /// Padding on every side.
  public var padding: Int
  /// Max pooling on the way out; nil without.
  public var pool: GemminiPool?
  /// An int32 bias per output channel.
  public var hasBias: Bool
  /// ReLU on the way out; it costs no cycle.
  public var hasActivation: Bool

  /// A convolution.
  public init(
    batch: Int = 1, inputSize: Int, inputChannels: Int, outputChannels: Int, kernel: Int,
    stride: Int = 1, padding: Int = 0, pool: GemminiPool? = nil, hasBias: Bool = false,
    hasActivation: Bool = false
  ) {
    self.batch = batch
    self.inputSize = inputSize
    self.inputChannels = inputChannels
    self.outputChannels = outputChannels
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.pool = pool
    self.hasBias = hasBias
    self.hasActivation = hasActivation
  }

  /// Height and width of the output before pooling.
  public var outputSize: Int { (inputSize + 2 * padding - kernel) / stride + 1 }

  /// Height and width after pooling.
  public var pooledSize: Int {
    guard let pool else { return outputSize }
    return (outputSize + 2 * pool.padding - pool.size) / pool.stride + 1
  }
}

/// Max pooling during the write-back of a convolution.
public struct GemminiPool: Sendable, Equatable {
  /// Height and width of the window.
  public var size: Int
  /// Stride in both directions.
  public var stride: Int
  /// Padding on every side; it counts as 0 in the maximum.
  public var padding: Int

  /// A pooling window.
  public init(size: Int, stride: Int, padding: Int = 0) {
    self.size = size
    self.stride = stride
    self.padding = padding
  }
}
