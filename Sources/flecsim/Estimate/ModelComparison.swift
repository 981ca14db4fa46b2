internal import Diagnostics
internal import Estimation
internal import Foundation
internal import Mapping
internal import SoC

/// What every model says about every layer of a plan.
struct ModelComparison {
  /// A model's answer.
  struct Column {
    /// The model's name.
    let model: String
    /// Cycles of the reference clock per layer; nil for unknown layers.
    let cycles: [Int?]
    /// Cycles in all: the layers and what comes before the first.
    let total: Int
  }

  /// A model that says nothing, and why.
  struct Refusal {
    let model: String
    let reason: String
  }

  /// Name of the SoC.
  let soc: String
  /// The layers of the plan.
  let layers: [EstimatedLayer]
  /// The models that say something.
  private(set) var columns: [Column] = []
  /// Those that do not.
  private(set) var refusals: [Refusal] = []

  /// Asks all `models`.
  init(_ context: EstimateContext, _ models: [any EstimationModel]) throws {
    soc = context.description.name
    layers = context.layers
    for model in models {
      do {
        let estimate = try model.estimate(context)
        columns.append(
          Column(
            model: model.name, cycles: estimate.layers.map { $0.cycles > 0 ? $0.cycles : nil },
            total: estimate.cycles))
      } catch let failure as CommandFailure {
        refusals.append(Refusal(model: model.name, reason: Self.reason(failure, model.name)))
      }
    }
  }

  /// A message without its beginning.
  private static func reason(_ failure: CommandFailure, _ model: String) -> String {
    let text = failure.message
    let start = "error: --model \(model): "
    return text.hasPrefix(start) ? String(text.dropFirst(start.count)) : text
  }
}

/// How a comparison is printed.
enum ComparisonFormat: String, CaseIterable {
  case text
  case json
  case csv

  /// The format of that name.
  ///
  /// - Throws: `CommandFailure` with the names there are.
  init(named name: String) throws {
    guard let format = Self(rawValue: name) else {
      let names = Self.allCases.map(\.rawValue)
      let near = Suggestion.nearest(to: name, among: names)
      throw CommandFailure(
        .usage,
        "error: no format '\(name)' with all models; "
          + (near.map { "did you mean '\($0)'?" }
            ?? "expected one of \(names.joined(separator: ", "))"))
    }
    self = format
  }

  /// The comparison, ending in a newline.
  func render(_ comparison: ModelComparison) throws -> String {
    switch self {
    case .text: Self.text(comparison)
    case .json: try Self.json(comparison)
    case .csv: Self.csv(comparison)
    }
  }

  private static func text(_ comparison: ModelComparison) -> String {
    let columns = comparison.columns
    var table = PlainTable(["layer", "on", "MACs"] + columns.map(\.model))
    for (index, layer) in comparison.layers.enumerated() {
      table.add(
        [layer.planned.name, layer.engine, PlainTable.grouped(layer.planned.macs)]
          + columns.map { $0.cycles[index].map { PlainTable.grouped($0) } ?? "–" })
    }
    table.add(
      [
        "total", "", PlainTable.grouped(comparison.layers.reduce(0) { $0 + $1.planned.macs }),
      ] + columns.map { PlainTable.grouped($0.total) })
    var text =
      "\(comparison.soc)  cycles of the reference clock, estimated, not simulated; – is unknown to the model\n\n"
    text += table.text(rightFrom: 2)
    if !comparison.refusals.isEmpty { text += "\n" }
    for refusal in comparison.refusals { text += "\(refusal.model): \(refusal.reason)\n" }
    return text
  }

  private static func csv(_ comparison: ModelComparison) -> String {
    func field(_ text: String) -> String {
      text.contains { $0 == "," || $0 == "\"" || $0.isNewline }
        ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }
    var lines = ["layer,engine,macs,estimated_by,cycles"]
    for column in comparison.columns {
      for (layer, cycles) in zip(comparison.layers, column.cycles) {
        lines.append(
          "\(field(layer.planned.name)),\(field(layer.engine)),\(layer.planned.macs),\(column.model),"
            + (cycles.map(String.init) ?? ""))
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private struct Document: Encodable {
    struct Model: Encodable {
      var name: String
      var cycles: Int
      var layers: [Int?]
    }
    struct Layer: Encodable {
      var name: String
      var engine: String
      var macs: Int
    }
    var soc: String
    var simulated = false
    var layers: [Layer]
    var models: [Model]
    var refusals: [String: String]
  }

  private static func json(_ comparison: ModelComparison) throws -> String {
    let document = Document(
      soc: comparison.soc,
      layers: comparison.layers.map {
        Document.Layer(name: $0.planned.name, engine: $0.engine, macs: $0.planned.macs)
      },
      models: comparison.columns.map {
        Document.Model(name: $0.model, cycles: $0.total, layers: $0.cycles)
      },
      refusals: Dictionary(
        comparison.refusals.map { ($0.model, $0.reason) }, uniquingKeysWith: { first, _ in first }))
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
  }
}
