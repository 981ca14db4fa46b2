public import Networks

/// How much memory running a network takes.
public struct MemoryEstimate: Sendable, Equatable {
  /// Bytes of weights and other constants.
  public var constantBytes: Int
  /// Bytes of the inputs and the values that are alive at the worst moment.
  public var peakActivationBytes: Int

  /// Both together.
  public var bytes: Int {
    let (sum, overflow) = constantBytes.addingReportingOverflow(peakActivationBytes)
    return overflow ? Int.max : sum
  }

  /// Estimates from the types and the order of the nodes, each value counted from the node that computes it to the
  /// last one that takes it; kept values count until the end.
  ///
  /// - Parameters:
  ///   - network: The network.
  ///   - keeping: Names of intermediate values that are kept.
  public init(_ network: TypedNetwork, keeping: Set<String> = []) {
    let graph = network.network
    let kept = keeping.union(graph.outputs)
    let releases = Lifetimes(graph, keeping: kept).releases
    func size(_ name: String) -> Int {
      guard graph.constants[name] == nil, let type = network.types[name] else { return 0 }
      return type.byteCount
    }
    constantBytes = graph.constants.values.reduce(0) { saturated($0, $1.type.byteCount) }
    var alive = graph.inputs.reduce(0) { saturated($0, size($1.name)) }
    peakActivationBytes = alive
    for (node, released) in zip(graph.nodes, releases) {
      for name in node.outputs { alive = saturated(alive, size(name)) }
      peakActivationBytes = max(peakActivationBytes, alive)
      for name in released { alive -= min(alive, size(name)) }
    }
  }
}

/// A sum that stays at the greatest number instead of overflowing.
private func saturated(_ a: Int, _ b: Int) -> Int {
  let (sum, overflow) = a.addingReportingOverflow(b)
  return overflow ? Int.max : sum
}

/// After which node each value is no longer needed.
struct Lifetimes {
  /// Per node the values that nobody takes after it.
  let releases: [[String]]

  /// Finds the last use of every value that is not kept.
  init(_ graph: Network, keeping: Set<String>) {
    var last: [String: Int] = [:]
    for (index, node) in graph.nodes.enumerated() {
      for name in node.inputs + node.outputs where !name.isEmpty { last[name] = index }
    }
    var releases = [[String]](repeating: [], count: graph.nodes.count)
    for (name, index) in last where !keeping.contains(name) && graph.constants[name] == nil {
      releases[index].append(name)
    }
    self.releases = releases
  }
}
