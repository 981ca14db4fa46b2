import Networks
import Reference
import Testing

struct BatchNormalizationFoldingTests {
  private func network(
    _ product: Networks.Operator, input: [Int], weights: [Int], channels: Int, addend: Bool
  ) throws -> TypedNetwork {
    var random = RandomNumbers(seed: 5)
    var network = Network(
      name: "n", inputs: [Declaration("x", TensorType(.float32, input))], outputs: ["y"])
    network.nodes = [
      Node("product", product, addend ? ["x", "w", "b"] : ["x", "w"], ["p"]),
      Node("normal", .batchNormalization(epsilon: 1e-3), ["p", "s", "t", "m", "v"], ["y"]),
    ]
    network.constants = [
      "w": Tensor(weights, random.floats(weights.reduce(1, *))),
      "b": Tensor([channels], random.floats(channels)),
      "s": Tensor([channels], random.floats(channels)),
      "t": Tensor([channels], random.floats(channels)),
      "m": Tensor([channels], random.floats(channels)),
      "v": Tensor([channels], random.floats(channels).map { $0 * $0 + 0.1 }),
    ]
    return try network.typed()
  }

  private func expectSame(_ network: TypedNetwork) throws {
    let folded = try network.folded()
    #expect(folded.network.nodes.count == 1)
    let type = try #require(network.types["x"])
    var random = RandomNumbers(seed: 6)
    let x = Tensor(type.shape, random.floats(type.elementCount))
    let wanted = try #require(try Executor(network).run(["x": x])["y"]?.array(of: Float.self))
    let given = try #require(try Executor(folded).run(["x": x])["y"]?.array(of: Float.self))
    for (a, b) in zip(given, wanted) { #expect(abs(a - b) <= 1e-5 + 1e-5 * abs(b)) }
  }

  @Test(arguments: [true, false]) func convolutions(addend: Bool) throws {
    try expectSame(
      network(
        .convolution(Convolution(groups: 2)), input: [2, 4, 5, 5], weights: [6, 2, 3, 3],
        channels: 6, addend: addend))
    try expectSame(
      network(
        .transposedConvolution(Convolution(groups: 2), outputPadding: []), input: [2, 4, 5, 5],
        weights: [4, 3, 3, 3], channels: 6, addend: addend))
  }

  @Test(arguments: [true, false]) func matrixProducts(addend: Bool) throws {
    for isTransposed in [false, true] {
      let attributes = GEMM(alpha: 0.5, beta: 2, transposesB: isTransposed)
      try expectSame(
        network(
          .gemm(attributes), input: [3, 4], weights: isTransposed ? [6, 4] : [4, 6], channels: 6,
          addend: addend))
    }
  }

  @Test func sharedProductsStay() throws {
    var shared = try network(
      .convolution(Convolution()), input: [1, 2, 4, 4], weights: [3, 2, 1, 1], channels: 3,
      addend: false
    ).network
    shared.outputs = ["y", "p"]
    #expect(try shared.typed().folded().network.nodes.count == 2)
  }
}
