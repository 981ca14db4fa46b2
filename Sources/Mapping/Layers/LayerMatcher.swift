internal import Networks
internal import Reference

/// Finds the nodes of a network that arrays can compute, and what can be computed with them on the way back to memory.
struct LayerMatcher {
  let graph: Graph
  /// Which nodes the user wants left alone by fusion.
  var keepsApart: Set<String> = []

  /// The product of a node as arrays see it; nil when arrays cannot compute it.
  func product(_ index: Int) -> ArrayLayer? {
    let node = graph.nodes[index]
    switch node.operator {
    case .convolution(let attributes): return convolution(node, index, attributes)
    case .qLinearConvolution(let attributes): return quantisedConvolution(node, index, attributes)
    case .gemm(let attributes): return gemm(node, index, attributes)
    case .matMul: return matMul(node, index)
    case .qGemm(let attributes): return quantisedGEMM(node, index, attributes)
    case .qLinearMatMul: return quantisedMatMul(node, index)
    default: return nil
    }
  }

  // MARK: Convolutions

  private func geometry(
    _ x: TensorType, _ w: [Int], _ y: TensorType, _ attributes: Convolution
  ) -> ProductGeometry? {
    guard x.shape.count == 4, w.count == 4, y.shape.count == 4, x.elementCount > 0,
      y.elementCount > 0,
      let window = try? attributes.window.resolved(
        input: Array(x.shape[2...]), kernel: Array(w[2...]))
    else { return nil }
    let geometry = ProductGeometry(
      images: x.shape[0], height: x.shape[2], width: x.shape[3], channels: x.shape[1],
      groups: attributes.groups, kernelHeight: w[2], kernelWidth: w[3],
      strideY: window.strides[0], strideX: window.strides[1], dilationY: window.dilations[0],
      dilationX: window.dilations[1], top: window.padsBegin[0], left: window.padsBegin[1],
      outputHeight: y.shape[2], outputWidth: y.shape[3], outputChannels: w[0])
    return geometry.fitsRegisters && window.padsBegin.allSatisfy { $0 >= 0 } ? geometry : nil
  }

  private func weights(_ tensor: Tensor) -> WeightSource {
    let shape = tensor.shape
    return WeightSource(
      tensor: tensor, outputStride: shape[1] * shape[2] * shape[3],
      channelStride: shape[2] * shape[3], rowStride: shape[3], columnStride: 1)
  }

  private func convolution(_ node: Node, _ index: Int, _ attributes: Convolution) -> ArrayLayer? {
    guard let x = node.input(0), let w = graph.constant(node, 1), w.floats != nil,
      graph.constant(x) == nil,
      let geometry = geometry(graph.type(x), w.shape, graph.type(node.outputs[0]), attributes)
    else { return nil }
    var finish = ArrayLayer.Finish()
    if node.input(2) != nil {
      guard let bias = graph.constant(node, 2)?.floats else { return nil }
      finish.bias = bias.map(\.bitPattern)
    }
    return ArrayLayer(
      name: node.name, nodes: [index], geometry: geometry, input: x, weights: weights(w),
      element: .float32, resultElement: .float32, finish: finish, output: node.outputs[0])
  }

  private func quantisedConvolution(
    _ node: Node, _ index: Int, _ attributes: Convolution
  ) -> ArrayLayer? {
    guard let x = node.input(0), graph.type(x).element == .int8, graph.constant(x) == nil,
      let w = graph.constant(node, 3), w.array(of: Int8.self) != nil, graph.zeroPoint(node, 5) == 0,
      let xZero = graph.zeroPoint(node, 2), let yZero = graph.zeroPoint(node, 7),
      graph.type(node.outputs[0]).element == .int8, let xScale = graph.scalar(node, 1),
      let wScales = graph.constant(node, 4)?.floats, let yScale = graph.scalar(node, 6),
      let geometry = geometry(graph.type(x), w.shape, graph.type(node.outputs[0]), attributes)
    else { return nil }
    var bias = [Int32](repeating: 0, count: geometry.outputChannels)
    if node.input(8) != nil {
      guard let values = graph.constant(node, 8)?.array(of: Int32.self) else { return nil }
      bias = values
    }
    guard
      let finish = finish(
        scales: wScales.map { xScale * $0 / yScale }, bias: bias, weights: weights(w), geometry,
        xZero: xZero, yZero: yZero)
    else { return nil }
    return ArrayLayer(
      name: node.name, nodes: [index], geometry: geometry, input: x,
      paddingByte: UInt8(bitPattern: Int8(truncatingIfNeeded: xZero)), weights: weights(w),
      element: .int8, resultElement: .int8, finish: finish, output: node.outputs[0])
  }

