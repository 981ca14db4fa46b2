internal import Networks

/// A multi-layer perceptron 784–512–256–10 with rectified linear units, for 28×28 images as vectors.
enum Perceptron {
  static func network(seed: UInt64) -> Network {
    var builder = NetworkBuilder("mlp", seed: seed)
    var x = builder.input("pixels", [784])
    x = builder.relu(builder.linear(x, "fc1", 512))
    x = builder.relu(builder.linear(x, "fc2", 256))
    builder.output(builder.linear(x, "fc3", 10))
    return builder.network
  }
}
