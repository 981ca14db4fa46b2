internal import Networks

/// Merging of dequantisation, operator and quantisation.
extension EditableGraph {
  /// Merges one node with the dequantisations before it and the quantisation behind it, if it can be.
  ///
  /// - Parameter allowsSigned: whether products of int8 activations may be merged.
  mutating func fuse(_ index: Int, allowsSigned: Bool) {
    guard let node = node(index) else { return }
    switch node.operator {
    case .convolution(let attributes):
      fuseConvolution(index, node, attributes, allowsSigned: allowsSigned)
    case .matMul: fuseMatMul(index, node, allowsSigned: allowsSigned)
    case .gemm(let attributes): fuseGemm(index, node, attributes)
    case .binary(.add): fuseBinary(index, node, .add)
    case .binary(.multiply): fuseBinary(index, node, .multiply)
    case .unary(.sigmoid): fuseUnary(index, node, .qLinearUnary(.sigmoid))
    case .unary(.leakyRelu(let alpha)):
      fuseUnary(index, node, .qLinearUnary(.leakyRelu(alpha: alpha)))
    case .softmax(let axis): fuseUnary(index, node, .qLinearSoftmax(axis: axis))
    case .globalAveragePool:
      fuseUnary(index, node, .qLinearGlobalAveragePool(channelsLast: false))
    case .averagePool(let attributes):
      guard attributes.window.dilations?.allSatisfy({ $0 == 1 }) ?? true else { return }
      fuseUnary(index, node, .qLinearAveragePool(attributes, channelsLast: false))
    case .concat(let axis): fuseConcat(index, node, axis: axis)
    case .split: moveSplitToIntegers(index, node)
    case .unary(.relu), .clip: fuseClip(index, node)
    case .quantizeLinear: removePair(index)
    case .maxPool, .reduce(.maximum, _, _), .reduce(.minimum, _, _):
      guard let source = source(of: node.input(0)), source.type.element.isByte,
        let scale = number(source.scale), scale > 0
      else { return }
      moveToIntegers(index, node)
    case .resize(let attributes):
      guard attributes.mode == .nearest, source(of: node.input(0))?.type.element.isByte == true
      else { return }
      moveToIntegers(index, node)
    case .depthToSpace, .spaceToDepth:
      guard source(of: node.input(0))?.type.element.isByte == true else { return }
      moveToIntegers(index, node)
    case .expand, .flatten, .gather, .gatherElements, .reshape, .slice, .squeeze, .tile,
      .transpose, .unsqueeze:
      moveToIntegers(index, node)
    default: break
    }
  }

  // Products.

  private mutating func fuseConvolution(
    _ index: Int, _ node: Node, _ attributes: Convolution, allowsSigned: Bool
  ) {
    guard let sources = sources(of: node), sources.count >= 2, let sink = onlySink(of: node)
    else { return }
    let (x, w) = (sources[0], sources[1])
    guard isProduct(x, w, allowsSigned: allowsSigned), sink.element == x.type.element,
      scales(w, along: 0) != nil
    else { return }
    if sources.count > 2 {
      guard isBias(sources[2], of: x, w) else { return }
    }
    let inputs =
      operands(x) + operands(w) + parameters(sink) + (sources.count > 2 ? [sources[2].value] : [])
    finish(index, node, .qLinearConvolution(attributes), inputs, sources, sink)
  }

  private mutating func fuseMatMul(_ index: Int, _ node: Node, allowsSigned: Bool) {
    guard let sources = sources(of: node), sources.count == 2,
      isProduct(sources[0], sources[1], allowsSigned: allowsSigned),
      let bScales = scales(sources[1], along: max(sources[1].type.shape.count - 1, 0)),
      bScales.count == 1 || sources[1].type.shape.count == 2
    else { return }
    let (a, b) = (sources[0], sources[1])
    if let sink = onlySink(of: node) {
      guard sink.element == a.type.element else { return }
      let inputs = operands(a) + operands(b) + parameters(sink)
      finish(index, node, .qLinearMatMul, inputs, sources, sink)
    } else if let result = node.outputs.first, !hasQuantisation(behind: result),
      let aScale = number(a.scale), let shape = types[result]?.shape
    {
      // float(accumulator) · (a scale · b scale)
      let products = bScales.map { aScale * $0 }
      let scale = add(
        products.count == 1 ? Tensor(scalar: products[0]) : Tensor([products.count], products),
        named: "\(node.name).scale")
      let sums = addValue("\(node.name).accumulators", TensorType(.int32, shape))
      let real = addValue("\(node.name).real", TensorType(.float32, shape))
      let inputs = [a.value, b.value, zeroName(a), zeroName(b)]
      replace(index, with: Node(node.name, .matMulInteger, inputs, [sums]))
      add(Node("\(node.name).cast", .cast(to: .float32), [sums], [real]))
      add(Node("\(node.name).scaled", .binary(.multiply), [real, scale], [result]))
      for source in sources { removeIfUnused(source.node) }
    }
  }

