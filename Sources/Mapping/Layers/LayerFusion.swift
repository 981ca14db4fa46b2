internal import Networks

/// Lets an array layer take over the nodes behind it, as far as the array and its vector unit can compute them.
struct LayerFusion {
  let graph: Graph
  /// The vector unit in the array's write-back path; nil when there is none.
  let vector: Platform.VectorUnit?
  /// Whether a value is there before the layer runs.
  let isAvailable: (String) -> Bool
  /// Nodes that shall be computed on their own.
  let keepsApart: Set<String>

  /// Extends the layer node by node until one does not fit.
  func extend(_ layer: inout ArrayLayer) {
    while let index = graph.soleConsumer(layer.output) {
      let node = graph.nodes[index]
      guard !keepsApart.contains(node.name), node.outputs.count == 1,
        take(node, into: &layer)
      else { return }
      layer.nodes.append(index)
      layer.output = node.outputs[0]
    }
  }

  /// Lets a node begin a layer of the vector unit alone; its operand is the layer's output so far.
  func begin(_ index: Int, _ layer: inout ArrayLayer) -> Bool {
    let node = graph.nodes[index]
    guard node.outputs.count == 1, take(node, into: &layer) else { return false }
    layer.output = node.outputs[0]
    return true
  }

  private func take(_ node: Node, into layer: inout ArrayLayer) -> Bool {
    if layer.element == .int8, layer.resultElement == .int8 { return takeInteger(node, &layer) }
    return layer.element == .float32 && takeFloat(node, &layer)
  }

  // MARK: int8

  private func takeInteger(_ node: Node, _ layer: inout ArrayLayer) -> Bool {
    switch node.operator {
    case .unary(.relu):
      return clamp(&layer, least: 0, greatest: 127)
    case .clip:
      var (least, greatest): (Int32, Int32) = (-128, 127)
      if node.input(1) != nil {
        guard let value = graph.constant(node, 1)?.integers?.first else { return false }
        least = value
      }
      if node.input(2) != nil {
        guard let value = graph.constant(node, 2)?.integers?.first else { return false }
        greatest = value
      }
      return clamp(&layer, least: least, greatest: greatest)
    case .qLinearBinary(let function): return takeBinary(node, function, &layer)
    case .qLinearUnary(let function): return takeTable(node, function, &layer)
    case .maxPool(let attributes):
      return takePool(node, attributes.window, roundsUp: attributes.roundsUp, .maximum, &layer)
    case .qLinearGlobalAveragePool(let channelsLast):
      guard !channelsLast, let zero = graph.zeroPoint(node, 2), zero == 0,
        let xScale = graph.scalar(node, 1), let yScale = graph.scalar(node, 3),
        let yZero = graph.zeroPoint(node, 4), layer.geometry.images > 0
      else { return false }
      let scale = xScale / (yScale * Float(layer.geometry.pixels))
      return takeGlobal(.average(scale: scale, zeroPoint: yZero), &layer)
    default: return false
    }
  }

  private func clamp(_ layer: inout ArrayLayer, least: Int32, greatest: Int32) -> Bool {
    guard least <= greatest else { return false }
    func narrowed(_ bounds: (least: UInt32, greatest: UInt32)) -> (least: UInt32, greatest: UInt32)
    {
      let low = max(Int32(bitPattern: bounds.least), least)
      let high = min(Int32(bitPattern: bounds.greatest), greatest)
      return (
        UInt32(bitPattern: min(low, greatest)), UInt32(bitPattern: max(high, least))
      )
    }
    if var stage = layer.vector {
      guard stage.mayClamp else { return false }
      let bounds = narrowed(
        (stage.clampLeast ?? UInt32(bitPattern: -128), stage.clampGreatest ?? 127))
      (stage.clampLeast, stage.clampGreatest) = bounds
      layer.vector = stage
      return true
    }
    guard let bounds = layer.finish.clamp else { return false }
    layer.finish.clamp = narrowed(bounds)
    return true
  }

