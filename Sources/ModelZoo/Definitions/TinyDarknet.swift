internal import NetworkFormats
internal import Networks

/// Tiny-Darknet, from its Darknet description in `Configs/networks`, with random weights.
enum TinyDarknet {
  /// - Parameter folder: the folder that holds `tiny-darknet.cfg`.
  static func network(folder: String, seed: UInt64) throws(NetworkError) -> Network {
    let weights = RandomWeights(seed: seed)
    return try DarknetFile.network(configuration: folder + "/tiny-darknet.cfg") {
      weights.parameter($0, $1)
    }
  }
}
