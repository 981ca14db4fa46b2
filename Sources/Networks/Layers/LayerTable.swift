/// What each node of a network computes and stores.
///
/// Counts that exceed 64 bits are given as the greatest number.
public struct LayerTable: Sendable, Equatable {
  /// One node.
  public struct Row: Sendable, Equatable {
    /// Position in the network, from 0.
    public var index: Int
    /// The node's name.
    public var name: String
    /// The ONNX operator.
    public var `operator`: String
    /// Types of the operands that are no constants.
    public var inputs: [TensorType]
    /// Types of the results.
    public var outputs: [TensorType]
    /// The window of a convolution or of pooling.
    public var window: ResolvedWindow?
    /// The groups of a convolution.
    public var groups: Int?
    /// Multiply-accumulates of convolutions and matrix products.
    ///
    /// A convolution has N·M·(output sides)·(C/groups)·(kernel sides), a transposed one
    /// N·C·(input sides)·(M/groups)·(kernel sides): products with padding count. A product of matrices has
    /// batch·m·n·k. Additions of biases are not counted.
    public var macs: Int
    /// Operations on single elements, an order of magnitude for what is not a product: one per element of the
    /// result element by element (per further operand of Sum, Mean, Min, Max), one per element of the window in
    /// pooling and LRN, one per element of the operand in reductions, Softmax and normalisations.
    public var elementOperations: Int
    /// Elements of the constants that are factors of products: kernels, matrices, tables of Gather.
    public var weights: Int
    /// Elements of the constants that are added: biases of products, constant operands of Add and Sub.
    public var biases: Int
    /// Elements of other constants: scales, zero points, statistics. Shapes and axes do not count.
    public var otherParameters: Int
    /// Bytes of weights.
    public var weightBytes: Int
    /// Bytes of weights, biases and other parameters.
    public var parameterBytes: Int
    /// Bytes of `inputs`.
    public var inputBytes: Int
    /// Bytes of `outputs`.
    public var outputBytes: Int
    /// Whether the node only copies, rearranges or describes elements.
    public var movesDataOnly: Bool
  }

  /// Sums over all rows; constants of several nodes count once.
  public struct Totals: Sendable, Equatable {
    /// Multiply-accumulates.
    public var macs = 0
    /// Operations on single elements.
    public var elementOperations = 0
    /// Elements of weights.
    public var weights = 0
    /// Elements of biases.
    public var biases = 0
    /// Elements of other parameters.
    public var otherParameters = 0
    /// Bytes of weights.
    public var weightBytes = 0
    /// Bytes of all parameters.
    public var parameterBytes = 0
    /// Bytes of the network's inputs.
    public var inputBytes = 0
    /// Bytes of the network's outputs.
    public var outputBytes = 0
    /// The most bytes that inputs and results take at a time, when nodes run one after the other and a value is
    /// given up after its last use; outputs stay. Constants do not count.
    public var peakActivationBytes = 0
    /// The node during which that happens; nil when there is none.
    public var peakNode: String?

    /// Elements of all parameters.
    public var parameters: Int { weights.addedSaturating(biases).addedSaturating(otherParameters) }
  }

  /// The network's name.
  public var network: String
  /// One row per node, in the order of the network.
  public var rows: [Row]
  /// Sums.
  public var totals: Totals

  /// Describes a network.
  public init(_ typed: TypedNetwork) {
    network = typed.network.name
    rows = []
    totals = Totals()
    var parameters = ParameterOrigins(typed)
    for (index, node) in typed.network.nodes.enumerated() {
      let row = Self.row(index, node, typed, &parameters)
      rows.append(row)
      totals.macs = totals.macs.addedSaturating(row.macs)
      totals.elementOperations = totals.elementOperations.addedSaturating(row.elementOperations)
    }
    let all = parameters.total
    totals.weights = all.weights
    totals.biases = all.biases
    totals.otherParameters = all.others
    totals.weightBytes = all.weightBytes
    totals.parameterBytes = all.bytes
    totals.inputBytes = typed.network.inputs.reduce(0) {
      $0.addedSaturating(typed.types[$1.name]?.byteCount ?? 0)
    }
    totals.outputBytes = typed.network.outputs.reduce(0) {
      $0.addedSaturating(typed.types[$1]?.byteCount ?? 0)
    }
    let peak = ActivationLiveness(typed, isConstant: parameters.isConstant)
    totals.peakActivationBytes = peak.bytes
    totals.peakNode = peak.node.map { typed.network.nodes[$0].name }
  }

  private static func row(
    _ index: Int, _ node: Node, _ typed: TypedNetwork, _ parameters: inout ParameterOrigins
  ) -> Row {
    let operands = node.inputs.map { typed.types[$0] }
    let results = node.outputs.compactMap { typed.types[$0] }
    let inputs = node.inputs.filter { !parameters.isConstant($0) }.compactMap { typed.types[$0] }
    let work = results.first.map { node.operator.work(operands, result: $0) } ?? LayerWork()
    let isConstant = node.inputs.allSatisfy(parameters.isConstant)
    let counts = parameters.count(of: node)
    return Row(
      index: index, name: node.name, operator: node.operator.name, inputs: inputs,
      outputs: results, window: work.window, groups: work.groups,
      macs: work.macs, elementOperations: isConstant ? 0 : work.elementOperations,
      weights: counts.weights, biases: counts.biases, otherParameters: counts.others,
      weightBytes: counts.weightBytes, parameterBytes: counts.bytes,
      inputBytes: inputs.reduce(0) { $0.addedSaturating($1.byteCount) },
      outputBytes: results.reduce(0) { $0.addedSaturating($1.byteCount) },
      movesDataOnly: node.operator.movesDataOnly)
  }
}