  private func takeBinary(
    _ node: Node, _ function: QLinearBinary, _ layer: inout ArrayLayer
  ) -> Bool {
    guard vector?.side != nil, mayCombine(layer), let a = node.input(0), let b = node.input(3),
      a != b, let aScale = graph.scalar(node, 1), let bScale = graph.scalar(node, 4),
      let yScale = graph.scalar(node, 6), let aZero = graph.zeroPoint(node, 2),
      let bZero = graph.zeroPoint(node, 5), let yZero = graph.zeroPoint(node, 7)
    else { return false }
    let side = a == layer.output ? b : a
    guard isSide(side, of: layer) else { return false }
    let isFirst = a == layer.output
    var stage = VectorStage()
    stage.side = side
    let (aRatio, bRatio) = (aScale / yScale, bScale / yScale)
    switch function {
    case .add:
      // Two varying operands: b is added to the constant first, then a (QLinearBinary in Reference).
      let bZeroPart = bRatio * Float(bZero)
      stage.constant = Float(yZero) - bZeroPart.addingProduct(aRatio, Float(aZero))
      stage.binary = .add
      stage.aRatio = isFirst ? aRatio : bRatio
      stage.bRatio = isFirst ? bRatio : aRatio
      // The unit's a is the array's result; when that is the node's b, a and b change places and with them the order.
      stage.isScalarA = !isFirst
    case .multiply:
      stage.binary = .multiply
      stage.aRatio = aScale * bScale / yScale
      stage.constant = Float(yZero)
      stage.aZero = isFirst ? aZero : bZero
      stage.bZero = isFirst ? bZero : aZero
    }
    layer.vector = stage
    return true
  }

  /// Whether nothing has happened in the vector unit yet.
  private func mayCombine(_ layer: ArrayLayer) -> Bool {
    layer.vector == nil || layer.vector == VectorStage()
  }

  /// Whether a value can be the second operand: same shape, there in time.
  private func isSide(_ side: String, of layer: ArrayLayer) -> Bool {
    graph.constant(side) == nil && graph.type(side) == graph.type(layer.output) && isAvailable(side)
  }

  private func takeTable(
    _ node: Node, _ function: QLinearUnary, _ layer: inout ArrayLayer
  ) -> Bool {
    guard vector != nil, layer.vector?.table == nil, layer.vector?.pool == nil,
      let table = CoreLowering.table(of: node, graph.typed)
    else { return false }
    var stage = layer.vector ?? VectorStage()
    stage.table = table
    layer.vector = stage
    return true
  }

  // MARK: Pooling

  private func takePool(
    _ node: Node, _ window: Window, roundsUp: Bool, _ kind: VectorStage.Pool.Kind,
    _ layer: inout ArrayLayer
  ) -> Bool {
    let (x, y) = (graph.type(layer.output), graph.type(node.outputs[0]))
    guard let vector, layer.vector?.pool == nil, x.shape.count == 4, y.elementCount > 0,
      let resolved = try? window.resolved(input: Array(x.shape[2...]), roundsUp: roundsUp),
      resolved.dilations.allSatisfy({ $0 == 1 }), resolved.output[1] <= vector.maximumWidth,
      resolved.kernel.allSatisfy({ $0 < 256 }), resolved.strides.allSatisfy({ $0 < 256 }),
      resolved.output == Array(y.shape[2...]), resolved.padsBegin.allSatisfy({ $0 < 256 }),
      fits(resolved, input: Array(x.shape[2...]), in: vector)
    else { return false }
    var stage = layer.vector ?? VectorStage()
    stage.pool = VectorStage.Pool(
      kind: kind, height: x.shape[2], width: x.shape[3], window: resolved)
    layer.vector = stage
    return true
  }

