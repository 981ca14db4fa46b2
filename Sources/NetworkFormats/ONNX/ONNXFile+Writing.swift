public import Networks

extension ONNXFile {
  /// Bytes of weights that one file holds at most, since the format's messages end at 2 GB.
  public static let greatestWeights = 1_900_000_000

  /// Writes a network as an ONNX file of opset 21, whole or not at all.
  ///
  /// - Parameters:
  ///   - network: what is written; its constants become the file's weights.
  ///   - path: the file; one that is there is replaced.
  ///   - greatestWeights: with more bytes of weights, they go to a second file beside it, `NAME.onnx.data`.
  /// - Throws: `NetworkError` when the format cannot say what an operator does, or writing fails.
  public static func write(
    _ network: TypedNetwork, to path: String, greatestWeights: Int = ONNXFile.greatestWeights
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
