internal import Networks

/// What onnxruntime changes before it fuses.
extension EditableGraph {
  /// Where a dequantised value only passes operators that move elements, quantises it behind them again.
  mutating func moveDequantisationForward() {
    for index in indices {
      guard let source = source(of: node(index)?.outputs.first), number(source.scale) != nil,
        zeroPoint(source.zeroPoint) != nil, let value = node(index)?.outputs.first
      else { continue }
      var edges = uses(of: value)
      while let edge = edges.popLast() {
        guard edge.operand == 0, let node = node(edge.node), node.operator.passesQuantisation,
          let result = node.outputs.first
        else { continue }
        let next = uses(of: result).filter { sink($0.node) == nil }
        if uses(of: result).isEmpty, isOutput(result) {
          quantiseOutput(result, of: edge.node, like: source)
        } else if !next.isEmpty, !isOutput(result) {
          let pair = insertPair(
            behind: result, for: next, scale: source.scale, zeroPoint: source.zeroPoint,
            element: source.type.element)
          edges += uses(of: pair)
        }
      }
    }
  }

  /// Where a value is quantised behind operators that move elements, quantises it before them already.
  mutating func moveQuantisationBackward() {
    for index in indices {
      guard let sink = sink(index), number(sink.scale) != nil, zeroPoint(sink.zeroPoint) != nil,
        var value = node(index)?.input(0)
      else { continue }
      while onlyUse(of: value) != nil, let above = producer(of: value), let node = node(above),
        node.operator.passesQuantisation, let operand = node.input(0), source(of: operand) == nil,
        producer(of: operand) == nil || onlyUse(of: operand) != nil
      {
        _ = insertPair(
          behind: operand, for: [Edge(node: above, operand: 0)], scale: sink.scale,
          zeroPoint: sink.zeroPoint, element: sink.element)
        value = operand
      }
    }
  }

  /// Rounds the binary32 biases of products between a dequantisation and a quantisation to
  /// x scale · w scale, as 32-bit integers.
  mutating func quantiseBiases() {
    for index in indices {
      guard let node = node(index), node.operator.hasQuantisedBias,
        let x = source(of: node.input(0)), let xScale = number(x.scale),
        let w = source(of: node.input(1)), let wScales = constant(w.scale)?.array(of: Float.self),
        let bias = constant(node.input(2))?.array(of: Float.self),
        constant(node.input(2))?.shape.count == 1,
        wScales.count == 1 || wScales.count == bias.count, leadsToQuantisation(node.outputs.first)
      else { continue }
      let scales = wScales.map { xScale * $0 }
      let integers = bias.indices.map { i in
        Int32(
          exactly: (bias[i] / scales[scales.count == 1 ? 0 : i]).rounded(.toNearestOrEven)) ?? 0
      }
      let scaleTensor =
        scales.count == 1 ? Tensor(scalar: scales[0]) : Tensor([scales.count], scales)
      let scale = add(scaleTensor, named: "\(node.name).bias.scale")
      let value = add(Tensor([integers.count], integers), named: "\(node.name).bias.integers")
      let result = addValue("\(node.name).bias", TensorType(.float32, [integers.count]))
      add(
        Node("\(node.name).bias", .dequantizeLinear(axis: 0), [value, scale], [result]))
      redirect(Edge(node: index, operand: 2), to: result)
    }
  }

  /// Removes Relu and Clip nodes whose only use is a quantisation that clamps at least as much.
  mutating func removeSuperfluousClips() {
    for index in indices {
      guard let node = node(index), let sink = sink(of: node.outputs.first),
        let operand = node.input(0), isSuperfluous(node, before: sink)
      else { continue }
      remove(index)
      redirect(Edge(node: sink.node, operand: 0), to: operand)
    }
  }

