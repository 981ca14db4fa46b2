internal import Networks

/// Says what a file is that is no ONNX file, so far as its first bytes tell.
enum FileRecognition {
  /// An error for bytes that are certainly something else; nil when they may be an ONNX file.
  static func refusal(_ bytes: [UInt8]) -> NetworkError? {
    if bytes.isEmpty { return NetworkError("the file is empty") }
    if let error = archive(bytes) ?? otherFormat(bytes) { return error }
    return isText(bytes) ? textFile(bytes) : nil
  }

  private static let export = "export the model with torch.onnx.export"

  private static func archive(_ bytes: [UInt8]) -> NetworkError? {
    if starts(bytes, "PK\u{3}\u{4}") {
      let head = bytes.prefix(4096)
      if contains(head, "data.pkl") || contains(head, "/code/") || contains(head, "constants.pkl") {
        return NetworkError("this is a PyTorch archive, no ONNX file", suggestion: export)
      }
      if contains(head, ".npy") {
        return NetworkError("this is a NumPy archive (.npz), no ONNX file")
      }
      if contains(head, "config.json") || contains(head, "model.weights.h5") {
        return NetworkError(
          "this is a Keras archive, no ONNX file", suggestion: "convert it with tf2onnx")
      }
      return NetworkError(
        "this is a zip archive, no ONNX file",
        suggestion: "unpack it; or, if PyTorch wrote it, \(export)")
    }
    if bytes.starts(with: [0x1f, 0x8b]) {
      return NetworkError(
        "this is compressed with gzip, no ONNX file", suggestion: "unpack it with gunzip")
    }
    if bytes.starts(with: [0x80]), bytes.count > 1, (2...5).contains(bytes[1]) {
      return NetworkError(
        "this is a Python pickle, perhaps of PyTorch, no ONNX file", suggestion: export)
    }
    return nil
  }

  private static func otherFormat(_ bytes: [UInt8]) -> NetworkError? {
    if starts(bytes.dropFirst(4), "TFL3") {
      return NetworkError(
        "this is a TensorFlow Lite model, no ONNX file",
        suggestion: "convert it with tf2onnx (python -m tf2onnx.convert --tflite)")
    }
    if starts(bytes.dropFirst(4), "ORTM") {
      return NetworkError(
        "this is a model in onnxruntime's own format (.ort)",
        suggestion: "use the .onnx file it was made of")
    }
    if bytes.starts(with: [0x89]), starts(bytes.dropFirst(), "HDF\r\n") {
      return NetworkError(
        "this is an HDF5 file, perhaps of Keras, no ONNX file",
        suggestion: "convert it with tf2onnx")
    }
    if bytes.starts(with: [0x93]), starts(bytes.dropFirst(), "NUMPY") {
      return NetworkError("this is a NumPy array (.npy), no network")
    }
    if starts(bytes, "GGUF") {
      return NetworkError(
        "this is a GGUF file, no ONNX file", suggestion: "export the model to ONNX")
    }
    if starts(bytes, "\u{7f}ELF") { return NetworkError("this is an ELF program, no ONNX file") }
    if starts(bytes.dropFirst(8), "{\"") {
      return NetworkError(
        "this is a safetensors file: it has weights but no network",
        suggestion: "export the model to ONNX")
    }
    return nil
  }

  private static func textFile(_ bytes: [UInt8]) -> NetworkError {
    if starts(bytes, "version https://git-lfs") {
      return NetworkError(
        "this is a Git LFS pointer, the model itself was not downloaded",
        suggestion: "run git lfs pull")
    }
    let first = bytes.first { $0 > 0x20 }
    if first == UInt8(ascii: "<") {
      return NetworkError(
        "this is a web page or XML, no ONNX file", suggestion: "download the file itself")
    }
    if first == UInt8(ascii: "[") || first == UInt8(ascii: "#") {
      return NetworkError(
        "this is a text file, no ONNX file",
        suggestion: "if it is a Darknet network, its name must end in .cfg")
    }
    return NetworkError(
      "this is a text file, no ONNX file", suggestion: "ONNX files are binary protocol buffers")
  }

  /// Whether the first bytes are printable; those of a protocol buffer hardly are, for want of
  /// small numbers.
  private static func isText(_ bytes: [UInt8]) -> Bool {
    bytes.prefix(256).allSatisfy { $0 >= 0x20 && $0 < 0x7f || (9...13).contains($0) }
  }

  private static func starts(_ bytes: some Collection<UInt8>, _ text: String) -> Bool {
    bytes.starts(with: text.utf8)
  }

  private static func contains(_ bytes: ArraySlice<UInt8>, _ text: String) -> Bool {
    let pattern = Array(text.utf8)
    guard bytes.count >= pattern.count else { return false }
    return bytes.indices.dropLast(pattern.count - 1).contains {
      bytes[$0] == pattern[0] && bytes[$0..<($0 + pattern.count)].elementsEqual(pattern)
    }
  }
}
