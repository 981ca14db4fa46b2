import Foundation
internal import HostTools

/// What one run of a compiler makes one object of.
struct CompilationUnit {
  /// Paths of the files that are compiled: one, or all of a Swift module.
  let sources: [String]
  /// Path of the compiler.
  let compiler: String
  /// What the object depends on besides flags and files: which compiler it is.
  let identity: String
  /// Everything the compiler is told but where to write.
  let flags: [String]
  /// Whether the compiler is that of Swift.
  let isSwift: Bool
  /// Folder of the generated headers.
  private let generated: String

  /// A C or assembly file.
  ///
  /// - Parameter generated: folder of the generated headers, whose name depends on their content.
  init(source: String, flags: [String], generated: String, _ toolchain: FirmwareToolchain) {
    sources = [source]
    self.generated = generated
    compiler = toolchain.compiler
    identity = toolchain.identity
    self.flags = (FirmwareLanguage.c.includes(source) ? ["-std=c17"] : []) + flags
    isSwift = false
  }

  /// A Swift module.
  init(
    module sources: [String], flags: [String], generated: String, _ swift: FirmwareToolchain.Swift
  ) {
    self.sources = sources
    self.generated = generated
    compiler = swift.compiler
    identity = swift.identity
    self.flags = flags
    isSwift = true
  }

  /// Start of the object's name.
  var name: String {
    isSwift ? "module" : sources[0].split(separator: "/").last.map(String.init) ?? sources[0]
  }

  /// Starts the compiler.
  ///
  /// Swift objects hold the name of the file they were written to: it must be the same every time.
  ///
  /// - Parameter folder: an empty folder for the object and the list of files that were read.
  func start(in folder: String) throws(FirmwareError) -> ToolProcess {
    let outputs = isSwift ? try swiftOutput(folder) : ["-MD", "-MF", list(in: folder)]
    let arguments = flags + outputs + ["-c"] + sources + ["-o", object(in: folder)]
    return try FirmwareError.wrapping { () throws(ToolError) in
      try ToolProcess(compiler, arguments, log: "\(folder)/log")
    }
  }

  /// Starts the preprocessor, if its output is all that the object depends on.
  ///
  /// - Parameter folder: an empty folder for the text and the list of files that were read.
  func startPreprocessor(in folder: String) throws(FirmwareError) -> ToolProcess? {
    // Debugging information names lines, which the text does not have.
    guard !isSwift, !flags.contains(where: { $0.hasPrefix("-g") }) else { return nil }
    let outputs = ["-E", "-P", "-MD", "-MF", list(in: folder), "-o", text(in: folder)]
    return try FirmwareError.wrapping { () throws(ToolError) in
      try ToolProcess(compiler, flags + outputs + sources, log: "\(folder)/log")
    }
  }

  /// Path of the preprocessed text.
  func text(in folder: String) -> String { "\(folder)/\(name).i" }

  /// The flags without the place of the generated headers: the preprocessed text has their content, and
  /// objects do not name files by their place.
  var placelessFlags: [String] { flags.map(placeless) }

  /// A text with a name for the folder of the generated headers that does not depend on their content.
  func placeless(_ text: String) -> String {
    text.replacingOccurrences(of: generated, with: Self.place)
  }

  /// The path that ``placeless(_:)`` made a text of.
  func placed(_ text: String) -> String {
    text.hasPrefix(Self.place) ? generated + text.dropFirst(Self.place.count) : text
  }

  /// Stands for the folder of the generated headers; no path starts like that.
  private static let place = "<generated>"

  /// Path of the object.
  func object(in folder: String) -> String { "\(folder)/\(name).o" }

  private func list(in folder: String) -> String { "\(folder)/\(name).d" }

  /// The Swift driver takes the place of the list from a map only.
  private func swiftOutput(_ folder: String) throws(FirmwareError) -> [String] {
    let map = ["": ["object": object(in: folder), "dependencies": list(in: folder)]]
    let path = "\(folder)/map.json"
    do {
      try JSONEncoder().encode(map).write(to: URL(fileURLWithPath: path))
    } catch {
      throw FirmwareError(message: "cannot write \(path)")
    }
    return ["-emit-dependencies", "-output-file-map", path]
  }

  /// The files that the object was made from; the compiler's own are part of its identity.
  func inputs(in folder: String) -> [String] {
    let rules = FileManager.default.contents(atPath: list(in: folder)) ?? Data()
    let files = CacheFiles.dependencies(String(decoding: rules, as: UTF8.self))
    return files.filter { !$0.hasSuffix(".swiftmodule") }
  }

  /// The sources that the compiler complains about; all if its complaint is about none of them.
  func culprits(_ diagnostics: String) -> [String] {
    let named = sources.filter { diagnostics.contains("\($0):") }
    return named.isEmpty ? sources : named
  }
}
