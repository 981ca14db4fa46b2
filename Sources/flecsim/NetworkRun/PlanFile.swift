internal import Diagnostics
internal import Foundation
internal import Mapping
internal import SoC

/// `plan.json`: how each layer is computed, one layer per line. Saved by a run, edited by a user, fed back with `--plan`.
struct PlanFile {
  private let mapped: MappedNetwork
  private let soc: String
  private let network: String

  init(_ mapped: MappedNetwork, soc: String, network: String) {
    self.mapped = mapped
    self.soc = soc
    self.network = network
  }

  /// The text of the file.
  var text: String {
    let lines = mapped.layers.map { "    {\(Self.members($0).joined(separator: ", "))}" }
    return """
      {
        "soc": \(Self.quoted(soc)),
        "network": \(Self.quoted(network)),
        "layers": [
      \(lines.joined(separator: ",\n"))
        ]
      }

      """
  }

  private static func members(_ layer: PlannedLayer) -> [String] {
    let choice = layer.choice
    var members: [String] = []
    func add(_ key: String, _ value: String?) {
      if let value { members.append("\(quoted(key)): \(value)") }
    }
    add("name", quoted(layer.name))
    add("operator", quoted(layer.kind))
    add("on", quoted(choice.engine ?? "core"))
    add("fused", choice.fused.map { "[\($0.map(quoted).joined(separator: ", "))]" })
    add("order", choice.order.map { quoted($0.rawValue) })
    add("tile_rows", choice.tileRows.map(String.init))
    add("group_strips", choice.groupStrips.map(String.init))
    add("input", choice.input.map { quoted($0.rawValue) })
    add("weights", choice.weights.map { quoted($0.rawValue) })
    add("output", quoted(layer.memory))
    add("macs", String(layer.macs))
    if layer.cycles > 0 {
      add("cycles", String(layer.cycles))
      add("dram_bytes", String(layer.dramBytes))
    }
    return members
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case _ where scalar.value < 0x20: result += String(format: "\\u%04x", scalar.value)
      case _: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }

  // MARK: Reading

  private static let layerKeys = [
    "name", "operator", "on", "fused", "order", "tile_rows", "group_strips", "input", "weights",
    "output", "macs", "cycles", "dram_bytes",
  ]

  /// The choices in a plan: what a user may have changed. The rest of the file is for reading only.
  ///
  /// - Parameters:
  ///   - layers: names of the network's nodes.
  ///   - engines: names of the arrays and vector units, and `core`.
  /// - Throws: `CommandFailure` with file, line and column of every mistake.
  static func choices(
    _ path: String, layers names: [String], engines: [String]
  ) throws -> [String: LayerChoice] {
    let document = try JSONDocument(contentsOf: path)
    var reader = Reader(file: path)
    var result: [String: LayerChoice] = [:]
    guard let list = document.root["layers"] else {
      throw CommandFailure(.input, "\(path): error: 'layers' is missing; expected an array")
    }
    guard let layers = list.elements else {
      reader.fail(list, "found \(list.value.summary)", "expected an array")
      throw CommandFailure(.input, reader.mistakes.joined(separator: "\n"))
    }
    for layer in layers {
      guard let members = layer.members else {
        reader.fail(layer, "found \(layer.value.summary)", "an object")
        continue
      }
      for member in members where !layerKeys.contains(member.key) {
        let near = Suggestion.nearest(to: member.key, among: layerKeys)
        reader.fail(
          member.node, "unknown key '\(member.key)'",
          near.map { "did you mean '\($0)'?" } ?? layerKeys.joined(separator: ", "))
      }
      guard let name = reader.text(layer, "name") else {
        if layer["name"] == nil { reader.fail(layer, "'name' is missing", "a layer's name") }
        continue
      }
      reader.check(name, in: layer["name"] ?? layer, "layer", among: names)
      var choice = LayerChoice()
      choice.engine = reader.text(layer, "on")
      if let engine = choice.engine, let node = layer["on"] {
        reader.check(engine, in: node, "engine", among: engines)
      }
      if choice.engine != "core" {
        choice.order = reader.choice(layer, "order")
        choice.tileRows = reader.integer(layer, "tile_rows")
        choice.groupStrips = reader.integer(layer, "group_strips")
        choice.input = reader.choice(layer, "input")
        choice.weights = reader.choice(layer, "weights")
        choice.fused = reader.texts(layer, "fused")
        for (name, node) in zip(choice.fused ?? [], layer["fused"]?.elements ?? []) {
          reader.check(name, in: node, "layer", among: names)
        }
      }
      if result.updateValue(choice, forKey: name) != nil {
        reader.fail(layer, "layer '\(name)' stands there twice", "one entry per layer")
      }
    }
    if !reader.mistakes.isEmpty {
      throw CommandFailure(.input, reader.mistakes.joined(separator: "\n"))
    }
    return result
  }

  private struct Reader {
    let file: String
    var mistakes: [String] = []

    mutating func fail(_ node: JSONNode, _ message: String, _ expected: String) {
      mistakes.append(
        "\(file):\(node.position.line):\(node.position.column): error: \(node.path): \(message); \(expected)"
      )
    }

    mutating func check(
      _ name: String, in node: JSONNode, _ what: String, among names: [String]
    ) {
      guard !names.contains(name) else { return }
      fail(
        node, "there is no \(what) '\(name)'",
        Suggestion.nearest(to: name, among: names).map { "did you mean '\($0)'?" }
          ?? "there are \(names.prefix(12).joined(separator: ", "))")
    }

    mutating func text(_ layer: JSONNode, _ key: String) -> String? {
      guard let node = layer[key] else { return nil }
      if case .string(let text) = node.value { return text }
      fail(node, "found \(node.value.summary)", "expected text")
      return nil
    }

    mutating func integer(_ layer: JSONNode, _ key: String) -> Int? {
      guard let node = layer[key] else { return nil }
      if case .int64(let value) = node.value, value > 0, value < 1 << 31 { return Int(value) }
      fail(node, "found \(node.value.summary)", "expected a positive number")
      return nil
    }

    mutating func texts(_ layer: JSONNode, _ key: String) -> [String]? {
      guard let node = layer[key] else { return nil }
      let texts = (node.elements ?? []).compactMap { element -> String? in
        if case .string(let text) = element.value { text } else { nil }
      }
      if let elements = node.elements, elements.count == texts.count { return texts }
      fail(node, "found \(node.value.summary)", "expected an array of layer names")
      return nil
    }

    mutating func choice<Choice: CaseIterable & RawRepresentable<String>>(
      _ layer: JSONNode, _ key: String
    ) -> Choice? {
      guard let node = layer[key], let text = text(layer, key) else { return nil }
      if let choice = Choice(rawValue: text) { return choice }
      let names = Choice.allCases.map(\.rawValue)
      fail(
        node, "found \"\(text)\"",
        Suggestion.nearest(to: text, among: names).map { "did you mean \"\($0)\"?" }
          ?? "expected one of \(names.joined(separator: ", "))")
      return nil
    }
  }
}
