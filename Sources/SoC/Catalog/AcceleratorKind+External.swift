extension AcceleratorKind {
  /// RTL, run by Verilator.
  static let verilated = external(
    "Verilated", "RTL in Verilog or SystemVerilog, run by Verilator.",
    RTLDescription.fields(
      top: \.rtl.top, sources: \.rtl.sources, search: \.rtl.search,
      parameters: \.rtl.parameters, portMap: \.rtl.portMap))

  /// An accelerator of a plug-in library.
  static let plugin = external(
    "Plugin", "An accelerator of a plug-in library.",
    [
      .required(
        "library", \.plugin.library, .text("the path of a shared library"),
        "The plug-in, relative to the folder of this file."),
      .defaulted(
        "parameters", \.plugin.parameters,
        .dictionary("parameter names", of: .integer(Int64.min...Int64.max)), default: [],
        "Parameters of the plug-in."),
    ])

  /// A kind whose ports, window and components are known once its files are read.
  private static func external(
    _ name: String, _ summary: String, _ arguments: [Field<AcceleratorArguments>]
  ) -> AcceleratorKind {
    AcceleratorKind(
      name: name, summary: summary, presettableRegisters: [],
      arguments: arguments + [
        .defaulted(
          "defines", \.defines,
          .dictionary("macro names", of: .integer(Int64(Int32.min)...Int64(UInt32.max))),
          default: [], "Further macros SOC_NAME_… for firmware.")
      ], resolve: { _ in }, mainClass: { _ in "" }, ports: { _ in [] })
  }
}
