internal import Debugger
internal import Energy
internal import Foundation
internal import HostTools
internal import Peripherals
internal import Reports
internal import SimKernel
internal import SoC
internal import Telemetry

/// One execution of `flecsim run`, from arguments to results.
struct RunSession {
  private let command: RunCommand
  private let installation: Installation

  init(_ command: RunCommand) throws {
    self.command = command
    installation = try Installation.find()
  }

  /// Runs everything and returns the process's exit code.
  func run() throws -> Int32 {
    let given = try command.elf.map { path in try Program(path: path) }
    var description = try loadDescription(for: given)
    let folder = resultsPath(of: description)
    let format = try reportFormat(command.format)
    let program = try given ?? loadProgram(description)
    let network = try command.networks.network.map { name in
      try NetworkRun(name, command.networks, on: description, program: program)
    }
    if let network {
      for remark in network.remarks { StandardStream.note("warning: \(remark)") }
      if command.networks.planOnly {
        StandardStream.print(PlanText(network.mapped).text, terminator: "")
        return 0
      }
      description = network.description(description)
    }
    let payload = try description.cpu?.payload.map { path in
      try Program(path: description.resolve(path))
    }
    let tables = EnergyTables(installation: installation)
    let table = try command.table.map { try tables.load($0) } ?? tables.load(for: description)

    let waves = try makeWaves(description, folder)
    var options = SystemOptions()
    options.recordsWaves = waves != nil
    options.wavesFromStart = command.waveWindow == nil
    options.waveSink = waves.map { waves in { waves.record($0) } }
    options.waveWindowClosed = waves.map { waves in { waves.suspend(at: $0) } }
    let terminal = Terminal()
    options.consoleSink = { terminal.print($0) }
    options.hostNotes = { terminal.note($0) }
    options.instructionLimit = command.observation.instructions
    let recorder = description.cpu.flatMap { cpu in
      ExecutionRecorder(
        command.observation, cpu.type.instructionSet, [program] + (payload.map { [$0] } ?? []))
    }
    options.observer = recorder.map { recorder in { recorder.observer(hart: $0) } }
    if recorder?.usesStandardError == true { terminal.showsProgress = false }
    terminal.willWrite = { recorder?.writeAhead() }
    let systemOptions = options
    let described = description
    let makeSystem = {
      try SystemBuilder(
        described, program: program, payload: payload, options: systemOptions
      ).build()
    }
    var system = try makeSystem()
    let signature = try SignatureFile(command.observation, system)
    let node = description.energy.nodeNanometres
    try tables.require(
      table, covers: system.registry.inventory(), node: node, of: description)
    let lock = try folder.map(prepare)
    defer { withExtendedLifetime(lock) {} }
    try openWindow(system)
    try begin(waves, system)
    try recorder?.begin()

    let hangGuard = HangGuard(description, wallSeconds: limits(description).wallSeconds)
    defer { hangGuard?.disarm() }
    let start = ContinuousClock.now
    let end: RunEnd
    if let port = command.gdb {
      let session = DebugSession(port: port, limits: limits(description), terminal: terminal)
      (system, end) = try session.run(system) {
        // One file cannot hold two histories.
        if waves != nil { throw DebugFailure("a run that records waveforms cannot be reset") }
        if recorder != nil {
          throw DebugFailure("a run that is logged or profiled cannot be reset")
        }
        return try makeSystem()
      }
    } else {
      end = system.run(limits: limits(description)) { elapsed in
        terminal.showProgress(system, elapsed: elapsed)
        return !Interruption.wasRequested
      }
    }
    let wall = start.duration(to: .now) / .seconds(1)
    terminal.finish()

    // What was simulated is stored and reported even when waveforms or a file of the description
    // cannot be written or read any more; that mistake comes last.
    let failures = FileFailures()
    failures.note(.output) { try recorder?.finishLog() }
    let profile = recorder?.finishProfile(system)
    failures.note(.output) { if let failure = profile?.failure { throw failure } }
    failures.note(.output) { try finish(waves, system, folder) }
    failures.note(.output) { try system.dumpFiles() }
    failures.note(.output) { try signature?.write(of: system) }
    var record = try makeRecord(system, end: end, table: table, node: node, wall: wall, failures)
    record.profile = profile?.record
    let outputs = network?.outputs(of: system) ?? []
    if record.outcome.exitCode == 0, let network {
      failures.note(.output) { try network.write(outputs) }
      let checks = failures.note(.input) { try network.verify(outputs) } ?? []
      for check in checks { StandardStream.note(check.text) }
      if checks.contains(where: { !$0.isGood }) {
        record.outcome = RunOutcome(
          reason: "\(end.reason), but outputs differ from those of the reference executor",
          exitCode: ProcessExit.mismatch.rawValue)
      }
    }
    if let folder {
      try write(record, to: folder)
      try network?.save(in: folder)
    }
    if command.quiet {
      StandardStream.print(record.outcome.reason)
    } else {
      StandardStream.print(try format.render(record), terminator: "")
      if let network, command.format == "text" || command.format == "text-full" {
        StandardStream.print(
          NetworkSummary(network.mapped, record.snapshot, outputs).text, terminator: "")
      }
    }
    for wait in end.waits { terminal.note("  " + wait) }
    if let failure = failures.first { throw failure }
    return record.outcome.exitCode
  }

