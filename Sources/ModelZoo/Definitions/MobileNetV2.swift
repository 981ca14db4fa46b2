internal import Networks

/// MobileNetV2 (Sandler et al. 2018), width 1.0, for 224×224 images and 1,000 classes.
enum MobileNetV2 {
  /// Expansion, channels, blocks and stride of the first block of each stage (table 2 of the paper).
  private static let stages: [(expansion: Int, channels: Int, blocks: Int, stride: Int)] = [
    (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2),
    (6, 320, 1, 1),
  ]

  static func network(seed: UInt64) -> Network {
    var builder = NetworkBuilder("mobilenetv2", seed: seed)
    var x = builder.input("image", [3, 224, 224])
    x = builder.relu6(
      builder.convolution(x, "conv1", filters: 32, kernel: 3, stride: 2, normalised: 1))
    for (stage, row) in stages.enumerated() {
      for index in 0..<row.blocks {
        x = block(
          &builder, x, "stage\(stage + 1).\(index)", expansion: row.expansion,
          channels: row.channels, stride: index == 0 ? row.stride : 1)
      }
    }
    x = builder.relu6(builder.convolution(x, "conv2", filters: 1_280, kernel: 1, normalised: 1))
    x = builder.flatten(builder.globalAveragePool(x, "avgpool"))
    builder.output(builder.linear(x, "classifier", 1_000))
    return builder.network
  }

  /// Expand by a 1×1, filter each channel by a 3×3, project by a 1×1 convolution; add the operand where shapes agree.
  private static func block(
    _ builder: inout NetworkBuilder, _ x: String, _ name: String, expansion: Int, channels: Int,
    stride: Int
  ) -> String {
    var y = x
    if expansion > 1 {
      y = builder.relu6(
        builder.convolution(
          y, "\(name).expand", filters: expansion * builder.channels(x), kernel: 1, normalised: 1))
    }
    let wide = builder.channels(y)
    y = builder.relu6(
      builder.convolution(
        y, "\(name).depthwise", filters: wide, kernel: 3, stride: stride, groups: wide,
        normalised: 1))
    let isResidual = stride == 1 && channels == builder.channels(x)
    y = builder.convolution(
      y, "\(name).project", filters: channels, kernel: 1, normalised: isResidual ? 0.5 : 1)
    return isResidual ? builder.add(x, y, "\(name).add") : y
  }
}
