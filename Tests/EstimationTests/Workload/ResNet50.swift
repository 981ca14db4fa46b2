import Estimation

/// The layers of ResNet-50 that multiply: He et al., CVPR 2016, table 1, strides in the first 1×1
/// convolution of a stage as there.
enum ResNet50 {
  static var layers: [LayerShape] {
    var layers = [
      LayerShape.convolution(
        height: 224, width: 224, channels: 3, filters: 64, kernel: 7, stride: 2, padding: 3)
    ]
    var side = 56
    var channels = 64
    for (stage, blocks) in [3, 4, 6, 3].enumerated() {
      let inner = 64 << stage
      for block in 0..<blocks {
        let stride = stage > 0 && block == 0 ? 2 : 1
        func pointwise(_ from: Int, _ to: Int, side: Int, stride: Int = 1) -> LayerShape {
          .convolution(
            height: side, width: side, channels: from, filters: to, kernel: 1, stride: stride)
        }
        if block == 0 {
          layers.append(pointwise(channels, 4 * inner, side: side, stride: stride))
        }
        layers.append(pointwise(channels, inner, side: side, stride: stride))
        side /= stride
        layers.append(
          .convolution(
            height: side, width: side, channels: inner, filters: inner, kernel: 3, padding: 1))
        layers.append(pointwise(inner, 4 * inner, side: side))
        channels = 4 * inner
      }
    }
    layers.append(.fullyConnected(inputs: 2048, outputs: 1000))
    return layers
  }
}
