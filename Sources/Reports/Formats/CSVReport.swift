import Telemetry

/// One table of the registry as comma-separated values (RFC 4180), header line first.
///
/// Tables of an estimate have one more column, `estimated_by`, with the model's name.
public struct CSVReport: ReportFormat {
  /// Which table.
  public enum Content: String, Sendable, CaseIterable {
    /// `module,component,class,action,count`: what energy is computed from.
    case actions
    /// `module,counter,unit,tag,value`.
    case counters
    /// `module,state,kind,blocker,tag,cycles`.
    case states
  }

  /// Which table.
  public let content: Content

  /// Creates the format.
  public init(_ content: Content) {
    self.content = content
  }

  /// `csv-actions`, `csv-counters` or `csv-states`.
  public var name: String { "csv-\(content.rawValue)" }
  /// One line for the help text.
  public var summary: String {
    switch content {
    case .actions: "actions of every component, as CSV"
    case .counters: "counters of every module by layer, as CSV"
    case .states: "cycles of every module by state class and layer, as CSV"
    }
  }
  /// `csv`.
  public var fileExtension: String { "csv" }

  /// The table, ending in a newline.
  public func render(_ record: RunRecord) -> String {
    var rows =
      switch content {
      case .actions: actions(record.snapshot)
      case .counters: counters(record.snapshot)
      case .states: states(record.snapshot)
      }
    if let model = record.estimate?.model {
      for index in rows.indices { rows[index].append(index == 0 ? "estimated_by" : model) }
    }
    return rows.map { $0.map(Self.field).joined(separator: ",") + "\n" }.joined()
  }

  private func actions(_ snapshot: Snapshot) -> [[String]] {
    var rows = [["module", "component", "class", "action", "count"]]
    for module in snapshot.modules {
      for component in ActionCount.all(of: module) {
        rows += component.actions.map {
          [module.path, component.name, component.componentClass, $0.name, $0.text]
        }
      }
    }
    return rows
  }

  private func counters(_ snapshot: Snapshot) -> [[String]] {
    var rows = [["module", "counter", "unit", "tag", "value"]]
    for module in snapshot.modules {
      for counter in module.counters {
        rows += zip(snapshot.tags, counter.values).map {
          [module.path, counter.name, counter.unit, $0, String($1)]
        }
      }
    }
    return rows
  }

  private func states(_ snapshot: Snapshot) -> [[String]] {
    var rows = [["module", "state", "kind", "blocker", "tag", "cycles"]]
    for module in snapshot.modules {
      for state in module.states {
        rows += zip(snapshot.tags, state.cycles).map {
          [module.path, state.name, state.kind.rawValue, state.blocker ?? "", $0, String($1)]
        }
      }
    }
    return rows
  }

  private static func field(_ text: String) -> String {
    let isPlain = !text.contains { $0 == "," || $0 == "\"" || $0.isNewline }
    return isPlain ? text : "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
