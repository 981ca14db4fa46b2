public import Fabric
public import SimKernel
public import Telemetry

/// An off-chip DRAM: latency and bandwidth.
///
/// What it models: a pipelined access latency and a peak data rate shared by reads and writes.
/// Timing model: a word whose data finished crossing the pins in cycle n is sent in cycle
/// n + readDelay − 1.
/// Not modelled: banks, rows, refresh, write-to-read turn-around; ``MemoryTiming`` is the place for
/// them.
public final class DRAM: Module {
  /// What processors read and write directly.
  public let directTraffic: DirectTraffic
  /// Keeps the bytes alive that the core points to.
  private let store: BackingStore
  /// In the arena: calling a mutating method through a pointer needs no exclusivity check at run
  /// time.
  private let core: UnsafeMutablePointer<MemoryCore<DRAMTiming>>

  /// Creates a DRAM behind `buses`, one per port.
  ///
  /// - Parameters:
  ///   - bitsPerCycle: peak data rate in bits per cycle of its clock.
  ///   - picojoulesPerBit: energy per transferred bit; nil takes the energy table's.
  public init(
    path: String, configuration: MemoryConfiguration, bitsPerCycle: UInt64,
    picojoulesPerBit: Double?, buses: [BusTarget], componentClass: String = "dram",
    site: ModuleSite, arena: Arena
  ) {
    var attributes = ["bytes": Double(configuration.store.size)]
    if let picojoulesPerBit { attributes["pj_per_bit"] = picojoulesPerBit }
    site.component("device", class: componentClass, attributes: attributes)
    directTraffic = DirectTraffic(
      site: site, perAccess: nil, perBit: ("device", "read_bit", "write_bit"))
    store = configuration.store
    core = arena.allocate(MemoryCore<DRAMTiming>.self, count: 1)
    core.initialize(
      to: MemoryCore(
        timing: DRAMTiming(
          readDelay: configuration.readDelay, writeDelay: configuration.writeDelay,
          bitsPerCycle: bitsPerCycle),
        configuration: configuration, buses: buses, site: site, arena: arena,
        counters: MemoryCounters(
          site: site, perWord: nil, perBit: ("device", "read_bit", "write_bit"))))
    super.init(path: path)
  }

  public override func tick(_ now: Cycle) -> Wake {
    core.pointee.tick(now)
  }
}
