import Networks
import Reference

/// Random networks of what arrays and vector units can compute, mixed with what they cannot, wired in ways that make
/// plans hard: values used several times, sums with their own operands, concatenations, views, several outputs.
struct PlanNetwork {
  private var network = Network(name: "random")
  private var shapes: [String: [Int]] = [:]
  /// Values of rank 4, in the order in which they were made.
  private var maps: [String] = []
  /// Values of rank 2.
  private var rows: [String] = []
  private var draw: CoreDraw
  private var counter = 0

  /// A network in binary32 and inputs for it.
  static func make(seed: Int, size: Int) throws -> (network: TypedNetwork, inputs: [String: Tensor])
  {
    var maker = PlanNetwork(draw: CoreDraw(seed))
    let typed = try maker.build(size)
    return (typed, maker.inputs())
  }

  /// The same with integers where a quantiser puts them.
  static func quantised(
    seed: Int, size: Int
  ) throws -> (network: TypedNetwork, inputs: [String: Tensor]) {
    var maker = PlanNetwork(draw: CoreDraw(seed))
    let typed = try maker.build(size)
    let samples = [maker.inputs(), maker.inputs()]
    var options = Quantiser.Options()
    options.weights = maker.draw.coin() ? .perChannel : .perTensor
    options.activations = maker.draw.coin() ? .signed : .symmetric
    let quantised = try Quantiser(options: options).quantise(typed, samples: samples)
    return (try quantised.typed().fusedQuantised(.asWritten), samples[0])
  }

  private init(draw: CoreDraw) { self.draw = draw }

  private mutating func inputs() -> [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    for input in network.inputs { tensors[input.name] = draw.floats(shapes[input.name] ?? []) }
    return tensors
  }

  private mutating func build(_ size: Int) throws -> TypedNetwork {
    for index in 0..<draw.number(1...2) {
      let shape = [
        [1, 1, 1, 2, 3][draw.number(0...4)], draw.number(1...20), draw.number(1...10),
        draw.number(1...10),
      ]
      network.inputs.append(Declaration("x\(index)", TensorType(.float32, shape)))
      shapes["x\(index)"] = shape
      maps.append("x\(index)")
    }
    while network.nodes.count < size { addSomething() }
    var used = Set(network.nodes.flatMap(\.inputs))
    for _ in 0..<draw.number(0...1) {
      if let value = used.sorted().filter({ shapes[$0] != nil && !$0.hasPrefix("x") })
        .randomElement(
          using: &draw)
      {
        network.outputs.append(value)
      }
    }
    used.formUnion(network.outputs)
    network.outputs += (maps + rows).filter { !used.contains($0) && !$0.hasPrefix("x") }
    return try network.typed()
  }

  // MARK: Nodes

  @discardableResult
  private mutating func add(
    _ name: String, _ function: Operator, _ inputs: [String], _ shape: [Int]
  ) -> String {
    counter += 1
    let value = "\(name)\(counter)"
    network.nodes.append(Node(value, function, inputs, [value]))
    shapes[value] = shape
    if shape.count == 4 { maps.append(value) } else if shape.count == 2 { rows.append(value) }
    return value
  }

  private mutating func constant(_ tensor: Tensor) -> String {
    counter += 1
    network.constants["c\(counter)"] = tensor
    return "c\(counter)"
  }

  /// A value of rank 4: mostly a late one.
  private mutating func map() -> String {
    draw.coin() ? maps[maps.count - 1] : maps[draw.number(0...maps.count - 1)]
  }

  private mutating func addSomething() {
    let x = map()
    let shape = shapes[x] ?? []
    switch draw.number(0...19) {
    case 0...5: addConvolution(x, shape)
    case 6, 7:
      let y = addConvolution(x, shape)
      addActivation(y, shapes[y] ?? [])
    case 8: addActivation(x, shape)
    case 9, 10: addSum(x, shape)
    case 11: addResidual(x, shape)
    case 12: addConcatenation(x, shape)
    case 13, 14: addPool(x, shape)
    case 15:
      if draw.coin() {
        add("global", .globalAveragePool, [x], [shape[0], shape[1], 1, 1])
      } else {
        add("relu", .unary(.relu), [x], shape)
      }
    case 16: addProductOfMap(x, shape)
    case 17:
      add(
        "flat", .flatten(axis: 1), [x], [shape[0], shape.dropFirst().reduce(1, *)])
    default: addLinear()
    }
  }

