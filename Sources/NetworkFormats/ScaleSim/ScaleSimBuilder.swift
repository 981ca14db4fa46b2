internal import Networks

/// Makes a node of each line of a topology, and remarks about what the format cannot say.
struct ScaleSimBuilder {
  private var result: Network
  private let form: ScaleSimTable.Form
  private var names: Set<String> = []
  private var weightShapes: [(name: String, shape: [Int])] = []
  private var weightCount = 0
  private var previous: (name: String, channels: Int)?

  // Lines that remarks are about.
  private var mismatches: [String] = []
  private var denseDepthwise: [String] = []
  private var sparse: [String] = []
  private var overhanging: [String] = []

  init(name: String, form: ScaleSimTable.Form) {
    result = Network(name: name)
    self.form = form
  }

  mutating func add(_ row: ScaleSimTable.Row) throws(NetworkError) {
    if let sparsity = row.sparsity { sparse.append("\(row.name) (\(sparsity))") }
    let name = unique(row.name)
    switch form {
    case .convolutions: try convolution(row, name)
    case .products: try product(row, name)
    }
  }

  private mutating func convolution(
    _ row: ScaleSimTable.Row, _ name: String
  ) throws(NetworkError) {
    let numbers = row.numbers
    let (height, width, channels) = (numbers[0], numbers[1], numbers[4])
    let (rows, columns, filters, stride) = (numbers[2], numbers[3], numbers[5], numbers[6])
    guard rows <= height, columns <= width else {
      throw NetworkError(
        "layer '\(row.name.prefix(40))': a filter of \(rows)×\(columns) is larger than its operand "
          + "of \(height)×\(width)",
        line: row.line, column: row.columns[2])
    }
    let isDepthwise = row.name.contains("DP")
    // Both factors are below 2³¹.
    let kernels = isDepthwise ? channels * filters : filters
    let weights = [kernels, isDepthwise ? 1 : channels, rows, columns]
    // What the last windows lack at the end.
    let ends = [(height, rows), (width, columns)].map { side, size in
      let rest = (side - size) % stride
      return rest == 0 ? 0 : stride - rest
    }
    let window = Window(
      kernel: [rows, columns], strides: [stride, stride],
      pads: ends == [0, 0] ? nil : [0, 0] + ends)
    let `operator` = Operator.convolution(
      Convolution(window, groups: isDepthwise ? channels : 1))
    try add(row, name, `operator`, input: [1, channels, height, width], weights: weights)

    if ends != [0, 0] { overhanging.append(row.name) }
    if !isDepthwise, filters == 1, channels > 1, rows * columns > 1 {
      denseDepthwise.append(row.name)
    }
    if let previous, previous.channels != channels {
      mismatches.append(
        "\(previous.name) gives \(previous.channels), \(row.name) takes \(channels)")
    }
    previous = (row.name, kernels)
  }

  private mutating func product(_ row: ScaleSimTable.Row, _ name: String) throws(NetworkError) {
    let (rows, columns, depth) = (row.numbers[0], row.numbers[1], row.numbers[2])
    try add(row, name, .matMul, input: [rows, depth], weights: [depth, columns])
  }

  private mutating func add(
    _ row: ScaleSimTable.Row, _ name: String, _ operator: Operator, input: [Int], weights: [Int]
  ) throws(NetworkError) {
    func error(_ message: String) -> NetworkError {
      NetworkError(
        "layer '\(row.name.prefix(40))': " + message, line: row.line, column: row.columns[0])
    }
    guard Limits.elementCount(of: input) != nil,
      let count = Limits.elementCount(of: weights)
    else {
      throw error(
        "an operand of \(TensorType.text(input)) with weights of \(TensorType.text(weights)) is too "
          + "large")
    }
    weightCount += count
    guard weightCount <= ScaleSimTopology.weightLimit else {
      throw error(
        "there are more than \(ScaleSimTopology.weightLimit) weights up to here, which is too many")
    }
    let operands = [Operand(TensorType(.float32, input)), Operand(TensorType(.float32, weights))]
    do {
      _ = try `operator`.resultTypes(operands, results: 1)
    } catch let failure {
      throw error(failure.message)
    }
    let (data, constant) = (name + ".input", name + ".weights")
    result.inputs.append(Declaration(data, TensorType(.float32, input)))
    result.nodes.append(Node(name, `operator`, [data, constant], [name]))
    result.outputs.append(name)
    weightShapes.append((constant, weights))
  }

  private mutating func unique(_ name: String) -> String {
    var candidate = name
    var number = 2
    while !names.insert(candidate).inserted {
      candidate = "\(name)_\(number)"
      number += 1
    }
    return candidate
  }

  /// The finished network.
  consuming func network(weights: (String, [Int]) -> Tensor) throws(NetworkError) -> Network {
    warn()
    for (name, shape) in weightShapes { result.constants[name] = weights(name, shape) }
    return result
  }

  private mutating func warn() {
    result.warnings.append(
      "the format does not say how layers are connected: each has an input of its own")
    result.warnings.append("the format has no weights: they are made up")
    if form == .convolutions {
      result.warnings.append(
        "the format has no column for padding: where the real network pads, its results are larger "
          + "and its multiply-accumulates more than counted here")
    }
    remark(
      "channels do not follow from the line before, as in the real network or by mistake",
      mismatches)
    remark(
      "one filter over all channels may stand for a depthwise convolution; a name with DP makes it "
        + "one",
      denseDepthwise)
    remark(
      "the last window reaches over the end of its operand; zeros are added there", overhanging)
    remark("the sparsity is ignored", sparse)
  }

  private mutating func remark(_ text: String, _ lines: [String]) {
    guard !lines.isEmpty else { return }
    let rest = lines.count > 8 ? " and \(lines.count - 8) more" : ""
    result.warnings.append("\(text): \(lines.prefix(8).joined(separator: "; "))\(rest)")
  }
}
