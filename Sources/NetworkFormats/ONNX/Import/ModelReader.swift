internal import Networks

/// Turns a decoded file into a network.
struct ModelReader {
  private let model: ONNXModel
  private let external: ExternalData

  /// Creates a reader.
  init(_ model: ONNXModel, external: ExternalData) {
    self.model = model
    self.external = external
  }

  /// The network.
  ///
  /// - Throws: `NetworkError`, with the node or tensor where it is known.
  func network() throws(NetworkError) -> Network {
    guard model.hasGraph else {
      throw NetworkError(
        "the file holds no ONNX graph",
        suggestion: "a TensorFlow model (.pb) must be converted with tf2onnx")
    }
    let graph = model.graph
    guard graph.node.count <= Limits.nodes else {
      throw NetworkError("\(graph.node.count) nodes are more than the \(Limits.nodes) supported")
    }
    let versions = try OperatorVersions.table(model.opsetImport)
    var inlining = FunctionInlining(model.functions)
    let nodes = try inlining.inlined(graph.node, versions: versions)
    try UnsupportedOperators.check(nodes)
    var network = Network(name: graph.name)
    network.constants = try constants()
    network.inputs = try inputs(network.constants)
    network.outputs = graph.output.map(\.name)
    guard !network.outputs.isEmpty else { throw NetworkError("the network has no outputs") }
    network.warnings = warnings(versions)
    return try read(nodes, into: network)
  }

  private func read(
    _ nodes: [SourceNode], into network: Network
  ) throws(NetworkError) -> Network {
    var used: Set<String> = []
    var names = UniqueNames()
    for input in network.inputs { names.insert(input.name) }
    for constant in network.constants.keys { names.insert(constant) }
    for source in nodes {
      used.formUnion(source.node.input)
      for output in source.node.output { names.insert(output) }
    }
    var graph = GraphImport(network, used: used, names: names, external: external)
    for source in nodes {
      do throws(NetworkError) {
        guard let read = OperatorTable.find(source.domain, source.node.opType) else {
          throw NetworkError("the operator is not supported")
        }
        guard let version = source.versions[source.domain] ?? defaultVersion(source.domain) else {
          throw NetworkError("the file does not say for which opset it is written")
        }
        let node = try NodeReader(source.node, name: source.name, version: version)
        try read(node, &graph)
        try node.finish()
      } catch {
        throw error.at(source.place)
      }
    }
    return graph.network
  }

  /// Files need not name onnxruntime's domain, which has one version only.
  private func defaultVersion(_ domain: String) -> Int? { domain.isEmpty ? nil : 1 }

  private func constants() throws(NetworkError) -> [String: Tensor] {
    if let sparse = model.graph.sparseInitializer.first {
      throw NetworkError(
        "sparse tensors are not supported", place: "tensor '\(sparse.values.name)'",
        suggestion: "save the weights as dense tensors")
    }
    var constants: [String: Tensor] = [:]
    for tensor in model.graph.initializer {
      guard !tensor.name.isEmpty else { throw NetworkError("a constant tensor has no name") }
      let value = try tensor.tensor(external: external)
      guard constants.updateValue(value, forKey: tensor.name) == nil else {
        throw NetworkError("value '\(tensor.name)' is defined twice")
      }
    }
    return constants
  }

  /// Inputs without those that have a value: old files declare every constant as an input too.
  private func inputs(_ constants: [String: Tensor]) throws(NetworkError) -> [Declaration] {
    var inputs: [Declaration] = []
    for value in model.graph.input where constants[value.name] == nil {
      do throws(NetworkError) {
        inputs.append(try declaration(value))
      } catch {
        throw error.at("input '\(value.name)'")
      }
    }
    return inputs
  }

  private func declaration(_ value: ONNXValue) throws(NetworkError) -> Declaration {
    guard !value.name.isEmpty else { throw NetworkError("it has no name") }
    guard value.hasType else { throw NetworkError("it has no type") }
    guard value.type.hasTensorType else {
      throw NetworkError("only dense tensors are supported, no sequences, maps or optional values")
    }
    let type = value.type.tensorType
    let element = try ONNXElementTypes.supported(type.elemType)
    guard type.hasShape else { return Declaration(value.name, element, nil) }
    guard type.shape.dim.count <= Limits.rank else {
      throw NetworkError(
        "\(type.shape.dim.count) axes are more than the \(Limits.rank) that are supported")
    }
    let dimensions = type.shape.dim.map { side -> Dimension in
      switch side.value {
      case .dimValue(let count): count < 0 ? .unknown : .fixed(Int(count))
      case .dimParam(let name): name.isEmpty ? .unknown : .named(name)
      case nil: .unknown
      }
    }
    return Declaration(value.name, element, dimensions)
  }

  private func warnings(_ versions: [String: Int]) -> [String] {
    guard let version = versions[""], version > OperatorTable.newestVersion else { return [] }
    return [
      "opset \(version) is newer than \(OperatorTable.newestVersion), the newest that is known; "
        + "operators are read as they are in that version"
    ]
  }
}
