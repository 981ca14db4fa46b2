/// Which operand stays in the processing elements.
public enum StationaryOperand: UInt8, BitwiseCopyable, Sendable, Hashable, Codable, CaseIterable {
  /// The result (OS): output pixels on the rows, output channels on the columns.
  case output
  /// The weights (WS): window elements on the rows, output channels on the columns.
  case weights
  /// The input (IS): window elements on the rows, output pixels on the columns.
  case input
}

/// An array of processing elements with its bus and memory, as far as a clockless model needs it.
public struct ArrayDesign: BitwiseCopyable, Sendable, Hashable {
  /// Rows of processing elements (R).
  public var rows: Int
  /// Columns of processing elements (C).
  public var columns: Int
  /// Which operand stays in the array.
  public var stationary: StationaryOperand
  /// Bytes of an operand element.
  public var elementBytes: Int
  /// Bytes of an element of the result as it is written back.
  public var resultBytes: Int
  /// Bytes that the bus carries per cycle of the array (`bw_peak`).
  public var busBytes: Int
  /// Bytes that main memory delivers per cycle of the array; infinite when only the bus limits.
  public var memoryBytes: Double
  /// Rows of the accumulators of a weight- or input-stationary array: as many rows of the result are
  /// summed before the stationary operand is loaded anew.
  public var accumulatorRows: Int
  /// Multiply-accumulates per processing element and cycle; below 1 when one takes several cycles.
  public var macsPerElement: Double

  /// Creates a design.
  public init(
    rows: Int, columns: Int, stationary: StationaryOperand = .output, elementBytes: Int = 1,
    resultBytes: Int = 1, busBytes: Int = 16, memoryBytes: Double = .infinity,
    accumulatorRows: Int = .max, macsPerElement: Double = 1
  ) {
    self.rows = rows
    self.columns = columns
    self.stationary = stationary
    self.elementBytes = elementBytes
    self.resultBytes = resultBytes
    self.busBytes = busBytes
    self.memoryBytes = memoryBytes
    self.accumulatorRows = accumulatorRows
    self.macsPerElement = macsPerElement
  }

  /// Multiply-accumulates per cycle of the whole array (`comp_peak`).
  public var peakMACs: Double { Double(rows * columns) * macsPerElement }
}
