/// The table of keys for the manual, made from the same declarations that decode the SoC file.
public enum SoCKeyTable {
  /// One Markdown table per section; the same for every call.
  public static func markdown() -> String {
    SectionCatalog().entries.map(section).joined(separator: "\n")
  }

  private static func section(_ entry: SectionCatalog.Entry) -> String {
    var text = "### \(entry.name)\n\n\(entry.help)\n\n"
    text += "| key | value | default | meaning |\n|---|---|---|---|\n"
    for declaration in entry.declarations {
      let names = ([declaration.name] + declaration.aliases).map { "`\($0)`" }
      let cells = [
        names.joined(separator: ", "), value(declaration.shape), presence(declaration.presence),
        declaration.help,
      ]
      text += "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |\n"
    }
    return text
  }

  private static func value(_ shape: ValueShape) -> String {
    switch shape {
    case .section(let section): "object [\(section.noun)](#\(anchor(section.noun)))"
    case .instances(let section):
      "named objects [\(section.noun)](#\(anchor(section.noun)))"
    case .acceleratorArguments:
      "object "
        + AcceleratorCatalog.kinds.map { "[\($0.name)](#\(anchor($0.name)))" }
        .joined(separator: " or ")
    case .either(let first, let second): value(first) + ", or " + value(second)
    case .dictionary(let element, let noun):
      "object with \(noun) as keys, each value \(element.expectation)"
    default: shape.expectation
    }
  }

  private static func anchor(_ heading: String) -> String {
    heading.lowercased().replacing(" ", with: "-")
  }

  private static func presence(_ presence: FieldDeclaration.Presence) -> String {
    switch presence {
    case .required: return "mandatory"
    case .optional: return "none"
    case .derived(let text): return text
    case .defaulted(.object), .defaulted(.array): return "empty, or its own defaults"
    case .defaulted(let value): return "`\(value.compactText)`"
    }
  }
}
