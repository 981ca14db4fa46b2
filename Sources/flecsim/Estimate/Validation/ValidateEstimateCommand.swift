internal import ArgumentParser
internal import Foundation
internal import SoC

/// `flecsim validate estimate`: how far the estimates of all models are off.
struct ValidateEstimateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "estimate",
    abstract: "Measures the errors of estimation models against cycles of runs and RTL.",
    discussion: """
      Runs networks on SoCs and compares the models layer by layer; compares models of Gemmini with measured cycles \
      of its RTL, row by row. fp32 networks are quantised for SoCs with int8 arrays. Errors are MAE, MAPE, RMSPE, \
      the worst, that of the sum, and Spearman's rank correlation.

      EXAMPLES
        flecsim validate estimate
        flecsim validate estimate --soc soc.json --network net.onnx --set crossbar.width_bits=256
        flecsim validate estimate --rtl measured.csv --format csv
      """)

  @Option(
    help: ArgumentHelp(
      "A SoC to run networks on; may be repeated. Without --soc and --network: \(Self.defaultNames).",
      valueName: "file"))
  var soc: [String] = []

  @Option(
    help: ArgumentHelp("A network to run on every SoC; may be repeated.", valueName: "network"))
  var network: [String] = []

  @Option(
    name: .customLong("set"),
    help: "Change a value of every SoC: path=value. May be repeated.")
  var overrides: [String] = []

  @Option(
    help: ArgumentHelp(
      "Measured rows of a Gemmini, with the columns of Tests/EstimationTests/Fixtures/gemmini-rtl; may be repeated.",
      valueName: "file"))
  var rtl: [String] = []

  @Option(help: ArgumentHelp("Models fitted by 'flecsim characterise'.", valueName: "file"))
  var fitted: String?

  /// How the errors are printed.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    /// A table per subject.
    case text
    /// Every pair of numbers.
    case csv
  }

  @Option(help: "Print tables (text) or every pair of numbers (csv).")
  var format: Format = .text

  @Flag(help: "Keep the errors as the error bars of the models, in the tool's sources.")
  var record = false

  private static let defaultSoCs = ["os-16x16", "ws-16x16", "os-64x64", "embedded"]
  private static let defaultNetworks = ["lenet5", "tiny-darknet"]
  private static var defaultNames: String {
    defaultNetworks.joined(separator: ", ") + " on " + defaultSoCs.joined(separator: ", ")
  }

  func validate() throws {
    if !network.isEmpty, soc.isEmpty { throw ValidationError("--network goes with --soc") }
    if !overrides.isEmpty, soc.isEmpty { throw ValidationError("--set goes with --soc") }
    if record, !soc.isEmpty || !rtl.isEmpty || fitted != nil {
      throw ValidationError("--record keeps everything: leave --soc, --rtl and --fitted out")
    }
  }

  func run() throws {
    try reporting {
      let installation = try Installation.find()
      let validation = EstimateValidation(
        installation, fitted: try fitted.map(FittedFile.init(path:)))
      let report = EstimateErrorReport(groups: try groups(validation, installation))
      switch format {
      case .text: StandardStream.print(report.text, terminator: "")
      case .csv: StandardStream.print(report.csv, terminator: "")
      }
      if record { try keep(report, installation) }
    }
  }

  /// What was asked for; everything when nothing was.
  private func groups(
    _ validation: EstimateValidation, _ installation: Installation
  ) throws -> [EstimateValidation.Group] {
    let isEverything = soc.isEmpty && rtl.isEmpty
    let socs =
      isEverything
      ? Self.defaultSoCs.map { "\(installation.root)/Configs/npu/\($0).json" } : soc
    let networks = network.isEmpty ? Self.defaultNetworks : network
    var groups: [EstimateValidation.Group] = []
    // Files first: their mistakes show before long runs.
    var files = rtl
    if isEverything {
      files = validation.measuredFiles
      if files.isEmpty {
        StandardStream.note("no measurements of RTL in \(validation.measurements)")
      }
    }
    for file in files { groups.append(try validation.compare(rtl: file)) }
    for soc in socs {
      for network in networks {
        StandardStream.note("running \(network) on \(soc)")
        groups.append(try validation.compare(soc: soc, overrides, network: network))
      }
    }
    return groups
  }

  private func keep(_ report: EstimateErrorReport, _ installation: Installation) throws {
    let path = installation.root + "/Sources/flecsim/Estimate/Record/errors.json"
    do {
      try report.record(date: ValidateModelsCommand.today).json()
        .write(toFile: path, atomically: true, encoding: .utf8)
    } catch {
      throw CommandFailure(.output, "error: cannot write \(path)")
    }
    StandardStream.note("kept in \(path); build again to make it part of the tool")
  }
}
