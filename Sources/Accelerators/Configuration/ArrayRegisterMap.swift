public import Fabric

/// The registers of the arrays, declared once; see ``Fabric/RegisterMap`` for what is made from
/// them.
public enum ArrayRegisterMap {
  /// Registers of the output-stationary array.
  public static let outputStationary = RegisterMap(
    device: "OSArray", windowBytes: ArrayRegister.windowBytes,
    common(
      flags: commonFlags + [
        RegisterField(
          "COLUMN_PARAMETERS", bit: 8,
          "Index biases, factors and shifts by column of the result instead of by row.")
      ], index: "row of the result (COLUMN_PARAMETERS: column)"))

  /// Registers of the weight-stationary array.
  public static let weightStationary = RegisterMap(
    device: "WSArray", windowBytes: ArrayRegister.windowBytes,
    common(
      flags: commonFlags + [
        RegisterField(
          "REUSE_WEIGHTS", bit: 6, "Keep the weights of the job before; in2 is not read."),
        RegisterField(
          "COLUMN_PARAMETERS", bit: 8, "Accepted; parameters are always indexed by column."),
      ], index: "column of the result")
      + [
        RegisterDescriptor(
          "PASSES", at: ArrayRegister.passes, reset: 1,
          "Passes along K over each tile: the first does what FLAGS say, the others accumulate, "
            + "only the last has output."),
        RegisterDescriptor(
          "ACC_ROWS", at: ArrayRegister.accumulatorRows, access: .readOnly, reset: nil,
          "Rows of the accumulator buffer."),
      ])

  private static let commonFlags = [
    RegisterField(
      "ACCUMULATE", bit: 0, "Add to the accumulators instead of starting from zero."),
    RegisterField("OUTPUT", bit: 1, "Send the result at the end of the job."),
    RegisterField("BIAS", bit: 2, "Add the bias to each accumulator that is sent."),
    RegisterField("RELU", bit: 3, "Replace negative accumulators by zero."),
    RegisterField(
      "REQUANTISE", bit: 4, "Scale, round, shift the zero point, clamp, narrow to the operand type."
    ),
    RegisterField("BIAS_BANK", bit: 5, "Which bank of biases, factors and shifts the job uses."),
    RegisterField(
      "TILED", bit: 7, "M may exceed a tile's rows (OS: YDIM, WS: ACC_ROWS): tile after tile."),
    RegisterField(
      "CHANNEL_SCALES", bit: 9,
      "REQUANTISE takes factor and shift from the banks, indexed like the bias (integers)."),
    RegisterField("LEAKY", bit: 10, "Multiply negative values by SLOPE, in place of RELU (fp32)."),
    RegisterField("CLAMP", bit: 11, "Bound values by CLAMP_MIN and CLAMP_MAX (fp32)."),
  ]

