public import Networks

extension TypedNetwork {
  /// The network with each BatchNormalization behind a product merged into that product.
  ///
  /// With f = scale / √(variance + ε), one number per channel:
  ///
  /// - Conv and ConvTranspose: weights of an output channel · f, bias = (bias − mean)·f + bias of the normalisation;
  /// - Gemm: column of b · f, addend = (beta · addend − mean)·f + bias of the normalisation, beta = 1.
  ///
  /// Numbers are computed in binary64 and rounded once. A normalisation is merged when its parameters, the weights and the
  /// addend are binary32 constants and when nobody else takes the product. Any other one stays.
  ///
  /// - Throws: `NetworkError` when the network cannot be typed again.
  public func folded() throws(NetworkError) -> TypedNetwork {
    var graph = EditableGraph(self)
    for index in graph.indices { graph.foldNormalization(index) }
    return try graph.typed()
  }
}

/// f and the shift of each channel: y = f·x + shift.
private struct ChannelMap {
  let factors: [Double]
  let means: [Double]
  let biases: [Double]

  init?(_ node: Node, epsilon: Float, in graph: EditableGraph) {
    var parameters: [[Double]] = []
    for operand in 1...4 {
      guard let values = graph.constant(node.input(operand))?.array(of: Float.self) else {
        return nil
      }
      parameters.append(values.map(Double.init))
    }
    let count = parameters[0].count
    guard parameters.allSatisfy({ $0.count == count }) else { return nil }
    let variances = parameters[3]
    factors = zip(parameters[0], variances).map { $0 / ($1 + Double(epsilon)).squareRoot() }
    biases = parameters[1]
    means = parameters[2]
  }

  /// (addend − mean)·f + bias.
  func applied(to addend: [Double]) -> [Float] {
    factors.indices.map { Float((addend[$0] - means[$0]) * factors[$0] + biases[$0]) }
  }
}

extension EditableGraph {
  /// Merges one node, if it is a BatchNormalization behind a product.
  fileprivate mutating func foldNormalization(_ index: Int) {
    guard let node = node(index), case .batchNormalization(let epsilon) = node.operator,
      let operand = node.input(0), onlyUse(of: operand) != nil, let above = producer(of: operand),
      var product = self.node(above), product.outputs.count == 1, let result = node.outputs.first,
      node.outputs.dropFirst().allSatisfy(\.isEmpty),
      let map = ChannelMap(node, epsilon: epsilon, in: self),
      let weights = constant(product.input(1)), let values = weights.array(of: Float.self)
    else { return }
    let channels = map.factors.count
    guard let channel = Self.outputChannel(product.operator, weights.shape, channels) else {
      return
    }
    var addend = [Double](repeating: 0, count: channels)
    if let name = product.input(2) {
      guard let tensor = constant(name), let bias = tensor.array(of: Float.self),
        bias.count == channels || bias.count == 1, tensor.shape.last ?? 1 == bias.count
      else { return }
      for i in 0..<channels { addend[i] = Double(bias[bias.count == 1 ? 0 : i]) }
    }
    if case .gemm(var attributes) = product.operator {
      addend = addend.map { $0 * Double(attributes.beta) }
      attributes.beta = 1
      product.operator = .gemm(attributes)
    }
    let scaled = values.indices.map { Float(Double(values[$0]) * map.factors[channel($0)]) }
    let weightName = add(Tensor(weights.shape, scaled), named: "\(product.name).weights")
    let biasName = add(Tensor([channels], map.applied(to: addend)), named: "\(product.name).bias")
    guard let x = product.inputs.first else { return }
    product.inputs = [x, weightName, biasName]
    product.outputs = [result]
    remove(index)
    replace(above, with: product)
  }

  /// The output channel that a weight belongs to, by its place in memory; nil for operators that are no products or have other
  /// weights.
  private static func outputChannel(
    _ operator: Operator, _ shape: [Int], _ channels: Int
  ) -> ((Int) -> Int)? {
    guard shape.count >= 2, shape.allSatisfy({ $0 > 0 }) else { return nil }
    let kernel = shape[2...].reduce(1, *)
    switch `operator` {
    case .convolution:
      guard shape[0] == channels else { return nil }
      let size = shape[1] * kernel
      return { $0 / size }
    case .transposedConvolution(let attributes, _):
      let (rows, columns) = (shape[0], shape[1])
      guard columns * attributes.groups == channels, rows % attributes.groups == 0 else {
        return nil
      }
      let perGroup = rows / attributes.groups
      return { place in
        let (row, column) = (place / kernel / columns, place / kernel % columns)
        return row / perGroup * columns + column
      }
    case .gemm(let attributes):
      guard shape.count == 2, shape[attributes.transposesB ? 0 : 1] == channels else { return nil }
      let columns = shape[1]
      let isTransposed = attributes.transposesB
      return { isTransposed ? $0 / columns : $0 % columns }
    default: return nil
    }
  }
}
