public import Foundation

extension EnergyTable {
  /// Reads a table and the sweep and scaling files it names, which lie beside it.
  ///
  /// - Parameters:
  ///   - file: path of the table, a JSON file.
  ///   - contents: gives a file's bytes; the argument is the path.
  ///   - parse: turns a file's bytes into a document; the second argument is the path. A caller
  ///     with a parser that knows positions gets them in messages.
  /// - Throws: `EnergyTableRefusal` with everything that is wrong with the table, and what
  ///   `contents` and `parse` throw.
  public static func load(
    file: String, contents: (String) throws -> Data = EnergyTable.contents(of:),
    parse: (Data, String) throws -> TableNode = EnergyTable.parseJSON
  ) throws -> EnergyTable {
    func beside(_ name: String) -> String {
      guard !name.hasPrefix("/"), let slash = file.lastIndex(of: "/") else { return name }
      return file[...slash] + name
    }
    return try EnergyTable(
      document: try parse(try contents(file), file), file: file,
      loadSweep: { name in
        let path = beside(name)
        let csv = String(decoding: try contents(path), as: UTF8.self)
        return try SRAMSweep(csv: csv, file: path)
      },
      loadScaling: { name in
        let path = beside(name)
        return try NodeScaling(document: try parse(try contents(path), path), file: path)
      })
  }

  /// Parses JSON, with comments, trailing commas and hexadecimal numbers allowed (JSON5).
  ///
  /// The decoder behind it tells no positions, not even of a syntax error.
  ///
  /// - Throws: `EnergyTableRefusal` when the bytes are no JSON document.
  public static func parseJSON(_ data: Data, file: String) throws -> TableNode {
    let decoder = JSONDecoder()
    decoder.allowsJSON5 = true
    do {
      return try decoder.decode(TableNode.self, from: data)
    } catch {
      let message = data.isEmpty ? "the file is empty" : "not a JSON document"
      throw EnergyTableRefusal(
        problems: [EnergyTableProblem(file: file, path: "", message: message)])
    }
  }

  /// The bytes of a file.
  ///
  /// - Throws: `EnergyTableRefusal` when it cannot be read.
  public static func contents(of path: String) throws -> Data {
    do {
      return try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw EnergyTableRefusal(
        problems: [
          EnergyTableProblem(file: path, path: "", message: "the file cannot be read")
        ])
    }
  }

  /// Reads a table from a parsed document.
  ///
  /// - Parameters:
  ///   - document: the table.
  ///   - file: name for messages.
  ///   - loadSweep: gives the memory sweep of a name that the table uses.
  ///   - loadScaling: gives the node scaling of a name that the table uses.
  /// - Throws: `EnergyTableRefusal` with everything that is wrong with the table or its files.
  public init(
    document: TableNode, file: String,
    loadSweep: (String) throws -> SRAMSweep, loadScaling: (String) throws -> NodeScaling
  ) throws {
    let reader = TableReader(file: file)
    reader.expectObject(
      document, path: "",
      known: [
        "format", "name", "title", "notes", "node_nm", "scaling", "sources", "entries",
        "components",
      ])
    if let format = reader.string(document, "format", path: ""),
      format != "flecsim-energy-table/1"
    {
      reader.report(document["format"], "format", "expected \"flecsim-energy-table/1\"")
    }
    name = reader.string(document, "name", path: "") ?? ""
    title = reader.string(document, "title", path: "") ?? ""
    nodeNanometres = reader.node(document, path: "") ?? 0
    citations = reader.citations(document)
    let entries = reader.entries(document, citations: citations)
    self.entries = entries
    let rules = reader.rules(document, entries: entries, citations: citations)
    self.rules = rules
    let scalingName = reader.optionalString(document, "scaling", path: "")
    try reader.finish()
    scaling = try scalingName.map(loadScaling)
    var sweeps: [String: SRAMSweep] = [:]
    for rule in rules.values.sorted(by: { $0.componentClass < $1.componentClass }) {
      if let sweep = rule.sweep, sweeps[sweep.file] == nil {
        sweeps[sweep.file] = try loadSweep(sweep.file)
      }
      if let sweep = rule.sweep, sweeps[sweep.file]?.nodes(cell: sweep.cell).isEmpty != false {
        let path = "components.\(rule.componentClass).sweep.cell"
        let place = document["components"]?[rule.componentClass]?["sweep"]?["cell"]
        reader.report(place, path, "the sweep \(sweep.file) has no flavour '\(sweep.cell)'")
      }
    }
    self.sweeps = sweeps
    try reader.finish()
  }
}

extension TableReader {
  /// A process node in nm under `node_nm`.
  fileprivate func node(_ node: TableNode, path: String) -> Double? {
    guard let value = number(node, "node_nm", path: path) else { return nil }
    guard (1...1000).contains(value) else {
      report(node["node_nm"], join(path, "node_nm"), "expected 1 to 1000 nm, found \(value)")
      return nil
    }
    return value
  }

  fileprivate func citations(_ document: TableNode) -> [String: Citation] {
    guard let sources = required(document, "sources", path: "") else { return [:] }
    var result: [String: Citation] = [:]
    for member in members(sources, path: "sources") {
      let path = "sources.\(member.key)"
      if member.key == EnergyTable.configurationSource {
        report(member, path, "the name is reserved for values from the configuration")
      }
      result[member.key] = citation(member.node, key: member.key, path: path)
      if result[member.key] == nil { markFaulty("source", member.key) }
    }
    return result
  }

  // MARK: Entries

