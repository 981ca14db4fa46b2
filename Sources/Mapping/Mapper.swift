public import Networks
internal import Reference

/// Turns a network into a plan for an SoC: which engine computes which layer, in which pieces, where everything lies, and
/// every command of every DMA, array and vector unit.
public struct Mapper: Sendable {
  /// What a user may say about a mapping.
  public struct Options: Sendable {
    /// Everything on the core.
    public var coreOnly = false
    /// What is chosen for layers by their names.
    public var choices: [String: LayerChoice] = [:]

    /// Weights of arrays get places but no bytes: for those who want to know how long a plan takes.
    public var leavesWeightsOut = false

    /// Leaves everything to the mapper.
    public init() {}
  }

  /// What may be used.
  public let platform: Platform
  /// What the user said.
  public let options: Options

  /// Creates a mapper.
  public init(platform: Platform, options: Options = Options()) {
    self.platform = platform
    self.options = options
  }

  /// Maps a network.
  ///
  /// - Parameter network: typed, with quantisation in fused operators where there is any.
  /// - Throws: `NetworkError` when something cannot be computed, does not fit (by how many bytes, and where), or when a
  ///   choice is impossible.
  public func plan(_ network: TypedNetwork) throws(NetworkError) -> MappedNetwork {
    let folded = try network.folded()
    let graph = Graph(
      TypedNetwork(network: try folded.network.sorted().pruned(), types: folded.types))
    guard let main = platform.main else {
      throw NetworkError("SoC '\(platform.name)' has no memory for the network")
    }
    try checkChoices(graph)
    let steps = try Partition(graph, platform, options).steps()
    let placement = ValuePlacement(graph, steps)
    var assembly = try PlanAssembly(graph, platform, options, main, steps, placement)
    return try assembly.run()
  }

  /// Names in choices must be those of layers.
  private func checkChoices(_ graph: Graph) throws(NetworkError) {
    let names = Set(graph.nodes.map(\.name))
    let engines =
      platform.arrays.map(\.device.name) + platform.arrays.compactMap(\.vector?.device.name)
      + ["core"]
    for (name, choice) in options.choices.sorted(by: { $0.key < $1.key }) {
      guard names.contains(name) else {
        throw NetworkError.unknown("layer", name, among: names.sorted())
      }
      if let engine = choice.engine, !engines.contains(engine) {
        throw NetworkError.unknown("engine", engine, among: engines).at("layer '\(name)'")
      }
    }
  }
}

/// A mapped network: everything the runtime firmware needs, and what the user wants to know about it.
public struct MappedNetwork: Sendable {
  /// A tensor that is given or taken.
  public struct Port: Sendable, Equatable {
    /// Name of the value.
    public var name: String
    /// Where it lies.
    public var view: TensorView
    /// Name of the memory.
    public var memory: String
  }

  /// Bytes for a place in memory.
  public struct Segment: Sendable, Equatable {
    /// Name of the memory.
    public var memory: String
    /// First address.
    public var address: UInt32
    /// What lies there.
    public var bytes: [UInt8]
  }

  /// The plan as the runtime reads it.
  public var plan: Segment
  /// Weights, tables, descriptors.
  public var constants: Segment
  /// The same piece by piece; without weights of arrays if they are left out.
  public var constantPieces: [Segment]
  /// Inputs of the network.
  public var inputs: [Port]
  /// Outputs of the network.
  public var outputs: [Port]
  /// Every layer with what was chosen, in the order of the plan.
  public var layers: [PlannedLayer]
  /// Bytes of feature maps in each memory, at most at a time.
  public var featureBytes: [String: Int]
  /// What every engine does, the core first.
  public var work: [EngineWork]
  /// Names of layers that commands begin.
  public var tags: [String]
  /// Bytes of heap that the runtime needs for kernels of the core.
  public var scratchBytes: Int
}
