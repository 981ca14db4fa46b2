public import Energy
import Foundation
import Telemetry

/// A folder that holds one run: what was configured, counted, printed and concluded.
///
/// | file | content |
/// |---|---|
/// | `configuration.json` | effective configuration |
/// | `registry.json` | `Snapshot`: counters, state classes, tags |
/// | `energy.json` | `EnergyReport`; absent without a table |
/// | `console.log` | the firmware's output, as printed |
/// | `report.txt` | the text report |
/// | `run.json` | outcome, digest, inputs, verification, profile, host; written last |
///
/// `run.json` is removed first and written last, and every file is replaced in one step, so a
/// folder with a `run.json` is always one complete run. Other files in the folder, such as
/// waveforms, are left alone.
public struct ResultsFolder: Sendable {
  /// The folder, as given.
  public let path: String

  /// Refers to a folder, which need not exist yet.
  public init(path: String) {
    self.path = path
  }

  private enum File: String {
    case configuration = "configuration.json"
    case registry = "registry.json"
    case energy = "energy.json"
    case console = "console.log"
    case report = "report.txt"
    case run = "run.json"
  }

  /// What `run.json` holds: the record without the parts that have files of their own.
  private struct RunFile: Codable {
    var format: Int
    var tool: String
    var name: String
    var outcome: RunOutcome
    var estimate: EstimateMark?
    var verification: [VerificationResult]
    var conventions: [ConventionRow]
    var profile: ProfileRecord?
    var warnings: [String]
    var inputs: [InputFile]
    var digest: String
    var outputDigest: String?
    var accuracy: [ModuleAccuracy]?
    var host: HostRecord
    var hasEnergy: Bool

    enum CodingKeys: String, CodingKey {
      case format, tool, name, outcome, estimate, verification, conventions, profile, warnings
      case inputs, digest, accuracy, host
      case hasEnergy = "has_energy"
      case outputDigest = "output_digest"
    }
  }

  private struct FormatOnly: Decodable {
    var format: Int
  }

  // MARK: Writing