  fileprivate func entries(
    _ document: TableNode, citations: [String: Citation]
  ) -> [String: EnergyEntry] {
    guard let list = required(document, "entries", path: "") else { return [:] }
    var result: [String: EnergyEntry] = [:]
    for member in members(list, path: "entries") {
      if result[member.key] != nil {
        report(member, "entries.\(member.key)", "the entry is repeated")
      }
      result[member.key] = entry(member, citations: citations)
      if result[member.key] == nil { markFaulty("entry", member.key) }
    }
    return result
  }

  private func entry(
    _ member: TableNode.Member, citations: [String: Citation]
  ) -> EnergyEntry? {
    let path = "entries.\(member.key)"
    let node = member.node
    expectObject(
      node, path: path,
      known: [
        "unit", "node_nm", "value", "source", "period_ns", "width_bits", "width_exponent",
        "scales_with_node", "confidence", "method",
      ])
    let parts = member.key.split(separator: ".")
    let quantity = parts.last.flatMap { MeasuredQuantity(rawValue: String($0)) }
    guard let quantity, parts.count >= 2 else {
      let known = MeasuredQuantity.allCases.map(\.rawValue).joined(separator: ", ")
      report(member, path, "expected a name '<primitive>.<quantity>', quantity one of \(known)")
      markFaulty("primitive", parts.dropLast().joined(separator: "."))
      return nil
    }
    let unit = unit(node, quantity: quantity, path: path)
    let nodeNanometres = self.node(node, path: path)
    let source = sourceReference(node, path: path, citations: citations)
    let axis = axis(node, path: path)
    let values = values(node, quantity: quantity, unit: unit, axis: axis, path: path)
    let exponent = node["width_exponent"] == nil ? 1 : number(node, "width_exponent", path: path)
    if let exponent, exponent > 4 {
      report(node["width_exponent"], join(path, "width_exponent"), "expected at most 4")
    }
    if quantity == .idle, axis.axis != .period {
      report(node, path, "an idle energy needs period_ns: leakage is its quotient by the period")
    }
    let confidence = optionalString(node, "confidence", path: path)
    if let confidence, !["high", "medium", "low"].contains(confidence) {
      report(node["confidence"], join(path, "confidence"), "expected high, medium or low")
    }
    var scales = true
    if let flag = node["scales_with_node"] {
      if case .bool(let value) = flag.value {
        scales = value
      } else {
        report(flag, join(path, "scales_with_node"), "expected true or false")
      }
    }
    let method = optionalString(node, "method", path: path)
    guard let nodeNanometres, let source, let values, let exponent, unit != nil else { return nil }
    return EnergyEntry(
      primitive: parts.dropLast().joined(separator: "."), quantity: quantity,
      nodeNanometres: nodeNanometres, scalesWithNode: scales, axis: axis.axis, points: values,
      referenceWidth: axis.width, widthExponent: exponent, source: source, confidence: confidence,
      method: method)
  }

  private func unit(
    _ node: TableNode, quantity: MeasuredQuantity, path: String
  ) -> MeasureUnit? {
    guard let symbol = string(node, "unit", path: path) else { return nil }
    let fitting = MeasureUnit.all.filter { $0.quantities.contains(quantity) }
    guard let unit = fitting.first(where: { $0.symbol == symbol }) else {
      let known = fitting.map(\.symbol).joined(separator: ", ")
      report(
        node["unit"], join(path, "unit"),
        "'\(symbol)' is no unit of \(quantity.rawValue); expected one of \(known)")
      return nil
    }
    return unit
  }

  private struct AxisDeclaration {
    var axis: EnergyEntry.Axis
    var positions: [Double]
    var width: Double?
  }

  private func axis(_ node: TableNode, path: String) -> AxisDeclaration {
    var width: Double?
    var result = AxisDeclaration(axis: .none, positions: [0], width: nil)
    if let declared = node["width_bits"] {
      if case .array = declared.value {
        let positions = numbers(node, "width_bits", path: path) ?? []
        result = AxisDeclaration(axis: .width, positions: positions, width: nil)
      } else {
        width = number(node, "width_bits", path: path)
        result.width = width
      }
    }
    if let declared = node["period_ns"] {
      if result.axis == .width {
        report(declared, join(path, "period_ns"), "cannot be combined with a list of widths")
      }
      let positions = numbers(node, "period_ns", path: path) ?? []
      result = AxisDeclaration(axis: .period, positions: positions, width: width)
    }
    return result
  }

  private func values(
    _ node: TableNode, quantity: MeasuredQuantity, unit: MeasureUnit?, axis: AxisDeclaration,
    path: String
  ) -> [EnergyEntry.Point]? {
    guard let value = required(node, "value", path: path) else { return nil }
    let valuePath = join(path, "value")
    let listed: [Double]?
    if axis.axis == .none {
      listed = positive(value, path: valuePath).map { [$0] }
    } else {
      listed = numbers(value, path: valuePath)
    }
    guard let listed, let unit else { return nil }
    guard listed.count == axis.positions.count, !listed.isEmpty else {
      report(
        value, valuePath, "expected \(axis.positions.count) values, found \(listed.count)")
      return nil
    }
    guard zip(axis.positions, axis.positions.dropFirst()).allSatisfy({ $0 < $1 }) else {
      report(value, path, "the list of periods or widths must be increasing")
      return nil
    }
    let points = zip(axis.positions, listed).map {
      EnergyEntry.Point(position: $0, value: $1 * unit.factor)
    }
    if let wild = points.first(where: { $0.value > quantity.limit }) {
      report(
        value, valuePath,
        "\(wild.value) \(quantity.canonicalUnit) is not believable (limit \(quantity.limit)): "
          + "check the unit")
      return nil
    }
    return points
  }
}
