internal import Diagnostics
import Foundation

/// Files of the host: why one cannot be used, in words a user understands.
///
/// Only regular files are read: a pipe could block for ever, and a device need not end.
public enum HostFile {
  /// What is wrong with a path.
  public struct Problem: Error, Sendable, CustomStringConvertible {
    /// What was found.
    public let message: String
    /// What was expected, if there is more to say than the message does.
    public var expected: String?
    /// What was probably meant.
    public var suggestion: String?

    /// `message; expected …; did you mean 'x'?`
    public var description: String {
      message + (expected.map { "; expected \($0)" } ?? "")
        + (suggestion.map { "; did you mean '\($0)'?" } ?? "")
    }
  }

  /// The bytes of a file, or why there are none.
  ///
  /// - Parameters:
  ///   - limit: the largest file in bytes that is read.
  ///   - prefix: how many bytes are wanted; all of a longer file's others are left unread.
  public static func read(
    _ path: String, limit: Int = .max, prefix: Int = .max
  ) -> Result<[UInt8], Problem> {
    if let problem = problem(path) { return .failure(problem) }
    // Opening a pipe that took the file's place meanwhile must not block either.
    let descriptor = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return .failure(Problem(message: reason(errno))) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { return .failure(Problem(message: reason(errno))) }
    let size = Int(status.st_size)
    let wanted = min(size, prefix)
    if wanted > limit {
      return .failure(
        Problem(message: "the file has \(size) bytes", expected: "at most \(limit) bytes"))
    }
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: wanted) { buffer, count in
      while count < wanted {
        let rest = UnsafeMutableRawBufferPointer(
          rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
        let got = Foundation.read(descriptor, rest.baseAddress, rest.count)
        if got < 0, errno == EINTR { continue }
        if got < 0 { failure = errno }
        if got <= 0 { break }
        count += got
      }
    }
    return failure == 0 ? .success(bytes) : .failure(Problem(message: reason(failure)))
  }

  /// Writes a file in one step: whoever looks sees the old content or the new one, never half of
  /// it. What is no regular file, such as `/dev/stdout`, is written into.
  ///
  /// - Throws: ``Problem`` with the system's reason; then nothing is left behind.
  public static func write(_ bytes: [UInt8], to path: String) throws(Problem) {
    if path.isEmpty { throw Problem(message: "the path is empty") }
    var status = stat()
    let exists = stat(path, &status) == 0
    let isRegular = !exists || status.st_mode & S_IFMT == S_IFREG
    if exists, status.st_mode & S_IFMT == S_IFDIR {
      throw Problem(message: "is a folder", expected: "a file")
    }
    // A link stays a link: the file it leads to is replaced.
    let path = exists ? realpath(path) : path
    let target = isRegular ? "\(path).\(getpid()).part" : path
    let flags = O_WRONLY | O_CLOEXEC | (isRegular ? O_CREAT | O_TRUNC : O_APPEND)
    let descriptor = open(target, flags, 0o666)
    guard descriptor >= 0 else { throw Problem(message: "cannot write: \(reason(errno))") }
    var failure = store(bytes, descriptor)
    if close(descriptor) != 0, failure == 0 { failure = errno }
    if failure == 0, isRegular, rename(target, path) != 0 { failure = errno }
    if failure != 0 {
      if isRegular { unlink(target) }
      throw Problem(message: "cannot write: \(reason(failure))")
    }
  }

  private static func realpath(_ path: String) -> String {
    guard let resolved = Foundation.realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Writes all bytes; the error number, 0 for none.
  private static func store(_ bytes: [UInt8], _ descriptor: Int32) -> Int32 {
    bytes.withUnsafeBytes { buffer in
      var done = 0
      while done < buffer.count {
        let rest = UnsafeRawBufferPointer(rebasing: buffer[done...])
        let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
        if count < 0, errno == EINTR { continue }
        if count < 0 { return errno }
        done += count
      }
      return 0
    }
  }

  /// Why `path` is no readable regular file; nil if it is one.
  public static func problem(_ path: String) -> Problem? {
    if path.isEmpty { return Problem(message: "the path is empty", expected: "a file") }
    var status = stat()
    guard stat(path, &status) == 0 else { return missing(path, errno) }
    switch status.st_mode & S_IFMT {
    case S_IFREG: break
    case S_IFDIR: return Problem(message: "\(path) is a folder", expected: "a file")
    case S_IFIFO: return Problem(message: "\(path) is a pipe", expected: "a regular file")
    case S_IFSOCK: return Problem(message: "\(path) is a socket", expected: "a regular file")
    default: return Problem(message: "\(path) is a device", expected: "a regular file")
    }
    return access(path, R_OK) == 0 ? nil : Problem(message: "no permission to read \(path)")
  }

  private static func missing(_ path: String, _ code: Int32) -> Problem {
    guard code == ENOENT || code == ENOTDIR else {
      return Problem(message: "\(path): \(reason(code))")
    }
    if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path) {
      return Problem(message: "\(path) is a link to \(target), which does not exist")
    }
    return Problem(message: "no such file: \(path)", suggestion: neighbour(of: path))
  }

  /// The system's words for an error number, without a capital.
  static func reason(_ code: Int32) -> String {
    let text = String(cString: strerror(code))
    guard let first = text.first, text.dropFirst().first?.isLowercase == true else { return text }
    return first.lowercased() + text.dropFirst()
  }

  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  /// Whether files can be made in a folder.
  static func isWritable(_ folder: String) -> Bool { access(folder, W_OK | X_OK) == 0 }

  /// Size in bytes of a file, following links.
  static func size(_ path: String) -> Int? {
    var status = stat()
    return stat(path, &status) == 0 ? Int(status.st_size) : nil
  }

  /// The folder part of a path; `.` when there is none.
  public static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// `path` itself when absolute, otherwise below `folder`.
  public static func resolve(_ path: String, in folder: String) -> String {
    path.hasPrefix("/") || folder == "." ? path : "\(folder)/\(path)"
  }

  /// A file in the same folder with a name near to the missing one.
  private static func neighbour(of path: String) -> String? {
    let folder = folder(of: path)
    let name = path.split(separator: "/").last.map(String.init) ?? path
    guard let entries = try? FileManager.default.contentsOfDirectory(atPath: folder),
      let near = Suggestion.nearest(to: name, among: entries.sorted())
    else { return nil }
    return path.contains("/") ? resolve(near, in: folder) : near
  }
}
