public import Fabric

/// The registers of the vector unit, declared once; see ``Fabric/RegisterMap``.
public enum VectorUnitRegisterMap {
  /// Registers of the vector unit.
  public static let map = RegisterMap(
    device: "VectorUnit", control + [mode] + binary + pooling + description)

  private static let control = [
    RegisterDescriptor(
      "CTRL", at: VectorRegister.control, "Starts jobs and enables the interrupt.",
      fields: [
        RegisterField(
          "START", bit: 0, access: .writeOnly, "Queue a job with the current register values."),
        RegisterField(
          "IRQ_DONE_EN", bit: 2, "Raise the interrupt while STATUS.DONE or STATUS.ERROR is set."),
      ]),
    RegisterDescriptor(
      "STATUS", at: VectorRegister.status, "What the unit is doing and what went wrong.",
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
            .init(
              "BAD_SHAPE", 1,
              "BEATS is zero, or the pooling's sizes contradict each other or do not fit."),
            .init("BAD_FLAGS", 2, "MODE asks for what cannot be combined or the type cannot do."),
            .init("QUEUE_FULL", 3, "Two jobs were waiting already."),
          ]),
        RegisterField(
          "QUEUED", bits: 16...23, access: .readOnly,
          "Jobs whose source beats have not all been taken, 0 to 2."),
      ]),
    RegisterDescriptor(
      "BEATS", at: VectorRegister.beats, "Source beats of the job: pixels of up to LANES channels."),
    RegisterDescriptor(
      "JOBS", at: VectorRegister.jobs, access: .readOnly, "Jobs finished since reset."),
  ]

  private static let mode = RegisterDescriptor(
    "MODE", at: VectorRegister.mode, "What the job does, in the order binary, clamp, table, pool.",
    fields: [
      RegisterField(
        "SOURCE", bits: 0...0, "Where the source beats come from.",
        values: [.init("IN", 0, "in."), .init("SIDE", 1, "side.")]),
      RegisterField(
        "BINARY", bits: 2...3, "What is done with a second operand.",
        values: [
          .init("NONE", 0, "There is none."), .init("ADD", 1, "Sum."),
          .init("MULTIPLY", 2, "Product."),
        ]),
      RegisterField(
        "SCALAR_A", bit: 4, "Order of roundings of an int8 sum: a first instead of b."),
      RegisterField("TABLE", bit: 5, "Replace each byte by TABLE[byte] (int8)."),
      RegisterField(
        "POOL", bits: 6...7, "What is made of the windows of an image.",
        values: [
          .init("NONE", 0, "Beats are no image."), .init("MAX", 1, "Greatest element."),
          .init("AVERAGE", 2, "Sum times POOL_SCALE."),
        ]),
      RegisterField("CLAMP", bit: 8, "Limit elements to CLAMP_MIN … CLAMP_MAX."),
      RegisterField(
        "BYPASS", bit: 9, "Pass beats on as they are; of the other fields only SOURCE may be set."),
      RegisterField("LEAKY", bit: 10, "Multiply elements less than zero by SLOPE (fp32)."),
    ])

  private static let binary = [
    RegisterDescriptor(
      "A_RATIO", at: VectorRegister.aRatio,
      "binary32: a scale / y scale; for int8 products the ratio."),
    RegisterDescriptor("B_RATIO", at: VectorRegister.bRatio, "binary32: b scale / y scale."),
    RegisterDescriptor(
      "CONSTANT", at: VectorRegister.constant,
      "binary32: what all int8 sums or products have added."),
    RegisterDescriptor(
      "A_ZERO", at: VectorRegister.aZero, "Signed zero point of a in int8 products."),
    RegisterDescriptor(
      "B_ZERO", at: VectorRegister.bZero, "Signed zero point of b in int8 products."),
    RegisterDescriptor(
      "CLAMP_MIN", at: VectorRegister.clampMinimum, reset: nil,
      "Lower bound, signed or binary32; the type's least value at reset."),
    RegisterDescriptor(
      "CLAMP_MAX", at: VectorRegister.clampMaximum, reset: nil,
      "Upper bound, signed or binary32; the type's greatest value at reset."),
    RegisterDescriptor(
      "SLOPE", at: VectorRegister.slope, "binary32: factor of elements less than zero."),
    RegisterDescriptor(
      "TABLE", at: VectorRegister.table, count: VectorRegister.tableWords,
      "256 bytes, indexed by an element's bits; read when a beat is taken, not at START."),
  ]

  private static let pooling = [
    RegisterDescriptor(
      "POOL_SIZE", at: VectorRegister.poolSize, "The image that the source beats are.",
      fields: [
        RegisterField("HEIGHT", bits: 0...15, "Rows."),
        RegisterField("WIDTH", bits: 16...31, "Pixels of a row."),
      ]),
    RegisterDescriptor(
      "POOL_KERNEL", at: VectorRegister.poolKernel, "The window.",
      fields: [
        RegisterField("R", bits: 0...7, "Rows."), RegisterField("S", bits: 8...15, "Columns."),
        RegisterField("STRIDE_Y", bits: 16...23, "Rows from a window to the one below."),
        RegisterField("STRIDE_X", bits: 24...31, "Columns from a window to the one beside."),
      ]),
    RegisterDescriptor(
      "POOL_PAD", at: VectorRegister.poolPad, "Where the first window begins.",
      fields: [
        RegisterField("TOP", bits: 0...7, "Rows above the image."),
        RegisterField("LEFT", bits: 8...15, "Columns left of the image."),
      ]),
    RegisterDescriptor(
      "POOL_OUT", at: VectorRegister.poolOut, "The windows.",
      fields: [
        RegisterField("OUT_HEIGHT", bits: 0...15, "Rows of the result."),
        RegisterField("OUT_WIDTH", bits: 16...31, "Pixels of a row of the result."),
      ]),
    RegisterDescriptor(
      "POOL_SCALE", at: VectorRegister.poolScale, "binary32: factor of the sums of AVERAGE."),
    RegisterDescriptor(
      "POOL_ZERO", at: VectorRegister.poolZero, "Signed zero point added to int8 averages."),
    RegisterDescriptor(
      "POOL_X_ZERO", at: VectorRegister.poolXZero,
      "Signed zero point subtracted from the elements of int8 averages."),
  ]

  private static let description = [
    RegisterDescriptor(
      "LANES", at: VectorRegister.lanes, access: .readOnly, reset: nil,
      "Elements that are worked on in a cycle."),
    RegisterDescriptor(
      "DATA_TYPE", at: VectorRegister.dataType, access: .readOnly, reset: nil, "Element type.",
      fields: [
        RegisterField(
          "TYPE", bits: 0...1, "Which one.",
          values: [.init("INT8", 1, "8-bit integers."), .init("FP32", 3, "binary32.")])
      ]),
    RegisterDescriptor(
      "MAX_WIDTH", at: VectorRegister.maximumWidth, access: .readOnly, reset: nil,
      "The widest pooled image, in pixels of the result."),
  ]
}

