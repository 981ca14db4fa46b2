import Foundation
internal import HostTools

/// Compiles sources to objects, as many at a time as there are processors, and only those that
/// changed.
///
/// An object is named after its sources, the flags and the content of every file the compiler read.
/// The list of these files is kept from compilation to compilation.
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
          running.append(try start(units[index], index: index))
        } catch {
          problem = error
        }
      }
      guard !running.isEmpty else { break }
      let job = running.removeFirst()
      defer { try? FileManager.default.removeItem(atPath: job.folder) }
      let unit = units[job.index]
      if let diagnostics = job.process.failure() {
        failures.append(Failure(unit: unit, diagnostics: diagnostics))
      } else {
        do throws(FirmwareError) {
          objects[job.index] = try keep(unit, from: job.folder)
        } catch {
          problem = problem ?? error
        }
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
  }

  private func start(_ unit: CompilationUnit, index: Int) throws(FirmwareError) -> Job {
    let place = "\(folder)/\(UUID().uuidString)"
    do {
      try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    } catch {
      throw FirmwareError(message: "cannot make the folder \(place)")
    }
    do throws(FirmwareError) {
      return Job(index: index, folder: place, process: try unit.start(in: place))
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
    let inputs = String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    guard let object = objectPath(of: unit, inputs: inputs),
      FileManager.default.fileExists(atPath: object)
    else { return nil }
    return object
  }

  /// Gives the object and the list of its inputs their names.
  private func keep(
    _ unit: CompilationUnit, from place: String
  ) throws(FirmwareError) -> String {
    let inputs = unit.inputs(in: place)
    guard let object = objectPath(of: unit, inputs: inputs) else {
      throw FirmwareError(
        message: "\(unit.sources.joined(separator: ", ")) changed while it was compiled")
    }
    do {
      let list = Data(inputs.joined(separator: "\n").utf8)
      try list.write(to: URL(fileURLWithPath: listPath(of: unit)), options: .atomic)
    } catch {
      throw FirmwareError(message: "cannot write into \(folder)")
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
      hash.add(input)
      hash.add(content)
    }
    return "\(folder)/\(unit.name)-\(hash.text).o"
  }

  private func recipe(of unit: CompilationUnit) -> ContentHash {
    var hash = ContentHash()
    hash.add(unit.identity)
    for part in unit.flags + unit.sources { hash.add(part) }
    return hash
  }
}
