internal import Foundation
public import Networks

/// Files of the host as bytes, read whole, with messages a user understands.
public enum HostBytes {
  /// The content of a regular file.
  ///
  /// - Throws: `NetworkError` naming the file: missing, a folder, unreadable, larger than `limit` bytes.
  public static func read(
    _ path: String, limit: Int = 1 << 36
  ) throws(NetworkError) -> [UInt8] {
    let file = try RegularFile(path: path)
    guard file.size <= limit else {
      throw NetworkError("\(file.size) bytes are more than the \(limit) allowed", file: path)
    }
    return try file.bytes()
  }

  /// Writes a file whole or not at all.
  ///
  /// - Throws: `NetworkError` naming the file.
  public static func write(_ parts: [UInt8]..., to path: String) throws(NetworkError) {
    try write(parts: parts, to: path)
  }

  /// Writes a file of parts whole or not at all; each part is asked for when it is written.
  ///
  /// - Throws: `NetworkError` naming the file.
  public static func write(
    parts: some Sequence<[UInt8]>, to path: String
  ) throws(NetworkError) {
    let temporary = "\(path).\(getpid()).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw NetworkError("cannot write: \(String(cString: strerror(errno)))", file: path)
    }
    var failure: Int32 = 0
    for part in parts where failure == 0 { failure = store(part, descriptor) }
    if close(descriptor) != 0, failure == 0 { failure = errno }
    if failure == 0, rename(temporary, path) != 0 { failure = errno }
    if failure != 0 {
      unlink(temporary)
      throw NetworkError("cannot write: \(String(cString: strerror(failure)))", file: path)
    }
  }

  private static func store(_ bytes: [UInt8], _ descriptor: Int32) -> Int32 {
    bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let count = Foundation.write(
          descriptor, buffer.baseAddress?.advanced(by: done), min(buffer.count - done, 1 << 30))
        if count >= 0 {
          done += count
        } else if errno != EINTR {
          return errno
        }
      }
      return 0
    }
  }
}
