/// Names are identifiers, and a module's name is its own: it becomes part of paths, macros and
/// signal names.
struct InstanceNamesRule: ValidationRule {
  private static func reserved(in soc: SoCDescription) -> Set<String> {
    var names: Set = ["cpu", "crossbar"]
    if let cpu = soc.cpu {
      names.formUnion(cpu.hartNames)
      if cpu.boot == .rom { names.insert(SystemBuilder.bootROM) }
    }
    return names
  }

  func check(_ context: RuleContext) {
    for finding in Self.findings(in: context.description) {
      context.collector.error(
        at: finding.section.origin.position, finding.section.origin.path, finding.message,
        expected: finding.expected, suggestion: finding.suggestion)
    }
  }

  private struct Finding {
    let section: any NamedSection
    let message: String
    let expected: String
    var suggestion: String?
  }

  /// The first key of each path whose instances have a mistake in their names.
  static func faultySections(of soc: SoCDescription) -> Set<String> {
    Set(
      findings(in: soc).compactMap {
        $0.section.origin.path.split(separator: ".").first.map(String.init)
      })
  }

  /// Whether there is nothing to find; without looking at sections one by one as values of any
  /// kind.
  private static func hasOnlyGoodNames(_ soc: SoCDescription) -> Bool {
    var modules: [String] = []
    modules.reserveCapacity(
      soc.memories.count + soc.dmas.count + soc.accelerators.count + soc.peripherals.count)
    for memory in soc.memories { modules.append(memory.name) }
    for dma in soc.dmas { modules.append(dma.name) }
    for accelerator in soc.accelerators { modules.append(accelerator.name) }
    for peripheral in soc.peripherals { modules.append(peripheral.name) }
    guard modules.allSatisfy(isIdentifier),
      soc.clocks.allSatisfy({ isIdentifier($0.name) }),
      soc.files.allSatisfy({ isIdentifier($0.name) }),
      soc.accelerators.allSatisfy({ $0.submodules.allSatisfy { isIdentifier($0.name) } })
    else { return false }
    let names = Set(modules)
    return names.count == modules.count && names.isDisjoint(with: reserved(in: soc))
  }

  private static func findings(in soc: SoCDescription) -> [Finding] {
    if hasOnlyGoodNames(soc) { return [] }
    let modules: [any NamedSection] =
      soc.memories as [any NamedSection] + soc.dmas + soc.accelerators + soc.peripherals
    let others: [any NamedSection] =
      soc.clocks as [any NamedSection] + soc.files + soc.accelerators.flatMap(\.submodules)
    var findings: [Finding] = []
    for section in modules + others where !isIdentifier(section.name) {
      findings.append(
        Finding(
          section: section,
          message: "the name '\(JSONValue.shortened(section.name))' is no identifier",
          expected: "a letter or _, then letters, digits and _",
          suggestion: identifier(from: section.name)))
    }
    var owners: [String: Origin] = [:]
    let reserved = reserved(in: soc)
    for module in modules {
      if reserved.contains(module.name) {
        findings.append(
          Finding(
            section: module, message: "the name '\(module.name)' is reserved",
            expected: "another name"))
      } else if let owner = owners[module.name] {
        let place = "\(owner.position.line):\(owner.position.column)"
        findings.append(
          Finding(
            section: module, message: "the name is taken by \(owner.path) at \(place)",
            expected: "a name that no other module has"))
      } else {
        owners[module.name] = module.origin
      }
    }
    return findings
  }

  static func isIdentifier(_ name: String) -> Bool {
    guard let first = name.utf8.first, !isDigit(first) else { return false }
    return name.utf8.allSatisfy { isDigit($0) || isLetter($0) }
  }

  private static func identifier(from name: String) -> String? {
    let bytes = name.utf8.map { isDigit($0) || isLetter($0) ? $0 : UInt8(ascii: "_") }
    guard let first = bytes.first, bytes.count <= 60, bytes.contains(where: { $0 != 0x5F }) else {
      return nil
    }
    return (isDigit(first) ? "_" : "") + String(decoding: bytes, as: UTF8.self)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }

  private static func isLetter(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "_")
      || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
  }
}

extension SoCDescription {
  /// Whether a section and the names of its instances are free of mistakes: only then is a name
  /// that is not among them a mistake of its own.
  func hasSoundNames(_ section: String) -> Bool {
    origin.isSound(section)
      && InstanceNamesRule.faultySections(of: self).isDisjoint(
        with: ["memories", "dmas", "accelerators", "peripherals"].contains(section)
          ? ["memories", "dmas", "accelerators", "peripherals"] : [section])
  }
}
