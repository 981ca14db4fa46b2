internal import Fabric

/// Loads host files into memories before the run (requirement F30).
struct Preload {
  let description: SoCDescription
  let stores: [String: BackingStore]

  /// The addresses that an entry of `files` has filled.
  struct Extent {
    /// Path of the entry in the description.
    let path: String
    let range: ClosedRange<UInt64>
  }

  /// What was loaded.
  struct Outcome {
    var extents: [Extent] = []
    var files: [System.LoadedFile] = []
    /// The given digest, continued with names and bytes of all files.
    var digest: Digest
  }

  /// Loads all files in their order; `digest` is continued with their bytes.
  ///
  /// - Throws: ``SystemError`` when a file changed since validation.
  func run(_ digest: Digest) throws(SystemError) -> Outcome {
    var outcome = Outcome(digest: digest)
    for file in description.files where file.operation == .fileToMemory {
      let bytes = try description.bytes(of: file)
      guard let store = stores[file.memory], store.contains(file.address, count: bytes.count)
      else {
        throw .file(path: file.file, reason: "does not fit into memory \(file.memory)")
      }
      store.write(bytes, at: file.address)
      outcome.digest.add(file.name)
      outcome.digest.add(bytes)
      outcome.files.append(
        System.LoadedFile(file: file.file, sha256: Digest.hexadecimal(of: bytes)))
      guard !bytes.isEmpty else { continue }
      outcome.extents.append(
        Extent(
          path: "files.\(file.name)",
          range: file.address...(file.address + UInt64(bytes.count - 1))))
    }
    return outcome
  }
}

extension SoCDescription {
  /// The contents of a host file as memory holds them.
  func bytes(of file: FileDescription) throws(SystemError) -> [UInt8] {
    do {
      return try contents(of: file)
    } catch {
      // The findings name the description and the place in it themselves.
      throw .input(error)
    }
  }
}
