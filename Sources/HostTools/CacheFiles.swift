internal import Foundation

/// Files of a build folder that any number of processes may share: what is there is complete.
public enum CacheFiles {
  /// Where built things are kept: `flecsim` in the user's cache folder.
  public static var standardFolder: String {
    let environment = ProcessInfo.processInfo.environment
    if let cache = environment["XDG_CACHE_HOME"], cache.hasPrefix("/") { return cache + "/flecsim" }
    if let home = environment["HOME"], home.hasPrefix("/") { return home + "/.cache/flecsim" }
    return FileManager.default.temporaryDirectory.path + "/flecsim-\(getuid())"
  }

  /// Makes a folder and those above it.
  ///
  /// - Throws: ``ToolError`` naming the folder.
  public static func makeFolder(_ folder: String) throws(ToolError) {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw ToolError(message: "cannot make the folder \(folder)")
    }
  }

  /// Writes a text unless the file holds it already; a reader never sees half of it.
  ///
  /// - Throws: ``ToolError`` naming the file.
  public static func write(_ text: String, to path: String) throws(ToolError) {
    let data = Data(text.utf8)
    if FileManager.default.contents(atPath: path) == data { return }
    do {
      try data.write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw ToolError(message: "cannot write \(path)")
    }
  }

  /// Renames, replacing what is there; both paths must be on one file system.
  ///
  /// - Throws: ``ToolError`` naming the target.
  public static func move(_ path: String, to target: String) throws(ToolError) {
    guard rename(path, target) == 0 else {
      throw ToolError(message: "cannot write \(target): \(String(cString: strerror(errno)))")
    }
  }

  /// The path, absolute and without `.` and `..`.
  public static func absolute(_ path: String) -> String {
    URL(fileURLWithPath: path).standardizedFileURL.path
  }

  /// The prerequisites of the first rule of a makefile, as compilers write it: blanks in names are
  /// behind a backslash, dollars doubled, lines continued by a backslash at their end.
  public static func dependencies(_ makefile: String) -> [String] {
    guard let colon = makefile.range(of: ": ") ?? makefile.range(of: ":") else { return [] }
    var names: [String] = []
    var name = ""
    var characters = makefile[colon.upperBound...].makeIterator()
    func finish() {
      if !name.isEmpty { names.append(name) }
      name = ""
    }
    scan: while let character = characters.next() {
      switch character {
      case "\\":
        guard let next = characters.next() else { break scan }
        if next.isNewline { finish() } else { name.append(next) }
      case "$":
        name.append("$")
        _ = characters.next()
      case " ", "\t": finish()
      case _ where character.isNewline: break scan
      default: name.append(character)
      }
    }
    finish()
    return names
  }
}
