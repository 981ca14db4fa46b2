internal import Networks

/// SqueezeNet 1.1 (Iandola et al. 2016, and their later revision) for 224×224 images and 1,000 classes.
enum SqueezeNet {
  static func network(seed: UInt64) -> Network {
    var builder = NetworkBuilder("squeezenet1.1", seed: seed)
    var x = builder.input("image", [3, 224, 224])
    x = builder.relu(
      builder.convolution(x, "conv1", filters: 64, kernel: 3, stride: 2, padding: 0))
    x = pool(&builder, x, "pool1")
    x = fire(&builder, x, "fire2", squeeze: 16, expand: 64)
    x = fire(&builder, x, "fire3", squeeze: 16, expand: 64)
    x = pool(&builder, x, "pool3")
    x = fire(&builder, x, "fire4", squeeze: 32, expand: 128)
    x = fire(&builder, x, "fire5", squeeze: 32, expand: 128)
    x = pool(&builder, x, "pool5")
    x = fire(&builder, x, "fire6", squeeze: 48, expand: 192)
    x = fire(&builder, x, "fire7", squeeze: 48, expand: 192)
    x = fire(&builder, x, "fire8", squeeze: 64, expand: 256)
    x = fire(&builder, x, "fire9", squeeze: 64, expand: 256)
    x = builder.relu(builder.convolution(x, "conv10", filters: 1_000, kernel: 1))
    x = builder.flatten(builder.globalAveragePool(x, "avgpool"))
    builder.output(x)
    return builder.network
  }

  /// A 1×1 convolution to few channels, then 1×1 and 3×3 ones side by side.
  private static func fire(
    _ builder: inout NetworkBuilder, _ x: String, _ name: String, squeeze: Int, expand: Int
  ) -> String {
    let squeezed = builder.relu(
      builder.convolution(x, "\(name).squeeze", filters: squeeze, kernel: 1))
    let narrow = builder.relu(
      builder.convolution(squeezed, "\(name).expand1x1", filters: expand, kernel: 1))
    let wide = builder.relu(
      builder.convolution(squeezed, "\(name).expand3x3", filters: expand, kernel: 3))
    return builder.concat(narrow, wide, "\(name).concat")
  }

  private static func pool(_ builder: inout NetworkBuilder, _ x: String, _ name: String) -> String {
    builder.maxPool(x, name, kernel: 3, stride: 2, roundsUp: true)
  }
}
