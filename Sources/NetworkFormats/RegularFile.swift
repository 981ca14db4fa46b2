internal import Foundation
internal import Networks

/// Bytes of a file whose size is known before memory is taken for them.
struct RegularFile {
  /// The file, as messages name it.
  let path: String
  /// Bytes in all.
  let size: Int

  /// Looks at a file; a pipe could block for ever, and a device need not end.
  ///
  /// - Throws: `NetworkError` when there is none, or when it is no regular file (a folder, a
  ///   device, a pipe).
  init(path: String) throws(NetworkError) {
    var status = stat()
    guard stat(path, &status) == 0 else {
      throw NetworkError("\(String(cString: strerror(errno)))", file: path)
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      let kind = status.st_mode & S_IFMT == S_IFDIR ? "a folder, not a file" : "no regular file"
      throw NetworkError("is \(kind)", file: path)
    }
    self.path = path
    self.size = Int(status.st_size)
  }

  /// Reads a part, or all.
  ///
  /// - Throws: `NetworkError` when the part is not inside the file or cannot be read.
  func bytes(from offset: Int = 0, count: Int? = nil) throws(NetworkError) -> [UInt8] {
    guard offset >= 0, offset <= size else {
      throw NetworkError("offset \(offset) is outside of \(size) bytes", file: path)
    }
    let count = count ?? size - offset
    guard count >= 0, count <= size - offset else {
      throw NetworkError("\(count) bytes at \(offset) end outside of \(size) bytes", file: path)
    }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw NetworkError("\(String(cString: strerror(errno)))", file: path)
    }
    defer { close(descriptor) }
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, initialized in
      while initialized < count {
        let rest = UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[initialized...])
        let got = pread(
          descriptor, rest.baseAddress, min(rest.count, 1 << 30), off_t(offset + initialized))
        if got < 0 && errno == EINTR { continue }
        if got <= 0 { break }
        initialized += got
      }
    }
    guard bytes.count == count else {
      throw NetworkError(
        "cannot read: the file ends or fails after \(bytes.count) bytes", file: path)
    }
    return bytes
  }
}