/// Offsets of the vector unit's registers; CTRL, STATUS and JOBS lie where the arrays have them.
enum VectorRegister {
  static let control: UInt64 = 0x00
  static let status: UInt64 = 0x04
  static let mode: UInt64 = 0x08
  static let beats: UInt64 = 0x0C
  static let aRatio: UInt64 = 0x10
  static let bRatio: UInt64 = 0x14
  static let constant: UInt64 = 0x18
  static let aZero: UInt64 = 0x1C
  static let bZero: UInt64 = 0x20
  static let clampMinimum: UInt64 = 0x24
  static let clampMaximum: UInt64 = 0x28
  static let slope: UInt64 = 0x2C
  static let poolSize: UInt64 = 0x30
  static let poolKernel: UInt64 = 0x34
  static let poolPad: UInt64 = 0x38
  static let poolOut: UInt64 = 0x3C
  static let jobs: UInt64 = 0x40
  static let lanes: UInt64 = 0x44
  static let poolScale: UInt64 = 0x48
  static let poolZero: UInt64 = 0x4C
  static let poolXZero: UInt64 = 0x50
  static let dataType: UInt64 = 0x54
  static let maximumWidth: UInt64 = 0x58
  static let table: UInt64 = 0x400
  static let tableWords = 64

  /// Words from MODE to POOL_X_ZERO that are kept; JOBS and LANES among them are not.
  static let valueCount = 19

  /// Where a kept register lies; nil when there is none.
  static func valueIndex(_ offset: UInt64) -> Int? {
    guard offset & 3 == 0, offset >= mode, offset <= poolXZero, offset != jobs, offset != lanes
    else { return nil }
    return Int(offset - mode) / 4
  }
}