  /// Creates the folder if it is not there and checks that files can be created in it, so that a
  /// long simulation does not find out at its end.
  ///
  /// - Throws: `ResultsFolderError.unwritable`.
  public func prepare() throws(ResultsFolderError) {
    if let file = obstacle {
      throw .unwritable(path: path, reason: "cannot create the folder: \(file) is a file")
    }
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw .unwritable(
        path: path, reason: "cannot create the folder: \(FileFailure.reason(error))")
    }
    if !FileManager.default.isWritableFile(atPath: path) {
      throw .unwritable(path: path, reason: "the folder is not writable")
    }
  }

  /// The file that stands where the path needs a folder.
  private var obstacle: String? {
    var current = path[...]
    while !current.isEmpty {
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: String(current), isDirectory: &isFolder) {
        return isFolder.boolValue ? nil : String(current)
      }
      // Not NSString.deletingLastPathComponent: it traps on a name of one character.
      guard let slash = current.lastIndex(of: "/") else { return nil }
      current = current[..<slash]
    }
    return nil
  }

  /// Keeps other processes from writing into the folder, which must exist.
  ///
  /// - Returns: the lock, which holds as long as it is kept.
  /// - Throws: `ResultsFolderError.unwritable` when another process has it.
  public func lock() throws(ResultsFolderError) -> ResultsFolderLock {
    let descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
      throw .unwritable(path: path, reason: String(cString: strerror(errno)))
    }
    if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
      close(descriptor)
      throw .unwritable(path: path, reason: "another run is writing into this folder")
    }
    // A file system without locks cannot tell: then nobody is kept away.
    return ResultsFolderLock(descriptor)
  }

  /// Stores a run, in place of an earlier one.
  ///
  /// - Throws: `ResultsFolderError.unwritable` or `.notEncodable`; then the folder holds no
  ///   `run.json`.
  public func write(_ record: RunRecord) throws {
    let header = RunFile(
      format: record.format, tool: record.tool, name: record.name, outcome: record.outcome,
      estimate: record.estimate, verification: record.verification, conventions: record.conventions,
      profile: record.profile, warnings: record.warnings, inputs: record.inputs,
      digest: record.digest, outputDigest: record.outputDigest, accuracy: record.accuracy,
      host: record.host,
      hasEnergy: record.energy != nil)
    let registry = try JSONLayout.encode(record.snapshot, for: place(.registry))
    let energy = try record.energy.map { try JSONLayout.encode($0, for: place(.energy)) }
    let run = try JSONLayout.encode(header, for: place(.run))
    try prepare()
    try remove(.run)
    try write(Data(record.configuration.utf8), to: .configuration)
    try write(registry, to: .registry)
    if let energy { try write(energy, to: .energy) } else { try remove(.energy) }
    try write(Data(record.console.utf8), to: .console)
    try write(Data(TextReport(style: .file, detail: .full).text(record).utf8), to: .report)
    try write(run, to: .run)
  }

  /// Replaces energy and report of a stored run, after pricing it with another table.
  ///
  /// - Throws: as `read()` and `write(_:)`.
  public func replaceEnergy(_ energy: EnergyReport) throws {
    var record = try read()
    record.energy = energy
    try write(record)
  }

  private func place(_ file: File) -> String {
    (path as NSString).appendingPathComponent(file.rawValue)
  }

  private func write(_ data: Data, to file: File) throws(ResultsFolderError) {
    do {
      try data.write(to: URL(fileURLWithPath: place(file)), options: .atomic)
    } catch {
      throw .unwritable(path: place(file), reason: "cannot write: \(FileFailure.reason(error))")
    }
  }

  private func remove(_ file: File) throws(ResultsFolderError) {
    // Not FileManager: a folder of that name is none of ours, and stays.
    guard unlink(place(file)) != 0, errno != ENOENT else { return }
    throw .unwritable(
      path: place(file), reason: "cannot remove: \(String(cString: strerror(errno)))")
  }

  // MARK: Reading

  /// Reads a stored run.
  ///
  /// - Throws: `ResultsFolderError`.
  public func read() throws(ResultsFolderError) -> RunRecord {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw .missing(path: path, reason: "no such folder")
    }
    guard isFolder.boolValue else {
      throw .missing(path: path, reason: "is a file; expected a results folder")
    }
    let run = try data(.run, ifMissing: "not there: no complete run is stored in this folder")
    let format = try decode(FormatOnly.self, from: run, .run).format
    guard format == RunRecord.currentFormat else {
      throw .unsupportedFormat(
        path: place(.run), found: format, known: RunRecord.currentFormat)
    }
    let header = try decode(RunFile.self, from: run, .run)
    let snapshot = try decode(Snapshot.self, from: data(.registry), .registry)
    try check(snapshot)
    var energy: EnergyReport?
    if header.hasEnergy {
      energy = try decode(EnergyReport.self, from: data(.energy), .energy)
    }
    return RunRecord(
      format: header.format, tool: header.tool, name: header.name, outcome: header.outcome,
      configuration: try text(.configuration), snapshot: snapshot, energy: energy,
      console: try text(.console), verification: header.verification,
      conventions: header.conventions, profile: header.profile, warnings: header.warnings,
      inputs: header.inputs, digest: header.digest, outputDigest: header.outputDigest,
      accuracy: header.accuracy, estimate: header.estimate, host: header.host)
  }

  private func data(
    _ file: File, ifMissing reason: String = "not there, although run.json is"
  ) throws(ResultsFolderError) -> Data {
    guard FileManager.default.fileExists(atPath: place(file)) else {
      throw .missing(path: place(file), reason: reason)
    }
    do {
      return try Data(contentsOf: URL(fileURLWithPath: place(file)))
    } catch {
      throw .unreadable(path: place(file), reason: "cannot read: \(FileFailure.reason(error))")
    }
  }

  private func text(_ file: File) throws(ResultsFolderError) -> String {
    guard let text = String(bytes: try data(file), encoding: .utf8) else {
      throw .corrupt(path: place(file), reason: "is not UTF-8 text")
    }
    return text
  }

  private func decode<Value: Decodable>(
    _ type: Value.Type, from data: Data, _ file: File
  ) throws(ResultsFolderError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: data)
    } catch {
      throw .corrupt(path: place(file), reason: Self.decodingReason(error))
    }
  }

  /// Reports index arrays by tag and sum counts: lengths have to agree and sums to be
  /// representable.
  private func check(_ snapshot: Snapshot) throws(ResultsFolderError) {
    func refuse(_ reason: String) -> ResultsFolderError {
      .corrupt(path: place(.registry), reason: reason)
    }
    if snapshot.ticksPerSecond == 0 { throw refuse("ticksPerSecond is 0") }
    let count = snapshot.tags.count
    if count == 0 { throw refuse("tags: expected at least one") }
    var sum: UInt64 = 0
    var isTooLarge = false
    for module in snapshot.modules {
      var arrays = [("cycles", module.cycles.count)]
      arrays += module.counters.map { ("counter \($0.name)", $0.values.count) }
      arrays += module.states.map { ("state \($0.name)", $0.cycles.count) }
      for (name, found) in arrays where found != count {
        throw refuse("\(module.path): \(name) has \(found) values for \(count) tags")
      }
      let lists = [module.cycles, module.components.map(\.quantity)]
      for value in (lists + module.counters.map(\.values) + module.states.map(\.cycles)).joined() {
        let (next, overflow) = sum.addingReportingOverflow(value)
        sum = next
        if overflow { isTooLarge = true }
      }
    }
    if isTooLarge { throw refuse("the counts are too large to be summed") }
  }

  private static func decodingReason(_ error: any Error) -> String {
    func place(_ path: [any CodingKey]) -> String {
      path.isEmpty
        ? ""
        : path.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
          .drop { $0 == "." } + ": "
    }
    switch error as? DecodingError {
    case .keyNotFound(let key, let context):
      return "\(place(context.codingPath))the key '\(key.stringValue)' is missing"
    case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
      return "\(place(context.codingPath))expected \(type)"
    case .dataCorrupted(let context):
      // The decoder says the same of a syntax error and of a number that does not fit its type.
      let reason =
        context.codingPath.isEmpty
        ? "is not valid JSON, or has a number that does not fit" : context.debugDescription
      return "\(place(context.codingPath))\(reason)"
    default:
      return "\(error)"
    }
  }
}
