internal import Processors
internal import RISCV
internal import Reports
internal import SoC
internal import Telemetry

/// What the command line wants recorded of the instructions that the harts execute: logs in Spike's
/// format and a profile by function.
final class ExecutionRecorder {
  private let options: ObservationOptions
  private let contents: InstructionLog.Contents
  private let instructionSet: InstructionSet
  private let symbols: SpikeSymbols
  private let functions: FunctionMap
  private var logFile: RecordFile?
  private var profileFile: RecordFile?
  private var buffer: LogBuffer?
  private var profiles: [FunctionProfile] = []

  /// Takes the wish; nil when there is none.
  ///
  /// - Parameters:
  ///   - instructionSet: that of the harts.
  ///   - programs: whose symbols are used.
  init?(_ options: ObservationOptions, _ instructionSet: InstructionSet, _ programs: [Program]) {
    var contents: InstructionLog.Contents = []
    if options.logCommits { contents.insert(.commits) }
    if options.logInstructions || options.log != nil && !options.logCommits {
      contents.insert(.instructions)
    }
    guard !contents.isEmpty || options.profile != nil else { return nil }
    self.options = options
    self.contents = contents
    self.instructionSet = instructionSet
    symbols = SpikeSymbols(
      contents.contains(.instructions)
        ? programs.flatMap { $0.image.symbolTable.map { ($0.name, $0.address) } } : [])
    functions = FunctionMap(options.profile == nil ? [] : programs.map(\.image))
  }

  /// Whether the log goes where progress would be shown.
  var usesStandardError: Bool { !contents.isEmpty && options.log == nil }

  /// Writes what is logged so far if it goes to a standard stream, so that it stands there before
  /// what comes later.
  func writeAhead() {
    if options.log == nil || options.log == "-" { buffer?.flush() }
  }

  /// What looks at a hart; to be called once for each, in the order of their numbers.
  func observer(hart: Int) -> any InstructionObserver {
    var observers: [any InstructionObserver] = []
    if !contents.isEmpty {
      let buffer = self.buffer ?? LogBuffer { [unowned self] in logFile?.write($0) }
      self.buffer = buffer
      observers.append(
        InstructionLog(
          hart: hart, instructionSet: instructionSet, symbols: symbols, contents: contents,
          buffer: buffer))
    }
    if options.profile != nil {
      let profile = FunctionProfile(functions)
      profiles.append(profile)
      observers.append(profile)
    }
    return observers.count == 1 ? observers[0] : ObserverGroup(observers)
  }

  /// Opens the files, when nothing else can keep the run from starting.
  ///
  /// - Throws: `CommandFailure` when one cannot be written.
  func begin() throws {
    if !contents.isEmpty { logFile = try RecordFile(options.log) }
    if let path = options.profile { profileFile = try RecordFile(path) }
  }

  /// Writes the rest of the log.
  ///
  /// - Throws: `CommandFailure` when something could not be written.
  func finishLog() throws {
    buffer?.flush()
    try logFile?.finish()
  }

  /// Puts the profile together and writes its file; nil when none was asked for.
  ///
  /// - Returns: the profile for the report, and why its file could not be written.
  func finishProfile(_ system: System) -> (record: ProfileRecord, failure: (any Error)?)? {
    guard let profileFile, let names = system.description.cpu?.hartNames else { return nil }
    let modules = system.registry.snapshot().modules
    for (name, profile) in zip(names, profiles) {
      let cycles = modules.first { $0.path == name }?.cycles.reduce(0, +) ?? 0
      profile.finish(cycles: cycles)
    }
    let summary = ProfileSummary(Array(zip(names, profiles)))
    profileFile.write(Array(summary.foldedStacks.utf8))
    let failure = Result { try profileFile.finish() }.failure
    let record = ProfileRecord(
      cycles: summary.cycles,
      functions: summary.functions.map {
        ProfileRecord.Function(
          name: $0.name, selfCycles: $0.selfCycles, totalCycles: $0.totalCycles, calls: $0.calls)
      })
    return (record, failure)
  }
}

extension Result {
  fileprivate var failure: Failure? {
    if case .failure(let failure) = self { failure } else { nil }
  }
}
