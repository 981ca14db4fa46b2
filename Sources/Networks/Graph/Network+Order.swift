internal import Diagnostics

extension Network {
  /// The network with every node behind those whose results it takes; nodes already in such an order keep it.
  ///
  /// Takes time in proportion to the numbers of nodes and operands, and a stack that does not depend on them.
  ///
  /// - Throws: `NetworkError` when a value is defined twice or not at all, when there are no outputs or too many
  ///   nodes, or when nodes need each other's results.
  public func sorted() throws(NetworkError) -> Network {
    guard nodes.count <= Limits.nodes else {
      throw NetworkError(
        "the network has \(nodes.count) nodes; at most \(Limits.nodes) are possible")
    }
    let definitions = try ValueDefinitions(self)
    guard !outputs.isEmpty else { throw NetworkError("the network has no outputs") }
    for output in outputs where definitions.values[output] == nil {
      throw NetworkError(
        "the output '\(output)' is not the result of any node, nor an input or a constant",
        suggestion: definitions.suggestion(for: output))
    }
    var result = self
    result.nodes = try definitions.order(of: nodes).map { nodes[$0] }
    return result
  }

  /// The network without nodes and constants that no output depends on; inputs stay, because they are
  /// the interface.
  public func pruned() -> Network {
    var producers: [String: Int] = [:]
    for (index, node) in nodes.enumerated() {
      for output in node.outputs where !output.isEmpty { producers[output] = index }
    }
    var isNeeded = [Bool](repeating: false, count: nodes.count)
    var used = Set(outputs)
    var open = outputs.compactMap { producers[$0] }
    while let index = open.popLast() {
      if isNeeded[index] { continue }
      isNeeded[index] = true
      for input in nodes[index].inputs where used.insert(input).inserted {
        if let producer = producers[input] { open.append(producer) }
      }
    }
    var result = self
    result.nodes = zip(nodes, isNeeded).compactMap { $1 ? $0 : nil }
    result.constants = constants.filter { used.contains($0.key) }
    return result
  }
}

/// Where each value of a network comes from.
private struct ValueDefinitions {
  enum Origin {
    case input, constant
    case node(Int)
  }

  private(set) var values: [String: Origin] = [:]

  init(_ network: Network) throws(NetworkError) {
    values.reserveCapacity(network.constants.count + network.nodes.count)
    for name in network.constants.keys { values[name] = .constant }
    for input in network.inputs {
      guard !input.name.isEmpty else { throw NetworkError("an input has no name") }
      if let other = values.updateValue(.input, forKey: input.name) {
        throw NetworkError(
          "the input '\(input.name)' is already \(Self.text(other, network))")
      }
    }
    for (index, node) in network.nodes.enumerated() {
      for output in node.outputs where !output.isEmpty {
        if let other = values.updateValue(.node(index), forKey: output) {
          throw NetworkError(
            "defines '\(output)', which is already \(Self.text(other, network))", place: node.place,
            suggestion: "every value must have one origin")
        }
      }
    }
  }

  private static func text(_ origin: Origin, _ network: Network) -> String {
    switch origin {
    case .input: "an input"
    case .constant: "a constant"
    case .node(let index): "a result of \(network.nodes[index].place)"
    }
  }

  /// Names near to one that does not exist.
  func suggestion(for name: String) -> String? {
    // Of a large network only some names, so that a message takes no time.
    let candidates = values.keys.sorted().prefix(4096)
    return Suggestion.nearest(to: name, among: Array(candidates)).map { "did you mean '\($0)'?" }
  }

  /// Indices of the nodes, each behind those it depends on: a depth-first walk in the order of the file, with its
  /// own stack.
  func order(of nodes: [Node]) throws(NetworkError) -> [Int] {
    enum State { case untouched, open, done }
    var states = [State](repeating: .untouched, count: nodes.count)
    var order: [Int] = []
    order.reserveCapacity(nodes.count)
    // A node and its next operand to look at.
    var stack: [(node: Int, operand: Int)] = []
    for root in nodes.indices where states[root] == .untouched {
      states[root] = .open
      stack.append((root, 0))
      while let (index, operand) = stack.last {
        let node = nodes[index]
        guard operand < node.inputs.count else {
          states[index] = .done
          order.append(index)
          stack.removeLast()
          continue
        }
        stack[stack.count - 1].operand += 1
        let name = node.inputs[operand]
        if name.isEmpty { continue }
        switch values[name] {
        case .input, .constant: break
        case nil:
          throw NetworkError(
            "operand \(operand + 1) is '\(name)', which is not an input, a constant or the result "
              + "of a node",
            place: node.place, suggestion: suggestion(for: name))
        case .node(let producer):
          switch states[producer] {
          case .done: break
          case .untouched:
            states[producer] = .open
            stack.append((producer, 0))
          case .open:
            let start = stack.firstIndex { $0.node == producer } ?? 0
            throw cycle(stack[start...].map { nodes[$0.node] })
          }
        }
      }
    }
    return order
  }

  /// An error that names the nodes of a cycle, the first ones of a long one.
  private func cycle(_ nodes: [Node]) -> NetworkError {
    // The stack goes from a node to those it depends on.
    let names = nodes.reversed().map { "'\($0.name)'" }
    let shown = names.prefix(8).joined(separator: " → ")
    let rest = names.count > 8 ? " → … (\(names.count) nodes)" : ""
    return NetworkError(
      "nodes depend on each other in a cycle: \(shown)\(rest) → \(names[0])",
      place: nodes.first?.place, suggestion: "loops must be unrolled before export")
  }
}
