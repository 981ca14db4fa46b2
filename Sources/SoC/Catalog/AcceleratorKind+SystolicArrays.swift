/// Operand types of the systolic arrays.
public enum OperandType: String, Sendable, CaseIterable {
  /// 8-bit integers, accumulated in 32 bits.
  case int8
  /// 16-bit integers, accumulated in 64 bits.
  case int16
  /// IEEE 754 binary32, accumulated in binary32.
  case fp32

  /// Bits of an operand.
  public var bits: Int {
    switch self {
    case .int8: 8
    case .int16: 16
    case .fp32: 32
    }
  }
}

extension AcceleratorArguments {
  /// Operand type of a systolic array (argument `data_type`).
  public var operandType: OperandType { OperandType(rawValue: self[text: "data_type"]) ?? .fp32 }
}

extension AcceleratorKind {
  /// Output-stationary systolic array.
  static let outputStationaryArray = AcceleratorKind(
    name: "OSArray", summary: "Output-stationary systolic array for matrix products.",
    windowBytes: 0x2000, presettableRegisters: systolicRegisters, arguments: systolicArguments,
    resolve: resolveOutputWidth, mainClass: processingElement, ports: systolicPorts)

  /// Weight-stationary systolic array.
  static let weightStationaryArray = AcceleratorKind(
    name: "WSArray", summary: "Weight-stationary systolic array for matrix products.",
    windowBytes: 0x2000, presettableRegisters: systolicRegisters,
    arguments: systolicArguments + [
      .defaulted(
        "ACC_ROWS", \.[integer: "ACC_ROWS"], .integer(1...65536, unit: "rows"), default: 1024,
        "Rows of the accumulator buffer.")
    ],
    resolve: resolveOutputWidth, mainClass: processingElement, ports: systolicPorts)

  private static let systolicRegisters = [
    "M", "N", "K", "FLAGS", "SCALE", "SHIFT", "ZERO_POINT", "CLAMP_MIN", "CLAMP_MAX",
  ]

  private static let systolicArguments: [Field<AcceleratorArguments>] = [
    .required("XDIM", \.[integer: "XDIM"], .integer(1...256, unit: "columns"), "Columns."),
    .required("YDIM", \.[integer: "YDIM"], .integer(1...256, unit: "rows"), "Rows."),
    .defaulted(
      "data_type", \.[text: "data_type"], .name(among: OperandType.allCases.map(\.rawValue)),
      default: OperandType.fp32.rawValue, "Operand type."),
    .defaulted(
      "ApproxPEs", \.[integer: "ApproxPEs"], .integer(0...65536), default: 0,
      "Accepted for the original's files; has no effect."),
    .derived(
      "OUT_BITS", \.[integer: "OUT_BITS"], .integer(8...8192, unit: "bits", multipleOf: 8),
      default: "XDIM times the bits of an operand", "Width of the output port."),
    .defaulted(
      "DOUBLE_BUFFER", \.[flag: "DOUBLE_BUFFER"], .boolean, default: true,
      "Whether consecutive tiles overlap."),
  ]

  private static let resolveOutputWidth: @Sendable (inout AcceleratorArguments) -> Void = {
    if $0[integer: "OUT_BITS"] == 0 {
      $0[integer: "OUT_BITS"] = $0[integer: "XDIM"] * $0.operandType.bits
    }
  }

  private static let processingElement: @Sendable (AcceleratorArguments) -> String = {
    "mac.\($0.operandType.rawValue)"
  }

  private static let systolicPorts: @Sendable (AcceleratorArguments) -> [AcceleratorPort] = {
    let bits = $0.operandType.bits
    return [
      AcceleratorPort(name: "in1", direction: .input, widthBits: $0[integer: "YDIM"] * bits),
      AcceleratorPort(name: "in2", direction: .input, widthBits: $0[integer: "XDIM"] * bits),
      AcceleratorPort(name: "out", direction: .output, widthBits: $0[integer: "OUT_BITS"]),
    ]
  }
}
