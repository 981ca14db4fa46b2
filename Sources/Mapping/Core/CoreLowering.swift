internal import Networks
internal import Reference

/// Turns a node into kernels of the core.
///
/// Operands and results are views: any strides. Constants that a kernel takes in another form (packed weights, biases with
/// zero points folded in, tables) go to the pool in that form.
struct CoreLowering {
  let node: Node
  let inputs: [TensorView?]
  let constants: [Tensor?]
  let outputs: [TensorView]

  /// The kernels that compute a node, in order.
  ///
  /// - Parameters:
  ///   - inputs: One per operand; nil for an absent one. That of a constant may be nil too.
  ///   - constants: The values of operands that are constants.
  ///   - outputs: One per result.
  ///   - pool: Takes weights, tables and constants.
  /// - Throws: `NetworkError` (without place) when there is no kernel for the operator or its operands.
  static func kernels(
    _ node: Node, inputs: [TensorView?], constants: [Tensor?], outputs: [TensorView],
    pool: inout ConstantPool
  ) throws(NetworkError) -> [CoreKernel] {
    let lowering = CoreLowering(
      node: node, inputs: inputs, constants: constants, outputs: outputs)
    guard !outputs.isEmpty else { return [] }
    return try lowering.kernels(&pool)
  }

  /// Whether the lowering of a node wants an operand that is a constant as a row-major tensor in the pool.
  static func needsConstantView(_ node: Node, _ index: Int) -> Bool {
    switch node.operator {
    case .binary, .variadic, .where, .pRelu: true
    case .gather, .matMul: index == 0
    default: false
    }
  }

  /// The table of the 256 results of an operator on bytes; nil when the node is none, or its parameters are computed.
  static func table(of node: Node, _ network: TypedNetwork) -> [UInt8]? {
    guard let name = node.input(0), let type = network.types[name], type.element.isByte,
      let output = node.outputs.first, let result = network.types[output], result.element.isByte
    else { return nil }
    var constants: [Tensor?] = []
    for (index, name) in node.inputs.enumerated() {
      guard index > 0, !name.isEmpty else {
        constants.append(nil)
        continue
      }
      guard let constant = network.network.constants[name] else { return nil }
      constants.append(constant)
    }
    return try? ByteTable.values(node.operator, constants, type.element, result.element)
  }

  private func kernels(_ pool: inout ConstantPool) throws(NetworkError) -> [CoreKernel] {
    switch node.operator {
    case .convolution(let attributes): return try convolution(attributes, &pool)
    case .qLinearConvolution(let attributes):
      return try quantisedConvolution(attributes, &pool)
    case .convolutionInteger(let attributes): return try integerConvolution(attributes, &pool)
    case .gemm(let attributes): return try gemm(attributes, &pool)
    case .matMul: return try matMul(&pool)
    case .qLinearMatMul: return try quantisedMatMul(&pool)
    case .matMulInteger: return try integerMatMul(&pool)
    case .qGemm(let attributes): return try quantisedGEMM(attributes, &pool)

    case .quantizeLinear(let axis, _): return try quantise(axis: axis, isBack: false, &pool)
    case .dequantizeLinear(let axis): return try quantise(axis: axis, isBack: true, &pool)
    case .qLinearBinary(let function): return try quantisedBinary(function, &pool)
    case .qLinearUnary: return try lookup(&pool)
    case .qLinearAveragePool(let attributes, let channelsLast):
      return try quantisedAverage(attributes, channelsLast: channelsLast, &pool)
    case .qLinearGlobalAveragePool(let channelsLast):
      return try quantisedGlobalAverage(channelsLast: channelsLast, &pool)
    case .qLinearSoftmax(let axis): return try quantisedSoftmax(axis: axis, &pool)
    case .qLinearConcat(let axis): return try quantisedConcat(axis: axis, &pool)

    case .unary(let function): return try unary(function, &pool)
    case .binary(let function): return try binary(function, &pool)
    case .variadic(let function): return try variadic(function, &pool)
    case .clip: return try clip(&pool)
    case .where: return try choose(&pool)
    case .pRelu: return try pRelu(&pool)
    case .cast: return try cast(&pool)

    case .softmax(let axis): return try softmax(axis: axis, isLogarithm: false, &pool)
    case .logSoftmax(let axis): return try softmax(axis: axis, isLogarithm: true, &pool)
    case .reduce(let function, _, let emptyAxesMeanNone):
      return try reduce(function, emptyAxesMeanNone: emptyAxesMeanNone, &pool)
    case .argument(let greatest, let axis, _, let lastIndex):
      return try argument(greatest: greatest, axis: axis, lastIndex: lastIndex, &pool)
    case .batchNormalization(let epsilon): return try batchNormalisation(epsilon, &pool)
    case .layerNormalization(let axis, let epsilon):
      return try layerNormalisation(axis: axis, epsilon, &pool)
    case .instanceNormalization(let epsilon): return try groupNormalisation(nil, epsilon, &pool)
    case .groupNormalization(let groups, let epsilon):
      return try groupNormalisation(groups, epsilon, &pool)

    case .maxPool(let attributes): return try windows(.maximum, attributes, &pool)
    case .averagePool(let attributes): return try windows(.average, attributes, &pool)
    case .globalMaxPool: return try globalPool(.maximum, &pool)
    case .globalAveragePool: return try globalPool(.mean, &pool)

    case .identity, .reshape, .flatten, .squeeze, .unsqueeze: return try reshape(&pool)
    case .concat(let axis): return try concat(axis: axis, &pool)
    case .pad(let mode): return try pad(mode, &pool)
    case .gather(let axis): return try gather(axis: axis, &pool)
    case .resize(let attributes):
      guard attributes.mode == .nearest else { throw unsupported("between elements") }
      return try move(&pool)
    case .transpose, .slice, .split, .expand, .tile, .depthToSpace, .spaceToDepth:
      return try move(&pool)

    case .transposedConvolution, .dynamicQuantizeLinear, .cumulativeSum, .topK,
      .localResponseNormalization, .gatherElements, .gatherND, .scatterElements, .scatterND,
      .oneHot, .triangle, .shape, .size, .constantOfShape, .range:
      throw unsupported()
    }
  }
}

