import Foundation

/// Reading files of the host with reasons a user understands.
enum HostFile {
  struct Problem: Error {
    let message: String
    var expected: String?
    var suggestion: String?
  }

  /// The bytes of a file, or why there are none.
  static func read(_ path: String, limit: Int = .max) -> Result<[UInt8], Problem> {
    if let problem = problem(path) { return .failure(problem) }
    if let size = size(path), size > limit {
      return .failure(
        Problem(message: "the file has \(size) bytes", expected: "at most \(limit) bytes"))
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      return .failure(Problem(message: "the file cannot be read"))
    }
    return .success(Array(data))
  }

  /// Why `path` is no readable file; nil if it is one.
  static func problem(_ path: String) -> Problem? {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      return Problem(message: "no such file: \(path)", suggestion: neighbour(of: path))
    }
    if isFolder.boolValue { return Problem(message: "\(path) is a folder", expected: "a file") }
    if !FileManager.default.isReadableFile(atPath: path) {
      return Problem(message: "no permission to read \(path)")
    }
    return nil
  }

  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  /// Size in bytes of a file.
  static func size(_ path: String) -> Int? {
    let attributes = try? FileManager.default.attributesOfItem(atPath: path)
    return (attributes?[.size] as? NSNumber)?.intValue
  }

  /// The folder part of a path; `.` when there is none.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// `path` itself when absolute, otherwise below `folder`.
  static func resolve(_ path: String, in folder: String) -> String {
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
