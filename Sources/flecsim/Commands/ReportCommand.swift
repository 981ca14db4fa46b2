internal import ArgumentParser
internal import Energy
internal import Reports
internal import SoC

/// `flecsim report`: reports on a stored run again, without simulating.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Reports on a stored run again, also with another energy table or node.",
    discussion: """
      EXAMPLES
        flecsim report results/lenet5
        flecsim report results/lenet5 --table horowitz-45nm
        flecsim report results/lenet5 --format csv-actions > actions.csv
      """)

  @Argument(help: "The results folder of a run.", completion: .directory)
  var folder: String

  @Option(help: "Energy table: the name of one that comes with the tool, or a file.")
  var table: String?

  @Option(help: "Technology node in nm to scale to.")
  var node: Double?

  @Option(
    help: "Format: text, text-full, json, csv-actions, csv-counters, csv-states, accelergy.")
  var format = "text"

  @Flag(help: "Store the new energy in the folder.")
  var store = false

  func validate() throws {
    if let node, !(node > 0 && node.isFinite) {
      throw ValidationError("--node is a positive number of nanometres")
    }
    if store, table == nil, node == nil {
      throw ValidationError("--store stores a new energy report: name a --table or a --node")
    }
  }

  func run() throws {
    try reporting {
      let format = try reportFormat(format)
      var record: RunRecord
      do {
        record = try ResultsFolder(path: folder).read()
      } catch ResultsFolderError.corrupt(let path, let reason) {
        // The parser of descriptions knows where a syntax error is.
        _ = try JSONDocument(contentsOf: path, limits: JSONLimits(bytes: 1 << 30))
        throw CommandFailure(.input, "error: \(path): \(reason)")
      } catch {
        throw CommandFailure(.input, "error: \(error)")
      }
      if table != nil || node != nil { try recompute(&record) }
      StandardStream.print(try format.render(record), terminator: "")
    }
  }

  private func recompute(_ record: inout RunRecord) throws {
    let tables = EnergyTables(installation: try Installation.find())
    let table = try tables.load(table ?? record.energy?.table ?? "aladdin-45nm")
    try tables.require(table, covers: record.snapshot, node: node)
    do {
      let energy = try table.evaluate(record.snapshot, node: node)
      record.energy = energy
      if store { try ResultsFolder(path: folder).replaceEnergy(energy) }
    } catch let error as EnergyEvaluationError {
      throw CommandFailure(.input, "error: energy table: \(error)")
    } catch let error as ResultsFolderError {
      throw CommandFailure(.output, "error: \(error)")
    }
  }
}
