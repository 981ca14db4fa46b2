/// A part of an SoC file that is decoded on its own: a section, or an instance of a section of
/// named
/// instances.
struct DescriptionPiece: Sendable, Equatable {
  /// Key of the section.
  let section: String
  /// Name of the instance; nil for the section as a whole.
  let instance: String?
  /// Its position among the instances; 0 for sections.
  let index: Int

  /// A piece as its overrides leave it.
  struct Decoded: Sendable {
    /// Puts it into a description that was decoded without overrides.
    let assign: @Sendable (inout SoCDescription) -> Void
  }

  /// Where an override belongs.
  struct Route: Sendable {
    let piece: DescriptionPiece
    /// Whether it may name files.
    let namesFiles: Bool
  }

  // MARK: What can be cut into pieces

  private static let sections: Set = ["simulation", "cpu", "crossbar", "energy"]
  private static let instanceSections: Set = [
    "clocks", "memories", "files", "dmas", "accelerators", "peripherals",
  ]
  private static let fileKeys: Set = ["cpu_firmware", "payload", "host_files", "table"]

  /// Whether a document's sections all have their declared names.
  static func knowsAllKeys(_ root: JSONNode) -> Bool {
    let names = Set(SoCDescription.declarations.map(\.name)).union(["$schema"])
    return root.members?.allSatisfy { names.contains($0.key) } ?? false
  }

  /// Whether modules that are not ours have to be loaded or translated.
  static func hasExternalModules(_ soc: SoCDescription) -> Bool {
    soc.accelerators.contains {
      $0.shadow != nil || $0.kindName == AcceleratorKind.plugin.name
        || $0.kindName == AcceleratorKind.verilated.name
    } || soc.peripherals.contains { $0.kindName == PeripheralCatalog.plugin.name }
      || soc.memories.contains { $0.type == .plugin }
  }

  // MARK: Decoding

  /// The piece with overrides; nil when there is anything to be said about it.
  func decoded(with overrides: [String], _ root: JSONNode) -> Decoded? {
    let collector = DiagnosticCollector()
    var part = pruned(root)
    for text in overrides {
      guard let override = Override(text, collector) else { return nil }
      part = override.applied(to: part)
    }
    guard collector.findings.isEmpty,
      let member = part.members?.first(where: { $0.key == section })
    else { return nil }
    let decoded: Decoded?
    if let instance {
      guard let inner = member.node.members?.first(where: { $0.key == instance }) else {
        return nil
      }
      decoded = Self.decoded(instance: inner, of: section, at: index, collector)
    } else {
      decoded = Self.decoded(section: member, collector)
    }
    return collector.findings.isEmpty ? decoded : nil
  }

  /// The document without everything else.
  private func pruned(_ root: JSONNode) -> JSONNode {
    let members = (root.members ?? []).filter { $0.key == section }
    guard let instance else { return root.replacingMembers(members) }
    return root.replacingMembers(
      members.map { member in
        JSONMember(
          key: member.key, keyPosition: member.keyPosition,
          node: member.node.replacingMembers(
            (member.node.members ?? []).filter { $0.key == instance }))
      })
  }

  private static func decoded(
    section member: JSONMember, _ collector: DiagnosticCollector
  ) -> Decoded? {
    func assigning<Section: DeclaredSection>(
      _ place: @escaping @Sendable (inout SoCDescription, Section) -> Void
    ) -> Decoded {
      let value = Section.decode(member, collector)
      let (key, position) = (member.key, member.node.position)
      return Decoded { soc in
        place(&soc, value)
        // A section that the file leaves out is given all the same.
        if !soc.origin.isGiven(key) || soc.origin.position(of: key) != position {
          soc.origin.place(key, at: position)
        }
      }
    }
    switch member.key {
    case "simulation": return assigning { $0.simulation = $1 }
    case "cpu": return assigning { (soc, cpu: CPUDescription) in soc.cpu = cpu }
    case "crossbar": return assigning { $0.crossbar = $1 }
    case "energy": return assigning { $0.energy = $1 }
    default: return nil
    }
  }

  private static func decoded(
    instance member: JSONMember, of section: String, at index: Int,
    _ collector: DiagnosticCollector
  ) -> Decoded? {
    func assigning<Section: NamedSection>(
      _ place: @escaping @Sendable (inout SoCDescription, Section) -> Void
    ) -> Decoded {
      var value = Section.decode(member, collector)
      value.name = member.key
      let decoded = value
      return Decoded { place(&$0, decoded) }
    }
    switch section {
    case "clocks": return assigning { $0.clocks[index] = $1 }
    case "memories": return assigning { $0.memories[index] = $1 }
    case "files": return assigning { $0.files[index] = $1 }
    case "dmas": return assigning { $0.dmas[index] = $1 }
    case "accelerators": return assigning { $0.accelerators[index] = $1 }
    case "peripherals": return assigning { $0.peripherals[index] = $1 }
    default: return nil
    }
  }
}

extension DescriptionPiece.Route {
  /// Where an override `path=value` belongs; nil when it touches more than one piece, or none.
  init?(_ text: String, _ root: JSONNode) {
    guard let equals = text.firstIndex(of: "=") else { return nil }
    let keys = text[..<equals].split(separator: ".", omittingEmptySubsequences: false)
      .map(String.init)
    guard let section = keys.first else { return nil }
    if DescriptionPiece.isSection(section) {
      self.init(
        piece: DescriptionPiece(section: section, instance: nil, index: 0),
        namesFiles: keys.count < 2 || DescriptionPiece.namesFiles(keys[1]))
      return
    }
    guard keys.count > 1, DescriptionPiece.isInstanceSection(section),
      let index = root[section]?.members?.firstIndex(where: { $0.key == keys[1] })
    else { return nil }
    self.init(
      piece: DescriptionPiece(section: section, instance: keys[1], index: index),
      namesFiles: section == "files")
  }
}

extension DescriptionPiece {
  fileprivate static func isSection(_ key: String) -> Bool { sections.contains(key) }
  fileprivate static func isInstanceSection(_ key: String) -> Bool {
    instanceSections.contains(key)
  }
  fileprivate static func namesFiles(_ key: String) -> Bool { fileKeys.contains(key) }
}
