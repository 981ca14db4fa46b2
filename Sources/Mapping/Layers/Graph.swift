internal import Networks

/// A typed network with the neighbours of every value at hand.
struct Graph {
  let typed: TypedNetwork
  let nodes: [Node]
  /// The node that makes a value.
  let producers: [String: Int]
  /// The nodes that take a value, each once.
  let consumers: [String: [Int]]
  let outputs: Set<String>

  init(_ typed: TypedNetwork) {
    self.typed = typed
    nodes = typed.network.nodes
    var producers: [String: Int] = [:]
    var consumers: [String: [Int]] = [:]
    for (index, node) in nodes.enumerated() {
      for output in node.outputs where !output.isEmpty { producers[output] = index }
      for input in Set(node.inputs) where !input.isEmpty {
        consumers[input, default: []].append(index)
      }
    }
    self.producers = producers
    self.consumers = consumers
    outputs = Set(typed.network.outputs)
  }

  func constant(_ name: String?) -> Tensor? {
    name.flatMap { typed.network.constants[$0] }
  }

  /// The constant operand of a node.
  func constant(_ node: Node, _ index: Int) -> Tensor? { constant(node.input(index)) }

  func type(_ name: String) -> TensorType {
    typed.types[name] ?? TensorType(.float32, [])
  }

  /// The only number of a constant operand; nil when the operand is no constant or has several elements.
  func scalar(_ node: Node, _ index: Int) -> Float? {
    guard let tensor = constant(node, index), tensor.count == 1 else { return nil }
    return tensor.floats?.first
  }

  /// The only zero point of a quantised operand: 0 when it is absent.
  func zeroPoint(_ node: Node, _ index: Int) -> Int32? {
    guard let name = node.input(index) else { return 0 }
    guard let values = constant(name)?.integers, let first = values.first,
      values.allSatisfy({ $0 == first })
    else { return nil }
    return first
  }

  /// The node that alone takes a value which is no output of the network.
  func soleConsumer(_ value: String) -> Int? {
    guard !outputs.contains(value), let takers = consumers[value], takers.count == 1 else {
      return nil
    }
    let node = nodes[takers[0]]
    return node.inputs.filter { $0 == value }.count == 1 ? takers[0] : nil
  }
}

extension Tensor {
  /// The elements as 32-bit integers; nil when they are none of up to 32 bits.
  var integers: [Int32]? {
    switch elements {
    case .int8(let values): values.map(Int32.init)
    case .uint8(let values): values.map(Int32.init)
    case .int16(let values): values.map(Int32.init)
    case .int32(let values): values
    default: nil
    }
  }

  /// The elements if they are binary32.
  var floats: [Float]? { array(of: Float.self) }
}
