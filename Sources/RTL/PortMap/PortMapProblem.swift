/// Why a port map does not fit a module.
public struct PortMapProblem: Sendable, Equatable {
  /// The key of the port map at fault, for example `streams.in1`; empty for the map as a whole.
  public let key: String
  /// What is wrong, one sentence without a full stop.
  public let message: String
}

/// Everything that is wrong with a port map.
public struct PortMapProblems: Error, Sendable, Equatable {
  /// In the order in which they were found.
  public let problems: [PortMapProblem]
}
