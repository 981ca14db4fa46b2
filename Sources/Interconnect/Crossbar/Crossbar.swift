public import Fabric
public import SimKernel
public import Telemetry

/// What the builder decides about a crossbar.
public struct CrossbarConfiguration: Sendable {
  /// Cycles a beat spends inside, in each direction; at least 1.
  public let latency: Cycle
  /// How targets choose among initiators.
  public let arbitration: Arbitration
  /// Bursts an initiator may have under way in each direction.
  public let outstanding: Int
  /// The address map.
  public let windows: [AddressWindow]

  /// Creates a configuration.
  public init(
    latency: Cycle, arbitration: Arbitration, outstanding: Int, windows: [AddressWindow]
  ) {
    self.latency = latency
    self.arbitration = arbitration
    self.outstanding = outstanding
    self.windows = windows
  }
}

/// A full crossbar between any number of initiators and targets (up to 64 each).
///
/// What it models: AXI4-like read and write channels that move independently; address decode; one
/// grant per target, direction and cycle; write data follows in the order of the grants; bursts of
/// several initiators at a target do not interleave. An address without target is answered with
/// DECERR. Timing model: a beat that is visible at an input in cycle n is at the output's channel
/// in cycle n + latency − 1, so it is visible at the target in cycle n + latency. One beat per port
/// and cycle. To keep responses in order an initiator has bursts under way at one target at a time,
/// per direction ("single slave per ID").
/// Not modelled: width conversion, QoS, exclusive accesses.
public final class Crossbar: Module {
  /// In the arena: calling a mutating method through a pointer needs no exclusivity check at run
  /// time.
  private let core: UnsafeMutablePointer<CrossbarCore>

  /// Creates a crossbar; its address windows name targets by their position in `targets`.
  public init(
    path: String, configuration: CrossbarConfiguration, initiators: [BusTarget],
    targets: [BusInitiator], targetNames: [String], componentClass: String = "crossbar",
    site: ModuleSite, arena: Arena
  ) {
    core = arena.allocate(CrossbarCore.self, count: 1)
    core.initialize(
      to: CrossbarCore(
        configuration: configuration, initiators: initiators, targets: targets,
        targetNames: targetNames, componentClass: componentClass, site: site, arena: arena))
    super.init(path: path)
  }

  public override func tick(_ now: Cycle) -> Wake {
    core.pointee.tick(now)
  }
}
