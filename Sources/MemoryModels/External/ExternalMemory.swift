public import Fabric
public import SimKernel
public import Telemetry

/// The timing of a memory that somebody else models; subclasses answer ``start(_:at:)``.
open class ExternalMemoryModel {
  /// Creates a model.
  public init() {}

  /// May `access` start in cycle `now`? See ``MemoryTiming/start(_:at:)``.
  open func start(_ access: MemoryAccess, at now: Cycle) -> MemoryGrant {
    .started(readyAt: now)
  }
}

/// The timing of an ``ExternalMemoryModel``, which its module keeps alive.
struct ExternalTiming: MemoryTiming {
  let model: Unmanaged<ExternalMemoryModel>
  var conflicts: UInt64 { 0 }

  mutating func start(_ access: MemoryAccess, at now: Cycle) -> MemoryGrant {
    model._withUnsafeGuaranteedRef { $0.start(access, at: now) }
  }
}

/// A memory whose timing comes from outside, such as a plug-in; queueing, data movement and order
/// are those of all memories.
public final class ExternalMemory: Module {
  /// What processors read and write directly.
  public let directTraffic: DirectTraffic
  private let store: BackingStore
  private let model: ExternalMemoryModel
  private let core: UnsafeMutablePointer<MemoryCore<ExternalTiming>>

  /// Creates a memory behind `buses`, one per port.
  ///
  /// - Parameters:
  ///   - configuration: its delays bound how many words may be on their way out of a port.
  ///   - component: the component that each word accessed costs energy of; nil for none.
  public init(
    path: String, configuration: MemoryConfiguration, model: ExternalMemoryModel,
    buses: [BusTarget], component: (name: String, read: String, write: String)?, site: ModuleSite,
    arena: Arena
  ) {
    self.model = model
    directTraffic = DirectTraffic(
      site: site, perAccess: component.map { ($0.name, $0.read, $0.write) }, perBit: nil)
    store = configuration.store
    core = arena.allocate(MemoryCore<ExternalTiming>.self, count: 1)
    core.initialize(
      to: MemoryCore(
        timing: ExternalTiming(model: Unmanaged.passUnretained(model)),
        configuration: configuration, buses: buses, site: site, arena: arena,
        counters: MemoryCounters(
          site: site, perWord: component.map { ($0.name, $0.read, $0.write) }, perBit: nil)))
    super.init(path: path)
  }

  public override func tick(_ now: Cycle) -> Wake {
    core.pointee.tick(now)
  }
}
