public import Fabric
public import SimKernel
public import Telemetry

/// An on-chip SRAM with one or more ports and banks.
///
/// What it models: words of the bus width in `banks` single-access banks, interleaved by word;
/// every port serves one access per cycle.
/// Timing model: a word read in cycle n is sent in cycle n + readDelay − 1; bursts stream one word
/// per cycle. Two ports that want the same bank in a cycle conflict; one of them waits a cycle, and
/// they take turns.
/// Not modelled: sleep modes, ECC, refresh of retention.
public final class SRAM: Module {
  /// What processors read and write directly.
  public let directTraffic: DirectTraffic
  /// Keeps the bytes alive that the core points to.
  private let store: BackingStore
  /// In the arena: calling a mutating method through a pointer needs no exclusivity check at run
  /// time.
  private let core: UnsafeMutablePointer<MemoryCore<SRAMTiming>>

  /// Creates an SRAM behind `buses`, one per port.
  public init(
    path: String, configuration: MemoryConfiguration, banks: Int, buses: [BusTarget],
    componentClass: String = "sram", site: ModuleSite, arena: Arena
  ) {
    let width = buses.first?.widthBytes ?? 4
    site.component(
      "array", class: componentClass,
      attributes: [
        "bytes": Double(configuration.store.size / banks), "width_bits": Double(8 * width),
        "rw_ports": 1, "banks": 1,
      ], quantity: UInt64(banks))
    directTraffic = DirectTraffic(site: site, perAccess: ("array", "read", "write"), perBit: nil)
    store = configuration.store
    core = arena.allocate(MemoryCore<SRAMTiming>.self, count: 1)
    core.initialize(
      to: MemoryCore(
        timing: SRAMTiming(
          arena: arena, readDelay: configuration.readDelay,
          writeDelay: configuration.writeDelay, banks: banks),
        configuration: configuration, buses: buses, site: site, arena: arena,
        counters: MemoryCounters(site: site, perWord: ("array", "read", "write"), perBit: nil)))
    super.init(path: path)
  }

  public override func tick(_ now: Cycle) -> Wake {
    core.pointee.tick(now)
  }
}
