/// Why a run of the kernel ended.
public enum Outcome: Sendable, Equatable {
  /// A module asked to finish.
  case finished
  /// The tick limit was reached.
  case limitReached
  /// Nothing is scheduled and nobody asked to finish.
  case deadlocked
  /// The poll closure asked to stop.
  case interrupted
  /// A module asked for a pause; what else the instant asked for is done when the run goes on.
  case paused
}

/// In which order modules tick within an edge. Results must not depend on it; tests check that.
public enum ModuleOrder: Sendable, Equatable {
  /// As added.
  case registration
  /// Last added first.
  case reversed
  /// A seeded shuffle.
  case shuffled(seed: UInt64)
}
