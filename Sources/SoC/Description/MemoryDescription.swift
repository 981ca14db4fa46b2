/// An entry of section `memories`.
public struct MemoryDescription: NamedSection {
  /// Instance name.
  public internal(set) var name = ""
  /// Kind of memory.
  public internal(set) var type = MemoryType.sram
  /// First address.
  public internal(set) var address: UInt64 = 0
  /// Size in bytes.
  public internal(set) var length: UInt64 = 0
  /// Cycles from a read request to its data.
  public internal(set) var readDelay = 1
  /// Cycles from a write request to its response.
  public internal(set) var writeDelay = 1
  /// Accesses per cycle and bank.
  public internal(set) var ports = 1
  /// Banks, interleaved by beats.
  public internal(set) var banks = 1
  /// Bandwidth of a DRAM in bits per cycle.
  public internal(set) var bandwidthBitsPerCycle = 64
  /// Energy of a DRAM in pJ per bit.
  public internal(set) var picojoulesPerBit = 8.0
  /// The library that models the timing, for type `Plugin`.
  public internal(set) var plugin = PluginReference()
  /// What is behind type `Plugin`; nil after a mistake.
  public internal(set) var external: ExternalModule?
  /// Name of the clock.
  public internal(set) var clock = ""
  /// Component class for energy and area.
  public internal(set) var energyClass: String?
  /// Where the entry stands.
  public internal(set) var origin = Origin()

  static let noun = "memory"
  static let pluralNoun = "memories"
  static let help = "A memory-mapped memory."
  static let fields: [Field<Self>] = [
    .derived(
      "type", \.type, .choice, default: "DRAM if the name starts with dram, otherwise SRAM",
      "Kind of memory."),
    .required("module_address", \.address, .address, "First address."),
    .required("length", \.length, .byteCount(1...1 << 32), "Size."),
    .defaulted(
      "read_delay", \.readDelay, .integer(1...100_000, unit: "cycles"), default: 1,
      "Time from a read request to its data."),
    .defaulted(
      "write_delay", \.writeDelay, .integer(1...100_000, unit: "cycles"), default: 1,
      "Time from a write request to its response."),
    .defaulted(
      "ports", \.ports, .integer(1...8, unit: "ports"), default: 1,
      "Accesses per cycle and bank."),
    .defaulted(
      "banks", \.banks, .integer(1...256, unit: "banks", isPowerOfTwo: true), default: 1,
      "Banks, interleaved by beats."),
    .defaulted(
      "bandwidth_bits_per_cycle", \.bandwidthBitsPerCycle, .integer(1...65536, unit: "bits/cycle"),
      default: 64, onlyIf: { $0.type == .dram }, "Bandwidth of a DRAM."),
    // 8 pJ/bit: LPDDR4 in Accelergy's CACTI plug-in.
    .defaulted(
      "pj_per_bit", \.picojoulesPerBit, .number(0...1000, unit: "pJ/bit"), default: 8,
      onlyIf: { $0.type == .dram }, "Energy of a DRAM access; 8 is LPDDR4."),
    .defaulted(
      "library", \.plugin.library, .anyText("the path of a shared library"), default: "",
      onlyIf: { $0.type == .plugin },
      "The plug-in, relative to the folder of this file; for type Plugin."),
    .defaulted(
      "parameters", \.plugin.parameters,
      .dictionary("parameter names", of: .integer(Int64.min...Int64.max)), default: [],
      onlyIf: { $0.type == .plugin }, "Parameters of the plug-in; for type Plugin."),
    .clock(\.clock),
    .energyClass(\.energyClass),
  ]
}
