/// Finds the constants behind a node's operands, and counts each once.
///
/// The weights of a network with separate quantisation reach a product through DequantizeLinear; they count there, in
/// the form in which they are stored.
struct ParameterOrigins {
  struct Count: Equatable {
    var weights = 0
    var biases = 0
    var others = 0
    var weightBytes = 0
    var bytes = 0

    mutating func add(_ type: TensorType, _ role: OperandRole) {
      switch role {
      case .weight:
        weights = weights.addedSaturating(type.elementCount)
        weightBytes = weightBytes.addedSaturating(type.byteCount)
      case .bias: biases = biases.addedSaturating(type.elementCount)
      case .parameter, .data: others = others.addedSaturating(type.elementCount)
      case .structure: return
      }
      bytes = bytes.addedSaturating(type.byteCount)
    }
  }

  private let constants: [String: Tensor]
  /// Nodes that pass a constant on, by their result.
  private var carriers: [String: Node] = [:]
  private var counted: Set<String> = []
  /// All constants counted so far.
  private(set) var total = Count()

  init(_ typed: TypedNetwork) {
    constants = typed.network.constants
    for node in typed.network.nodes
    where node.operator.carriesConstants && node.inputs.allSatisfy(isConstant) {
      if let output = node.outputs.first { carriers[output] = node }
    }
  }

  /// Whether a value is a constant, perhaps in another form; so is an absent one.
  func isConstant(_ name: String) -> Bool {
    name.isEmpty || constants[name] != nil || carriers[name] != nil
  }

  /// The parameters of a node. Nodes that only pass a constant on have none: their users have them.
  mutating func count(of node: Node) -> Count {
    var count = Count()
    if let output = node.outputs.first, carriers[output] != nil { return count }
    var seen: Set<String> = []
    // Carriers precede what they feed, so walking back through them ends.
    var open = node.inputs.indices.map {
      (name: node.inputs[$0], role: node.operator.role(ofOperand: $0))
    }
    while let (name, role) = open.popLast() {
      if let carrier = carriers[name] {
        for (index, input) in carrier.inputs.enumerated() {
          let own = carrier.operator.role(ofOperand: index)
          open.append((input, index == 0 ? role : own))
        }
      } else if let tensor = constants[name], seen.insert(name).inserted {
        count.add(tensor.type, role)
        if counted.insert(name).inserted { total.add(tensor.type, role) }
      }
    }
    return count
  }
}

/// How much memory results take while nodes run one after the other.
struct ActivationLiveness {
  /// The most bytes at a time.
  private(set) var bytes = 0
  /// During which node.
  private(set) var node: Int?

  init(_ typed: TypedNetwork, isConstant: (String) -> Bool) {
    let network = typed.network
    var lastUse: [String: Int] = [:]
    for (index, node) in network.nodes.enumerated() {
      for name in node.inputs { lastUse[name] = index }
    }
    for name in network.outputs { lastUse[name] = network.nodes.count }
    func size(_ name: String) -> Int {
      name.isEmpty || isConstant(name) ? 0 : typed.types[name]?.byteCount ?? 0
    }
    var live = network.inputs.reduce(0) { $0.addedSaturating(size($1.name)) }
    bytes = live
    for (index, node) in network.nodes.enumerated() {
      live = node.outputs.reduce(live) { $0.addedSaturating(size($1)) }
      if live > bytes { (bytes, self.node) = (live, index) }
      // Results that nobody takes go at once.
      var freed: Set<String> = []
      for name in node.inputs + node.outputs
      where (lastUse[name] ?? index) <= index && freed.insert(name).inserted {
        live = max(0, live - size(name))
      }
    }
  }
}