// MARK: Operands

extension CoreLowering {
  /// An operator or a form of it that has no kernel.
  func unsupported(_ what: String = "") -> NetworkError {
    NetworkError(
      "cannot run on the core: there is no kernel for \(node.operator.name)"
        + (what.isEmpty ? "" : " \(what)"),
      suggestion: "convolutions, matrix products, pooling, normalisations, element-wise functions, "
        + "reductions, softmax and rearrangements of fp32 and quantised tensors have kernels")
  }

  /// The first result.
  var result: TensorView { outputs[0] }

  /// Whether an operand is there.
  func has(_ index: Int) -> Bool {
    index < inputs.count && (inputs[index] != nil || constants[index] != nil)
  }

  /// The value of an operand that is a constant.
  func constant(_ index: Int) -> Tensor? { index < constants.count ? constants[index] : nil }

  /// The value of an operand that must be a constant.
  func known(_ index: Int, _ name: String) throws(NetworkError) -> Tensor {
    guard let tensor = constant(index) else {
      throw NetworkError("cannot run on the core: \(name) is computed, but must be a constant")
    }
    return tensor
  }

  /// An operand in memory; a constant is put there.
  func view(_ index: Int, _ pool: inout ConstantPool) throws(NetworkError) -> TensorView {
    if index < inputs.count, let view = inputs[index] { return view }
    guard let tensor = constant(index) else {
      throw NetworkError("operand \(index + 1) is missing")
    }
    return Self.view(tensor, &pool)
  }

  /// A constant in memory.
  static func view(_ tensor: Tensor, _ pool: inout ConstantPool) -> TensorView {
    TensorView(
      address: pool.add(tensor.littleEndianBytes, alignment: 16), element: tensor.type.element,
      shape: tensor.shape, strides: TensorView.rowMajor(tensor.shape))
  }

  /// The type of an operand that is there.
  func type(_ index: Int) throws(NetworkError) -> TensorType {
    if let tensor = constant(index) { return tensor.type }
    guard index < inputs.count, let view = inputs[index] else {
      throw NetworkError("operand \(index + 1) is missing")
    }
    return view.type
  }

  /// Scales: binary32 constants.
  func scales(_ index: Int) throws(NetworkError) -> [Float] {
    guard let values = try known(index, "the scale").floats else {
      throw unsupported("with scales that are not fp32")
    }
    return values
  }

  /// The only scale.
  func scale(_ index: Int) throws(NetworkError) -> Float {
    let values = try scales(index)
    guard values.count == 1 else {
      throw unsupported("with several scales of operand \(index + 1)")
    }
    return values[0]
  }

  /// Zero points: constants; one 0 when absent.
  func zeroPoints(_ index: Int) throws(NetworkError) -> [Int32] {
    guard has(index) else { return [0] }
    let tensor = try known(index, "the zero point")
    if case .uint16(let values) = tensor.elements { return values.map(Int32.init) }
    guard let values = tensor.integers, !values.isEmpty else {
      throw unsupported("with zero points of type \(tensor.type.element.rawValue)")
    }
    return values
  }

  /// The only zero point.
  func zeroPoint(_ index: Int) throws(NetworkError) -> Int32 {
    let values = try zeroPoints(index)
    guard values.allSatisfy({ $0 == values[0] }) else {
      throw unsupported("with several zero points of operand \(index + 1)")
    }
    return values[0]
  }

  /// An axis from the front.
  func axis(_ axis: Int, rank: Int) throws(NetworkError) -> Int {
    guard axis >= -rank, axis < rank else {
      throw NetworkError("axis \(axis) is outside of a tensor of rank \(rank)")
    }
    return axis < 0 ? axis + rank : axis
  }
}

/// Functions of one byte as tables.
enum ByteTable {
  /// All bytes of a type, in the order of their patterns.
  static func bytes(_ element: ElementType) -> Tensor {
    let patterns = (0..<256).map { UInt8($0) }
    return element == .int8
      ? Tensor([256], patterns.map { Int8(bitPattern: $0) }) : Tensor([256], patterns)
  }

  /// The results of an operator for all bytes, by the reference.
  ///
  /// - Parameter constants: all operands; that of the bytes is nil.
  static func values(
    _ function: Operator, _ constants: [Tensor?], _ element: ElementType, _ result: ElementType,
    operand: Int = 0
  ) throws(NetworkError) -> [UInt8] {
    var operands = constants
    if operands.isEmpty { operands = [nil] }
    operands[operand] = bytes(element)
    let results = try function.evaluate(operands, results: [TensorType(result, [256])])
    return results[0].littleEndianBytes
  }
}
