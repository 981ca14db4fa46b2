internal import Diagnostics
internal import Energy
internal import Foundation
internal import SoC
internal import Telemetry

/// Finding and loading energy tables, with the place of every mistake.
struct EnergyTables {
  let installation: Installation

  /// The largest file that is read, in bytes.
  private static let sizeLimit = 32 << 20

  /// The table called `name`: one that comes with the tool, or the path of a file.
  ///
  /// - Parameter reading: gets the bytes of every file that is read.
  /// - Throws: `CommandFailure`, `EnergyTableRefusal` or `ConfigErrors` with everything that is
  ///   wrong.
  func load(_ name: String, reading: ([UInt8]) -> Void = { _ in }) throws -> EnergyTable {
    let shipped = installation.energyTables
    if shipped.contains(name) {
      return try load(file: "\(installation.energyFolder)/\(name).json", reading)
    }
    let isPath = name.contains("/") || name.hasSuffix(".json")
    if !isPath, HostFile.problem(name) != nil {
      let near = Suggestion.nearest(to: name, among: shipped)
      throw CommandFailure(
        .input,
        "error: no energy table is named '\(name)'; "
          + (near.map { "did you mean '\($0)'?" }
            ?? "expected one of \(shipped.joined(separator: ", ")), or a file"))
    }
    return try load(file: name, reading)
  }

  /// The table that a description names.
  func load(
    for description: SoCDescription, reading: ([UInt8]) -> Void = { _ in }
  ) throws -> EnergyTable {
    let energy = description.energy
    return energy.isTableFile
      ? try load(file: description.resolve(energy.table), reading)
      : try load(energy.table, reading: reading)
  }

  /// Name of the table, start of the digest of its files, and the node, such as `aladdin-45nm:3f09…@32nm`: what
  /// prices are stored under.
  ///
  /// - Parameters:
  ///   - name: as for `load`; nil takes that of the description.
  ///   - description: whose node counts.
  func label(_ name: String?, for description: SoCDescription) throws -> String {
    var digest = Digest()
    let table: EnergyTable
    if let name {
      table = try load(name) { digest.add($0) }
    } else {
      table = try load(for: description) { digest.add($0) }
    }
    let node = description.energy.nodeNanometres.map { "@\($0)nm" } ?? ""
    return "\(table.name):\(digest.hexadecimal().prefix(16))\(node)"
  }

  private func load(
    file: String, _ reading: ([UInt8]) -> Void
  ) throws -> EnergyTable {
    try EnergyTable.load(
      file: file,
      contents: { path in
        switch HostFile.read(path, limit: Self.sizeLimit) {
        case .success(let bytes):
          reading(bytes)
          return Data(bytes)
        case .failure(let problem):
          throw EnergyTableRefusal(
            problems: [EnergyTableProblem(file: path, path: "", message: "\(problem)")])
        }
      },
      parse: { TableNode(try JSONDocument(bytes: Array($0), file: $1).root) })
  }

  /// Refuses a table that lacks a price for something in `inventory`, before anything is simulated.
  ///
  /// - Parameter description: where the inventory comes from; its keys are named as the culprits.
  /// - Throws: `CommandFailure` with one message per cause.
  func require(
    _ table: EnergyTable, covers inventory: Snapshot, node: Double?,
    of description: SoCDescription? = nil
  ) throws {
    let missing = table.missing(for: inventory, node: node)
    guard !missing.isEmpty else { return }
    var messages: [String] = []
    if node != nil, let first = missing.first, table.missing(for: inventory).isEmpty {
      let origin = description?.energy.origin
      let isGiven = origin?.isGiven("node_nm") == true
      let place =
        isGiven ? origin.map { "\($0.position(of: "node_nm")): error: energy.node_nm" } : nil
      messages = ["\(place ?? "error: node"): table \(table.name): \(first.reason)"]
    } else {
      messages = Self.messages(for: missing, table, description)
    }
    throw CommandFailure(.input, messages.joined(separator: "\n"))
  }

  /// One message per module whose class the description chose, and one per further reason.
  private static func messages(
    for missing: [MissingEntry], _ table: EnergyTable, _ description: SoCDescription?
  ) -> [String] {
    var messages: [String] = []
    var blamed: Set<String> = []
    var components: [String: [String]] = [:]
    var reasons: [String] = []
    for entry in missing {
      if let place = description?.energyClassPlace(entry.module, entry.componentClass) {
        guard blamed.insert(entry.module).inserted else { continue }
        let near = Suggestion.nearest(to: entry.componentClass, among: table.classes)
        let isUnknown = !table.classes.contains(entry.componentClass)
        let suggestion = isUnknown ? near.map { "; did you mean '\($0)'?" } ?? "" : ""
        messages.append("\(place): \(entry.reason)\(suggestion)")
      } else {
        if components[entry.reason] == nil { reasons.append(entry.reason) }
        components[entry.reason, default: []].append("\(entry.module).\(entry.component)")
      }
    }
    for reason in reasons {
      let users = components[reason] ?? []
      let more = users.count > 3 ? " and \(users.count - 3) more" : ""
      messages.append(
        "error: table \(table.name): \(users.prefix(3).joined(separator: ", "))\(more): \(reason)")
    }
    return messages
  }
}

extension SoCDescription {
  /// `file:line:column: error: path` of the key by which a module has a component class; nil when
  /// the class is the model's own.
  fileprivate func energyClassPlace(_ module: String, _ componentClass: String) -> String? {
    var owners: [(name: String, energyClass: String?, origin: Origin)] = []
    owners += memories.map { ($0.name, $0.energyClass, $0.origin) }
    owners += dmas.map { ($0.name, $0.energyClass, $0.origin) }
    owners.append(("crossbar", crossbar.energyClass, crossbar.origin))
    if let cpu { owners += cpu.hartNames.map { ($0, cpu.energyClass, cpu.origin) } }
    guard
      let origin = owners.first(where: { $0.name == module && $0.energyClass == componentClass })?
        .origin
    else { return nil }
    return "\(origin.position(of: "energy_class")): error: \(origin.path(of: "energy_class"))"
  }
}

extension TableNode {
  /// A parsed document as the table loader reads it.
  fileprivate init(_ node: JSONNode) {
    let value: Value =
      switch node.value {
      case .null, .malformed: .null
      case .bool(let value): .bool(value)
      case .int64(let value): .number(Double(value))
      case .uint64(let value): .number(Double(value))
      case .double(let value): .number(value)
      case .string(let value): .string(value)
      case .array(let elements): .array(elements.map { TableNode($0) })
      case .object(let members):
        .object(
          members.map { member in
            Member(
              key: member.key, node: TableNode(member.node), line: member.keyPosition.line,
              column: member.keyPosition.column)
          })
      }
    self.init(value, line: node.position.line, column: node.position.column)
  }
}