  private var style: TextStyle { Terminal.style }

  // MARK: Inputs

  private func loadDescription(for program: Program?) throws -> SoCDescription {
    let processor = try command.harts.processor()
    var overrides = command.harts.overrides + command.overrides
    if let fidelity = command.fidelity { overrides.append("simulation.fidelity=\(fidelity)") }
    let options = LoadOptions(requiresCPU: true, energyTables: installation.energyTables)
    let loaded: LoadedDescription
    if let soc = command.soc {
      loaded = try SoCDescription.load(soc, overrides: overrides, options: options)
    } else {
      let type = processor ?? program?.fittingType ?? .riscv32
      let text = SoCDescription.defaultBareMetal(type: type).effectiveJSON()
      loaded = try SoCDescription.load(
        text: text, file: "default SoC", overrides: overrides, options: options)
    }
    printWarnings(loaded.warnings)
    return loaded.description
  }

  private func loadProgram(_ description: SoCDescription) throws -> Program {
    switch description.cpu?.firmware {
    case .image(let path): return try Program(path: description.resolve(path))
    case .sources:
      let builder = FirmwareBuilder(
        description: description, halFolder: installation.halFolder,
        buildFolder: CacheFiles.standardFolder + "/firmware")
      return try Program(path: try builder.build())
    case nil:
      throw CommandFailure(
        .input,
        "error: \(description.name): cpu: no firmware; give cpu.cpu_firmware or --elf FILE")
    }
  }

  private func limits(_ description: SoCDescription) -> RunLimits {
    RunLimits(
      cycles: command.cycleLimit ?? UInt64(description.simulation.cycleLimit),
      wallSeconds: command.wallLimit ?? description.simulation.wallLimitSeconds)
  }

  /// The folder for results; nil when none are wanted.
  private func resultsPath(of description: SoCDescription) -> String? {
    if let results = command.results { return results == "-" ? nil : results }
    if let results = description.simulation.results { return description.resolve(results) }
    return command.soc == nil ? nil : "results/\(description.name)"
  }

  // MARK: Outputs

  /// Makes the folder and keeps other runs out of it as long as the result is kept.
  private func prepare(_ folder: String) throws -> ResultsFolderLock {
    do {
      try ResultsFolder(path: folder).prepare()
      return try ResultsFolder(path: folder).lock()
    } catch {
      throw CommandFailure(.output, "error: \(error)")
    }
  }

  private func write(_ record: RunRecord, to folder: String) throws {
    do {
      try ResultsFolder(path: folder).write(record)
    } catch {
      throw CommandFailure(.output, "error: \(error)")
    }
  }

