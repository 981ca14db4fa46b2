internal import Networks

/// A layer in the order of the plan.
enum MappingStep {
  /// On an array, with what the user chose.
  case array(ArrayLayer, index: Int, LayerChoice)
  /// A node on the core.
  case core(Int)

  /// The values it takes (constants left out).
  func inputs(_ graph: Graph) -> [String] {
    switch self {
    case .array(let layer, _, _):
      [layer.input] + [layer.weightsValue, layer.vector?.side].compactMap { $0 }
    case .core(let node):
      graph.nodes[node].inputs.filter { !$0.isEmpty && graph.constant($0) == nil }
    }
  }

  /// The values it makes.
  func outputs(_ graph: Graph) -> [String] {
    switch self {
    case .array(let layer, _, _): [layer.output]
    case .core(let node): graph.nodes[node].outputs.filter { !$0.isEmpty }
    }
  }

  /// What reports call it.
  func name(_ graph: Graph) -> String {
    switch self {
    case .array(let layer, _, _): layer.name
    case .core(let node): graph.nodes[node].name
    }
  }
}