  /// Height and width of what a window gives; nil when it does not fit.
  private static func sides(
    _ shape: [Int], _ kernel: [Int], _ strides: [Int], _ pads: [Int], _ dilations: [Int]
  ) -> [Int]? {
    var sides: [Int] = []
    for axis in 0..<2 {
      let padded = shape[2 + axis] + pads[axis] + pads[2 + axis]
      let room = padded - dilations[axis] * (kernel[axis] - 1) - 1
      guard room >= 0 else { return nil }
      sides.append(room / strides[axis] + 1)
    }
    return sides
  }

  @discardableResult
  private mutating func addConvolution(
    _ x: String, _ shape: [Int], filters: Int? = nil, keepsSize: Bool = false
  ) -> String {
    let sizes = [1, 1, 2, 3, 3, 3, 5, 7]
    func pick(_ side: Int) -> Int {
      sizes.filter { $0 <= side + 2 }.randomElement(using: &draw) ?? 1
    }
    var kernel = [pick(shape[2]), pick(shape[3])]
    if keepsSize { kernel = kernel.map { $0 | 1 } }
    if draw.coin() { kernel[1] = kernel[0] }
    var (strides, dilations) = ([1, 1], [1, 1])
    var pads = [kernel[0] / 2, kernel[1] / 2, kernel[0] / 2, kernel[1] / 2]
    if !keepsSize {
      if draw.number(0...2) == 0 { strides = [draw.number(1...3), draw.number(1...3)] }
      if draw.number(0...5) == 0 { dilations = [draw.number(1...2), draw.number(1...2)] }
      if draw.coin() { pads = (kernel + kernel).map { draw.number(0...max(0, $0 - 1)) } }
    }
    guard let sides = Self.sides(shape, kernel, strides, pads, dilations) else { return x }
    let divisors = (1...shape[1]).filter { shape[1] % $0 == 0 }
    var groups = 1
    var outputs = filters ?? draw.number(1...40)
    if filters == nil, draw.number(0...3) == 0 {
      groups = divisors.randomElement(using: &draw) ?? 1
      outputs = groups * draw.number(1...max(1, 24 / groups))
    }
    var operands = [
      x, constant(draw.weights([outputs, shape[1] / groups, kernel[0], kernel[1]])),
    ]
    if draw.coin() { operands.append(constant(draw.weights([outputs]))) }
    return add(
      "conv",
      .convolution(
        Convolution(
          Window(kernel: kernel, strides: strides, dilations: dilations, pads: pads),
          groups: groups)), operands, [shape[0], outputs] + sides)
  }

  @discardableResult
  private mutating func addActivation(_ x: String, _ shape: [Int]) -> String {
    switch draw.number(0...4) {
    case 0, 1: return add("relu", .unary(.relu), [x], shape)
    case 2: return add("leaky", .unary(.leakyRelu(alpha: 0.1)), [x], shape)
    case 3:
      let bounds = [constant(Tensor(scalar: Float(0))), constant(Tensor(scalar: Float(2.5)))]
      return add("clip", .clip, [x] + bounds, shape)
    default: return add("sigmoid", .unary(.sigmoid), [x], shape)
    }
  }

  /// A sum, or a product, of two values of one shape; one of them may be made for it.
  private mutating func addSum(_ x: String, _ shape: [Int]) {
    let others = maps.filter { shapes[$0] == shape && $0 != x }
    var other = others.randomElement(using: &draw) ?? x
    if other == x || draw.coin() {
      let source = maps.filter {
        let side = shapes[$0] ?? []
        return side[0] == shape[0] && side.dropFirst(2).elementsEqual(shape.dropFirst(2))
      }.randomElement(using: &draw)
      if let source {
        other = addConvolution(
          source, shapes[source] ?? [], filters: shape[1], keepsSize: true)
      }
    }
    guard shapes[other] == shape else { return }
    let operands = draw.coin() ? [x, other] : [other, x]
    let y = add(
      "sum", .binary(draw.number(0...5) == 0 ? .multiply : .add), operands, shape)
    if draw.coin() { addActivation(y, shape) }
  }

