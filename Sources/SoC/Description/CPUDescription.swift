public import RISCV

/// Section `cpu`: the processor, its firmware and how far it may run ahead of the hardware.
public struct CPUDescription: DeclaredSection {
  /// Processor model.
  public internal(set) var type = CPUType.riscv32
  /// Number of harts, all of the same model.
  public internal(set) var harts = 1
  /// Nominal instruction rate of a hart in million instructions per second.
  public internal(set) var mips = 1.0
  /// What the processor runs; nil when it is given otherwise (on the command line).
  public internal(set) var firmware: Firmware?
  /// Path of a further ELF image; nil for none.
  public internal(set) var payload: String?
  /// Arguments passed to the firmware's `main`.
  public internal(set) var arguments: [String] = []
  /// Time coupling with the hardware.
  public internal(set) var quanta = QuantaDescription()
  /// Address of the first instruction; nil for the firmware's entry point.
  public internal(set) var resetAddress: UInt64?
  /// How execution starts.
  public internal(set) var boot = BootMode.entry
  /// Arguments of an operating system's kernel, for the device tree.
  public internal(set) var bootArguments: String?
  /// What becomes of misaligned accesses.
  public internal(set) var misaligned = MisalignedAccesses.supported
  /// How instructions are executed.
  public internal(set) var engine = Engine.fast
  /// Whether semihosting calls reach the host.
  public internal(set) var semihosting = true
  /// Whether environment calls are Linux system calls that the host answers.
  public internal(set) var linuxCalls = false
  /// Folder of the host whose files the firmware may use; nil for none.
  public internal(set) var hostFiles: String?
  /// Component class for energy and area; nil for the model's own.
  public internal(set) var energyClass: String?
  /// Where the section stands.
  public internal(set) var origin = Origin()

  /// Bytes that the firmware layer keeps for its arguments, each with a terminating zero.
  static let argumentRoom = 256

  /// The most harts.
  static let hartLimit = 32

  /// Names of the harts in paths and reports, in the order of their numbers.
  public var hartNames: [String] {
    harts == 1 ? ["cpu"] : (0..<harts).map { "cpu\($0)" }
  }

  /// Bytes that the arguments take there.
  var argumentBytes: Int { arguments.reduce(0) { $0 + $1.utf8.count + 1 } }

  /// Instructions per second; always a whole number in a valid description.
  public var instructionsPerSecond: Double { (mips * 1e6).rounded() }

  static let noun = "cpu"
  static let pluralNoun = "cpu"
  static let help = "The processor, its firmware and its time coupling."
  static let fields: [Field<Self>] = [
    .required(
      "cpu_type", \.type, .processor,
      "Processor model; RISCV32 and RISCV64 have all that is supported."),
    .defaulted(
      "harts", \.harts, .integer(1...CPUDescription.hartLimit, unit: "harts"), default: 1,
      "Number of harts."),
    .required(
      "cpu_mips", \.mips,
      .number(0...100_000, isMinimumExcluded: true, unit: "million instructions per second"),
      "Nominal instruction rate of a hart."),
    .optional(
      "cpu_firmware", \.firmware, .firmware, default: "none: given with --elf",
      "Path of an ELF image, or the sources to build it from."),
    .optional(
      "payload", \.payload, .text("the path of an ELF file"), default: "none",
      "A further ELF image to load, such as the kernel that the firmware starts."),
    .defaulted(
      "cpu_firmware_args", \.arguments, .list(of: .anyText("text")), default: [],
      "Arguments for the firmware's main."),
    .required(
      "cpu_quanta", \.quanta, .section(QuantaDescription.self),
      "How far the processor may run ahead of the hardware."),
    .optional(
      "module_address", \.resetAddress, .address, default: "the firmware's entry point",
      "Address of the first instruction; with a boot ROM, of the first one behind it."),
    .defaulted(
      "boot", \.boot, .choice, default: .entry,
      "How execution starts: at the first instruction with the hart's number in a0, or as on Spike in "
        + "a boot ROM at 0x1000 that holds the device tree and passes its address in a1."),
    .optional(
      "boot_arguments", \.bootArguments, .text("a command line"), default: "none",
      "Arguments of an operating system's kernel, for the device tree."),
    .defaulted(
      "misaligned", \.misaligned, .choice, default: .supported,
      "Misaligned loads and stores of memory: carried out, or trapped as on Spike."),
    .defaulted(
      "engine", \.engine, .choice, default: .fast,
      "How instructions are executed; results are the same."),
    .defaulted(
      "semihosting", \.semihosting, .boolean, default: true,
      "Whether semihosting calls reach the host; otherwise they are breakpoints."),
    .defaulted(
      "linux_calls", \.linuxCalls, .boolean, default: false,
      "Whether ecall is a Linux system call that the host answers (programs linked with "
        + "--specs=sim.specs) instead of a trap."),
    .optional(
      "host_files", \.hostFiles, .text("the path of a folder"),
      default: "none: the firmware reaches no files",
      "Folder of the host whose files the firmware may read and write."),
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
