/// What surrounds the accelerator: the memory behind its port and the pace of its commands.
public struct GemminiMemory: Sendable, Equatable {
  /// Cycles from a request accepted at the port to its first data beat or acknowledgement.
  public var latency: Int
  /// Cycles between two beats of the response channel; 1 is a full-width bus.
  public var beatInterval: Int
  /// Least cycles between two commands offered by the processor.
  public var commandGap: Int

  /// Cycles in which a page-table walk is answered; nil when addresses are not translated.
  public var walkLatency: Int?

  /// A memory of fixed latency.
  public init(
    latency: Int = 20, beatInterval: Int = 1, commandGap: Int = 1, walkLatency: Int? = nil
  ) {
    self.latency = latency
    self.beatInterval = beatInterval
    self.commandGap = commandGap
    self.walkLatency = walkLatency
  }
}