  /// y = f(x) + x.
  private mutating func addResidual(_ x: String, _ shape: [Int]) {
    var y = addConvolution(x, shape, filters: shape[1], keepsSize: true)
    if draw.coin() { y = addActivation(y, shape) }
    if draw.coin() { y = addConvolution(y, shape, filters: shape[1], keepsSize: true) }
    add("residual", .binary(.add), draw.coin() ? [x, y] : [y, x], shape)
  }

  private mutating func addConcatenation(_ x: String, _ shape: [Int]) {
    var parts = [x]
    for _ in 0..<draw.number(1...2) {
      let fitting = maps.filter {
        let side = shapes[$0] ?? []
        return side[0] == shape[0] && side.dropFirst(2).elementsEqual(shape.dropFirst(2))
      }
      guard let other = fitting.randomElement(using: &draw) else { continue }
      parts.append(
        draw.coin() ? other : addConvolution(other, shapes[other] ?? [], keepsSize: true))
    }
    parts.shuffle(using: &draw)
    let channels = parts.reduce(0) { $0 + (shapes[$1]?[1] ?? 0) }
    guard channels <= 80 else { return }
    add("concat", .concat(axis: 1), parts, [shape[0], channels, shape[2], shape[3]])
  }

  private mutating func addPool(_ x: String, _ shape: [Int]) {
    let kernel = [draw.number(1...3), draw.number(1...3)]
    let strides = draw.coin() ? kernel : [draw.number(1...3), draw.number(1...3)]
    let pads = draw.coin() ? [0, 0, 0, 0] : (kernel + kernel).map { draw.number(0...$0 - 1) }
    guard let sides = Self.sides(shape, kernel, strides, pads, [1, 1]) else { return }
    let pooling = Pooling(Window(kernel: kernel, strides: strides, pads: pads))
    add(
      "pool", draw.number(0...3) == 0 ? .averagePool(pooling) : .maxPool(pooling), [x],
      Array(shape.prefix(2)) + sides)
  }

  /// A product over the last axis of a value of rank 4, with constant or computed second operand.
  private mutating func addProductOfMap(_ x: String, _ shape: [Int]) {
    let columns = draw.number(1...20)
    if draw.coin() {
      let y = add(
        "product", .matMul, [x, constant(draw.weights([shape[3], columns]))],
        Array(shape.prefix(3)) + [columns])
      if draw.coin() { addSum(y, shapes[y] ?? []) }
      return
    }
    let fitting = maps.filter {
      let side = shapes[$0] ?? []
      return side.prefix(2).elementsEqual(shape.prefix(2)) && side[2] == shape[3]
    }
    if let other = fitting.randomElement(using: &draw) {
      add("product", .matMul, [x, other], Array(shape.prefix(3)) + [shapes[other]?[3] ?? 1])
      return
    }
    let turned = add(
      "turned", .transpose(permutation: [0, 1, 3, 2]), [x],
      [shape[0], shape[1], shape[3], shape[2]])
    add("product", .matMul, [x, turned], Array(shape.prefix(3)) + [shape[2]])
  }

  private mutating func addLinear() {
    guard let x = rows.randomElement(using: &draw), let shape = shapes[x], shape[1] <= 600 else {
      return
    }
    let columns = draw.number(1...30)
    let isTransposed = draw.coin()
    var operands = [
      x, constant(draw.weights(isTransposed ? [columns, shape[1]] : [shape[1], columns])),
    ]
    if draw.coin() { operands.append(constant(draw.weights([columns]))) }
    let y = add("linear", .gemm(GEMM(transposesB: isTransposed)), operands, [shape[0], columns])
    switch draw.number(0...3) {
    case 0: add("relu", .unary(.relu), [y], [shape[0], columns])
    case 1:
      if let other = rows.filter({ shapes[$0] == [shape[0], columns] && $0 != y }).randomElement(
        using: &draw)
      {
        add("sum", .binary(.add), [other, y], [shape[0], columns])
      }
    default: break
    }
  }
}

extension CoreDraw {
  /// Weights that keep values of about the same size.
  mutating func weights(_ shape: [Int]) -> Tensor {
    let inputs = shape.count > 1 ? max(1, shape.dropFirst().reduce(1, *)) : 4
    let bound = 1.5 / Float(inputs).squareRoot()
    return Tensor(
      shape,
      (0..<shape.reduce(1, *)).map { _ in Float.random(in: -bound...bound, using: &self) })
  }
}
