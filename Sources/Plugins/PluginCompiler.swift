internal import Foundation
internal import HostTools

/// Compiles a plug-in that is given as its source: one C or C++ file.
///
/// The library is kept in a folder named after what it was made from: the compiler, its options and
/// the content of every file that was read.
public struct PluginCompiler: Sendable {
  private let folder: String
  private let headers: String

  /// Endings of the names of sources.
  private static let languages = [".c": "-std=c11", ".cc": "-std=c++17", ".cpp": "-std=c++17"]

  /// Whether a path names a source instead of a library.
  public static func isSource(_ path: String) -> Bool {
    languages.keys.contains(where: path.hasSuffix)
  }

  /// Prepares to compile.
  ///
  /// - Parameters:
  ///   - buildFolder: made if it does not exist.
  ///   - headers: the folder of `flecsim_plugin.h`.
  public init(buildFolder: String, headers: String) {
    folder = CacheFiles.absolute(buildFolder)
    self.headers = headers
  }

  /// Compiles the source at `path`, or finds it compiled.
  ///
  /// - Returns: the path of the library.
  /// - Throws: ``PluginError`` with the compiler's messages.
  public func compile(_ path: String) throws(PluginError) -> String {
    // What is kept is named after the path too: a relative one means different files.
    let source = CacheFiles.absolute(path)
    let places = ToolFolders()
    let isCXX = !source.hasSuffix(".c")
    let names = isCXX ? ["clang++", "g++", "c++"] : ["clang", "gcc", "cc"]
    guard let compiler = names.lazy.compactMap(places.locate).first else {
      throw PluginError("is a source, and no compiler (\(names.joined(separator: ", "))) was found")
    }
    do throws(ToolError) {
      try CacheFiles.makeFolder(folder)
      if let library = library(source, compiler) { return library }
      let place = "\(folder)/\(UUID().uuidString)"
      try CacheFiles.makeFolder(place)
      defer { try? FileManager.default.removeItem(atPath: place) }
      let process = try ToolProcess(
        compiler,
        flags(source) + ["-MD", "-MF", "\(place)/list.d", "-o", "\(place)/plugin.so", source],
        log: "\(place)/log")
      if let diagnostics = process.failure() {
        throw ToolError(message: "does not compile:\n\(diagnostics)")
      }
      let rules = FileManager.default.contents(atPath: "\(place)/list.d") ?? Data()
      let inputs = CacheFiles.dependencies(String(decoding: rules, as: UTF8.self))
        .map(CacheFiles.absolute)
      try CacheFiles.write(inputs.joined(separator: "\n"), to: listPath(source, compiler))
      guard let target = libraryPath(source, compiler) else {
        throw ToolError(message: "changed while it was compiled")
      }
      try CacheFiles.move("\(place)/plugin.so", to: target)
      return target
    } catch {
      throw PluginError(error.message)
    }
  }

  private func flags(_ source: String) -> [String] {
    let language = Self.languages.first { source.hasSuffix($0.key) }?.value ?? "-std=c11"
    return [language, "-g", "-O2", "-Wall", "-shared", "-fPIC", "-I", headers]
  }

  private func recipe(_ source: String, _ compiler: String) -> ContentHash {
    var hash = ContentHash()
    for part in [ToolFolders.stamp(compiler), source] + flags(source) { hash.add(part) }
    return hash
  }

  private func listPath(_ source: String, _ compiler: String) -> String {
    "\(folder)/\(recipe(source, compiler).text).inputs"
  }

  /// The name of the library made from what was read last time; nil when nothing was read yet.
  private func libraryPath(_ source: String, _ compiler: String) -> String? {
    guard let list = FileManager.default.contents(atPath: listPath(source, compiler)) else {
      return nil
    }
    var hash = recipe(source, compiler)
    for input in String(decoding: list, as: UTF8.self).split(separator: "\n").map(String.init) {
      guard let content = FileManager.default.contents(atPath: input) else { return nil }
      hash.add(input)
      hash.add(content)
    }
    return "\(folder)/plugin-\(hash.text).so"
  }

  private func library(_ source: String, _ compiler: String) -> String? {
    guard let path = libraryPath(source, compiler),
      FileManager.default.fileExists(atPath: path)
    else { return nil }
    return path
  }
}
