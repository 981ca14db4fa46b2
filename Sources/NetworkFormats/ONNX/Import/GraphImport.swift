internal import Networks

/// A network while it grows node by node from a file.
///
/// One node of a file can become several: ``emit(_:_:_:_:)`` adds them, ``constant(_:for:)`` gives
/// them operands that the file writes as attributes. Element types and ranks are followed on the
/// way, so far as they are known without shapes; a few operators of old files cannot be understood
/// without them.
struct GraphImport {
  /// What there is of the network.
  private(set) var network: Network
  /// Values that nodes or the user take.
  private let used: Set<String>
  private var elements: [String: ElementType] = [:]
  private var ranks: [String: Int] = [:]
  private var names: UniqueNames
  private var nodeNames = UniqueNames()
  /// Where data is that the file keeps elsewhere.
  let external: ExternalData

  /// Begins with inputs, outputs and constants.
  ///
  /// - Parameters:
  ///   - used: values that nodes take.
  ///   - names: the names of all values of the file.
  ///   - external: where data is that the file keeps elsewhere.
  init(
    _ network: Network, used: Set<String>, names: UniqueNames, external: ExternalData
  ) {
    self.external = external
    self.network = network
    self.used = used.union(network.outputs)
    self.names = names
    for input in network.inputs {
      elements[input.name] = input.element
      ranks[input.name] = input.dimensions?.count
    }
    for (name, tensor) in network.constants {
      elements[name] = tensor.type.element
      ranks[name] = tensor.shape.count
    }
  }

  // What is known of values.

  /// The element type of a value, so far as it is known.
  func element(_ value: String?) -> ElementType? { value.flatMap { elements[$0] } }

  /// The number of axes of a value, so far as it is known.
  func rank(_ value: String?) -> Int? { value.flatMap { ranks[$0] } }

  /// A value that the file gives.
  func constantValue(_ value: String?) -> Tensor? { value.flatMap { network.constants[$0] } }

  /// The element type of a value.
  ///
  /// - Throws: `NetworkError` when it is not known.
  func knownElement(_ value: String) throws(NetworkError) -> ElementType {
    guard let element = elements[value] else {
      throw NetworkError("the element type of '\(value)' is not known when this node is reached")
    }
    return element
  }

  /// The number of axes of a value.
  ///
  /// - Throws: `NetworkError` when it is not known.
  func knownRank(_ value: String) throws(NetworkError) -> Int {
    guard let rank = ranks[value] else {
      throw NetworkError(
        "the rank of '\(value)' is not known, which this node needs",
        suggestion: "declare the shapes of the network's inputs")
    }
    return rank
  }

  /// Whether anything takes a value.
  func isUsed(_ value: String) -> Bool { !value.isEmpty && used.contains(value) }

  // Building.

  /// Adds a remark for the user, once.
  mutating func warn(_ text: String) {
    if !network.warnings.contains(text) { network.warnings.append(text) }
  }

  /// A name near `name` that no node has.
  mutating func nodeName(_ name: String) -> String { nodeNames.claim(name) }

  /// A name near `name` that no value has.
  mutating func valueName(_ name: String) -> String { names.claim(name) }

  /// Adds a constant under a given name.
  mutating func define(_ name: String, _ tensor: Tensor) throws(NetworkError) {
    guard network.constants.updateValue(tensor, forKey: name) == nil else {
      throw NetworkError("value '\(name)' is defined twice")
    }
    elements[name] = tensor.type.element
    ranks[name] = tensor.shape.count
  }

  /// Adds a constant for a node, named after it; gives its name.
  mutating func constant(_ tensor: Tensor, _ node: NodeReader, _ suffix: String) -> String {
    let name = valueName("\(node.name).\(suffix)")
    network.constants[name] = tensor
    elements[name] = tensor.type.element
    ranks[name] = tensor.shape.count
    return name
  }

  /// Adds a vector of integers for a node, as operands like axes and pads are; gives its name.
  mutating func integers(_ values: [Int], _ node: NodeReader, _ suffix: String) -> String {
    constant(Tensor([values.count], values.map { Int64($0) }), node, suffix)
  }

