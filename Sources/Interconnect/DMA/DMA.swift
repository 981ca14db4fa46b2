public import Fabric
public import SimKernel
public import Telemetry

/// What the builder decides about a DMA.
public struct DMAConfiguration: Sendable {
  /// Where data flows.
  public let direction: DMADirection
  /// Bytes per cycle at the stream side (`port_size` / 8).
  public let portBytes: Int
  /// The longest burst in bus words.
  public let maximumBurstBeats: Int
  /// Bursts under way at a time, per direction.
  public let outstanding: Int
  /// Paths of the modules at the two ends, as blockers of waiting states.
  public let source: String
  /// See ``source``.
  public let destination: String

  /// Creates a configuration.
  public init(
    direction: DMADirection, portBytes: Int, maximumBurstBeats: Int, outstanding: Int,
    source: String, destination: String
  ) {
    self.direction = direction
    self.portBytes = portBytes
    self.maximumBurstBeats = maximumBurstBeats
    self.outstanding = outstanding
    self.source = source
    self.destination = destination
  }
}

/// A DMA channel: memory to stream, stream to memory, or memory to memory (requirements F31, F32).
///
/// What it models: an address generator (up to four dimensions, or the im2col view of an image, CHW
/// or HWC), burst requests, a byte gatherer that packs or unpacks one bus word per cycle whatever
/// the alignment, a corner turn on the way to the stream, linked descriptors fetched over the bus, a
/// queue of two jobs, interrupts on completion and error. Timing model: per cycle one request, one
/// bus word, one stream beat of `port_size` bits; everything crosses registered channels.
/// Not modelled: virtual addresses, reuse of overlapping bus words between rows.
public final class DMA: Module {
  /// In the arena: calling a mutating method through a pointer needs no exclusivity check at run
  /// time.
  private let core: UnsafeMutablePointer<DMACore>

  /// Creates a DMA.
  ///
  /// - Parameters:
  ///   - input: the stream that is written to memory, for ``DMADirection/fromStream``.
  ///   - output: the stream that memory is read to, for ``DMADirection/toStream``.
  public init(
    path: String, configuration: DMAConfiguration, registers: RegisterPort, bus: BusInitiator,
    input: StreamSink?, output: StreamSource?, interrupt: Line?,
    componentClass: String = "byte_gather", site: ModuleSite, arena: Arena
  ) {
    core = arena.allocate(DMACore.self, count: 1)
    core.initialize(
      to: DMACore(
        configuration: configuration, registers: registers, bus: bus, input: input,
        output: output, interrupt: interrupt, componentClass: componentClass, site: site,
        arena: arena))
    super.init(path: path)
  }

  public override func tick(_ now: Cycle) -> Wake {
    core.pointee.tick(now)
  }
}