  private static func common(
    flags: [RegisterField], index: String
  ) -> [RegisterDescriptor] {
    [
      RegisterDescriptor(
        "CTRL", at: ArrayRegister.control, "Starts jobs and enables the interrupt.",
        fields: [
          RegisterField(
            "START", bit: 0, access: .writeOnly, "Queue a job with the current register values."),
          RegisterField(
            "IRQ_DONE_EN", bit: 2, "Raise the interrupt while STATUS.DONE or STATUS.ERROR is set."),
        ]),
      RegisterDescriptor(
        "STATUS", at: ArrayRegister.status, "What the array is doing and what went wrong.",
        fields: [
          RegisterField("BUSY", bit: 0, access: .readOnly, "A job is queued or unfinished."),
          RegisterField(
            "DONE", bit: 1, access: .writeOneToClear, "A job has finished since the last clear."),
          RegisterField(
            "ERROR", bit: 2, access: .writeOneToClear,
            "A START was refused since the last clear; clears ERROR_CODE too."),
          RegisterField(
            "QUEUE_FULL", bit: 3, access: .readOnly, "Two jobs wait for operands: no START now."),
          RegisterField(
            "ERROR_CODE", bits: 8...15, access: .readOnly, "Why the last START was refused.",
            values: [
              .init("BAD_SHAPE", 1, "M, N, K or PASSES is zero or does not fit the array."),
              .init("BAD_FLAGS", 2, "A flag is set that is not for the array's operand type."),
              .init("QUEUE_FULL", 3, "Two jobs were waiting already."),
            ]),
          RegisterField(
            "QUEUED", bits: 16...23, access: .readOnly,
            "Jobs whose operands have not all been taken, 0 to 2."),
        ]),
      RegisterDescriptor("M", at: ArrayRegister.rows, "Rows of A and of the result."),
      RegisterDescriptor("N", at: ArrayRegister.columns, "Columns of B and of the result."),
      RegisterDescriptor("K", at: ArrayRegister.depth, "Columns of A, rows of B."),
      RegisterDescriptor(
        "FLAGS", at: ArrayRegister.flags, "What the job does besides multiplying.",
        fields: flags.sorted { $0.lowBit < $1.lowBit }),
      RegisterDescriptor(
        "SCALE", at: ArrayRegister.scale, "Requantisation factor.",
        fields: [RegisterField("FACTOR", bits: 0...30, "Unsigned 31-bit factor.")]),
      RegisterDescriptor(
        "SHIFT", at: ArrayRegister.shift, "Requantisation shift.",
        fields: [RegisterField("BITS", bits: 0...5, "The product is divided by 2 to this power.")]),
      RegisterDescriptor(
        "ZERO_POINT", at: ArrayRegister.zeroPoint, "Signed number added after scaling."),
      RegisterDescriptor(
        "CLAMP_MIN", at: ArrayRegister.clampMinimum, reset: nil,
        "Lower bound, signed (fp32: a pattern, for CLAMP); "
          + "the operand type's least value at reset."
      ),
      RegisterDescriptor(
        "CLAMP_MAX", at: ArrayRegister.clampMaximum, reset: nil,
        "Upper bound, signed (fp32: a pattern, for CLAMP); "
          + "the operand type's greatest value at reset."
      ),
      RegisterDescriptor(
        "XDIM", at: ArrayRegister.columnCount, access: .readOnly, reset: nil, "Columns."),
      RegisterDescriptor(
        "YDIM", at: ArrayRegister.rowCount, access: .readOnly, reset: nil, "Rows."),
      RegisterDescriptor(
        "DATA_TYPE", at: ArrayRegister.dataType, access: .readOnly, reset: nil, "Operand type.",
        fields: [
          RegisterField(
            "TYPE", bits: 0...1, "Which one.",
            values: [
              .init("INT8", 1, "8-bit integers."), .init("INT16", 2, "16-bit integers."),
              .init("FP32", 3, "binary32."),
            ])
        ]),
      RegisterDescriptor(
        "DATAFLOW", at: ArrayRegister.dataflow, access: .readOnly, reset: nil,
        "0: output stationary, 1: weight stationary."),
      RegisterDescriptor(
        "JOBS", at: ArrayRegister.jobs, access: .readOnly, "Jobs finished since reset."),
      RegisterDescriptor(
        "OUT_BITS", at: ArrayRegister.outBits, access: .readOnly, reset: nil,
        "Bits of one beat of the output stream."),
      RegisterDescriptor(
        "SLOPE", at: ArrayRegister.slope,
        "Factor of negative values with LEAKY, a binary32 pattern."),
    ]
      + banks("BIAS", at: ArrayRegister.bias, "Bias", index: index)
      + banks(
        "SCALE", at: ArrayRegister.scales, "Factor", index: index,
        field: RegisterField("FACTOR", bits: 0...30, "Unsigned 31-bit factor."))
      + banks(
        "SHIFT", at: ArrayRegister.shifts, "Shift", index: index,
        field: RegisterField("BITS", bits: 0...5, "The product is divided by 2 to this power."))
  }

  /// Two banks of parameters.
  private static func banks(
    _ name: String, at offset: UInt64, _ title: String, index: String, field: RegisterField? = nil
  ) -> [RegisterDescriptor] {
    let count = ArrayRegister.parametersPerBank
    return [
      RegisterDescriptor(
        "\(name)0", at: offset, count: count,
        "\(title) bank 0, indexed by \(index); read when a row is sent, not at START.",
        fields: field.map { [$0] } ?? []),
      RegisterDescriptor(
        "\(name)1", at: offset + UInt64(4 * count), count: count, "\(title) bank 1.",
        fields: field.map { [$0] } ?? []),
    ]
  }
}

/// Offsets of the arrays' registers.
enum ArrayRegister {
  static let control: UInt64 = 0x00
  static let status: UInt64 = 0x04
  static let rows: UInt64 = 0x08
  static let columns: UInt64 = 0x0C
  static let depth: UInt64 = 0x10
  static let flags: UInt64 = 0x14
  static let scale: UInt64 = 0x18
  static let shift: UInt64 = 0x1C
  static let zeroPoint: UInt64 = 0x20
  static let clampMinimum: UInt64 = 0x24
  static let clampMaximum: UInt64 = 0x28
  static let columnCount: UInt64 = 0x2C
  static let rowCount: UInt64 = 0x30
  static let dataType: UInt64 = 0x34
  static let dataflow: UInt64 = 0x38
  static let accumulatorRows: UInt64 = 0x3C
  static let jobs: UInt64 = 0x40
  static let outBits: UInt64 = 0x44
  static let passes: UInt64 = 0x48
  static let slope: UInt64 = 0x4C
  /// Two banks.
  static let bias: UInt64 = 0x400
  /// Two banks of factors, then two of shifts.
  static let scales: UInt64 = 0x1000
  static let shifts: UInt64 = 0x1800
  static let parametersPerBank = 256
  static let windowBytes: UInt64 = 0x2000
}
