public import RTL
internal import SimKernel

/// A module of which there is a model and RTL.
public struct LockstepBlock: Sendable {
  /// The name of the RTL module, for example `os_array`.
  public let name: String
  /// The module kind whose model it checks, for example `OSArray`.
  public let kind: String
  /// What is compared, for the accuracy record.
  public let scope: String
  /// Parameter sets. The first ones are the deterministic subset of ordinary test runs.
  public let configurations: [LockstepConfiguration]

  /// Describes a block.
  public init(
    name: String, kind: String, scope: String,
    configurations: [LockstepConfiguration]
  ) {
    self.name = name
    self.kind = kind
    self.scope = scope
    self.configurations = configurations
  }
}

extension LockstepBlock {
  /// Every block.
  public static let all: [LockstepBlock] = [
    .outputStationaryArray, .weightStationaryArray, .dma, .crossbar, .fifo,
  ]
}

/// A set of parameters of a block.
public struct LockstepConfiguration: Sendable {
  /// Values of the RTL's parameters.
  public let parameters: [RTLSource.Parameter]
  /// Cycles of an episode (from a reset to the next), drawn from this range.
  public let cycles: ClosedRange<Int>
  /// Creates the model and the drivers of one episode; `random` decides the stimulus.
  let build: @Sendable (LockstepBench, inout SplitMix64) throws -> Void

  /// Describes a parameter set.
  init(
    parameters: [RTLSource.Parameter], cycles: ClosedRange<Int> = 200...1200,
    build: @escaping @Sendable (LockstepBench, inout SplitMix64) throws -> Void
  ) {
    self.parameters = parameters
    self.cycles = cycles
    self.build = build
  }
}