  /// Requantisation and bias; a zero point of the input is folded into the bias: Σ(x − z)·w = Σx·w − z·Σw.
  private func finish(
    scales: [Float], bias: [Int32], weights: WeightSource, _ geometry: ProductGeometry,
    xZero: Int32, yZero: Int32
  ) -> ArrayLayer.Finish? {
    var finish = ArrayLayer.Finish()
    var registers: [ArrayLayer.Scale] = []
    for scale in scales {
      guard let value = try? Requantisation(scale: Double(scale)) else { return nil }
      registers.append(ArrayLayer.Scale(factor: value.factor, shift: UInt32(value.shift)))
    }
    guard registers.count == 1 || registers.count == geometry.outputChannels else { return nil }
    if let first = registers.first, registers.allSatisfy({ $0 == first }) { registers = [first] }
    var bias = bias
    if xZero != 0, let values = weights.tensor.array(of: Int8.self) {
      for output in bias.indices {
        var sum: Int32 = 0
        for channel in 0..<geometry.groupChannels {
          for row in 0..<geometry.kernelHeight {
            for column in 0..<geometry.kernelWidth {
              sum &+= Int32(
                values[
                  output * weights.outputStride + channel * weights.channelStride
                    + row * weights.rowStride + column * weights.columnStride])
            }
          }
        }
        bias[output] &-= xZero &* sum
      }
    }
    finish.scales = registers
    finish.bias = bias.contains { $0 != 0 } ? bias.map(UInt32.init(bitPattern:)) : nil
    finish.zeroPoint = yZero
    finish.clamp = (UInt32(bitPattern: -128), 127)
    return finish
  }

  // MARK: Matrix products

  /// A[…×M×K]·B[K×N] with constant B, or A[b×M×K]·B[b×K×N].
  private func matrices(_ a: TensorType, _ n: Int) -> ProductGeometry? {
    guard let k = a.shape.last, k > 0, n > 0, a.elementCount > 0 else { return nil }
    let rows = a.elementCount / k
    let geometry = ProductGeometry(
      width: rows, channels: k, outputWidth: rows, outputChannels: n)
    return geometry.fitsRegisters ? geometry : nil
  }

  private func gemm(_ node: Node, _ index: Int, _ attributes: GEMM) -> ArrayLayer? {
    guard !attributes.transposesA, attributes.alpha == 1, let a = node.input(0),
      let b = graph.constant(node, 1), b.floats != nil, b.shape.count == 2,
      graph.constant(a) == nil, graph.type(a).shape.count == 2
    else { return nil }
    let n = attributes.transposesB ? b.shape[0] : b.shape[1]
    guard let geometry = matrices(graph.type(a), n) else { return nil }
    var finish = ArrayLayer.Finish()
    if node.input(2) != nil {
      guard let c = graph.constant(node, 2)?.floats, c.count == n || c.count == 1,
        graph.type(node.inputs[2]).shape.dropLast().allSatisfy({ $0 == 1 })
      else { return nil }
      finish.bias = (0..<n).map { (attributes.beta * c[c.count == 1 ? 0 : $0]).bitPattern }
    }
    return ArrayLayer(
      name: node.name, nodes: [index], geometry: geometry, input: a,
      weights: matrixWeights(b, transposed: attributes.transposesB), element: .float32,
      resultElement: .float32, finish: finish, output: node.outputs[0])
  }

  private func matrixWeights(_ b: Tensor, transposed: Bool) -> WeightSource {
    WeightSource(
      tensor: b, outputStride: transposed ? b.shape[1] : 1,
      channelStride: transposed ? 1 : b.shape[1])
  }

  private func matMul(_ node: Node, _ index: Int) -> ArrayLayer? {
    guard let a = node.input(0), let b = node.input(1), graph.constant(a) == nil,
      graph.type(a).element == .float32, graph.type(a).shape.count >= 2
    else { return nil }
    if let constant = graph.constant(b) {
      guard constant.shape.count == 2, let geometry = matrices(graph.type(a), constant.shape[1])
      else { return nil }
      return ArrayLayer(
        name: node.name, nodes: [index], geometry: geometry, input: a,
        weights: matrixWeights(constant, transposed: false), element: .float32,
        resultElement: .float32, output: node.outputs[0])
    }
    return batched(node, index, a, b, .float32)
  }

