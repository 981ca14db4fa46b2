public import Networks

extension ONNXFile {
  /// Bytes of weights that one file holds at most; with more, they go to a second file.
  static let greatestWeights = 1_900_000_000

  /// Writes a network as an ONNX file of opset 21, whole or not at all.
  ///
  /// Weights of more than 1.9 GB go to a second file beside it, `NAME.onnx.data`.
  ///
  /// - Parameters:
  ///   - network: what is written; its constants become the file's weights.
  ///   - path: the file; one that is there is replaced.
  /// - Throws: `NetworkError` when the format cannot say what an operator does, or writing fails.
  public static func write(_ network: TypedNetwork, to path: String) throws(NetworkError) {
    try write(network, to: path, greatestWeights: greatestWeights)
  }

  /// The same with another limit, in bytes.
  static func write(
    _ network: TypedNetwork, to path: String, greatestWeights: Int
  ) throws(NetworkError) {
    do throws(NetworkError) {
      let weights = network.network.constants.values.reduce(0) { $0 + $1.type.byteCount }
      let external = weights > greatestWeights ? path + ".data" : nil
      let name = external.map { String($0.split(separator: "/").last ?? "") }
      let writer = try ONNXWriter(network, externalFile: name)
      if let external { try HostBytes.write(parts: writer.externalParts, to: external) }
      try HostBytes.write(writer.bytes(), to: path)
    } catch {
      throw error.in(file: path)
    }
  }

  /// The bytes of a network as an ONNX file of opset 21.
  ///
  /// - Throws: `NetworkError` when the format cannot say what an operator does, or the network is
  ///   too large.
  public static func bytes(_ network: TypedNetwork) throws(NetworkError) -> [UInt8] {
    try ONNXWriter(network, externalFile: nil).bytes()
  }
}
