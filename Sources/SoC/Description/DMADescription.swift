/// An entry of section `dmas`.
public struct DMADescription: NamedSection {
  /// Instance name.
  public internal(set) var name = ""
  /// Which way data moves.
  public internal(set) var direction = DMADirection.memory
  /// Base address of the registers.
  public internal(set) var address: UInt64 = 0
  /// Module that data comes from; nil for a memory DMA that may read any memory.
  public internal(set) var sourceModule: String?
  /// Output port of the source, if that is an accelerator.
  public internal(set) var sourcePort: String?
  /// Module that data goes to; nil for a memory DMA that may write any memory.
  public internal(set) var destinationModule: String?
  /// Input port of the destination, if that is an accelerator.
  public internal(set) var destinationPort: String?
  /// Bits per cycle.
  public internal(set) var portSize = 8
  /// Beats of the longest burst.
  public internal(set) var maxBurstBeats = 16
  /// Bursts under way at the same time.
  public internal(set) var outstanding = 4
  /// Name of the clock.
  public internal(set) var clock = ""
  /// Component class for energy and area.
  public internal(set) var energyClass: String?
  /// Where the entry stands.
  public internal(set) var origin = Origin()

  /// The accelerator that the DMA streams into or out of; nil for a memory DMA.
  public var acceleratorName: String? {
    switch direction {
    case .toModule: destinationModule
    case .fromModule: sourceModule
    case .memory: nil
    }
  }

  /// The accelerator's port; nil for a memory DMA.
  public var acceleratorPort: String? {
    switch direction {
    case .toModule: destinationPort
    case .fromModule: sourcePort
    case .memory: nil
    }
  }

  static let noun = "DMA"
  static let help = "A DMA engine; its transfers are programmed by the firmware."
  static let fields: [Field<Self>] = [
    .required("direction", \.direction, .choice, "Which way data moves."),
    .required("module_address", \.address, .address, "Base address of the registers."),
    .optional(
      "source_module", \.sourceModule, .text("the name of a module"),
      default: "any memory, for direction memory; otherwise mandatory",
      "Memory (or accelerator, from module) that data comes from."),
    .optional(
      "source_port", \.sourcePort, .text("the name of a port"),
      default: "the accelerator's only output port", "Output port, for direction from module."),
    .optional(
      "destination_module", \.destinationModule, .text("the name of a module"),
      default: "any memory, for direction memory; otherwise mandatory",
      "Memory (or accelerator, to module) that data goes to."),
    .optional(
      "destination_port", \.destinationPort, .text("the name of a port"),
      default: "the accelerator's only input port", "Input port, for direction to module."),
    .required(
      "port_size", \.portSize, .integer(8...8192, unit: "bits per cycle", isPowerOfTwo: true),
      "Width of the data path."),
    .defaulted(
      "max_burst_beats", \.maxBurstBeats, .integer(1...256, unit: "beats"), default: 16,
      "Longest burst."),
    .defaulted(
      "outstanding", \.outstanding, .integer(1...64, unit: "bursts"), default: 4,
      "Bursts under way at the same time."),
    .clock(\.clock),
    .energyClass(\.energyClass),
  ]
}
