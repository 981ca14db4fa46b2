internal import ArgumentParser
internal import Foundation
internal import HostTools
internal import RTL
internal import SoC
internal import Validation

/// `flecsim validate`: measures how exact the models are.
struct ValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate",
    abstract: "Measures the accuracy of the models against RTL and published numbers.",
    discussion: """
      Without a subcommand the models of the simulator are measured: their options are those of \
      'flecsim validate models'.

      EXAMPLES
        flecsim validate                            100 random cases per block, all tables
        flecsim validate --block dma --cases 1000
        flecsim validate --table stonne             every number of a table
        flecsim validate --stored                   the record this build came with
        flecsim validate estimate                   errors of models without a clock
      """,
    subcommands: [ValidateModelsCommand.self, ValidateEstimateCommand.self],
    defaultSubcommand: ValidateModelsCommand.self)
}

/// `flecsim validate models`: the models of the simulator against RTL and published numbers.
struct ValidateModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "Measures the models of the simulator against RTL and published numbers.",
    discussion: """
      Runs models and reference RTL (Tests/RTL, by Verilator) side by side on random stimulus and compares \
      every port signal in every cycle, and compares numbers that others published. The first difference ends \
      the command with both waveforms.
      """)

  @Option(help: "Only this block; may be repeated: \(Self.blockNames).")
  var block: [String] = []

  @Option(
    help: "Only this published table, with every number; may be repeated: \(Self.tableNames).")
  var table: [String] = []

  @Option(help: "Random cases per block.")
  var cases = 100

  @Option(help: "Seed of the first case; the same seed gives the same cases.")
  var seed: UInt64 = 1

  @Flag(help: "Print the record that this build came with, without measuring.")
  var stored = false

  @Flag(help: "Keep what was measured as the record of the models, in the tool's sources.")
  var record = false

  @Option(help: "Where the waveform of a difference goes.")
  var waves = "lockstep.vcd"

  private static let blockNames = LockstepBlock.all.map(\.name).joined(separator: ", ")
  private static let tableNames = PublishedTables.names.joined(separator: ", ")

  func validate() throws {
    for name in block where !LockstepBlock.all.contains(where: { $0.name == name }) {
      throw ValidationError("no block is named '\(name)'; there are \(Self.blockNames)")
    }
    for name in table where !PublishedTables.names.contains(name) {
      throw ValidationError("no table is named '\(name)'; there are \(Self.tableNames)")
    }
    if cases < 1 { throw ValidationError("--cases is at least 1") }
    if record, !block.isEmpty || !table.isEmpty || stored {
      throw ValidationError("--record keeps everything: leave --block, --table and --stored out")
    }
    if stored, !block.isEmpty || !table.isEmpty {
      throw ValidationError("--stored prints everything: leave --block and --table out")
    }
  }

  func run() throws {
    try reporting {
      if stored {
        StandardStream.print(AccuracyTable.text(AccuracyRecords.stored.records), terminator: "")
        return
      }
      let measured = try measure()
      StandardStream.print(AccuracyTable.text(measured), terminator: "")
      for name in table {
        guard let table = PublishedTables.all.first(where: { $0.name == name }) else { continue }
        StandardStream.print("\n" + AccuracyTable.rows(of: table), terminator: "")
      }
      if record { try keep(measured) }
    }
  }

  private func measure() throws -> [AccuracyRecord] {
    let measurement = AccuracyMeasurement(date: Self.today)
    var records: [AccuracyRecord] = []
    let blocks =
      block.isEmpty && table.isEmpty
      ? LockstepBlock.all : LockstepBlock.all.filter { block.contains($0.name) }
    if !blocks.isEmpty {
      let runner = try makeRunner()
      for block in blocks {
        do {
          records.append(
            try measurement.measure(block, cases: cases, seed: seed, runner: runner) { done in
              StandardStream.note("\(block.name): \(done) of \(cases) cases agree")
            })
        } catch let failure as LockstepFailure {
          try report(failure)
        }
      }
    }
    let tables =
      block.isEmpty && table.isEmpty
      ? PublishedTables.all : PublishedTables.all.filter { table.contains($0.name) }
    return records + tables.flatMap(measurement.compare)
  }

  private func makeRunner() throws -> LockstepRunner {
    let installation = try Installation.find()
    do {
      let builder = try RTLBuilder(buildFolder: CacheFiles.standardFolder + "/rtl")
      return LockstepRunner(builder: builder, folder: installation.root + "/Tests/RTL")
    } catch {
      throw CommandFailure(
        .input, "\(error); --stored prints the record that this build came with")
    }
  }

  private func report(_ failure: LockstepFailure) throws -> Never {
    var text = "error: \(failure)"
    do {
      try failure.waveform.write(toFile: waves, atomically: true, encoding: .utf8)
      text += "\nwaveform of both sides: \(waves)"
    } catch {
      text += "\nthe waveform cannot be written to \(waves)"
    }
    throw CommandFailure(.moduleFault, text)
  }

  private func keep(_ records: [AccuracyRecord]) throws {
    let path = try Installation.find().root + "/Sources/Validation/Record/accuracy.json"
    do {
      try AccuracyRecords(records: records).json()
        .write(toFile: path, atomically: true, encoding: .utf8)
    } catch {
      throw CommandFailure(.output, "error: cannot write \(path)")
    }
    StandardStream.note("kept in \(path); build again to make it part of the tool")
  }

  /// Today in UTC, YYYY-MM-DD.
  static var today: String {
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.timeZone = TimeZone(identifier: "UTC")
    formatter.dateFormat = "yyyy-MM-dd"
    return formatter.string(from: Date())
  }
}
