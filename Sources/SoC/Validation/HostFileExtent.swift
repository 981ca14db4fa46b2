/// What a host file of section `files` holds, as far as that can be told.
struct HostFileExtent {
  /// Elements that move between file and memory; nil when unknown after a reported mistake.
  let elements: Int?

  /// Looks at the file; mistakes in it are reported.
  init(_ file: FileDescription, in soc: SoCDescription, _ collector: DiagnosticCollector) {
    let reader = HostFileReader(file: file, path: soc.resolve(file.file), collector: collector)
    elements = reader.countElements()
  }
}

/// Reads the host file of an entry of `files` and reports what is wrong with it.
struct HostFileReader {
  let file: FileDescription
  /// The path as the host finds it.
  let path: String
  let collector: DiagnosticCollector

  /// The largest text file in bytes: what a memory can hold does not need more.
  private static let textLimit = 256 << 20

  /// The number of elements to move, or nil after a mistake.
  func countElements() -> Int? {
    guard file.origin.isSound("file", "operation") else { return nil }
    if file.operation == .memoryToFile {
      checkFolder()
      guard file.origin.isSound("items") else { return nil }
      if file.items == nil {
        collector.error(
          at: file.origin.position, file.origin.path(of: "items"), "missing",
          expected: "an integer: how many elements to dump")
      }
      return file.items
    }
    if let problem = HostFile.problem(path) {
      report(problem.message, expected: problem.expected, suggestion: problem.suggestion)
      return nil
    }
    guard file.origin.isSound("data_type", "data_representation") else { return nil }
    let size = file.dataType.byteCount
    let available: Int
    if file.representation == .binary {
      guard let bytes = HostFile.size(path) else { return nil }
      available = bytes / size
      if bytes == 0 { return reportEmpty() }
      if let items = file.items, available < items { return reportTooFew(available, bytes) }
      if bytes % size != 0 {
        report(
          "the file has \(bytes) bytes",
          expected: "a multiple of \(size), the size of \(file.dataType.rawValue)")
        return nil
      }
    } else {
      guard let bytes = readText() else { return nil }
      available = bytes.count / size
    }
    if available == 0 { return reportEmpty() }
    guard file.origin.isSound("items"), let items = file.items else {
      return file.origin.isSound("items") ? available : nil
    }
    return available < items ? reportTooFew(available, available * size) : items
  }

  /// The bytes to load or to compare with, little endian; nil after a mistake.
  func readBytes() -> [UInt8]? {
    guard let count = countElements() else { return nil }
    var bytes: [UInt8]?
    if file.representation == .text {
      bytes = readText()
    } else {
      switch HostFile.read(path, prefix: count * file.dataType.byteCount) {
      case .success(let data): bytes = data
      case .failure(let problem): report(problem.message, expected: problem.expected)
      }
    }
    return bytes.map { Array($0.prefix(count * file.dataType.byteCount)) }
  }

  private func readText() -> [UInt8]? {
    switch HostFile.read(path, limit: Self.textLimit) {
    case .success(let text):
      let numbers = NumericText(file: path, type: file.dataType)
      return numbers.encode(text, collector)
    case .failure(let problem):
      report(problem.message, expected: problem.expected)
      return nil
    }
  }

  private func checkFolder() {
    let folder = HostFile.folder(of: path)
    if !HostFile.isFolder(folder) {
      report("no such folder: \(folder)", expected: "a folder to dump into")
    } else if HostFile.isFolder(path) {
      report("\(path) is a folder", expected: "a file")
    } else if !HostFile.isWritable(folder) {
      report("no permission to write into the folder \(folder)")
    }
  }

  private func reportEmpty() -> Int? {
    report("\(file.file) holds no data", expected: "at least one element")
    return nil
  }

  private func reportTooFew(_ available: Int, _ bytes: Int) -> Int? {
    let items = file.items ?? 0
    let place = file.origin.isGiven("items") ? "items" : "file"
    collector.error(
      at: file.origin.position(of: place), file.origin.path(of: place),
      "\(items) elements of \(file.dataType.rawValue) are \(items * file.dataType.byteCount) bytes,"
        + " but \(file.file) holds \(available) elements in \(bytes) bytes",
      expected: "at most \(available)")
    return nil
  }

  private func report(_ message: String, expected: String? = nil, suggestion: String? = nil) {
    collector.error(
      at: file.origin.position(of: "file"), file.origin.path(of: "file"), message,
      expected: expected, suggestion: suggestion)
  }
}

extension SoCDescription {
  /// The contents of a host file as memory holds them: little endian, `items` elements.
  ///
  /// - Throws: `ConfigErrors` when the file is missing, too short or not numeric.
  public func contents(of file: FileDescription) throws(ConfigErrors) -> [UInt8] {
    if let contents = file.contents { return contents }
    let collector = DiagnosticCollector()
    let reader = HostFileReader(file: file, path: resolve(file.file), collector: collector)
    let bytes = reader.readBytes()
    _ = try collector.finish()
    return bytes ?? []
  }
}
