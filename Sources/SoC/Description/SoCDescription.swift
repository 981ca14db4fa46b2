/// A system on chip as its file describes it, every default resolved.
public struct SoCDescription: DeclaredSection {
  /// Name of the system.
  public internal(set) var name = ""
  /// How to simulate.
  public internal(set) var simulation = SimulationDescription.withDefaults()
  /// Clock domains, at least one; the first is the default of modules that name none.
  public internal(set) var clocks: [ClockDescription] = []
  /// The processor; nil when there is none.
  public internal(set) var cpu: CPUDescription?
  /// What connects everything.
  public internal(set) var crossbar = CrossbarDescription.withDefaults()
  /// Memories, in the order of the file.
  public internal(set) var memories: [MemoryDescription] = []
  /// Host files, in the order of the file.
  public internal(set) var files: [FileDescription] = []
  /// DMAs, in the order of the file.
  public internal(set) var dmas: [DMADescription] = []
  /// Accelerators, in the order of the file.
  public internal(set) var accelerators: [AcceleratorDescription] = []
  /// Peripherals, in the order of the file.
  public internal(set) var peripherals: [PeripheralDescription] = []
  /// PLIC sources by module name; complete: every module that can interrupt has one.
  public internal(set) var interrupts: [DictionaryEntry<Int>] = []
  /// Energy table.
  public internal(set) var energy = EnergyDescription.withDefaults()
  /// Where the root stands.
  public internal(set) var origin = Origin()

  static let noun = "SoC"
  static let help = "A system on chip. JSON with comments, trailing commas and 0x literals."
  static let fields: [Field<Self>] = [
    .derived(
      "name", \.name, .text("the name of the system"), default: "the name of the file",
      "Name of the system."),
    .defaulted(
      "simulation", \.simulation, .section(SimulationDescription.self),
      default: .withDefaults(), "How to simulate, and when to stop."),
    .derived(
      "clocks", \.clocks, .instances(ClockDescription.self),
      default: "one clock named system of 100 kHz", "Clock domains."),
    .optional(
      "cpu", \.cpu, .section(CPUDescription.self), default: "none; mandatory to run", "Processor."),
    .defaulted(
      "crossbar", \.crossbar, .section(CrossbarDescription.self), default: .withDefaults(),
      "What connects everything."),
    .required("memories", \.memories, .instances(MemoryDescription.self), "Memories."),
    .defaulted(
      "files", \.files, .instances(FileDescription.self), default: [],
      "Host files to load, dump or compare."),
    .defaulted("dmas", \.dmas, .instances(DMADescription.self), default: [], "DMA engines."),
    .defaulted(
      "accelerators", \.accelerators, .instances(AcceleratorDescription.self), default: [],
      "Accelerators."),
    .derived(
      "peripherals", \.peripherals, .instances(PeripheralDescription.self),
      default: "one of each kind at its usual address", "Peripherals."),
    .derived(
      "interrupts", \.interrupts,
      .dictionary("module names", of: .integer(1...PeripheralCatalog.interruptSources)),
      default: "10 for a UART, the others in order from 1",
      "PLIC sources by module name."),
    .defaulted(
      "energy", \.energy, .section(EnergyDescription.self), default: .withDefaults(),
      "Energy table and technology node."),
  ]
}
