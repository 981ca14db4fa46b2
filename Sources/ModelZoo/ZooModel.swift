public import Networks

/// A network that comes with the tool: its definition, and inputs to try it with.
public struct ZooModel: Sendable {
  /// Where the weights come from.
  public enum Weights: String, Sendable {
    /// Trained; the network classifies.
    case trained
    /// Random with the statistics of training's start, reproducible by a seed; outputs mean nothing.
    case random
  }

  /// What users call it, for example `resnet34`.
  public let name: String
  /// One line about it.
  public let summary: String
  /// Where the weights come from.
  public let weights: Weights
  fileprivate let make: @Sendable (UInt64, String?) throws(NetworkError) -> Network
  fileprivate let pictures: @Sendable (Int, String?) throws(NetworkError) -> [Tensor]?

  fileprivate init(
    _ name: String, _ weights: Weights, _ summary: String,
    make: @escaping @Sendable (UInt64, String?) throws(NetworkError) -> Network,
    pictures: @escaping @Sendable (Int, String?) throws(NetworkError) -> [Tensor]? = {
      (_, _) throws(NetworkError) in nil
    }
  ) {
    self.name = name
    self.weights = weights
    self.summary = summary
    self.make = make
    self.pictures = pictures
  }

  /// Builds the network; the batch is open.
  ///
  /// - Parameters:
  ///   - seed: of random weights; trained ones do not depend on it.
  ///   - installation: the folder that holds `Configs`, for trained weights.
  /// - Throws: `NetworkError` when the files of trained weights are missing or damaged.
  public func network(seed: UInt64 = 1, installation: String?) throws(NetworkError) -> Network {
    try make(seed, installation)
  }

  /// Inputs of batch 1: images that come with the tool, otherwise normally distributed numbers.
  ///
  /// - Throws: `NetworkError` as ``network(seed:installation:)``.
  public func samples(
    _ count: Int, seed: UInt64 = 1, installation: String?
  ) throws(NetworkError) -> [[String: Tensor]] {
    if let images = try images(count, installation: installation) { return images }
    let network = try network(seed: seed, installation: installation)
    return Self.randomSamples(network.inputs, count, seed: seed)
  }

  /// Images that come with the tool, of batch 1; nil when the network has none.
  ///
  /// - Throws: `NetworkError` as ``network(seed:installation:)``.
  public func images(
    _ count: Int, installation: String?
  ) throws(NetworkError) -> [[String: Tensor]]? {
    guard let images = try pictures(count, installation),
      let input = try network(installation: installation).inputs.first
    else { return nil }
    return images.map { [input.name: $0] }
  }

  /// Normally distributed inputs, with 1 for every open dimension.
  public static func randomSamples(
    _ inputs: [Declaration], _ count: Int, seed: UInt64
  ) -> [[String: Tensor]] {
    let random = RandomWeights(seed: seed)
    return (0..<count).map { index in
      var sample: [String: Tensor] = [:]
      for input in inputs {
        let shape = (input.dimensions ?? []).map {
          if case .fixed(let side) = $0 { side } else { 1 }
        }
        sample[input.name] = random.normal("sample \(index) of \(input.name)", shape, deviation: 1)
      }
      return sample
    }
  }
}

extension ZooModel {
  /// All networks that come with the tool.
  public static let all: [ZooModel] = [
    ZooModel(
      "lenet5", .trained, "LeNet-5, handwritten digits, 28×28",
      make: { (_, folder) throws(NetworkError) in
        try LeNet5.network(weights: try configurations("lenet5", folder))
      },
      pictures: { (count, folder) throws(NetworkError) in
        try LeNet5.images(folder: try configurations("lenet5", folder), count: count)
      }),
    ZooModel("mlp", .random, "multi-layer perceptron 784–512–256–10") { (seed, _) in
      Perceptron.network(seed: seed)
    },
    ZooModel("tiny-darknet", .random, "Tiny-Darknet, 224×224, 1,000 classes") {
      (seed, folder) throws(NetworkError) in
      try TinyDarknet.network(folder: try configurations("networks", folder), seed: seed)
    },
    ZooModel("squeezenet1.1", .random, "SqueezeNet 1.1, 224×224, 1,000 classes") { (seed, _) in
      SqueezeNet.network(seed: seed)
    },
    ZooModel("mobilenetv2", .random, "MobileNetV2 1.0, 224×224, 1,000 classes") { (seed, _) in
      MobileNetV2.network(seed: seed)
    },
    ZooModel("resnet18", .random, "ResNet-18, 224×224, 1,000 classes") { (seed, _) in
      ResNet.basic("resnet18", blocks: [2, 2, 2, 2], seed: seed)
    },
    ZooModel("resnet34", .random, "ResNet-34, 224×224, 1,000 classes") { (seed, _) in
      ResNet.basic("resnet34", blocks: [3, 4, 6, 3], seed: seed)
    },
    ZooModel("resnet50", .random, "ResNet-50 v1.5, 224×224, 1,000 classes") { (seed, _) in
      ResNet.bottleneck("resnet50", blocks: [3, 4, 6, 3], seed: seed)
    },
    ZooModel(
      "transformer-encoder", .random, "a transformer encoder block, 128 × 256, 4 heads"
    ) { (seed, _) in TransformerEncoder.network(seed: seed) },
  ]

  /// The network called `name`, or nil.
  public static func named(_ name: String) -> ZooModel? { all.first { $0.name == name } }

  private static func configurations(
    _ name: String, _ installation: String?
  ) throws(NetworkError) -> String {
    guard let installation else {
      throw NetworkError(
        "cannot find the tool's own files (Configs/\(name))",
        suggestion: "set FLECSIM_HOME to the folder that holds Configs")
    }
    return "\(installation)/Configs/\(name)"
  }
}