  /// A product of two computed operands of the same batch.
  private func batched(
    _ node: Node, _ index: Int, _ a: String, _ b: String, _ element: ElementType
  ) -> ArrayLayer? {
    let (left, right) = (graph.type(a).shape, graph.type(b).shape)
    guard left.count == right.count, left.count >= 2, left.dropLast(2) == right.dropLast(2) else {
      return nil
    }
    let geometry = ProductGeometry(
      images: left.dropLast(2).reduce(1, *), width: left[left.count - 2],
      channels: left[left.count - 1], outputWidth: left[left.count - 2],
      outputChannels: right[right.count - 1])
    guard geometry.fitsRegisters, geometry.macs > 0 else { return nil }
    return ArrayLayer(
      name: node.name, nodes: [index], geometry: geometry, input: a, weightsValue: b,
      element: element, resultElement: element, output: node.outputs[0])
  }

  private func quantisedMatMul(_ node: Node, _ index: Int) -> ArrayLayer? {
    guard let a = node.input(0), let b = node.input(3), graph.constant(a) == nil,
      graph.type(a).element == .int8, graph.type(b).element == .int8,
      graph.type(node.outputs[0]).element == .int8, let aZero = graph.zeroPoint(node, 2),
      graph.zeroPoint(node, 5) == 0, let yZero = graph.zeroPoint(node, 7),
      let aScale = graph.scalar(node, 1), let bScales = graph.constant(node, 4)?.floats,
      let yScale = graph.scalar(node, 6)
    else { return nil }
    let scales = bScales.map { aScale * $0 / yScale }
    if let constant = graph.constant(b) {
      guard constant.shape.count == 2, let geometry = matrices(graph.type(a), constant.shape[1]),
        let finish = finish(
          scales: scales, bias: [Int32](repeating: 0, count: geometry.outputChannels),
          weights: matrixWeights(constant, transposed: false), geometry, xZero: aZero,
          yZero: yZero)
      else { return nil }
      return ArrayLayer(
        name: node.name, nodes: [index], geometry: geometry, input: a,
        weights: matrixWeights(constant, transposed: false), element: .int8, resultElement: .int8,
        finish: finish, output: node.outputs[0])
    }
    guard aZero == 0, scales.count == 1, var layer = batched(node, index, a, b, .int8),
      let value = try? Requantisation(scale: Double(scales[0]))
    else { return nil }
    layer.finish.scales = [ArrayLayer.Scale(factor: value.factor, shift: UInt32(value.shift))]
    layer.finish.zeroPoint = yZero
    layer.finish.clamp = (UInt32(bitPattern: -128), 127)
    return layer
  }

  private func quantisedGEMM(_ node: Node, _ index: Int, _ attributes: GEMM) -> ArrayLayer? {
    guard !attributes.transposesA, let a = node.input(0), graph.constant(a) == nil,
      graph.type(a).element == .int8, graph.type(a).shape.count == 2,
      let b = graph.constant(node, 3), b.array(of: Int8.self) != nil, b.shape.count == 2,
      let aZero = graph.zeroPoint(node, 2), graph.zeroPoint(node, 5) == 0,
      let aScale = graph.scalar(node, 1), let bScales = graph.constant(node, 4)?.floats,
      node.input(7) != nil, let yScale = graph.scalar(node, 7),
      let yZero = graph.zeroPoint(node, 8), graph.type(node.outputs[0]).element == .int8
    else { return nil }
    let n = attributes.transposesB ? b.shape[0] : b.shape[1]
    var bias = [Int32](repeating: 0, count: n)
    if node.input(6) != nil {
      guard let values = graph.constant(node, 6)?.array(of: Int32.self), values.count == n else {
        return nil
      }
      bias = values
    }
    let source = matrixWeights(b, transposed: attributes.transposesB)
    guard let geometry = matrices(graph.type(a), n),
      let finish = finish(
        scales: bScales.map { attributes.alpha * aScale * $0 / yScale }, bias: bias,
        weights: source, geometry, xZero: aZero, yZero: yZero)
    else { return nil }
    return ArrayLayer(
      name: node.name, nodes: [index], geometry: geometry, input: a, weights: source,
      element: .int8, resultElement: .int8, finish: finish, output: node.outputs[0])
  }
}
