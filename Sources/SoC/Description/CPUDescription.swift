/// Section `cpu`: the processor, its firmware and how far it may run ahead of the hardware.
public struct CPUDescription: DeclaredSection {
  /// Processor model.
  public internal(set) var type = CPUType.riscv32
  /// Nominal instruction rate in million instructions per second.
  public internal(set) var mips = 1.0
  /// What the processor runs; nil when it is given otherwise (on the command line).
  public internal(set) var firmware: Firmware?
  /// Arguments passed to the firmware's `main`.
  public internal(set) var arguments: [String] = []
  /// Time coupling with the hardware.
  public internal(set) var quanta = QuantaDescription()
  /// Address of the first instruction; nil for the firmware's entry point.
  public internal(set) var resetAddress: UInt64?
  /// Component class for energy and area; nil for the model's own.
  public internal(set) var energyClass: String?
  /// Where the section stands.
  public internal(set) var origin = Origin()

  /// Bytes that the firmware layer keeps for its arguments, each with a terminating zero.
  static let argumentRoom = 256

  /// Bytes that the arguments take there.
  var argumentBytes: Int { arguments.reduce(0) { $0 + $1.utf8.count + 1 } }

  /// Instructions per second; always a whole number in a valid description.
  public var instructionsPerSecond: Double { (mips * 1e6).rounded() }

  static let noun = "cpu"
  static let pluralNoun = "cpu"
  static let help = "The processor, its firmware and its time coupling."
  static let fields: [Field<Self>] = [
    .required("cpu_type", \.type, .choice, "Processor model."),
    .required(
      "cpu_mips", \.mips,
      .number(0...100_000, isMinimumExcluded: true, unit: "million instructions per second"),
      "Nominal instruction rate."),
    .optional(
      "cpu_firmware", \.firmware, .firmware, default: "none: given with --elf",
      "Path of an ELF image, or the sources to build it from."),
    .defaulted(
      "cpu_firmware_args", \.arguments, .list(of: .anyText("text")), default: [],
      "Arguments for the firmware's main."),
    .required(
      "cpu_quanta", \.quanta, .section(QuantaDescription.self),
      "How far the processor may run ahead of the hardware."),
    .optional(
      "module_address", \.resetAddress, .address, default: "the firmware's entry point",
      "Address of the first instruction."),
    .optional(
      "energy_class", \.energyClass, .text("the name of a component class"),
      default: "the model's own", "Component class for energy and area."),
  ]
}

/// Section `cpu.cpu_quanta`: the quantum, in nanoseconds.
public struct QuantaDescription: DeclaredSection {
  /// Global quantum in ns; 0 couples processor and hardware in lock-step.
  public internal(set) var global = 0.0
  /// Lower bound in ns.
  public internal(set) var low = 0.0
  /// Upper bound in ns.
  public internal(set) var high = 0.0
  /// Where the section stands.
  public internal(set) var origin = Origin()

  static let noun = "cpu_quanta"
  static let pluralNoun = "cpu_quanta"
  static let help = "Time the processor may run ahead of the hardware; all three are mandatory."
  static let fields: [Field<Self>] = [
    .required(
      "q_global", \.global, .number(0...1e9, unit: "ns"),
      "Quantum; smaller than every clock period, 0 for lock-step."),
    .required("q_low", \.low, .number(0...1e9, unit: "ns"), "Lower bound of the quantum."),
    .required("q_high", \.high, .number(0...1e9, unit: "ns"), "Upper bound of the quantum."),
  ]
}
