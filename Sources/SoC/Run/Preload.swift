internal import Fabric

/// Loads host files into memories before the run (requirement F30).
struct Preload {
  let description: SoCDescription
  let stores: [String: BackingStore]

  /// - Throws: ``SystemError`` when a file changed since validation.
  func run() throws(SystemError) {
    for file in description.files where file.operation == .fileToMemory {
      let bytes = try description.bytes(of: file)
      guard let store = stores[file.memory], store.contains(file.address, count: bytes.count)
      else {
        throw .file(path: file.file, reason: "does not fit into memory \(file.memory)")
      }
      store.write(bytes, at: file.address)
    }
  }
}

extension SoCDescription {
  /// The contents of a host file as memory holds them.
  func bytes(of file: FileDescription) throws(SystemError) -> [UInt8] {
    do {
      return try contents(of: file)
    } catch {
      throw .file(path: resolve(file.file), reason: "\(error)")
    }
  }
}
