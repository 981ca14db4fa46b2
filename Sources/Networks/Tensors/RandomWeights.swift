/// Reproducible random tensors: the same seed and name give the same numbers on every machine, whatever else is drawn.
public struct RandomWeights: Sendable {
  /// What all tensors depend on.
  public let seed: UInt64

  /// Creates a source of tensors.
  public init(seed: UInt64 = 1) { self.seed = seed }

  /// Numbers around a mean, distributed as the sum of four uniform ones: close to normal, never beyond
  /// 3.5 standard deviations.
  public func normal(
    _ name: String, _ shape: [Int], mean: Float = 0, deviation: Float
  ) -> Tensor {
    var generator = Generator(seed: seed, name: name)
    // Four uniform numbers of [0, 1) have the variance 4/12 together.
    let scale = deviation * 1.7320508 / 65536
    let centre = mean - scale * 2 * 65536
    return Tensor(
      shape,
      (0..<shape.reduce(1, *)).map { _ in
        let bits = generator.next()
        let sum = (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + bits >> 48
        return centre + scale * Float(sum)
      })
  }

  /// Numbers evenly distributed over a range.
  public func uniform(_ name: String, _ shape: [Int], _ range: ClosedRange<Float>) -> Tensor {
    var generator = Generator(seed: seed, name: name)
    let scale = (range.upperBound - range.lowerBound) * 0x1p-24
    return Tensor(
      shape,
      (0..<shape.reduce(1, *)).map { _ in range.lowerBound + scale * Float(generator.next() >> 40) }
    )
  }

  /// Weights of a layer of rectified linear units after He et al. 2015: deviation √(2/fan-in), so that signals keep
  /// their size from layer to layer. The first axis of `shape` counts results, the others are the fan-in.
  public func he(_ name: String, _ shape: [Int]) -> Tensor {
    let fanIn = max(1, shape.dropFirst().reduce(1, *))
    return normal(name, shape, deviation: (2 / Float(fanIn)).squareRoot())
  }

  /// A parameter of a layer by its shape: a vector is a bias, with deviation 0.1, anything else has the weights of ``he(_:_:)``.
  public func parameter(_ name: String, _ shape: [Int]) -> Tensor {
    shape.count == 1 ? normal(name, shape, deviation: 0.1) : he(name, shape)
  }

  /// SplitMix64 (Steele, Lea, Flood 2014), started from the FNV-1a hash of the name.
  private struct Generator {
    private var state: UInt64

    init(seed: UInt64, name: String) {
      var hash: UInt64 = 0xcbf2_9ce4_8422_2325
      for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
      state = hash ^ (seed &* 0x9e37_79b9_7f4a_7c15)
    }

    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var bits = state
      bits = (bits ^ bits >> 30) &* 0xbf58_476d_1ce4_e5b9
      bits = (bits ^ bits >> 27) &* 0x94d0_49bb_1331_11eb
      return bits ^ bits >> 31
    }
  }
}
