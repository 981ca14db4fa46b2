internal import Networks

/// Writes a network layer by layer, with random weights.
///
/// It keeps the mean square of every value as it is for random weights, so that the variances of batch normalisations
/// are about those that training would have measured, and signals neither vanish nor grow.
struct NetworkBuilder {
  private(set) var network: Network
  private let weights: RandomWeights
  /// Expected mean square of the elements of a value.
  private var meanSquares: [String: Float] = [:]
  /// Values that are never, or hardly ever, negative: sums with a rectified operand as residual networks have them.
  private var positive: Set<String> = []
  /// Shapes of the values without the batch.
  private var shapes: [String: [Int]] = [:]

  init(_ name: String, seed: UInt64) {
    network = Network(name: name)
    weights = RandomWeights(seed: seed)
  }

  /// Declares an input of a batch of elements with mean square 1; the batch is open.
  mutating func input(_ name: String, _ shape: [Int]) -> String {
    network.inputs.append(
      Declaration(name, .float32, [.named("batch")] + shape.map { .fixed($0) }))
    meanSquares[name] = 1
    shapes[name] = shape
    return name
  }

  /// Names the result.
  mutating func output(_ value: String) { network.outputs.append(value) }

  /// How many channels a value has.
  func channels(_ value: String) -> Int { shapes[value]?.first ?? 0 }

  /// A convolution with a bias, or with a batch normalisation behind it whose result has the mean square `gain`².
  mutating func convolution(
    _ x: String, _ name: String, filters: Int, kernel: Int, stride: Int = 1, padding: Int? = nil,
    groups: Int = 1, normalised gain: Float? = nil
  ) -> String {
    let shape = [filters, channels(x) / groups, kernel, kernel]
    constant("\(name).weight", weights.he("\(name).weight", shape))
    let side = padding ?? kernel / 2
    let attributes = Convolution(
      Window(
        kernel: [kernel, kernel], strides: [stride, stride],
        pads: [side, side, side, side]), groups: groups)
    let square = 2 * (meanSquares[x] ?? 1)
    let sides = (shapes[x] ?? []).dropFirst().map { ($0 + 2 * side - kernel) / stride + 1 }
    guard let gain else {
      constant("\(name).bias", weights.normal("\(name).bias", [filters], deviation: 0.1))
      let operands = [x, "\(name).weight", "\(name).bias"]
      return append(name, .convolution(attributes), operands, [filters] + sides, square)
    }
    let y = append(
      name, .convolution(attributes), [x, "\(name).weight"], [filters] + sides, square)
    let normal = "\(name).bn"
    constant(
      "\(normal).scale", weights.uniform("\(normal).scale", [filters], gain * 0.8...gain * 1.2))
    constant("\(normal).bias", weights.normal("\(normal).bias", [filters], deviation: 0.1 * gain))
    constant(
      "\(normal).mean",
      weights.normal("\(normal).mean", [filters], deviation: 0.1 * square.squareRoot()))
    constant(
      "\(normal).variance",
      weights.uniform("\(normal).variance", [filters], square * 0.8...square * 1.25))
    let operands = [y] + ["scale", "bias", "mean", "variance"].map { "\(normal).\($0)" }
    return append(
      normal, .batchNormalization(epsilon: 1e-5), operands, [filters] + sides, gain * gain)
  }

  /// x·Wᵀ + b over the last axis of a value of rank 2.
  mutating func linear(_ x: String, _ name: String, _ count: Int) -> String {
    let inputs = shapes[x]?.last ?? 0
    constant("\(name).weight", weights.he("\(name).weight", [count, inputs]))
    constant("\(name).bias", weights.normal("\(name).bias", [count], deviation: 0.1))
    return append(
      name, .gemm(GEMM(transposesB: true)), [x, "\(name).weight", "\(name).bias"], [count],
      2 * (meanSquares[x] ?? 1))
  }

