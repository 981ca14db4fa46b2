extension AcceleratorKind {
  /// Vector unit for the write-back path of an array.
  static let vectorUnit = AcceleratorKind(
    name: "VectorUnit",
    summary: "Elementwise arithmetic, tables and pooling on the pixels that stream through.",
    presettableRegisters: [],
    arguments: [
      .required("LANES", \.[integer: "LANES"], .integer(1...256, unit: "lanes"), "Lanes."),
      .defaulted(
        "data_type", \.[text: "data_type"],
        .name(among: [OperandType.int8.rawValue, OperandType.fp32.rawValue]),
        default: OperandType.fp32.rawValue, "Element type."),
      .defaulted(
        "MAX_WIDTH", \.[integer: "MAX_WIDTH"], .integer(1...4096, unit: "pixels"), default: 256,
        "Width of the line buffer, in pixels of a pooled image."),
    ], resolve: { _ in }, mainClass: { _ in "mac.fp32" },
    ports: {
      let bits = $0[integer: "LANES"] * $0.operandType.bits
      return [
        AcceleratorPort(name: "in", direction: .input, widthBits: bits, isOptional: true),
        AcceleratorPort(name: "side", direction: .input, widthBits: bits, isOptional: true),
        AcceleratorPort(name: "out", direction: .output, widthBits: bits),
      ]
    })
}