  private mutating func fuseGemm(_ index: Int, _ node: Node, _ attributes: GEMM) {
    guard let sources = sources(of: node), sources.count >= 2, let result = node.outputs.first
    else { return }
    let (a, b) = (sources[0], sources[1])
    guard isProduct(a, b, allowsSigned: true),
      scales(b, along: attributes.transposesB ? 0 : 1) != nil
    else { return }
    if sources.count > 2 {
      guard attributes.alpha == 1, attributes.beta == 1, isBias(sources[2], of: a, b) else {
        return
      }
    }
    let inputs = operands(a) + operands(b) + [sources.count > 2 ? sources[2].value : ""]
    if let sink = onlySink(of: node) {
      guard sink.element == a.type.element else { return }
      finish(index, node, .qGemm(attributes), inputs + parameters(sink), sources, sink)
    } else if !hasQuantisation(behind: result) {
      replace(index, with: Node(node.name, .qGemm(attributes), inputs, [result]))
      for source in sources { removeIfUnused(source.node) }
    }
  }

  // Other operators.

  private mutating func fuseBinary(_ index: Int, _ node: Node, _ function: QLinearBinary) {
    guard let sources = sources(of: node), sources.count == 2, let sink = onlySink(of: node),
      sources.allSatisfy({ $0.type.element == sink.element && isScalar($0) }),
      sink.element.isByte
    else { return }
    let inputs = operands(sources[0]) + operands(sources[1]) + parameters(sink)
    finish(index, node, .qLinearBinary(function), inputs, sources, sink)
  }

  private mutating func fuseUnary(_ index: Int, _ node: Node, _ fused: Operator) {
    guard let sources = sources(of: node), sources.count == 1, let sink = onlySink(of: node),
      sources[0].type.element == sink.element, sink.element.isByte, isScalar(sources[0])
    else { return }
    finish(index, node, fused, operands(sources[0]) + parameters(sink), sources, sink)
  }

  private mutating func fuseConcat(_ index: Int, _ node: Node, axis: Int) {
    guard let sources = sources(of: node), let sink = onlySink(of: node), sink.element.isByte,
      sources.allSatisfy({ $0.type.element == sink.element && isScalar($0) })
    else { return }
    var inputs = parameters(sink)
    for source in sources { inputs += operands(source) }
    finish(index, node, .qLinearConcat(axis: axis), inputs, sources, sink)
  }

  /// Lets an operator that keeps all elements as they are take and give integers.
  private mutating func moveToIntegers(_ index: Int, _ node: Node) {
    guard let source = source(of: node.input(0)), let sink = sink(of: node.outputs.first),
      haveSameParameters(source, sink), node.outputs.count == 1
    else { return }
    var moved = node
    moved.inputs[0] = source.value
    moved.outputs = [sink.value]
    remove(sink.node)
    replace(index, with: moved)
    removeIfUnused(source.node)
  }

  private mutating func moveSplitToIntegers(_ index: Int, _ node: Node) {
    guard let source = source(of: node.input(0)) else { return }
    var moved = node
    moved.inputs[0] = source.value
    var sinks: [Sink] = []
    for result in node.outputs {
      guard let sink = sink(of: result), haveSameParameters(source, sink) else { return }
      sinks.append(sink)
    }
    moved.outputs = sinks.map(\.value)
    for sink in sinks { remove(sink.node) }
    replace(index, with: moved)
    removeIfUnused(source.node)
  }

  /// Relu and Clip between integers of the same scale are bounds for the integers.
  private mutating func fuseClip(_ index: Int, _ node: Node) {
    guard let source = source(of: node.input(0)), let sink = sink(of: node.outputs.first),
      source.type.element.isByte, haveSameParameters(source, sink), let scale = number(sink.scale),
      scale > 0, let zero = zeroPoint(sink.zeroPoint), let range = sink.element.quantisedRange
    else { return }
    var (least, greatest) = (Float(0), Float.infinity)
    if node.operator == .clip {
      guard let bounds = clipRange(node), bounds.least <= bounds.greatest else { return }
      (least, greatest) = bounds
    }
    let bounds = [least, greatest].map { bound in
      QuantiseLinear.quantised(bound, scale: scale, zeroPoint: zero, range: range)
    }
    var names: [String] = []
    for (bound, name) in zip(bounds, ["least", "greatest"]) {
      let tensor =
        sink.element == .int8
        ? Tensor(scalar: Int8(truncatingIfNeeded: bound))
        : Tensor(scalar: UInt8(truncatingIfNeeded: bound))
      names.append(add(tensor, named: "\(node.name).\(name)"))
    }
    remove(sink.node)
    replace(index, with: Node(node.name, .clip, [source.value] + names, [sink.value]))
    removeIfUnused(source.node)
  }