  /// x·W + b over the last axis of a value of any rank, as exporters write it for sequences.
  mutating func projection(_ x: String, _ name: String, _ count: Int) -> String {
    let shape = shapes[x] ?? []
    let inputs = shape.last ?? 0
    constant(
      "\(name).weight",
      weights.normal("\(name).weight", [inputs, count], deviation: 1 / Float(inputs).squareRoot()))
    constant("\(name).bias", weights.normal("\(name).bias", [count], deviation: 0.1))
    let result = Array(shape.dropLast()) + [count]
    let square = meanSquares[x] ?? 1
    let y = append("\(name).matmul", .matMul, [x, "\(name).weight"], result, square)
    return append(name, .binary(.add), [y, "\(name).bias"], result, square)
  }

  mutating func relu(_ x: String) -> String {
    let square = (meanSquares[x] ?? 1) / (positive.contains(x) ? 1 : 2)
    let y = append("\(x).relu", .unary(.relu), [x], shapes[x] ?? [], square)
    positive.insert(y)
    return y
  }

  /// max(0, min(6, x)).
  mutating func relu6(_ x: String) -> String {
    constant("zero", Tensor(scalar: Float(0)))
    constant("six", Tensor(scalar: Float(6)))
    return append(
      "\(x).relu6", .clip, [x, "zero", "six"], shapes[x] ?? [], (meanSquares[x] ?? 1) / 2)
  }

  mutating func add(_ left: String, _ right: String, _ name: String) -> String {
    if positive.contains(left) || positive.contains(right) { positive.insert(name) }
    return append(
      name, .binary(.add), [left, right], shapes[left] ?? [],
      (meanSquares[left] ?? 1) + (meanSquares[right] ?? 1))
  }

  mutating func maxPool(
    _ x: String, _ name: String, kernel: Int, stride: Int, padding: Int = 0, roundsUp: Bool = false
  ) -> String {
    let window = Window(
      kernel: [kernel, kernel], strides: [stride, stride],
      pads: [padding, padding, padding, padding])
    let extra = roundsUp ? stride - 1 : 0
    let sides = (shapes[x] ?? []).dropFirst().map {
      ($0 + 2 * padding - kernel + extra) / stride + 1
    }
    // The greatest of k×k rectified numbers that are alike in part: about k times their mean square.
    return append(
      name, .maxPool(Pooling(window, roundsUp: roundsUp)), [x], [channels(x)] + sides,
      Float(kernel) * (meanSquares[x] ?? 1))
  }

  mutating func globalAveragePool(_ x: String, _ name: String) -> String {
    append(name, .globalAveragePool, [x], [channels(x), 1, 1], meanSquares[x] ?? 1)
  }

  mutating func flatten(_ x: String, _ name: String = "flatten") -> String {
    append(name, .flatten(axis: 1), [x], [(shapes[x] ?? []).reduce(1, *)], meanSquares[x] ?? 1)
  }

  mutating func concat(_ left: String, _ right: String, _ name: String) -> String {
    let sides = (shapes[left] ?? []).dropFirst()
    let square = ((meanSquares[left] ?? 1) + (meanSquares[right] ?? 1)) / 2
    return append(
      name, .concat(axis: 1), [left, right], [channels(left) + channels(right)] + sides, square)
  }

  /// Any other operator; `shape` is that of the result without the batch.
  mutating func append(
    _ name: String, _ operator: Operator, _ operands: [String], _ shape: [Int],
    _ meanSquare: Float = 1
  ) -> String {
    network.nodes.append(Node(name, `operator`, operands, [name]))
    shapes[name] = shape
    meanSquares[name] = meanSquare
    return name
  }

  mutating func constant(_ name: String, _ tensor: Tensor) { network.constants[name] = tensor }

  /// Replaces random weights by given ones; traps when the shape differs.
  mutating func replace(_ name: String, _ tensor: Tensor) {
    precondition(
      network.constants[name]?.shape == tensor.shape, "no constant \(name) of this shape")
    network.constants[name] = tensor
  }

  /// The shape of a value without the batch.
  func shape(_ value: String) -> [Int] { shapes[value] ?? [] }

  /// Random numbers for what has no method here.
  func random(_ name: String, _ shape: [Int], mean: Float = 0, deviation: Float) -> Tensor {
    weights.normal(name, shape, mean: mean, deviation: deviation)
  }
}
