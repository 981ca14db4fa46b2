internal import NetworkFormats
internal import Networks

/// Tiny-Darknet, from its Darknet description beside this file.
enum TinyDarknet {
  static func network(seed: UInt64) throws(NetworkError) -> Network {
    let weights = RandomWeights(seed: seed)
    return try DarknetFile.network(
      text: String(decoding: PackageResources.tiny_darknet_cfg, as: UTF8.self),
      weights: .generated { weights.parameter($0, $1) }, name: "tiny-darknet")
  }
}
