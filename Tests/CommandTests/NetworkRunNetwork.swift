import Foundation
import NetworkFormats
import Networks
import Reference
import Testing

/// Small networks for whole runs: layer after layer with random weights, the same for the same name.
struct SmallNetwork {
  private var network = Network(name: "small")
  fileprivate(set) var shape: [Int]
  fileprivate(set) var value = "x"
  private var state: UInt64
  private let input: [Int]

  init(_ input: [Int], seed: Int = 1) {
    self.input = input
    shape = input
    state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1
    network.inputs = [Declaration("x", TensorType(.float32, input))]
  }

  // MARK: Numbers

  private mutating func number() -> Float {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Float(state >> 40) / Float(1 << 24) * 2 - 1
  }

  private mutating func tensor(_ shape: [Int], _ bound: Float) -> Tensor {
    Tensor(shape, (0..<shape.reduce(1, *)).map { _ in bound * number() })
  }

  private mutating func constant(_ shape: [Int]) -> String {
    let name = "w\(network.constants.count)"
    let inputs = max(1, shape.dropFirst().reduce(1, *))
    let deviation = shape.count > 1 ? 1.7 / Float(inputs).squareRoot() : 0.2
    network.constants[name] = tensor(shape, deviation)
    return name
  }

  mutating func sample() -> Tensor { tensor(input, 1.5) }

  // MARK: Layers

  @discardableResult
  mutating func add(
    _ name: String, _ function: Operator, _ operands: [String], _ shape: [Int]
  ) -> String {
    network.nodes.append(Node(name, function, operands, [name]))
    self.shape = shape
    value = name
    return name
  }

  @discardableResult
  mutating func convolution(
    _ name: String, _ filters: Int, kernel: [Int] = [3, 3], strides: [Int] = [1, 1],
    dilations: [Int] = [1, 1], pads: [Int]? = nil, groups: Int = 1, hasBias: Bool = true,
    of x: String? = nil
  ) -> String {
    let pads = pads ?? [kernel[0] / 2, kernel[1] / 2, kernel[0] / 2, kernel[1] / 2]
    var operands = [x ?? value, constant([filters, shape[1] / groups] + kernel)]
    if hasBias { operands.append(constant([filters])) }
    var sides: [Int] = []
    for axis in 0..<2 {
      let padding = pads[axis] + pads[2 + axis]
      let room = shape[2 + axis] + padding - dilations[axis] * (kernel[axis] - 1)
      sides.append((room - 1) / strides[axis] + 1)
    }
    let window = Window(kernel: kernel, strides: strides, dilations: dilations, pads: pads)
    return add(
      name, .convolution(Convolution(window, groups: groups)), operands,
      [shape[0], filters] + sides)
  }

  @discardableResult
  mutating func activation(_ name: String, _ function: UnaryFunction) -> String {
    add(name, .unary(function), [value], shape)
  }

  @discardableResult
  mutating func pool(
    _ name: String, kernel: Int, stride: Int, pad: Int = 0, averages: Bool = false
  ) -> String {
    let window = Window(
      kernel: [kernel, kernel], strides: [stride, stride], pads: [pad, pad, pad, pad])
    let sides = shape[2...].map { ($0 + 2 * pad - kernel) / stride + 1 }
    return add(
      name, averages ? .averagePool(Pooling(window)) : .maxPool(Pooling(window)), [value],
      Array(shape.prefix(2)) + sides)
  }

  mutating func linear(_ name: String, _ columns: Int) {
    if shape.count == 4 {
      add("\(name).flat", .flatten(axis: 1), [value], [shape[0], shape.dropFirst().reduce(1, *)])
    }
    let weights = constant([columns, shape[1]])
    add(
      name, .gemm(GEMM(transposesB: true)), [value, weights, constant([columns])],
      [shape[0], columns])
  }

  // MARK: Files

  /// Writes the network in binary32.
  func write(to path: String) throws {
    try ONNXFile.write(try typed(), to: path)
  }

  /// Writes the network in int8.
  mutating func writeQuantised(
    _ options: Quantiser.Options = Quantiser.Options(), to path: String
  ) throws {
    let quantised = try Quantiser(options: options).quantise(
      typed(), samples: [["x": sample()], ["x": sample()]])
    try ONNXFile.write(try quantised.typed(), to: path)
  }

  func typed() throws -> TypedNetwork {
    var finished = network
    finished.outputs = [value]
    return try finished.typed()
  }
}

