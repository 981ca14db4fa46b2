internal import Foundation
internal import HostTools

/// Translates hardware descriptions with Verilator and compiles them to libraries.
///
/// Everything made is kept in a folder named after what it was made from: the tools, the module
/// with its parameters, and the content of every file that was read. Any number of processes may
/// share the folder.
public struct RTLBuilder: Sendable {
  /// The tools.
  public let verilator: Verilator
  private let folder: String

  /// Prepares to build.
  ///
  /// - Parameters:
  ///   - buildFolder: made if it does not exist.
  ///   - searchPath: folders to look for tools in, separated by colons; nil for the environment's
  ///     PATH.
  /// - Throws: ``RTLError`` when Verilator or a compiler is missing.
  public init(buildFolder: String, searchPath: String? = nil) throws(RTLError) {
    folder = CacheFiles.absolute(buildFolder)
    verilator = try Verilator.find(searchPath: searchPath, buildFolder: folder)
  }

  /// A module translated to C++, not yet compiled.
  public struct Translation: Sendable {
    /// What was translated.
    public let source: RTLSource
    /// The ports of the top module.
    public let pins: [Pin]
    /// Paths and contents' fingerprint of everything that was read.
    public let fingerprint: String
    let folder: String
  }

  /// Translates a module, or finds it translated: takes about a tenth of a second.
  ///
  /// - Throws: ``RTLError`` with Verilator's messages.
  public func translate(_ source: RTLSource) throws(RTLError) -> Translation {
    for file in source.files where !FileManager.default.isReadableFile(atPath: file) {
      throw RTLError(message: "cannot read \(file)")
    }
    if let known = try translation(of: source) { return known }
    do throws(ToolError) {
      let place = "\(folder)/\(UUID().uuidString)"
      try CacheFiles.makeFolder(place)
      let process = try ToolProcess(
        verilator.path, arguments(source) + ["--Mdir", place], log: "\(place)/log")
      if let diagnostics = process.failure() {
        try? FileManager.default.removeItem(atPath: place)
        throw ToolError(
          message: "\(source.title) is not accepted by Verilator", diagnostics: diagnostics)
      }
      let rules = contents("\(place)/Vmodel__ver.d") ?? ""
      let inputs = CacheFiles.dependencies(rules).map(CacheFiles.absolute)
        .filter { !$0.hasPrefix(place) && !$0.hasSuffix("/verilator_bin") }
      let list = Array(Set(inputs + source.files)).sorted().joined(separator: "\n")
      try CacheFiles.write(list, to: listPath(source))
      guard let target = translationFolder(source) else {
        throw ToolError(message: "a source of \(source.top) changed while it was translated")
      }
      // Somebody else may have been faster; what is there is the same.
      if rename(place, target) != 0 { try? FileManager.default.removeItem(atPath: place) }
    } catch {
      throw RTLError(error)
    }
    guard let result = try translation(of: source) else {
      throw RTLError(message: "cannot read what Verilator made of \(source.top) in \(folder)")
    }
    return result
  }

  /// Compiles a translated module, or finds it compiled.
  ///
  /// - Returns: the path of the library; open it with ``VerilatedModel``.
  /// - Throws: ``RTLError`` with the compiler's messages.
  public func compile(_ translation: Translation) throws(RTLError) -> String {
    let library = "\(translation.folder)/model-\(RTLWrapper.version).so"
    if FileManager.default.fileExists(atPath: library) { return library }
    do throws(ToolError) {
      let wrapper = "\(translation.folder)/model-\(RTLWrapper.version).cc"
      try CacheFiles.write(
        RTLWrapper.text(pins: translation.pins, sources: try sources(translation)), to: wrapper)
      let runtime = try ["verilated", "verilated_threads"].map { (name) throws(ToolError) in
        try object(name)
      }
      let temporary = "\(library).\(UUID().uuidString)"
      let process = try ToolProcess(
        verilator.compiler,
        flags + [
          "-I\(translation.folder)", "-shared", "-Wl,-Bsymbolic", "-x", "c++", wrapper, "-x",
        ]
          + ["none"] + runtime + ["-o", temporary, "-pthread"], log: "\(temporary).log")
      if let diagnostics = process.failure() {
        try? FileManager.default.removeItem(atPath: temporary)
        throw ToolError(
          message: "what Verilator made of \(translation.source.title) does not compile",
          diagnostics: diagnostics)
      }
      try CacheFiles.move(temporary, to: library)
    } catch {
      throw RTLError(error)
    }
    return library
  }

