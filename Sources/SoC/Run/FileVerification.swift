internal import Fabric

/// The comparison of a memory area with a golden file after the run (requirement F45).
public struct FileVerification: Sendable, Equatable {
  /// The entry's name in `files`.
  public let name: String
  /// The golden file as written in the description.
  public let file: String
  /// Elements that are equal, and elements in all.
  public let matched: Int
  /// See ``matched``.
  public let total: Int
  /// The first element that differs: index, expected and found value.
  public let firstMismatch: Mismatch?

  /// A differing element.
  public struct Mismatch: Sendable, Equatable {
    /// Position in the file, in elements.
    public let index: Int
    /// The golden value as a number.
    public let expected: String
    /// The value in memory.
    public let found: String
  }

  /// Whether everything is equal.
  public var isEqual: Bool { matched == total }
}

extension System {
  /// Compares memory with all files of operation `compare`.
  ///
  /// - Throws: ``SystemError`` when a golden file cannot be read.
  public func verifyFiles() throws(SystemError) -> [FileVerification] {
    var results: [FileVerification] = []
    for file in description.files where file.operation == .compare {
      let golden = try description.bytes(of: file)
      guard let store = stores[file.memory], store.contains(file.address, count: golden.count)
      else { throw .file(path: file.file, reason: "does not lie in memory \(file.memory)") }
      let found = store.read(at: file.address, count: golden.count)
      results.append(compare(file, golden: golden, found: found))
    }
    return results
  }

  private func compare(
    _ file: FileDescription, golden: [UInt8], found: [UInt8]
  ) -> FileVerification {
    let size = file.dataType.byteCount
    let total = golden.count / size
    var matched = 0
    var first: FileVerification.Mismatch?
    for index in 0..<total {
      let range = index * size..<(index + 1) * size
      if golden[range].elementsEqual(found[range]) {
        matched += 1
      } else if first == nil {
        first = FileVerification.Mismatch(
          index: index, expected: file.dataType.text(of: Array(golden[range])),
          found: file.dataType.text(of: Array(found[range])))
      }
    }
    return FileVerification(
      name: file.name, file: file.file, matched: matched, total: total, firstMismatch: first)
  }

  /// Writes all files of operation `memory_to_file` (requirement F28), each in one go.
  ///
  /// - Throws: ``SystemError`` when a file cannot be written; no partial file is left.
  public func dumpFiles() throws(SystemError) {
    for file in description.files where file.operation == .memoryToFile {
      let count = (file.items ?? 0) * file.dataType.byteCount
      guard let store = stores[file.memory], store.contains(file.address, count: count) else {
        throw .file(path: file.file, reason: "does not lie in memory \(file.memory)")
      }
      var bytes = store.read(at: file.address, count: count)
      if file.representation == .text { bytes = Array(file.dataType.lines(of: bytes).utf8) }
      let path = description.resolve(file.file)
      do {
        try HostFile.write(bytes, to: path)
      } catch {
        throw .file(path: path, reason: "\(error)")
      }
    }
  }
}
