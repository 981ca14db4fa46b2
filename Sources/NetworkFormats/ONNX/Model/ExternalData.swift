internal import Foundation
internal import Networks

/// Tensors that an ONNX file keeps in other files of its folder.
///
/// Memory is bounded by the sizes of these files: parts that different tensors use do not overlap,
/// and tensors that share a part share its memory.
final class ExternalData {
  private struct Part: Hashable {
    let location: String
    let offset: Int
    let count: Int
    let element: ElementType
  }

  private let folder: String?
  private var files: [String: RegularFile] = [:]
  private var parts: [Part: Tensor.Elements] = [:]
  private var bytesRead: [String: Int] = [:]

  /// Creates the access to a folder; nil when bytes do not come from a file, and there is no other
  /// data then.
  init(folder: String?) { self.folder = folder }

  /// Reads a tensor.
  ///
  /// - Throws: `NetworkError` when the data is not inside the folder, or not as long as the type
  ///   needs.
  func tensor(_ type: TensorType, entries: [ONNXEntry]) throws(NetworkError) -> Tensor {
    var values: [String: String] = [:]
    for entry in entries { values[entry.key] = entry.value }
    guard let location = values["location"], !location.isEmpty else {
      throw NetworkError("its data is in another file that is not named")
    }
    let offset = try number(values["offset"], "offset") ?? 0
    let count = try number(values["length"], "length") ?? type.byteCount
    guard count == type.byteCount else {
      throw NetworkError(
        "\(count) bytes of data in '\(location)', where its shape needs \(type.byteCount)")
    }
    let part = Part(location: location, offset: offset, count: count, element: type.element)
    if let elements = parts[part] { return Tensor(shape: type.shape, elements: elements) }
    let file = try file(location)
    let total = (bytesRead[location] ?? 0) + count
    guard total <= file.size || count > file.size else {
      throw NetworkError("parts of '\(location)' overlap, or are together larger than the file")
    }
    let bytes = try file.bytes(from: offset, count: count)
    bytesRead[location] = total
    let elements = bytes.withUnsafeBytes { Tensor.Elements(littleEndian: $0, type.element) }
    parts[part] = elements
    return Tensor(shape: type.shape, elements: elements)
  }

  private func number(_ text: String?, _ key: String) throws(NetworkError) -> Int? {
    guard let text else { return nil }
    guard let number = Int(text), number >= 0 else {
      throw NetworkError("the \(key) of its data, '\(text)', is no number of bytes")
    }
    return number
  }

  /// A file of the folder; neither its name nor symbolic links may lead out.
  private func file(_ location: String) throws(NetworkError) -> RegularFile {
    if let file = files[location] { return file }
    guard let folder else {
      throw NetworkError("its data is in the file '\(location)', which is not at hand")
    }
    let components = location.split(separator: "/", omittingEmptySubsequences: false)
    guard !location.hasPrefix("/"), !components.contains(".."), !location.contains("\0"),
      !location.contains("\\")
    else { throw outside(location) }
    let path = folder + "/" + location
    let file = try RegularFile(path: path)
    let root = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
    let target = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    guard target.hasPrefix(root == "/" ? "/" : root + "/") else { throw outside(location) }
    files[location] = file
    return file
  }

  private func outside(_ location: String) -> NetworkError {
    NetworkError(
      "its data is in '\(location)', outside of the model's folder",
      suggestion: "put the file beside the model and name it without a path")
  }
}
