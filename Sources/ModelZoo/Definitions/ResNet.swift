internal import Networks

/// ResNet (He et al. 2015) for 224×224 images and 1,000 classes; with bottlenecks, the stride is in the 3×3
/// convolution ("v1.5").
enum ResNet {
  /// ResNet-18 and 34: two 3×3 convolutions per block.
  static func basic(_ name: String, blocks: [Int], seed: UInt64) -> Network {
    network(name, blocks, seed) { builder, x, name, channels, stride in
      var y = builder.convolution(
        x, "\(name).conv1", filters: channels, kernel: 3, stride: stride, normalised: 1)
      y = builder.relu(y)
      y = builder.convolution(
        y, "\(name).conv2", filters: channels, kernel: 3, normalised: residualGain)
      return (y, channels)
    }
  }

  /// ResNet-50 and larger: 1×1, 3×3 and 1×1 convolutions per block.
  static func bottleneck(_ name: String, blocks: [Int], seed: UInt64) -> Network {
    network(name, blocks, seed) { builder, x, name, channels, stride in
      var y = builder.convolution(x, "\(name).conv1", filters: channels, kernel: 1, normalised: 1)
      y = builder.relu(y)
      y = builder.convolution(
        y, "\(name).conv2", filters: channels, kernel: 3, stride: stride, normalised: 1)
      y = builder.relu(y)
      y = builder.convolution(
        y, "\(name).conv3", filters: 4 * channels, kernel: 1, normalised: residualGain)
      return (y, 4 * channels)
    }
  }

  /// A block adds this to what it passes on, as in trained networks less than it passes on.
  private static let residualGain: Float = 0.5

  private typealias Block = (
    inout NetworkBuilder, _ x: String, _ name: String, _ channels: Int, _ stride: Int
  ) -> (String, channels: Int)

  private static func network(
    _ name: String, _ blocks: [Int], _ seed: UInt64, _ block: Block
  ) -> Network {
    var builder = NetworkBuilder(name, seed: seed)
    var x = builder.input("image", [3, 224, 224])
    x = builder.convolution(x, "conv1", filters: 64, kernel: 7, stride: 2, normalised: 1)
    x = builder.maxPool(builder.relu(x), "maxpool", kernel: 3, stride: 2, padding: 1)
    for (stage, count) in blocks.enumerated() {
      for index in 0..<count {
        let name = "layer\(stage + 1).\(index)"
        let stride = stage > 0 && index == 0 ? 2 : 1
        let (y, channels) = block(&builder, x, name, 64 << stage, stride)
        var shortcut = x
        if channels != builder.channels(x) || stride != 1 {
          shortcut = builder.convolution(
            x, "\(name).downsample", filters: channels, kernel: 1, stride: stride, normalised: 1)
        }
        x = builder.relu(builder.add(y, shortcut, "\(name).add"))
      }
    }
    x = builder.flatten(builder.globalAveragePool(x, "avgpool"))
    builder.output(builder.linear(x, "fc", 1_000))
    return builder.network
  }
}
