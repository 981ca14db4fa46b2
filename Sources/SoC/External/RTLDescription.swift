/// RTL that an accelerator is made of, or that shadows its model.
public struct RTLDescription: DeclaredSection {
  /// Name of the top module.
  public internal(set) var top = ""
  /// Paths of Verilog and SystemVerilog files, packages first.
  public internal(set) var sources: [String] = []
  /// Folders for modules and include files that are not listed.
  public internal(set) var search: [String] = []
  /// Values of the top module's parameters.
  public internal(set) var parameters: [DictionaryEntry<Int64>] = []
  /// Path of the port map; nil when everything follows from the pins' names.
  public internal(set) var portMap: String?
  /// Where the section stands.
  public internal(set) var origin = Origin()

  static let noun = "RTL"
  static let help = "RTL that runs beside a model and must do the same in every cycle."
  static let fields: [Field<Self>] = fields(
    top: \.top, sources: \.sources, search: \.search, parameters: \.parameters,
    portMap: \.portMap)

  /// A key path of an owner of RTL.
  typealias Path<Owner, Value> = any WritableKeyPath<Owner, Value> & Sendable

  /// The keys, in a section of their own or among others.
  static func fields<Owner>(
    top: Path<Owner, String>, sources: Path<Owner, [String]>, search: Path<Owner, [String]>,
    parameters: Path<Owner, [DictionaryEntry<Int64>]>, portMap: Path<Owner, String?>
  ) -> [Field<Owner>] {
    [
      .required("top", top, .text("the name of a module"), "Top module."),
      .required(
        "sources", sources,
        .list(of: .text("the path of a Verilog or SystemVerilog file"), minimumCount: 1),
        "Files, relative to the folder of this file; packages first."),
      .defaulted(
        "search", search, .list(of: .text("the path of a folder")), default: [],
        "Folders for modules and include files that are not listed."),
      .defaulted(
        "parameters", parameters,
        .dictionary("parameter names", of: .integer(Int64.min...Int64.max)), default: [],
        "Parameters of the top module."),
      .optional(
        "port_map", portMap, .text("the path of a port map"), default: "from the pins' names",
        "Which pins are what, relative to the folder of this file."),
    ]
  }
}

/// A plug-in library with its parameters.
public struct PluginReference: Sendable, Equatable {
  /// Path of the library, relative to the folder of the SoC file.
  public internal(set) var library = ""
  /// Values of the plug-in's parameters.
  public internal(set) var parameters: [DictionaryEntry<Int64>] = []
}
