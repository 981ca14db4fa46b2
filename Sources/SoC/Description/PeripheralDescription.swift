/// An entry of section `peripherals`.
public struct PeripheralDescription: NamedSection {
  /// Instance name.
  public internal(set) var name = ""
  /// Name of the kind, such as `UART16550`.
  public internal(set) var kindName = ""
  /// Base address of the registers.
  public internal(set) var address: UInt64 = 0
  /// Names of a marker's numeric tags.
  public internal(set) var tags: [DictionaryEntry<String>] = []
  /// The library that the peripheral comes from, for kind `Plugin`.
  public internal(set) var plugin = PluginReference()
  /// What is behind kind `Plugin`; nil after a mistake.
  public internal(set) var external: ExternalModule?
  /// Name of the clock.
  public internal(set) var clock = ""
  /// Component class for energy and area.
  public internal(set) var energyClass: String?
  /// Where the entry stands.
  public internal(set) var origin = Origin()

  /// The kind; always found in a valid description.
  public var kind: PeripheralKind? { PeripheralCatalog.kind(named: kindName) }

  static let noun = "peripheral"
  static let help =
    "A memory-mapped peripheral. Without this section there is one of each kind; with it, exactly "
    + "those it names."
  static let fields: [Field<Self>] = [
    .required(
      "type", \.kindName, .name(among: PeripheralCatalog.names), "Kind of peripheral."),
    .derived(
      "module_address", \.address, .address, default: "the kind's usual address",
      "Base address of the registers."),
    .defaulted(
      "tags", \.tags, .dictionary("tag numbers", of: .text("the name of a tag")), default: [],
      "Names of a marker's tags."),
    .defaulted(
      "library", \.plugin.library, .anyText("the path of a shared library"), default: "",
      onlyIf: { $0.kindName == PeripheralCatalog.plugin.name },
      "The plug-in, relative to the folder of this file; for type Plugin."),
    .defaulted(
      "parameters", \.plugin.parameters,
      .dictionary("parameter names", of: .integer(Int64.min...Int64.max)), default: [],
      onlyIf: { $0.kindName == PeripheralCatalog.plugin.name },
      "Parameters of the plug-in; for type Plugin."),
    .clock(\.clock),
    .energyClass(\.energyClass),
  ]
}
