internal import Networks

/// A network while it is rewritten: nodes are replaced, removed and added at the end, so that their order is
/// lost until the graph is typed again.
struct EditableGraph {
  /// One use of a value.
  struct Edge: Hashable {
    /// The node that takes it.
    let node: Int
    /// As which operand.
    let operand: Int
  }

  /// A DequantizeLinear node as its consumers see it.
  struct Source {
    /// The node.
    let node: Int
    /// The integers.
    let value: String
    /// The scale's name.
    let scale: String
    /// The zero point's name, nil when absent.
    let zeroPoint: String?
    /// The axis of the scales when there are several.
    let axis: Int
    /// The type of the integers.
    let type: TensorType
  }

  /// A QuantizeLinear node as its producer sees it.
  struct Sink {
    /// The node.
    let node: Int
    /// The integers.
    let value: String
    /// The scale's name.
    let scale: String
    /// The zero point's name, nil when absent.
    let zeroPoint: String?
    /// The type of the integers.
    let element: ElementType
  }

  private(set) var network: Network
  private(set) var types: [String: TensorType]
  private var removed: Set<Int> = []
  private var producers: [String: Int] = [:]
  private var uses: [String: [Edge]] = [:]
  private let outputs: Set<String>

  init(_ typed: TypedNetwork) {
    network = typed.network
    types = typed.types
    outputs = Set(typed.network.outputs)
    // Inputs keep the shapes that the network was typed with.
    network.inputs = network.inputs.map { input in
      types[input.name].map { Declaration(input.name, $0) } ?? input
    }
    for index in network.nodes.indices { connect(index) }
  }

  /// The graph with its types inferred anew.
  func typed() throws(NetworkError) -> TypedNetwork {
    var result = network
    result.nodes = network.nodes.indices.filter { !removed.contains($0) }.map { network.nodes[$0] }
    return try result.typed()
  }

  // Reading.

  /// Nodes that are there now.
  var indices: [Int] { network.nodes.indices.filter { !removed.contains($0) } }

  /// The node at an index, nil when it was removed.
  func node(_ index: Int) -> Node? { removed.contains(index) ? nil : network.nodes[index] }

  /// The node whose result a value is.
  func producer(of value: String) -> Int? { producers[value] }

  /// All uses of a value by nodes.
  func uses(of value: String) -> [Edge] { uses[value] ?? [] }

  /// Whether the network gives the value to its user.
  func isOutput(_ value: String) -> Bool { outputs.contains(value) }

  /// The only use of a value that is no output.
  func onlyUse(of value: String) -> Edge? {
    let all = uses(of: value)
    return all.count == 1 && !isOutput(value) ? all.first : nil
  }

  /// The constant of this name.
  func constant(_ name: String?) -> Tensor? { name.flatMap { network.constants[$0] } }

  /// The dequantisation that gives a value.
  func source(of value: String?) -> Source? {
    guard let value, let index = producers[value], let node = node(index),
      case .dequantizeLinear(let axis) = node.operator, let integers = node.input(0),
      let scale = node.input(1), let type = types[integers]
    else { return nil }
    return Source(
      node: index, value: integers, scale: scale, zeroPoint: node.input(2), axis: axis, type: type)
  }

  /// The quantisation that is a value's only use.
  func sink(of value: String?) -> Sink? {
    guard let value, let edge = onlyUse(of: value), edge.operand == 0 else { return nil }
    return sink(edge.node)
  }

  /// A QuantizeLinear node.
  func sink(_ index: Int) -> Sink? {
    guard let node = node(index), case .quantizeLinear(_, let element) = node.operator,
      let result = node.outputs.first, let scale = node.input(1)
    else { return nil }
    return Sink(
      node: index, value: result, scale: scale, zeroPoint: node.input(2), element: element)
  }

  /// The only element of a constant, as binary32.
  func number(_ name: String?) -> Float? {
    guard let tensor = constant(name), tensor.count == 1 else { return nil }
    return try? QuantisedOperands(tensors: [tensor]).scale(0)
  }

  /// The zero point, 0 when absent; nil when it is no constant or not one number.
  func zeroPoint(_ name: String?) -> Int32? {
    guard let name else { return 0 }
    guard let tensor = constant(name), tensor.count == 1 else { return nil }
    return try? QuantisedOperands(tensors: [tensor]).zeroPoint(0)
  }

  // Changing.

  /// Removes a node.
  mutating func remove(_ index: Int) {
    disconnect(index)
    removed.insert(index)
  }

  /// Puts another node in the place of one.
  mutating func replace(_ index: Int, with node: Node) {
    disconnect(index)
    network.nodes[index] = node
    connect(index)
  }

  /// Adds a node.
  @discardableResult
  mutating func add(_ node: Node) -> Int {
    network.nodes.append(node)
    connect(network.nodes.count - 1)
    return network.nodes.count - 1
  }

  /// Lets a use take another value.
  mutating func redirect(_ edge: Edge, to value: String) {
    var node = network.nodes[edge.node]
    node.inputs[edge.operand] = value
    replace(edge.node, with: node)
  }

  /// Adds a constant under a name that nothing has.
  mutating func add(_ tensor: Tensor, named wish: String) -> String {
    let name = unusedName(wish)
    network.constants[name] = tensor
    types[name] = tensor.type
    return name
  }

  /// Adds a value of a type under a name that nothing has.
  mutating func addValue(_ wish: String, _ type: TensorType) -> String {
    let name = unusedName(wish)
    types[name] = type
    return name
  }

  /// Gives a value another type.
  mutating func retype(_ value: String, _ element: ElementType) {
    types[value]?.element = element
  }

  /// Removes a node whose results nobody takes.
  mutating func removeIfUnused(_ index: Int) {
    guard let node = node(index),
      node.outputs.allSatisfy({ uses(of: $0).isEmpty && !isOutput($0) })
    else { return }
    remove(index)
  }

  private func unusedName(_ wish: String) -> String {
    guard types[wish] != nil else { return wish }
    var number = 2
    while types["\(wish)_\(number)"] != nil { number += 1 }
    return "\(wish)_\(number)"
  }

  private mutating func connect(_ index: Int) {
    let node = network.nodes[index]
    for name in node.outputs where !name.isEmpty { producers[name] = index }
    // Uses of constants are not asked for, and there can be very many of one.
    for (operand, name) in node.inputs.enumerated()
    where !name.isEmpty && network.constants[name] == nil {
      uses[name, default: []].append(Edge(node: index, operand: operand))
    }
  }

  private mutating func disconnect(_ index: Int) {
    let node = network.nodes[index]
    for name in node.outputs where producers[name] == index { producers[name] = nil }
    for name in Set(node.inputs) { uses[name]?.removeAll { $0.node == index } }
  }
}
