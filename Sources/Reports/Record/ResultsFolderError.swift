/// Why a results folder cannot be written or read.
public enum ResultsFolderError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The folder or one of its files is not there.
  case missing(path: String, reason: String)
  /// A file's content is not what this build writes.
  case corrupt(path: String, reason: String)
  /// The run was stored by a build with another layout.
  case unsupportedFormat(path: String, found: Int, known: Int)
  /// The system refused to read a file.
  case unreadable(path: String, reason: String)
  /// The system refused to write a file.
  case unwritable(path: String, reason: String)
  /// A value has no JSON form, for example a number that is not finite.
  case notEncodable(path: String, reason: String)

  /// `path: reason`.
  public var description: String {
    switch self {
    case .missing(let path, let reason), .corrupt(let path, let reason),
      .unreadable(let path, let reason), .unwritable(let path, let reason),
      .notEncodable(let path, let reason):
      "\(path): \(reason)"
    case .unsupportedFormat(let path, let found, let known):
      "\(path): results have format \(found); this version reads format \(known)"
    }
  }
}