  /// Whether the line buffers hold all windows that are open at a time, and no window lies in padding alone (the limits in
  /// the vector unit's manual page).
  private func fits(
    _ window: ResolvedWindow, input: [Int], in vector: Platform.VectorUnit
  ) -> Bool {
    let rows = (window.kernel[0] + window.strides[0] - 1) / window.strides[0]
    let isInside = input.indices.allSatisfy { axis in
      let last = (window.output[axis] - 1) * window.strides[axis] - window.padsBegin[axis]
      return window.padsBegin[axis] < window.kernel[axis] && last < input[axis]
    }
    return isInside && rows * window.output[1] <= 3 * vector.maximumWidth
      && input.allSatisfy { $0 < 1 << 16 }
  }

  private func takeGlobal(_ kind: VectorStage.Pool.Kind, _ layer: inout ArrayLayer) -> Bool {
    let x = graph.type(layer.output)
    guard vector != nil, layer.vector?.pool == nil, x.shape.count == 4,
      x.shape[2] < 256, x.shape[3] < 256
    else { return false }
    var stage = layer.vector ?? VectorStage()
    stage.pool = VectorStage.Pool(
      kind: kind, height: x.shape[2], width: x.shape[3],
      window: ResolvedWindow(
        kernel: [x.shape[2], x.shape[3]], strides: [x.shape[2], x.shape[3]], dilations: [1, 1],
        padsBegin: [0, 0], padsEnd: [0, 0], output: [1, 1]))
    layer.vector = stage
    return true
  }

  // MARK: fp32

  private func takeFloat(_ node: Node, _ layer: inout ArrayLayer) -> Bool {
    switch node.operator {
    case .unary(.relu):
      if layer.vector != nil { return clampFloat(&layer, least: 0, greatest: nil) }
      guard isPlain(layer.finish) else { return false }
      layer.finish.rectifies = true
      return true
    case .unary(.leakyRelu(let alpha)):
      if var stage = layer.vector {
        guard stage.mayClamp, stage.slope == nil, stage.clampLeast == nil else { return false }
        stage.slope = alpha
        layer.vector = stage
        return true
      }
      guard isPlain(layer.finish) else { return false }
      layer.finish.slope = alpha
      return true
    case .clip:
      let least = node.input(1) == nil ? nil : graph.scalar(node, 1)
      let greatest = node.input(2) == nil ? nil : graph.scalar(node, 2)
      if (node.input(1) != nil && least == nil) || (node.input(2) != nil && greatest == nil) {
        return false
      }
      return clampFloat(&layer, least: least, greatest: greatest)
    case .binary(.add): return takeSum(node, .add, &layer)
    case .binary(.multiply): return takeSum(node, .multiply, &layer)
    case .variadic(.sum) where node.inputs.count == 2: return takeSum(node, .add, &layer)
    case .maxPool(let attributes):
      return takePool(node, attributes.window, roundsUp: attributes.roundsUp, .maximum, &layer)
    case .globalAveragePool:
      let scale = 1 / Float(max(1, layer.geometry.pixels))
      return takeGlobal(.average(scale: scale, zeroPoint: 0), &layer)
    default: return false
    }
  }

  private func isPlain(_ finish: ArrayLayer.Finish) -> Bool {
    !finish.rectifies && finish.slope == nil && finish.clamp == nil
  }

  private func clampFloat(_ layer: inout ArrayLayer, least: Float?, greatest: Float?) -> Bool {
    let bounds = (
      (least ?? -Float.infinity).bitPattern, (greatest ?? Float.infinity).bitPattern
    )
    if var stage = layer.vector {
      guard stage.mayClamp, stage.clampLeast == nil else { return false }
      (stage.clampLeast, stage.clampGreatest) = bounds
      layer.vector = stage
      return true
    }
    guard isPlain(layer.finish) else { return false }
    layer.finish.clamp = bounds
    return true
  }

  private func takeSum(
    _ node: Node, _ binary: VectorStage.Binary, _ layer: inout ArrayLayer
  ) -> Bool {
    guard vector?.side != nil, mayCombine(layer), let a = node.input(0), let b = node.input(1),
      a != b
    else { return false }
    let side = a == layer.output ? b : a
    guard isSide(side, of: layer) else { return false }
    var stage = VectorStage()
    stage.binary = binary
    stage.side = side
    layer.vector = stage
    return true
  }
}
