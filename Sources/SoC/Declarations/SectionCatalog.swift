/// Every section that the SoC file can hold, found by following the declarations from the root.
struct SectionCatalog {
  /// A section or the arguments of an accelerator's kind, without its Swift type.
  struct Entry {
    /// Name in the schema and heading in the table of keys.
    let name: String
    let help: String
    let declarations: [FieldDeclaration]
  }

  /// Root first, then depth first in declared order.
  let entries: [Entry]

  init() {
    var entries: [Entry] = []
    Self.collect(SoCDescription.self, into: &entries)
    self.entries = entries
  }

  private static func collect(_ section: any DeclaredSection.Type, into entries: inout [Entry]) {
    guard !entries.contains(where: { $0.name == section.noun }) else { return }
    let declarations = section.declarations
    entries.append(Entry(name: section.noun, help: section.help, declarations: declarations))
    for declaration in declarations { collect(declaration.shape, into: &entries) }
  }

  private static func collect(_ shape: ValueShape, into entries: inout [Entry]) {
    switch shape {
    case .section(let section), .instances(let section): collect(section, into: &entries)
    case .list(let element, _), .dictionary(let element, _): collect(element, into: &entries)
    case .either(let first, let second):
      collect(first, into: &entries)
      collect(second, into: &entries)
    case .acceleratorArguments:
      for kind in AcceleratorCatalog.kinds {
        entries.append(
          Entry(
            name: kind.name, help: kind.summary,
            declarations: kind.arguments.map(\.declaration)))
      }
    case .integer, .number, .boolean, .text, .choice: break
    }
  }
}
