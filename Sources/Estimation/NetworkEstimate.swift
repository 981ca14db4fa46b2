/// What a module does, counted: the names are those of its counters and classes of cycles in the registry.
public struct ModuleActivity: Sendable, Equatable {
  /// Counts by counter name.
  public var counters: [String: UInt64]
  /// Cycles by class name; cycles that no class claims are idle.
  public var states: [String: UInt64]

  /// Creates an activity.
  public init(counters: [String: UInt64] = [:], states: [String: UInt64] = [:]) {
    self.counters = counters
    self.states = states
  }

  /// Adds counts and cycles.
  public static func += (left: inout Self, right: Self) {
    left.counters.merge(right.counters, uniquingKeysWith: +)
    left.states.merge(right.states, uniquingKeysWith: +)
  }
}

/// What a model expects of one layer.
public struct LayerEstimate: Sendable, Equatable {
  /// The layer's name, as in reports of runs.
  public var name: String
  /// Operator of its first node, as ONNX calls it.
  public var kind: String
  /// What computes it: the name of an array or vector unit, or `core`.
  public var engine: String
  /// Multiply-accumulates.
  public var macs: Int
  /// Cycles of the SoC's reference clock, from the end of the layer before to its own.
  public var cycles: Int
  /// What bounds it, in a few words; empty when the model does not know.
  public var bound: String
  /// What every module does for it, by instance path.
  public var activity: [String: ModuleActivity]

  /// Creates an estimate.
  public init(
    name: String, kind: String, engine: String, macs: Int, cycles: Int, bound: String = "",
    activity: [String: ModuleActivity] = [:]
  ) {
    self.name = name
    self.kind = kind
    self.engine = engine
    self.macs = macs
    self.cycles = cycles
    self.bound = bound
    self.activity = activity
  }
}

/// What a model expects of a whole network.
public struct NetworkEstimate: Sendable, Equatable {
  /// Name of the model, as the command takes it.
  public var model: String
  /// Cycles before the first layer: what the firmware does to begin.
  public var startCycles: Int
  /// The layers in the order in which they run.
  public var layers: [LayerEstimate]

  /// Creates an estimate.
  public init(model: String, startCycles: Int, layers: [LayerEstimate]) {
    self.model = model
    self.startCycles = startCycles
    self.layers = layers
  }

  /// Cycles in all.
  public var cycles: Int { layers.reduce(startCycles) { $0 + $1.cycles } }
}
