import Foundation
internal import HostTools

/// Compiles sources to objects, as many at a time as there are processors, and only those that
/// changed.
///
/// An object is named after its sources, the flags and the content of every file the compiler read.
/// The list of these files is kept from compilation to compilation. Where such a file has changed, the
/// preprocessor says whether that matters: systems that differ in values of `soc.h` that a source does not
/// use share its object.
struct FirmwareCompilation {
  /// Where objects and lists are kept.
  let folder: String

  /// Compiles `units`; returns the objects in the same order.
  ///
  /// - Throws: ``FirmwareError`` with the messages of every source that failed.
  func compile(_ units: [CompilationUnit]) throws(FirmwareError) -> [String] {
    var objects = units.map(existingObject)
    var missing = units.indices.filter { objects[$0] == nil }[...]
    var running: [Job] = []
    var failures: [Failure] = []
    var problem: FirmwareError?
    let limit = max(1, ProcessInfo.processInfo.activeProcessorCount)
    while !running.isEmpty || (problem == nil && !missing.isEmpty) {
      while problem == nil, running.count < limit, let index = missing.popFirst() {
        do throws(FirmwareError) {
          running.append(try start(units[index], index: index, preprocesses: true))
        } catch {
          problem = error
        }
      }
      guard !running.isEmpty else { break }
      let job = running.removeFirst()
      defer { try? FileManager.default.removeItem(atPath: job.folder) }
      let unit = units[job.index]
      let diagnostics = job.process.failure()
      do throws(FirmwareError) {
        if let diagnostics, job.text == nil {
          failures.append(Failure(unit: unit, diagnostics: diagnostics))
        } else if let text = job.text {
          // What the preprocessor has against a source, the compiler will say.
          let twin = diagnostics == nil ? object(of: unit, text: text) : nil
          if let twin, FileManager.default.fileExists(atPath: twin) {
            objects[job.index] = try keep(unit, copying: twin, from: job.folder)
          } else if problem == nil {
            running.append(try start(units[job.index], index: job.index, twin: twin))
          }
        } else {
          objects[job.index] = try keep(unit, from: job.folder, twin: job.twin)
        }
      } catch {
        problem = problem ?? error
      }
    }
    if let problem { throw problem }
    if !failures.isEmpty { throw Self.summary(failures) }
    return objects.compactMap { $0 }
  }

  private struct Job {
    let index: Int
    /// What the compiler writes, until it is kept.
    let folder: String
    let process: ToolProcess
    /// Path of the preprocessed text; nil when the job compiles.
    let text: String?
    /// Name that the object gets after its preprocessed text; nil when there is none.
    let twin: String?
  }

  private func start(
    _ unit: CompilationUnit, index: Int, preprocesses: Bool = false, twin: String? = nil
  ) throws(FirmwareError) -> Job {
    let place = "\(folder)/\(UUID().uuidString)"
    do {
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    } catch {
      throw FirmwareError(message: "cannot make the folder \(place)")
    }
    do throws(FirmwareError) {
      guard preprocesses, let process = try unit.startPreprocessor(in: place) else {
        return Job(
          index: index, folder: place, process: try unit.start(in: place), text: nil, twin: twin)
      }
      return Job(
        index: index, folder: place, process: process, text: unit.text(in: place), twin: nil)
    } catch {
      try? FileManager.default.removeItem(atPath: place)
      throw error
    }
  }

  // MARK: What is wrong

  private struct Failure {
    let unit: CompilationUnit
    let diagnostics: String
  }

  private static func summary(_ failures: [Failure]) -> FirmwareError {
    let ofClang = failures.filter { !$0.unit.isSwift }
    // A wrong flag is reported once for every source, in the same words and without a file.
    if ofClang.count > 1, let words = ofClang.first?.diagnostics,
      ofClang.allSatisfy({ $0.diagnostics == words })
    {
      return FirmwareError(
        message: "the firmware does not compile: see cpu_firmware.flags", diagnostics: words)
    }
    if let failure = failures.first(where: { $0.unit.isSwift }),
      failure.diagnostics.contains("unable to load standard library for target")
    {
      return FirmwareError(
        message: "the Swift toolchain of \(failure.unit.compiler) has no library of Embedded Swift "
          + "for this processor; use a toolchain that has one, as those of swift.org have, or give "
          + "cpu_firmware.sources in C", diagnostics: failure.diagnostics)
    }
    var seen: Set<String> = []
    let distinct = failures.filter { seen.insert($0.diagnostics).inserted }
    let names = distinct.flatMap { $0.unit.culprits($0.diagnostics) }
    return FirmwareError(
      message: "the firmware does not compile: " + names.joined(separator: ", "),
      diagnostics: distinct.map(\.diagnostics).joined())
  }

