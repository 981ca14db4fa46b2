import Telemetry

/// Action counts in the layout that Accelergy 0.4 reads: `action_counts` with a tree of modules and
/// their components.
///
/// Dots of a module's path become levels of the tree; modules without components are left out.
/// Counts are totals over all instances of a component. Leakage is the action `leak`, once per
/// cycle and instance, as Accelergy 0.4 expects.
public struct AccelergyReport: ReportFormat {
  /// `accelergy`.
  public let name = "accelergy"
  /// One line for the help text.
  public let summary = "action counts for Accelergy 0.4, as YAML"
  /// `yaml`.
  public let fileExtension = "yaml"

  /// Creates the format.
  public init() {}

  private struct Level {
    var module: ModuleRecord?
    var children: [(name: String, level: Level)] = []

    mutating func insert(_ module: ModuleRecord, path: ArraySlice<Substring>) {
      guard let first = path.first else {
        self.module = module
        return
      }
      let index: Int
      if let found = children.firstIndex(where: { $0.name == first }) {
        index = found
      } else {
        index = children.count
        children.append((String(first), Level()))
      }
      children[index].level.insert(module, path: path.dropFirst())
    }
  }

  /// The document, ending in a newline.
  public func render(_ record: RunRecord) -> String {
    var root = Level()
    for module in record.snapshot.modules where !module.components.isEmpty {
      root.insert(module, path: module.path.split(separator: ".")[...])
    }
    var lines = [
      "# Counts are numbers of actions over all instances; energy per action is not included."
    ]
    if let estimate = record.estimate {
      lines.append("# Estimated by the model \(estimate.model), not simulated.")
    }
    lines += [
      "action_counts:", "  version: 0.4", "  subtree:", "    - name: \(Self.quoted(record.name))",
    ]
    append(root, indentation: 6, to: &lines)
    return lines.joined(separator: "\n") + "\n"
  }

  private func append(_ level: Level, indentation: Int, to lines: inout [String]) {
    let space = String(repeating: " ", count: indentation)
    if let module = level.module {
      lines.append("\(space)local:")
      let counted = ActionCount.all(of: module)
      for component in module.components {
        lines.append("\(space)  - name: \(Self.quoted(component.name))")
        lines.append("\(space)    action_counts:")
        var actions = counted.first { $0.name == component.name }?.actions ?? []
        let leak = Double(module.totalCycles) * Double(component.quantity)
        actions.append(ActionCount.Action(name: "leak", count: leak))
        for action in actions {
          lines.append("\(space)      - name: \(Self.quoted(action.name))")
          lines.append("\(space)        counts: \(action.text)")
        }
      }
    }
    if !level.children.isEmpty {
      lines.append("\(space)subtree:")
      for child in level.children {
        lines.append("\(space)  - name: \(Self.quoted(child.name))")
        append(child.level, indentation: indentation + 4, to: &lines)
      }
    }
  }

  /// A plain YAML scalar, or a double-quoted one when it could be read as something else.
  private static func quoted(_ text: String) -> String {
    let isPlain =
      text.first.map { $0.isLetter && $0.isASCII } == true
      && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "_.".contains($0)) }
      && !["true", "false", "yes", "no", "on", "off", "null", "y", "n"].contains(text.lowercased())
    if isPlain { return text }
    let escaped = text.map { character -> String in
      switch character {
      case "\\": "\\\\"
      case "\"": "\\\""
      case "\n": "\\n"
      case "\t": "\\t"
      default: String(character)
      }
    }
    return "\"" + escaped.joined() + "\""
  }
}
