/// Section `crossbar`: what connects processor, DMAs, memories and devices.
public struct CrossbarDescription: DeclaredSection {
  /// Width of the data path in bits.
  public internal(set) var widthBits = 0
  /// Cycles to cross in one direction.
  public internal(set) var latencyCycles = 1
  /// How a target chooses among initiators.
  public internal(set) var arbitration = Arbitration.roundRobin
  /// Initiators (DMAs or `cpu`) in falling priority; those not named follow in file order.
  public internal(set) var priority: [String] = []
  /// Transactions an initiator may have under way.
  public internal(set) var outstanding = 8
  /// Name of the clock.
  public internal(set) var clock = ""
  /// Component class for energy and area.
  public internal(set) var energyClass: String?
  /// Where the section stands.
  public internal(set) var origin = Origin()

  static let noun = "crossbar"
  static let help = "What connects processor, DMAs, memories and devices."
  static let fields: [Field<Self>] = [
    .derived(
      "width_bits", \.widthBits, .integer(32...8192, unit: "bits", isPowerOfTwo: true),
      default: "the widest port_size, at least 128", "Width of the data path."),
    .defaulted(
      "latency_cycles", \.latencyCycles, .integer(1...1000, unit: "cycles"), default: 1,
      "Time to cross in one direction."),
    .defaulted(
      "arbitration", \.arbitration, .choice, default: .roundRobin,
      "How a target chooses among initiators."),
    .defaulted(
      "priority", \.priority, .list(of: .text("the name of a DMA, or cpu")), default: [],
      "Initiators in falling priority, for fixed_priority."),
    .defaulted(
      "outstanding", \.outstanding, .integer(1...256, unit: "transactions"), default: 8,
      "Transactions an initiator may have under way."),
    .clock(\.clock),
    .energyClass(\.energyClass),
  ]
}
