public import Networks

/// Networks of Darknet: a `.cfg` file with the layers and a `.weights` file with the numbers.
///
/// The network has one input `data` of 1×channels×height×width, and as outputs the last layer and every detection
/// layer (yolo, region, detection), whose operand is given as it is. Batch normalisation is folded into the products
/// with Darknet's own formula. Values are named after the layer and its position: `conv0`, `maxpool1`.
public enum DarknetFile {
  /// Most numbers that are made when there is no file: 2²⁸, 1 GiB.
  static let generatedLimit = 1 << 28

  /// Reads a network.
  ///
  /// - Parameters:
  ///   - configuration: the path of the `.cfg` file.
  ///   - weights: the path of the `.weights` file.
  /// - Throws: `NetworkError` with file, line and column.
  public static func network(
    configuration: String, weights: String
  ) throws(NetworkError) -> Network {
    let text = try text(configuration)
    let bytes = try HostBytes.read(weights)
    // Sizes are checked before the numbers are read, so that what is wrong there is about the weights.
    return try network(
      text: text, weights: .file(bytes), name: name(configuration), file: configuration)
  }

  /// Reads a network whose parameters are made.
  ///
  /// - Parameters:
  ///   - configuration: the path of the `.cfg` file.
  ///   - generator: gives a tensor for a name and a shape.
  /// - Throws: `NetworkError` with file, line and column.
  public static func network(
    configuration: String, generating generator: @escaping @Sendable (String, [Int]) -> Tensor
  ) throws(NetworkError) -> Network {
    try network(
      text: try text(configuration), weights: .generated(generator), name: name(configuration),
      file: configuration)
  }

  /// A network of a configuration's text; touches no files.
  ///
  /// - Parameters:
  ///   - text: what a `.cfg` file contains.
  ///   - weights: its parameters.
  ///   - name: the network's name.
  ///   - file: how errors call the configuration.
  /// - Throws: `NetworkError` with line and column.
  public static func network(
    text: String, weights: DarknetWeights, name: String = "darknet", file: String? = nil
  ) throws(NetworkError) -> Network {
    do {
      var builder = DarknetBuilder(name: name)
      try builder.build(try DarknetConfiguration(text: text))
      return try builder.network(weights)
    } catch {
      guard let file else { throw error }
      throw error.in(file: file)
    }
  }

  private static func text(_ path: String) throws(NetworkError) -> String {
    String(decoding: try HostBytes.read(path, limit: 1 << 26), as: UTF8.self)
  }

  /// A file's name without folder and extension.
  private static func name(_ path: String) -> String {
    let last = path.split(separator: "/").last ?? "darknet"
    return String(last.hasSuffix(".cfg") ? last.dropLast(4) : last)
  }
}
