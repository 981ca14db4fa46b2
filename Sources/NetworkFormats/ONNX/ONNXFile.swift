public import Networks
internal import SwiftProtobuf

/// Files of the ONNX format.
public enum ONNXFile {
  /// Largest file that is read, in bytes: protocol buffers end at 2 GiB.
  public static let greatestSize = Int(Int32.max)

  /// Reads a network from a file. Data that the file keeps in other files is read too, out of the
  /// same folder.
  ///
  /// - Parameter path: the file.
  /// - Returns: the network as the file has it: not sorted, not typed.
  /// - Throws: `NetworkError` with the file, and the node or tensor where it is known.
  public static func network(path: String) throws(NetworkError) -> Network {
    do throws(NetworkError) {
      let bytes = try HostBytes.read(path, limit: greatestSize)
      let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
      return try network(bytes: bytes, folder: folder)
    } catch {
      throw error.in(file: path)
    }
  }

  /// Reads a network from the bytes of a file.
  ///
  /// - Parameters:
  ///   - bytes: what is in the file.
  ///   - folder: where other files with the network's data are; nil when there are none.
  /// - Returns: the network as the file has it: not sorted, not typed.
  /// - Throws: `NetworkError`, with the node or tensor where it is known.
  public static func network(bytes: [UInt8], folder: String?) throws(NetworkError) -> Network {
    if let refusal = FileRecognition.refusal(bytes) { throw refusal }
    try WireScan.check(bytes)
    let model: ONNXModel
    do {
      var options = BinaryDecodingOptions()
      options.discardUnknownFields = true
      model = try ONNXModel(serializedBytes: bytes, options: options)
    } catch BinaryDecodingError.truncated {
      throw NetworkError("the file is truncated or no ONNX file")
    } catch {
      throw NetworkError("the file is damaged or no ONNX file")
    }
    return try ModelReader(model, external: ExternalData(folder: folder)).network()
  }
}
