/// What the elements of an array's operands are, and with it what it accumulates in.
public enum ArrayDataType: String, BitwiseCopyable, Sendable, CaseIterable {
  /// 8-bit integers, accumulated in wrapping 32-bit integers.
  case int8
  /// 16-bit integers, accumulated in wrapping 64-bit integers.
  case int16
  /// IEEE 754 binary32; every multiplication and every addition is rounded.
  case fp32

  /// Bytes of one operand element.
  public var operandBytes: Int {
    switch self {
    case .int8: 1
    case .int16: 2
    case .fp32: 4
    }
  }

  /// Bytes of one accumulator.
  public var accumulatorBytes: Int {
    switch self {
    case .int8, .fp32: 4
    case .int16: 8
    }
  }

  /// The value of the DATA_TYPE register.
  public var registerValue: UInt32 {
    switch self {
    case .int8: 1
    case .int16: 2
    case .fp32: 3
    }
  }
}

/// How the inside of an array is simulated; nothing outside the array can tell the difference.
public enum ArrayFidelity: String, BitwiseCopyable, Sendable, CaseIterable {
  /// Operands are kept as rows and the arithmetic of many steps is done at once.
  case fast
  /// Every register of every processing element takes its next value in every cycle.
  case registers
}

/// Which operand stays in the processing elements.
public enum ArrayDataflow: String, BitwiseCopyable, Sendable, CaseIterable {
  /// Each processing element keeps one element of the result.
  case outputStationary
  /// Each processing element keeps one weight.
  case weightStationary
}

/// The parameters of a systolic array.
public struct SystolicArrayConfiguration: Sendable, Equatable {
  /// The largest number of rows or columns.
  public static let maximumSide = 256
  /// The largest number of rows of the accumulator buffer.
  public static let maximumAccumulatorRows = 1 << 20

  /// Rows of processing elements (YDIM).
  public var rows: Int
  /// Columns of processing elements (XDIM).
  public var columns: Int
  /// Operand type.
  public var dataType: ArrayDataType
  /// Bits of one beat of the output stream; nil: one row of operand-sized elements.
  public var outBits: Int?
  /// Rows of the accumulator buffer (weight-stationary arrays only).
  public var accumulatorRows: Int
  /// Whether results move to drain registers of their own, so that the next job can follow at once
  /// (output-stationary arrays only).
  public var doubleBuffered: Bool
  /// How the inside is simulated.
  public var fidelity: ArrayFidelity
  /// Values of registers after reset, by register name, for example `["SCALE": 1]`.
  public var registerPresets: [String: UInt32]

  /// Creates a configuration; check it with ``problems(dataflow:)``.
  public init(
    rows: Int, columns: Int, dataType: ArrayDataType = .int8, outBits: Int? = nil,
    accumulatorRows: Int = 1024, doubleBuffered: Bool = true, fidelity: ArrayFidelity = .fast,
    registerPresets: [String: UInt32] = [:]
  ) {
    self.rows = rows
    self.columns = columns
    self.dataType = dataType
    self.outBits = outBits
    self.accumulatorRows = accumulatorRows
    self.doubleBuffered = doubleBuffered
    self.fidelity = fidelity
    self.registerPresets = registerPresets
  }

  /// Bytes per beat of `in1`: one element per row.
  public var in1Bytes: Int { rows * dataType.operandBytes }

  /// Bytes per beat of `in2`: one element per column.
  public var in2Bytes: Int { columns * dataType.operandBytes }

  /// Bytes per beat of `out`.
  public var outBytes: Int { (outBits ?? 8 * in2Bytes) / 8 }

  /// The registers that may be preset.
  public static let presetNames = [
    "M", "N", "K", "FLAGS", "SCALE", "SHIFT", "ZERO_POINT", "CLAMP_MIN", "CLAMP_MAX",
  ]

  /// What is wrong with the configuration, one sentence per problem; empty when it can be built.
  public func problems(dataflow: ArrayDataflow) -> [String] {
    var result: [String] = []
    let sides = 1...Self.maximumSide
    if !sides.contains(rows) {
      result.append("YDIM is \(rows); an array has 1 to \(Self.maximumSide) rows")
    }
    if !sides.contains(columns) {
      result.append("XDIM is \(columns); an array has 1 to \(Self.maximumSide) columns")
    }
    if let outBits, outBits < 8 || outBits > 65536 || outBits % 8 != 0 {
      result.append("OUT_BITS is \(outBits); it is a multiple of 8 from 8 to 65536")
    }
    if dataflow == .weightStationary, !(1...Self.maximumAccumulatorRows).contains(accumulatorRows) {
      result.append(
        "ACC_ROWS is \(accumulatorRows); it lies in 1 to \(Self.maximumAccumulatorRows)")
    }
    for name in registerPresets.keys.sorted() where !Self.presetNames.contains(name) {
      result.append(
        "register \(name) cannot be preset; one of \(Self.presetNames.joined(separator: ", ")) can")
    }
    return result
  }
}
