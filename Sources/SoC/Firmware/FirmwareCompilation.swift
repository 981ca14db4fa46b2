import Foundation

/// Compiles sources to objects, as many at a time as there are processors, and only those that
/// changed.
///
/// An object is named after its source, the flags and the content of every file the compiler read.
/// The list of these files is kept from compilation to compilation.
struct FirmwareCompilation {
  private let toolchain: FirmwareToolchain
  private let flags: [String]
  /// Where objects and lists are kept.
  let folder: String

  init(toolchain: FirmwareToolchain, flags: [String], folder: String) {
    self.toolchain = toolchain
    self.flags = flags
    self.folder = folder
  }

  /// Compiles `sources`; returns the objects in the same order.
  ///
  /// - Throws: ``FirmwareError`` with the messages of every source that failed.
  func compile(_ sources: [String]) throws(FirmwareError) -> [String] {
    var objects = sources.map(existingObject)
    var missing = sources.indices.filter { objects[$0] == nil }[...]
    var running: [Job] = []
    var failures: [(source: String, diagnostics: String)] = []
    var problem: FirmwareError?
    let limit = max(1, ProcessInfo.processInfo.activeProcessorCount)
    while !running.isEmpty || (problem == nil && !missing.isEmpty) {
      while problem == nil, running.count < limit, let index = missing.popFirst() {
        do throws(FirmwareError) {
          running.append(try start(sources[index], index: index))
        } catch {
          problem = error
        }
      }
      guard !running.isEmpty else { break }
      let job = running.removeFirst()
      if let diagnostics = job.process.failure() {
        job.removeFiles()
        failures.append((sources[job.index], diagnostics))
      } else {
        do throws(FirmwareError) {
          objects[job.index] = try keep(job, sources[job.index])
        } catch {
          problem = problem ?? error
        }
      }
    }
    if let problem { throw problem }
    if !failures.isEmpty {
      // A wrong flag is reported once for every source, in the same words and without a file.
      var seen: Set<String> = []
      let distinct = failures.filter { seen.insert($0.diagnostics).inserted }
      let isFlag = failures.count > 1 && distinct.count == 1
      throw FirmwareError(
        message: "the firmware does not compile: "
          + (isFlag ? "see cpu_firmware.flags" : distinct.map(\.source).joined(separator: ", ")),
        diagnostics: distinct.map(\.diagnostics).joined())
    }
    return objects.compactMap { $0 }
  }

  private struct Job {
    let index: Int
    let object: String
    let dependencies: String
    let process: ToolProcess

    func removeFiles() {
      try? FileManager.default.removeItem(atPath: object)
      try? FileManager.default.removeItem(atPath: dependencies)
    }
  }

  private func start(_ source: String, index: Int) throws(FirmwareError) -> Job {
    let stem = "\(folder)/\(UUID().uuidString)"
    let language = source.hasSuffix(".c") ? ["-std=c17"] : []
    let process = try ToolProcess(
      toolchain.compiler,
      language + flags + ["-MD", "-MF", "\(stem).d", "-c", source, "-o", "\(stem).o"],
      log: "\(stem).log")
    return Job(
      index: index, object: "\(stem).o", dependencies: "\(stem).d", process: process)
  }

  // MARK: What was compiled before

  /// The object of `source` if nothing it was made from has changed.
  private func existingObject(of source: String) -> String? {
    guard let data = FileManager.default.contents(atPath: listPath(of: source)) else { return nil }
    let inputs = String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    guard let object = objectPath(of: source, inputs: inputs),
      FileManager.default.fileExists(atPath: object)
    else { return nil }
    return object
  }

  /// Gives the object and the list of its inputs their names.
  private func keep(_ job: Job, _ source: String) throws(FirmwareError) -> String {
    let rules = FileManager.default.contents(atPath: job.dependencies) ?? Data()
    let inputs = Self.dependencies(String(decoding: rules, as: UTF8.self))
    guard let object = objectPath(of: source, inputs: inputs) else {
      job.removeFiles()
      throw FirmwareError(message: "\(source) changed while it was compiled")
    }
    do {
      let list = Data(inputs.joined(separator: "\n").utf8)
      try list.write(to: URL(fileURLWithPath: listPath(of: source)), options: .atomic)
    } catch {
      job.removeFiles()
      throw FirmwareError(message: "cannot write into \(folder)")
    }
    try FirmwareBuilder.move(job.object, to: object)
    try? FileManager.default.removeItem(atPath: job.dependencies)
    return object
  }

  private func listPath(of source: String) -> String {
    var hash = recipe
    hash.add(source)
    return "\(folder)/\(hash.text).inputs"
  }

  /// The name of the object made from `inputs`; nil when one of them cannot be read.
  private func objectPath(of source: String, inputs: [String]) -> String? {
    var hash = recipe
    hash.add(source)
    for input in inputs {
      guard let content = FileManager.default.contents(atPath: input) else { return nil }
      hash.add(input)
      hash.add(content)
    }
    let name = source.split(separator: "/").last.map(String.init) ?? source
    return "\(folder)/\(name)-\(hash.text).o"
  }

  private var recipe: ContentHash {
    var hash = ContentHash()
    hash.add(toolchain.identity)
    for flag in flags { hash.add(flag) }
    return hash
  }

  /// The prerequisites of the first rule of a makefile, as compilers write it: blanks in names are
  /// behind a backslash, dollars doubled, lines continued by a backslash at their end.
  static func dependencies(_ makefile: String) -> [String] {
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