  // MARK: Verilator

  private func arguments(_ source: RTLSource) -> [String] {
    [
      "--cc", "--prefix", "Vmodel", "--top-module", source.top, "-O3", "--assert", "-Wno-fatal",
      "-Wno-lint",
    ]
      + source.parameters.map { "-G\($0.name)=\($0.value)" }
      + source.searchFolders.flatMap { ["-y", $0, "-I\($0)"] } + source.files
  }

  private func listPath(_ source: RTLSource) -> String {
    "\(folder)/\(source.top)-\(recipe(source).text).inputs"
  }

  private func recipe(_ source: RTLSource) -> ContentHash {
    var hash = ContentHash()
    hash.add(verilator.identity)
    for argument in arguments(source) { hash.add(argument) }
    return hash
  }

  /// The folder for a module made from the files that were read last time; nil when one of them
  /// cannot be read or nothing was read yet.
  private func translationFolder(_ source: RTLSource) -> String? {
    guard let list = contents(listPath(source)) else { return nil }
    var hash = recipe(source)
    for input in list.split(separator: "\n").map(String.init) {
      guard let content = FileManager.default.contents(atPath: input) else { return nil }
      hash.add(input)
      hash.add(content)
    }
    return "\(folder)/\(source.top)-\(hash.text)"
  }

  /// What was made of a module; nil when nothing was.
  ///
  /// - Throws: ``RTLError`` when the module has ports that cannot be connected.
  private func translation(of source: RTLSource) throws(RTLError) -> Translation? {
    guard let place = translationFolder(source), let header = contents("\(place)/Vmodel.h") else {
      return nil
    }
    return Translation(
      source: source, pins: try PinList(header: header).pins,
      fingerprint: String(place.split(separator: "-").last ?? ""), folder: place)
  }

  private func contents(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  // MARK: C++

  private var flags: [String] {
    [
      "-std=c++17", "-O2", "-fPIC", "-fvisibility=hidden", "-w", "-I\(verilator.includes)",
      "-I\(verilator.includes)/vltstd", "-DVM_TRACE=0", "-DVM_COVERAGE=0", "-DVM_SC=0",
      "-DVL_USER_FINISH", "-DVL_USER_STOP", "-DVL_USER_FATAL",
    ]
  }

  private func sources(_ translation: Translation) throws(ToolError) -> [String] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: translation.folder)
    else {
      throw ToolError(message: "cannot read \(translation.folder)")
    }
    return names.filter { $0.hasSuffix(".cpp") }.sorted()
  }

  /// Verilator's own runtime, compiled once for all modules.
  private func object(_ name: String) throws(ToolError) -> String {
    var hash = ContentHash()
    for part in [verilator.identity] + flags { hash.add(part) }
    let object = "\(folder)/\(name)-\(hash.text).o"
    if FileManager.default.fileExists(atPath: object) { return object }
    let temporary = "\(object).\(UUID().uuidString)"
    let process = try ToolProcess(
      verilator.compiler,
      flags + ["-c", "\(verilator.includes)/\(name).cpp", "-o", temporary],
      log: "\(temporary).log")
    if let diagnostics = process.failure() {
      throw ToolError(
        message: "Verilator's \(name).cpp does not compile", diagnostics: diagnostics)
    }
    try CacheFiles.move(temporary, to: object)
    return object
  }
}
