internal import Networks

/// One encoder block of a transformer (Vaswani et al. 2017; normalisation before each half, GELU between the linear
/// layers), for sequences of 128 vectors of 256 numbers: 4 heads, 1,024 hidden units.
enum TransformerEncoder {
  private static let length = 128
  private static let width = 256
  private static let heads = 4
  private static let hidden = 1_024

  static func network(seed: UInt64) -> Network {
    var builder = NetworkBuilder("transformer-encoder", seed: seed)
    let x = builder.input("tokens", [length, width])
    let attended = attention(&builder, normalised(&builder, x, "norm1"))
    let middle = builder.add(x, attended, "add1")
    var y = normalised(&builder, middle, "norm2")
    y = builder.projection(y, "fc1", hidden)
    y = builder.append(
      "gelu", .unary(.gelu(approximatesByTanh: false)), [y], builder.shape(y), 0.43)
    y = builder.projection(y, "fc2", width)
    builder.output(builder.add(middle, y, "add2"))
    return builder.network
  }

  private static func normalised(
    _ builder: inout NetworkBuilder, _ x: String, _ name: String
  ) -> String {
    builder.constant(
      "\(name).scale", builder.random("\(name).scale", [width], mean: 1, deviation: 0.1))
    builder.constant("\(name).bias", builder.random("\(name).bias", [width], deviation: 0.1))
    return builder.append(
      name, .layerNormalization(axis: -1, epsilon: 1e-5), [x, "\(name).scale", "\(name).bias"],
      builder.shape(x))
  }

  /// softmax(Q·Kᵀ/√d)·V for each head.
  private static func attention(_ builder: inout NetworkBuilder, _ x: String) -> String {
    let side = width / heads
    builder.constant("heads.shape", Tensor([4], [0, Int64(length), Int64(heads), Int64(side)]))
    builder.constant("joined.shape", Tensor([3], [0, Int64(length), Int64(width)]))
    builder.constant("attention.scale", Tensor(scalar: 1 / Float(side).squareRoot()))

    func split(_ name: String, _ permutation: [Int], _ shape: [Int]) -> String {
      let projected = builder.projection(x, name, width)
      let parts = builder.append(
        "\(name).split", .reshape(zeroMeansZero: false), [projected, "heads.shape"],
        [length, heads, side])
      return builder.append(
        "\(name).heads", .transpose(permutation: permutation), [parts], shape)
    }
    let queries = split("query", [0, 2, 1, 3], [heads, length, side])
    let keys = split("key", [0, 2, 3, 1], [heads, side, length])
    let values = split("value", [0, 2, 1, 3], [heads, length, side])

    let products = builder.append("scores", .matMul, [queries, keys], [heads, length, length])
    let scaled = builder.append(
      "scores.scaled", .binary(.multiply), [products, "attention.scale"], [heads, length, length])
    let shares = builder.append(
      "attention.softmax", .softmax(axis: -1), [scaled], [heads, length, length])
    let mixed = builder.append("attention.mix", .matMul, [shares, values], [heads, length, side])
    let turned = builder.append(
      "attention.turn", .transpose(permutation: [0, 2, 1, 3]), [mixed], [length, heads, side])
    let joined = builder.append(
      "attention.join", .reshape(zeroMeansZero: false), [turned, "joined.shape"], [length, width])
    return builder.projection(joined, "out", width)
  }
}
