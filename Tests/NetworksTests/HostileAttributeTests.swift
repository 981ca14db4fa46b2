import Networks
import Testing

/// SplitMix64, so that failures repeat.
private struct Generator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Attributes and operands as a hostile file could have them.
private struct Hostile {
  var generator: Generator

  mutating func pick<Element>(_ choices: [Element]) -> Element {
    choices[Int.random(in: choices.indices, using: &generator)]
  }

  mutating func flag() -> Bool { Bool.random(using: &generator) }

  /// Mostly small numbers, some at the ends of the ranges.
  mutating func number() -> Int {
    let small = Int.random(in: -3...5, using: &generator)
    let bounds = [
      Int.max, .min, .max - 1, .min + 1, 1 << 31 - 1, 1 << 31, -1 << 31, 1 << 32, 1 << 62, 1 << 20,
    ]
    return Int.random(in: 0..<8, using: &generator) == 0 ? pick(bounds) : small
  }

  mutating func numbers(atMost count: Int = 5) -> [Int] {
    (0..<Int.random(in: 0...count, using: &generator)).map { _ in number() }
  }

  mutating func optionalNumbers() -> [Int]? { flag() ? nil : numbers() }

  mutating func window() -> Window {
    Window(
      kernel: optionalNumbers(), strides: optionalNumbers(), dilations: optionalNumbers(),
      pads: optionalNumbers(), automaticPadding: pick([nil, nil, .sameUpper, .sameLower, .valid]))
  }

  mutating func element() -> ElementType {
    pick([.float32, .float32, .float32, .int8, .uint8, .int64, .int32, .bool, .float16])
  }

  mutating func operand() -> Operand? {
    switch Int.random(in: 0..<10, using: &generator) {
    case 0: return nil
    case 1...3:
      let values = numbers(atMost: 6)
      return Operand(Tensor([values.count], values.map(Int64.init)))
    case 4:
      let values: [Float] = [1, 2, 0.5, 0, -1, .nan, .infinity, 1e30, 1e-30]
      let scales = (0..<Int.random(in: 0...4, using: &generator)).map { _ in pick(values) }
      return flag()
        ? Operand(Tensor(scalar: pick(values))) : Operand(Tensor([scales.count], scales))
    case 5: return Operand(Tensor(scalar: Int64(number())))
    case _:
      let sides = [0, 1, 1, 2, 3, 4, 6, 8, 1 << 16, 1 << 31 - 1]
      let shape = (0..<Int.random(in: 0...5, using: &generator)).map { _ in pick(sides) }
      return Operand(TensorType(element(), shape))
    }
  }

  /// Half of the time operands that many operators take.
  mutating func operands() -> [Operand?] {
    guard flag() else {
      return (0..<Int.random(in: 0...5, using: &generator)).map { _ in operand() }
    }
    let shapes = [[2, 4, 6, 6], pick([[4, 4, 3, 3], [4], [1]]), [4], [4], [4]]
    let element = element()
    return (0..<Int.random(in: 1...3, using: &generator)).map { index in
      index == 0 || flag() ? Operand(TensorType(element, shapes[index])) : operand()
    }
  }

  mutating func operation() -> Operator {
    let convolution = Convolution(window(), groups: pick([1, 1, 2, number()]))
    let pooling = Pooling(window(), roundsUp: flag(), countsPadding: flag())
    let axis = number()
    let gemm = GEMM(transposesA: flag(), transposesB: flag())
    var resize = Resize(axes: optionalNumbers())
    resize.aspectRatio = pick([.stretch, .notLarger, .notSmaller])
    return pick([
      .convolution(convolution), .transposedConvolution(convolution, outputPadding: numbers()),
      .gemm(gemm), .matMul, .quantizeLinear(axis: axis, element: element()),
      .dequantizeLinear(axis: axis), .dynamicQuantizeLinear, .qLinearConvolution(convolution),
      .qLinearMatMul, .qGemm(gemm), .convolutionInteger(convolution), .matMulInteger,
      .qLinearBinary(.add), .qLinearUnary(.sigmoid),
      .qLinearAveragePool(pooling, channelsLast: flag()),
      .qLinearGlobalAveragePool(channelsLast: flag()), .qLinearSoftmax(axis: axis),
      .qLinearConcat(axis: axis), .unary(.relu), .binary(.add), .binary(.power),
      .variadic(.maximum),
      .clip, .where, .pRelu, .cast(to: element()), .softmax(axis: axis),
      .reduce(.sum, keepsAxes: flag(), emptyAxesMeanNone: flag()),
      .argument(greatest: true, axis: axis, keepsAxis: flag(), lastIndex: false),
      .batchNormalization(epsilon: 0), .layerNormalization(axis: axis, epsilon: 0),
      .instanceNormalization(epsilon: 0), .groupNormalization(groups: axis, epsilon: 0),
      .localResponseNormalization(size: axis, alpha: 1, beta: 1, bias: 1), .maxPool(pooling),
      .averagePool(pooling), .globalMaxPool, .resize(resize), .identity, .concat(axis: axis),
      .reshape(zeroMeansZero: flag()), .flatten(axis: axis),
      .transpose(permutation: optionalNumbers()), .squeeze, .unsqueeze, .slice, .split(axis: axis),
      .pad(pick([.constant, .edge, .reflect, .wrap])), .expand, .tile, .gather(axis: axis),
      .gatherElements(axis: axis), .depthToSpace(block: axis, columnsFirst: flag()),
      .spaceToDepth(block: axis), .shape(start: axis, end: flag() ? nil : number()), .size,
      .constantOfShape(value: Tensor(scalar: Float(0))), .range, .gatherND(batchAxes: axis),
      .scatterElements(axis: axis, .add), .scatterND(.replace), .oneHot(axis: axis),
      .triangle(upper: flag()), .cumulativeSum(exclusive: flag(), reverse: flag()),
      .topK(axis: axis, greatest: flag(), sorted: flag()),
    ])
  }
}

/// Inference must answer or refuse, whatever a file says.
@Suite("Hostile attributes")
struct HostileAttributeTests {
  @Test("10,000 random nodes: no trap, and every result is within the limits", arguments: 1...4)
  func random(seed: UInt64) throws {
    var hostile = Hostile(generator: Generator(state: seed))
    var accepted = 0
    for _ in 0..<2500 {
      let `operator` = hostile.operation()
      let operands = hostile.operands()
      let results = hostile.pick([1, 1, 1, 1, 1, 1, 1, 2, 3, 0, -1])
      guard let types = try? `operator`.resultTypes(operands, results: results) else { continue }
      accepted += 1
      #expect(types.count == max(0, results))
      #expect(types.allSatisfy { Limits.elementCount(of: $0.shape) != nil })
      let names = operands.indices.map { operands[$0] == nil ? "" : "x\($0)" }
      let outputs = types.indices.map { "y\($0)" }
      let node = Node("n", `operator`, names, outputs)
      var values = Dictionary(uniqueKeysWithValues: zip(outputs, types))
      for (name, operand) in zip(names, operands) { values[name] = operand?.type }
      let network = Network(name: "", outputs: outputs, nodes: [node])
      let table = LayerTable(TypedNetwork(network: network, types: values))
      #expect(table.totals.macs >= 0)
      _ = table.text(.all)
    }
    #expect(accepted > 80)
  }
}