  private func makeRecord(
    _ system: System, end: RunEnd, table: EnergyTable, node: Double?, wall: Double,
    _ failures: FileFailures
  ) throws -> RunRecord {
    let snapshot = system.registry.snapshot()
    let description = system.description
    let verifications = failures.note(.input) { try system.verifyFiles() } ?? []
    var outcome = RunOutcome(reason: end.reason, exitCode: end.exitCode)
    let failed = verifications.filter { !$0.isEqual }.map(\.name)
    if outcome.exitCode == 0, !failed.isEmpty {
      outcome = RunOutcome(
        reason: "\(end.reason), but memory differs from \(failed.joined(separator: ", "))",
        exitCode: ProcessExit.mismatch.rawValue)
    }
    if let failure = failures.first {
      outcome = RunOutcome(
        reason: "\(outcome.reason), but a file could not be read or written",
        exitCode: failure.code.rawValue)
    }
    let energy: EnergyReport
    do {
      energy = try table.evaluate(snapshot, node: node)
    } catch {
      throw CommandFailure(.input, "error: energy table: \(error)")
    }
    return RunRecord(
      tool: ToolVersion.text, name: description.name, outcome: outcome,
      configuration: description.effectiveJSON(), snapshot: snapshot, energy: energy,
      console: String(decoding: system.console.output, as: UTF8.self),
      verification: verifications.map(VerificationResult.init),
      conventions: description.conventionCounts(of: snapshot).map(ConventionRow.init),
      warnings: [], inputs: inputs(of: system), digest: system.digest(of: snapshot),
      outputDigest: system.outputDigest(), accuracy: ModuleAccuracy.of(snapshot, description),
      host: HostRecord(
        wallSeconds: wall, system: HostDescription.text, build: HostDescription.build))
  }

  private func inputs(of system: System) -> [InputFile] {
    var files: [InputFile] = []
    for program in [system.program, system.payload].compactMap({ $0 }) {
      files.append(
        InputFile(
          path: URL(fileURLWithPath: program.path).lastPathComponent,
          sha256: Digest.hexadecimal(of: program.bytes)))
    }
    files += system.loadedFiles.map { InputFile(path: $0.file, sha256: $0.sha256) }
    return files
  }

  // MARK: Waveforms

  private func makeWaves(_ description: SoCDescription, _ folder: String?) throws -> VCDWriter? {
    guard command.waves || command.waveWindow != nil else { return nil }
    guard let folder else {
      throw CommandFailure(.usage, "error: waveforms need a results folder")
    }
    guard let plan = description.ticksPerSecond else { return nil }
    return VCDWriter(
      path: folder + "/waves.vcd", top: description.name, ticksPerSecond: plan,
      comment: ToolVersion.text)
  }

  private func openWindow(_ system: System) throws {
    guard let text = command.waveWindow,
      case .cycles(let first, let last) = try WaveWindow.Bounds(text)
    else { return }
    guard
      let clock = system.kernel.domains.first(where: { $0.name == system.referenceClock.name })
    else { return }
    system.kernel.add(
      WaveWindow(registry: system.registry, first: first, last: last), to: clock)
  }

  private func begin(_ waves: VCDWriter?, _ system: System) throws {
    guard let waves, let recorder = system.registry.waves else { return }
    do {
      try waves.begin(signals: recorder.signals)
    } catch {
      throw CommandFailure(.output, "error: \(error)")
    }
  }

  private func finish(_ waves: VCDWriter?, _ system: System, _ folder: String?) throws {
    guard let waves, let folder, let recorder = system.registry.waves else { return }
    do {
      try waves.finish(at: system.kernel.time.pointee)
      try GTKWaveSaveFile(
        top: system.description.name, signals: recorder.signals, dumpFile: "waves.vcd",
        featured: system.description.accelerators.map(\.name)
          + system.description.dmas.map(\.name),
        shownSeconds: system.seconds, timescale: waves.timescale
      ).write(to: folder + "/waves.gtkw")
    } catch {
      throw CommandFailure(.output, "error: \(error)")
    }
  }
}

/// Mistakes with files that come to light when the simulation is over.
private final class FileFailures {
  private(set) var first: CommandFailure?

  /// Runs `body`; its failure gets an exit code and is kept if it is the first.
  @discardableResult
  func note<Result>(_ code: ProcessExit, _ body: () throws -> Result) -> Result? {
    do {
      return try body()
    } catch {
      first = first ?? error as? CommandFailure ?? CommandFailure(code, "\(error)")
      return nil
    }
  }
}

extension VerificationResult {
  fileprivate init(_ result: FileVerification) {
    self.init(
      name: result.name, file: result.file, matched: UInt64(result.matched),
      total: UInt64(result.total),
      firstMismatch: result.firstMismatch.map {
        Mismatch(index: UInt64($0.index), expected: $0.expected, found: $0.found)
      })
  }
}

extension ConventionRow {
  fileprivate init(_ count: ConventionCount) {
    self.init(
      module: count.module, jobs: count.jobs, ours: count.ours, convention: count.convention,
      cycles: count.cycles, explanation: count.explanation)
  }
}