  /// Removes a dequantisation and a quantisation behind it with the same parameters: the integers are the same.
  private mutating func removePair(_ index: Int) {
    guard let sink = sink(index), let source = source(of: node(index)?.input(0)),
      haveSameParameters(source, sink), !isOutput(sink.value)
    else { return }
    remove(index)
    for edge in uses(of: sink.value) { redirect(edge, to: source.value) }
    removeIfUnused(source.node)
  }

  // Conditions.

  /// The dequantisations of all operands; nil when one is none.
  private func sources(of node: Node) -> [Source]? {
    var sources: [Source] = []
    for name in node.inputs where !name.isEmpty {
      guard let source = source(of: name) else { return nil }
      sources.append(source)
    }
    return sources.isEmpty ? nil : sources
  }

  /// The quantisation of a node's only result, when that is its only use and has one scale.
  private func onlySink(of node: Node) -> Sink? {
    guard node.outputs.count == 1, let found = sink(of: node.outputs.first),
      number(found.scale) != nil
    else { return nil }
    return found
  }

  private func hasQuantisation(behind value: String) -> Bool {
    uses(of: value).contains { sink($0.node) != nil }
  }

  /// Whether two operands can be multiplied as bytes.
  private func isProduct(_ a: Source, _ b: Source, allowsSigned: Bool) -> Bool {
    guard a.type.element.isByte, b.type.element.isByte, isScalar(a) else { return false }
    return a.type.element == .uint8 || (allowsSigned && b.type.element == .int8)
  }

  private func isScalar(_ source: Source) -> Bool {
    number(source.scale) != nil && zeroPoint(source.zeroPoint) != nil
  }

  /// The scales of an operand, one in all or one for each index of an axis.
  private func scales(_ source: Source, along axis: Int) -> [Float]? {
    guard let tensor = constant(source.scale), let scales = tensor.array(of: Float.self) else {
      return nil
    }
    if scales.count == 1 { return scales }
    let rank = source.type.shape.count
    let own = source.axis < 0 ? source.axis + rank : source.axis
    return own == axis && scales.count == source.type.shape[axis] ? scales : nil
  }

  /// Whether a dequantised bias has the scale of the accumulators, within one percent, and no zero point.
  private func isBias(_ bias: Source, of x: Source, _ w: Source) -> Bool {
    guard bias.type.element == .int32, let xScale = number(x.scale),
      let scales = constant(bias.scale)?.array(of: Float.self),
      let weights = constant(w.scale)?.array(of: Float.self), !scales.isEmpty, !weights.isEmpty,
      scales.count == 1 || weights.count == 1 || scales.count == weights.count
    else { return false }
    for i in 0..<max(scales.count, weights.count) {
      let exact = xScale * weights[weights.count == 1 ? 0 : i]
      let scale = scales[scales.count == 1 ? 0 : i]
      guard abs(scale - exact) <= 0.0101 * abs(exact) else { return false }
    }
    return true
  }

  /// Whether integers before and behind an operator mean the same numbers; the parameters are constants.
  private func haveSameParameters(_ source: Source, _ sink: Sink) -> Bool {
    guard source.type.element == sink.element, source.zeroPoint != nil, sink.zeroPoint != nil,
      let zero = zeroPoint(source.zeroPoint), let scale = number(source.scale)
    else { return false }
    return zero == zeroPoint(sink.zeroPoint) && scale == number(sink.scale)
  }

  // Building.

  private mutating func finish(
    _ index: Int, _ node: Node, _ fused: Operator, _ inputs: [String], _ sources: [Source],
    _ sink: Sink
  ) {
    remove(sink.node)
    replace(index, with: Node(node.name, fused, inputs, [sink.value]))
    for source in sources { removeIfUnused(source.node) }
  }

  /// Integers, scale and zero point.
  private mutating func operands(_ source: Source) -> [String] {
    [source.value, source.scale, zeroName(source)]
  }

  /// Scale and zero point.
  private mutating func parameters(_ sink: Sink) -> [String] {
    [sink.scale, zeroName(sink.zeroPoint, sink.element)]
  }

  private mutating func zeroName(_ source: Source) -> String {
    // A weight with one scale per channel and no zero point still has one zero point in all.
    zeroName(source.zeroPoint, source.type.element)
  }

  private mutating func zeroName(_ name: String?, _ element: ElementType) -> String {
    if let name { return name }
    let wish = "zero.\(element.rawValue)"
    if constant(wish)?.count == 1 { return wish }
    return add(
      element == .int8 ? Tensor(scalar: Int8(0)) : Tensor(scalar: UInt8(0)), named: wish)
  }
}