  // MARK: What was compiled before

  /// The object of `unit` if nothing it was made from has changed.
  private func existingObject(of unit: CompilationUnit) -> String? {
    guard let data = FileManager.default.contents(atPath: listPath(of: unit)) else { return nil }
    let inputs = String(decoding: data, as: UTF8.self).split(separator: "\n").map {
      unit.placed(String($0))
    }
    guard let object = objectPath(of: unit, inputs: inputs),
      FileManager.default.fileExists(atPath: object)
    else { return nil }
    return object
  }

  /// Gives the object and the list of its inputs their names.
  ///
  /// - Parameters:
  ///   - twin: path of an object of the same text, used in place of the compiler's.
  ///   - place: folder with the list and the object.
  private func keep(
    _ unit: CompilationUnit, copying twin: String, from place: String
  ) throws(FirmwareError) -> String {
    do {
      try FileManager.default.copyItem(atPath: twin, toPath: unit.object(in: place))
    } catch {
      throw FirmwareError(message: "cannot write into \(folder)")
    }
    return try keep(unit, from: place, twin: nil)
  }

  /// Gives the object and the list of its inputs their names.
  ///
  /// - Parameters:
  ///   - place: folder with the list and the object.
  ///   - twin: name under which the object is kept for sources of the same text.
  private func keep(
    _ unit: CompilationUnit, from place: String, twin: String?
  ) throws(FirmwareError) -> String {
    let inputs = unit.inputs(in: place)
    guard let object = objectPath(of: unit, inputs: inputs) else {
      throw FirmwareError(
        message: "\(unit.sources.joined(separator: ", ")) changed while it was compiled")
    }
    do {
      let list = Data(inputs.map(unit.placeless).joined(separator: "\n").utf8)
      try list.write(to: URL(fileURLWithPath: listPath(of: unit)), options: .atomic)
    } catch {
      throw FirmwareError(message: "cannot write into \(folder)")
    }
    if let twin {
      let copy = "\(place)/twin"
      do {
        try FileManager.default.copyItem(atPath: unit.object(in: place), toPath: copy)
      } catch {
        throw FirmwareError(message: "cannot write into \(folder)")
      }
      try FirmwareError.wrapping { () throws(ToolError) in try CacheFiles.move(copy, to: twin) }
    }
    try FirmwareError.wrapping { () throws(ToolError) in
      try CacheFiles.move(unit.object(in: place), to: object)
    }
    return object
  }

  private func listPath(of unit: CompilationUnit) -> String {
    "\(folder)/\(recipe(of: unit).text).inputs"
  }

  /// The name of the object made from `inputs`; nil when one of them cannot be read.
  private func objectPath(of unit: CompilationUnit, inputs: [String]) -> String? {
    var hash = recipe(of: unit)
    for input in inputs {
      guard let content = FileManager.default.contents(atPath: input) else { return nil }
      hash.add(unit.placeless(input))
      hash.add(content)
    }
    return "\(folder)/\(unit.name)-\(hash.text).o"
  }

  /// The name of the object made from preprocessed text; nil when it cannot be read.
  private func object(of unit: CompilationUnit, text: String) -> String? {
    guard let content = FileManager.default.contents(atPath: text) else { return nil }
    var hash = ContentHash()
    hash.add(unit.identity)
    for part in unit.placelessFlags { hash.add(part) }
    hash.add(content)
    return "\(folder)/\(unit.name)-text-\(hash.text).o"
  }

  private func recipe(of unit: CompilationUnit) -> ContentHash {
    var hash = ContentHash()
    hash.add(unit.identity)
    for part in unit.placelessFlags + unit.sources { hash.add(part) }
    return hash
  }
}
