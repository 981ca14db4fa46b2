/// A command of the core: a kernel of the runtime firmware with its parameters.
public struct CoreKernel: Sendable, Equatable {
  /// The kernel's number, ``Identifier``.
  public var identifier: UInt32
  /// Its parameters; addresses are absolute.
  public var words: [UInt32]
  /// Multiplications with an addition, padding counted; 0 for kernels that are no products.
  public var macs: Int
  /// Bytes that the kernel needs for temporary rows: `cpu_firmware.heap_bytes` is at least that.
  public var scratchBytes: Int

  /// Creates a command.
  public init(identifier: UInt32, words: [UInt32], macs: Int = 0, scratchBytes: Int = 0) {
    self.identifier = identifier
    self.words = words
    self.macs = macs
    self.scratchBytes = scratchBytes
  }

  init(_ identifier: Identifier, _ words: [UInt32], macs: Int = 0, scratchBytes: Int = 0) {
    self.init(
      identifier: identifier.rawValue, words: words, macs: macs, scratchBytes: scratchBytes)
  }

  /// The numbers of the kernels, those of Firmware/network/kernels.h.
  public enum Identifier: UInt32, Sendable, CaseIterable {
    /// Elements along strides.
    case copy
    /// One value everywhere.
    case fill
    /// Elements whose places come from tables.
    case copyIndexed
    /// Slices at computed indices.
    case gather
    /// One of two elements by a truth value.
    case choose
    /// A function of one binary32 number.
    case unary
    /// A function of two binary32 numbers.
    case binary
    /// Another element type.
    case cast
    /// A function of two integers.
    case integerBinary
    /// A table of the 256 bytes.
    case lookup
    /// Sums and products of quantised bytes.
    case qLinearBinary
    /// binary32 to integers.
    case quantise
    /// Integers to binary32.
    case dequantise
    /// A convolution of bytes.
    case convolutionInteger
    /// A convolution of binary32 numbers.
    case convolutionFloat
    /// A convolution of bytes, one channel per group.
    case depthwiseInteger
    /// A convolution of binary32 numbers, one channel per group.
    case depthwiseFloat
    /// Matrix products of bytes.
    case productInteger
    /// Matrix products of binary32 numbers.
    case productFloat
    /// Greatest or mean element of windows.
    case pool
    /// Sums, extremes and norms along axes.
    case reduce
    /// Softmax of binary32 numbers.
    case softmax
    /// Softmax of quantised bytes.
    case qLinearSoftmax
    /// Normalisation to mean 0 and variance 1.
    case normalise
    /// Place of the greatest or least element.
    case argument
    /// Mean of quantised bytes along axes.
    case qLinearAverage
  }
}