/// A network that shows one thing that SoCs have to manage.
struct NetworkRunCase: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let make: @Sendable () -> SmallNetwork

  static let all = [
    NetworkRunCase(testDescription: "3×3 with padding, ReLU, max pooling, linear") {
      var net = SmallNetwork([1, 3, 10, 10])
      net.convolution("c1", 12)
      net.activation("r1", .relu)
      net.pool("p1", kernel: 2, stride: 2)
      net.linear("fc", 10)
      return net
    },
    NetworkRunCase(testDescription: "7×7 of 3 channels, stride 2, overlapping pooling") {
      var net = SmallNetwork([1, 3, 17, 15])
      net.convolution("c1", 10, kernel: [7, 7], strides: [2, 2], pads: [3, 3, 3, 3])
      net.activation("r1", .relu)
      net.pool("p1", kernel: 3, stride: 2, pad: 1)
      return net
    },
    NetworkRunCase(testDescription: "inverted residual: 1×1, depthwise, 1×1, sum") {
      var net = SmallNetwork([1, 8, 7, 7])
      let x = net.convolution("c0", 8, kernel: [1, 1])
      net.convolution("c1", 24, kernel: [1, 1])
      net.activation("r1", .relu)
      net.convolution("c2", 24, groups: 24)
      net.activation("r2", .relu)
      let y = net.convolution("c3", 8, kernel: [1, 1], hasBias: false)
      net.add("sum", .binary(.add), [x, y], net.shape)
      return net
    },
    NetworkRunCase(testDescription: "residual block, projection, sum the other way round") {
      var net = SmallNetwork([1, 9, 8, 8])
      let before = net.value
      let wide = net.shape
      net.convolution("c1", 18, strides: [2, 2])
      net.activation("r1", .relu)
      let y = net.convolution("c2", 18)
      let shape = net.shape
      net.restart(at: before, wide)
      let x = net.convolution("p", 18, kernel: [1, 1], strides: [2, 2])
      net.add("sum", .binary(.add), [y, x], shape)
      net.activation("r2", .relu)
      net.add("global", .globalAveragePool, [net.value], [1, 18, 1, 1])
      net.linear("fc", 7)
      return net
    },
    NetworkRunCase(testDescription: "squeeze, two branches beside each other, batch of 2") {
      var net = SmallNetwork([2, 5, 6, 7])
      let s = net.convolution("s", 4, kernel: [1, 1])
      net.activation("sr", .relu)
      let narrow = net.shape
      let squeezed = net.value
      let a = net.convolution("a", 6, kernel: [1, 1])
      net.restart(at: squeezed, narrow)
      let b = net.convolution("b", 9)
      _ = s
      net.add("cat", .concat(axis: 1), [a, b], [2, 15, 6, 7])
      net.convolution("c", 5, kernel: [1, 1])
      return net
    },
    NetworkRunCase(testDescription: "groups, dilation, leaky ReLU, average pooling") {
      var net = SmallNetwork([1, 6, 11, 9])
      net.convolution("c1", 12, dilations: [2, 2], pads: [2, 2, 2, 2], groups: 3)
      net.activation("l1", .leakyRelu(alpha: 0.1))
      net.convolution("c2", 9, kernel: [1, 5], pads: [0, 1, 0, 2], groups: 3)
      net.pool("p", kernel: 3, stride: 3, averages: true)
      return net
    },
    NetworkRunCase(testDescription: "dense block: a result beside its own operand") {
      var net = SmallNetwork([1, 4, 6, 6])
      let x = net.convolution("c0", 6)
      let y = net.convolution("c1", 6)
      net.add("cat", .concat(axis: 1), [x, y], [1, 12, 6, 6])
      net.convolution("c2", 5, kernel: [1, 1])
      return net
    },
    NetworkRunCase(testDescription: "attention: products of computed operands, softmax") {
      var net = SmallNetwork([1, 12, 16])
      let q = net.product("q", 16, of: "x")
      let k = net.product("k", 16, of: "x")
      let v = net.product("v", 16, of: "x")
      net.add("kt", .transpose(permutation: [0, 2, 1]), [k], [1, 16, 12])
      net.add("scores", .matMul, [q, "kt"], [1, 12, 12])
      net.add("softmax", .softmax(axis: -1), ["scores"], [1, 12, 12])
      net.add("mixed", .matMul, ["softmax", v], [1, 12, 16])
      return net
    },
  ]
}

extension SmallNetwork {
  /// Goes on behind an earlier value.
  mutating func restart(at value: String, _ shape: [Int]) {
    self.value = value
    self.shape = shape
  }

  /// A product with constant weights over the last axis.
  mutating func product(_ name: String, _ columns: Int, of x: String) -> String {
    restart(at: x, input)
    let weights = constant([input[input.count - 1], columns])
    return add(name, .matMul, [x, weights], Array(input.dropLast()) + [columns])
  }
}
