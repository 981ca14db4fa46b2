/// Layers to fit to and to test on, drawn repeatably.
public enum SampleLayers {
  /// `count` layers: products, 1×1 and 3×3 convolutions and fully connected layers of usual sizes.
  ///
  /// - Parameters:
  ///   - seed: another seed gives other layers.
  ///   - mostMACs: layers with more multiply-accumulates are drawn again.
  public static func random(count: Int, seed: UInt64, mostMACs: Int = 4_000_000) -> [LayerShape] {
    var random = Draw(seed: seed)
    var layers: [LayerShape] = []
    while layers.count < count {
      let layer = random.layer()
      if layer.macs <= mostMACs { layers.append(layer) }
    }
    return layers
  }

  /// SplitMix64 (Steele, Lea, Flood: OOPSLA 2014), and what is drawn with it.
  private struct Draw: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var value = state
      value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
      value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
      return value ^ (value >> 31)
    }

    /// An extent whose octave is uniform: 2^a...2^(a+1) with a below `octaves`.
    private mutating func extent(_ octaves: Int) -> Int {
      let low = 1 << Int.random(in: 0..<octaves, using: &self)
      return Int.random(in: low...2 * low, using: &self)
    }

    mutating func layer() -> LayerShape {
      switch Int.random(in: 0..<8, using: &self) {
      case 0: .fullyConnected(inputs: 8 * extent(8), outputs: extent(10))
      case 1, 2: .product(rows: extent(9), depth: extent(9), columns: extent(9))
      default:
        convolution()
      }
    }

    private mutating func convolution() -> LayerShape {
      let kernel = Bool.random(using: &self) ? 3 : 1
      return .convolution(
        height: 3 + extent(5), width: 3 + extent(5), channels: extent(8), filters: extent(8),
        kernel: kernel, stride: Int.random(in: 0..<4, using: &self) == 0 ? 2 : 1,
        padding: kernel / 2)
    }
  }
}