  /// Turns quantisations to int8 that one operator takes into quantisations to uint8.
  mutating func makeBytesUnsigned() {
    for index in indices {
      guard let sink = sink(index), sink.element == .int8, sink.zeroPoint != nil,
        let zero = zeroPoint(sink.zeroPoint), let use = onlyUse(of: sink.value), use.operand == 0,
        let result = node(use.node)?.outputs.first, let source = source(of: result),
        source.zeroPoint != nil, zeroPoint(source.zeroPoint) == zero,
        uses(of: result).count + (isOutput(result) ? 1 : 0) == 1,
        var quantise = node(index), var dequantise = node(use.node),
        case .quantizeLinear(let axis, _) = quantise.operator
      else { continue }
      let raised = Tensor(scalar: UInt8(truncatingIfNeeded: zero + 128))
      let name = add(raised, named: "\(sink.value).zero")
      quantise.operator = .quantizeLinear(axis: axis, element: .uint8)
      quantise.inputs[2] = name
      dequantise.inputs[2] = name
      replace(index, with: quantise)
      replace(use.node, with: dequantise)
      retype(sink.value, .uint8)
    }
  }

  /// Whether a Relu or Clip changes nothing that the quantisation behind it does not: its bounds, rounded to steps, are not
  /// inside the range of the integers. Rounding is monotonic, so the integers are the same without it.
  func isSuperfluous(_ node: Node, before sink: Sink) -> Bool {
    guard node.operator == .unary(.relu) || node.operator == .clip,
      let scale = number(sink.scale), scale > 0, let zero = zeroPoint(sink.zeroPoint),
      let range = sink.element.quantisedRange,
      let bounds = node.operator == .clip ? clipRange(node) : (least: 0, greatest: .infinity),
      bounds.least <= bounds.greatest
    else { return false }
    let steps = [bounds.least, bounds.greatest].map {
      ($0 / scale).rounded(.toNearestOrEven) + Float(zero)
    }
    return steps[0] <= Float(range.lowerBound) && steps[1] >= Float(range.upperBound)
  }

  /// The bounds of a Clip that are constants.
  func clipRange(_ node: Node) -> (least: Float, greatest: Float)? {
    var bounds: [Float] = [-.infinity, .infinity]
    for operand in 1...2 {
      guard let name = node.input(operand) else { continue }
      guard let value = number(name) else { return nil }
      bounds[operand - 1] = value
    }
    return (bounds[0], bounds[1])
  }

  /// Whether a value has one use after the other, Relu or Clip, up to a quantisation.
  private func leadsToQuantisation(_ value: String?) -> Bool {
    var value = value
    while let name = value, let use = onlyUse(of: name), let node = node(use.node) {
      if case .quantizeLinear = node.operator { return true }
      guard node.operator.quantisedRole == .clipping else { return false }
      value = node.outputs.first
    }
    return false
  }

  /// Quantises and dequantises a value for some of its uses. Returns the dequantised value.
  private mutating func insertPair(
    behind value: String, for edges: [Edge], scale: String, zeroPoint: String?,
    element: ElementType
  ) -> String {
    let shape = types[value]?.shape ?? []
    let integers = addValue("\(value).integers", TensorType(element, shape))
    let result = addValue("\(value).dequantised", TensorType(.float32, shape))
    let parameters = zeroPoint.map { [scale, $0] } ?? [scale]
    for edge in edges { redirect(edge, to: result) }
    add(
      Node(
        "\(value).quantise", .quantizeLinear(axis: 0, element: element), [value] + parameters,
        [integers]))
    add(
      Node("\(value).dequantise", .dequantizeLinear(axis: 0), [integers] + parameters, [result]))
    return result
  }

  /// Quantises and dequantises an output of the network.
  private mutating func quantiseOutput(_ value: String, of index: Int, like source: Source) {
    guard var node = node(index), let type = types[value] else { return }
    let before = addValue("\(value).exact", type)
    node.outputs[0] = before
    replace(index, with: node)
    let integers = addValue("\(value).integers", TensorType(source.type.element, type.shape))
    let parameters = source.zeroPoint.map { [source.scale, $0] } ?? [source.scale]
    add(
      Node(
        "\(value).quantise", .quantizeLinear(axis: 0, element: source.type.element),
        [before] + parameters, [integers]))
    add(
      Node("\(value).dequantise", .dequantizeLinear(axis: 0), [integers] + parameters, [value]))
  }
}

extension Operator {
  /// Whether quantisation may be moved across the operator.
  fileprivate var passesQuantisation: Bool {
    switch self {
    case .maxPool, .reshape, .transpose, .squeeze, .unsqueeze, .slice: true
    default: false
    }
  }

  /// Whether a bias is the third operand of a product.
  fileprivate var hasQuantisedBias: Bool {
    if case .convolution = self { return true }
    if case .gemm = self { return true }
    return false
  }
}