  /// Adds one number for a node, of the element type of another value; gives its name.
  ///
  /// - Throws: `NetworkError` when the type is not known or not one of numbers.
  mutating func number(
    _ value: Double, like other: String, _ node: NodeReader, _ suffix: String
  ) throws(NetworkError) -> String {
    let element = try knownElement(other)
    guard let tensor = Tensor(number: value, element) else {
      throw NetworkError("operands of type \(element.rawValue) are not supported")
    }
    return constant(tensor, node, suffix)
  }

  /// Adds the node itself.
  mutating func emit(_ node: NodeReader, _ kind: Operator) {
    add(Node(nodeName(node.name), kind, node.inputs, node.outputs))
  }

  /// Adds the node itself with other operands.
  mutating func emit(_ node: NodeReader, _ kind: Operator, _ inputs: [String]) {
    add(Node(nodeName(node.name), kind, inputs, node.outputs))
  }

  /// Adds a node that computes part of another; gives the name of its result.
  mutating func part(
    _ node: NodeReader, _ suffix: String, _ kind: Operator, _ inputs: [String]
  ) -> String {
    let result = valueName("\(node.name).\(suffix)")
    add(Node(nodeName("\(node.name).\(suffix)"), kind, inputs, [result]))
    return result
  }

  /// Adds a node that computes part of another, with a given result.
  mutating func part(
    _ node: NodeReader, _ suffix: String, _ kind: Operator, _ inputs: [String], result: String
  ) {
    add(Node(nodeName("\(node.name).\(suffix)"), kind, inputs, [result]))
  }

  /// Adds a node with several results that computes part of another; gives their names.
  mutating func parts(
    _ node: NodeReader, _ suffix: String, _ kind: Operator, _ inputs: [String], results: Int
  ) -> [String] {
    let results = (0..<results).map { valueName("\(node.name).\(suffix)_\($0)") }
    add(Node(nodeName("\(node.name).\(suffix)"), kind, inputs, results))
    return results
  }

  /// Forgets results that nothing takes.
  ///
  /// - Parameters:
  ///   - count: how many results the operator has here.
  ///   - node: the node; it has no other results afterwards.
  ///   - exception: the index of a further result that the caller defines.
  /// - Throws: `NetworkError` when something takes one of the others.
  func keepFirst(
    _ count: Int, of node: NodeReader, except exception: Int? = nil
  ) throws(NetworkError) {
    for (index, output) in node.outputs.enumerated().dropFirst(count) where index != exception {
      guard !isUsed(output) else {
        throw NetworkError("its result \(index), '\(output)', is not supported")
      }
    }
    node.dropOutputs(from: count)
  }

  /// Forgets the last results that nothing takes, but not the first one.
  func dropUnusedOutputs(of node: NodeReader) {
    while node.outputs.count > 1, let last = node.outputs.last, !isUsed(last) {
      node.dropOutputs(from: node.outputs.count - 1)
    }
  }

  private mutating func add(_ node: Node) {
    let operands = node.inputs
    let known = KnownOperands(
      elements: operands.map { elements[$0] }, ranks: operands.map { ranks[$0] },
      constants: operands.map { network.constants[$0] })
    let results = node.operator.resultElements(known, count: node.outputs.count)
    let rank = node.operator.resultRank(known)
    for (index, output) in node.outputs.enumerated() where !output.isEmpty {
      // A node with more results than its operator has is refused when types are inferred.
      elements[output] = index < results.count ? results[index] : nil
      ranks[output] = rank
    }
    network.nodes.append(node)
  }
}

extension Tensor {
  /// A scalar of a type of numbers; nil for truth values, and for integers when the value is none.
  init?(number value: Double, _ element: ElementType) {
    func integer<Element: TensorElement & FixedWidthInteger>(_ type: Element.Type) -> Tensor? {
      Element(exactly: value).map { Tensor(scalar: $0) }
    }
    let tensor: Tensor? =
      switch element {
      case .float32: Tensor(scalar: Float(value))
      case .float64: Tensor(scalar: value)
      case .float16: Tensor(scalar: Half(Float(value)))
      case .bfloat16: Tensor(scalar: BFloat16(Float(value)))
      case .int8: integer(Int8.self)
      case .uint8: integer(UInt8.self)
      case .int16: integer(Int16.self)
      case .uint16: integer(UInt16.self)
      case .int32: integer(Int32.self)
      case .uint32: integer(UInt32.self)
      case .int64: integer(Int64.self)
      case .uint64: integer(UInt64.self)
      case .bool: nil
      }
    guard let tensor else { return nil }
    self = tensor
  }
}
