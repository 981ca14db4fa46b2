internal import Foundation

extension LayerTable {
  /// The table as comma-separated values (RFC 4180), header line first, all nodes, no sums.
  ///
  /// Sides are separated by `x`, operands by blanks.
  public var csv: String {
    let header = [
      "index", "name", "operator", "inputs", "outputs", "kernel", "strides", "pads_begin",
      "pads_end", "dilations", "groups", "macs", "element_operations", "weights", "biases",
      "other_parameters", "weight_bytes", "parameter_bytes", "input_bytes", "output_bytes",
      "moves_data_only",
    ]
    var lines = [header]
    for row in rows {
      let window = row.window
      lines.append([
        String(row.index), row.name, row.operator, Self.list(row.inputs), Self.list(row.outputs),
        Self.sides(window?.kernel), Self.sides(window?.strides), Self.sides(window?.padsBegin),
        Self.sides(window?.padsEnd), Self.sides(window?.dilations),
        row.groups.map(String.init) ?? "", String(row.macs), String(row.elementOperations),
        String(row.weights), String(row.biases), String(row.otherParameters),
        String(row.weightBytes), String(row.parameterBytes), String(row.inputBytes),
        String(row.outputBytes), String(row.movesDataOnly),
      ])
    }
    return lines.map { $0.map(Self.field).joined(separator: ",") + "\n" }.joined()
  }

  /// The table as a JSON document, keys sorted, one line per node, ending in a newline.
  ///
  /// - Throws: `NetworkError` when the encoder fails.
  public func json() throws(NetworkError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    func encoded(_ value: some Encodable) throws(NetworkError) -> String {
      do {
        return String(decoding: try encoder.encode(value), as: UTF8.self)
      } catch {
        throw NetworkError("the layer table cannot be written as JSON: \(error)")
      }
    }
    var layers: [String] = []
    for row in rows { layers.append("    " + (try encoded(RowDocument(row)))) }
    let list = layers.isEmpty ? "[]" : "[\n" + layers.joined(separator: ",\n") + "\n  ]"
    return """
      {
        "layers": \(list),
        "network": \(try encoded(network)),
        "totals": \(try encoded(TotalsDocument(totals)))
      }

      """
  }

  private static func list(_ types: [TensorType]) -> String {
    types.map { type in
      type.element.rawValue + "[" + type.shape.map(String.init).joined(separator: "x") + "]"
    }.joined(separator: " ")
  }

  private static func sides(_ values: [Int]?) -> String {
    (values ?? []).map(String.init).joined(separator: "x")
  }

  private static func field(_ text: String) -> String {
    let isPlain = !text.contains { $0 == "," || $0 == "\"" || $0.isNewline }
    return isPlain ? text : "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}

private struct TypeDocument: Encodable {
  var element: ElementType
  var shape: [Int]

  init(_ type: TensorType) {
    element = type.element
    shape = type.shape
  }
}

private struct RowDocument: Encodable {
  var row: LayerTable.Row

  init(_ row: LayerTable.Row) { self.row = row }

  enum CodingKeys: String, CodingKey {
    case index, name, `operator`, inputs, outputs, kernel, strides, dilations, groups, macs, weights
    case biases
    case padsBegin = "pads_begin"
    case padsEnd = "pads_end"
    case elementOperations = "element_operations"
    case otherParameters = "other_parameters"
    case weightBytes = "weight_bytes"
    case parameterBytes = "parameter_bytes"
    case inputBytes = "input_bytes"
    case outputBytes = "output_bytes"
    case movesDataOnly = "moves_data_only"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(row.index, forKey: .index)
    try container.encode(row.name, forKey: .name)
    try container.encode(row.operator, forKey: .operator)
    try container.encode(row.inputs.map(TypeDocument.init), forKey: .inputs)
    try container.encode(row.outputs.map(TypeDocument.init), forKey: .outputs)
    try container.encodeIfPresent(row.window?.kernel, forKey: .kernel)
    try container.encodeIfPresent(row.window?.strides, forKey: .strides)
    try container.encodeIfPresent(row.window?.padsBegin, forKey: .padsBegin)
    try container.encodeIfPresent(row.window?.padsEnd, forKey: .padsEnd)
    try container.encodeIfPresent(row.window?.dilations, forKey: .dilations)
    try container.encodeIfPresent(row.groups, forKey: .groups)
    try container.encode(row.macs, forKey: .macs)
    try container.encode(row.elementOperations, forKey: .elementOperations)
    try container.encode(row.weights, forKey: .weights)
    try container.encode(row.biases, forKey: .biases)
    try container.encode(row.otherParameters, forKey: .otherParameters)
    try container.encode(row.weightBytes, forKey: .weightBytes)
    try container.encode(row.parameterBytes, forKey: .parameterBytes)
    try container.encode(row.inputBytes, forKey: .inputBytes)
    try container.encode(row.outputBytes, forKey: .outputBytes)
    try container.encode(row.movesDataOnly, forKey: .movesDataOnly)
  }
}

private struct TotalsDocument: Encodable {
  var totals: LayerTable.Totals

  init(_ totals: LayerTable.Totals) { self.totals = totals }

  enum CodingKeys: String, CodingKey {
    case macs, weights, biases, parameters
    case elementOperations = "element_operations"
    case otherParameters = "other_parameters"
    case weightBytes = "weight_bytes"
    case parameterBytes = "parameter_bytes"
    case inputBytes = "input_bytes"
    case outputBytes = "output_bytes"
    case peakActivationBytes = "peak_activation_bytes"
    case peakNode = "peak_node"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(totals.macs, forKey: .macs)
    try container.encode(totals.elementOperations, forKey: .elementOperations)
    try container.encode(totals.weights, forKey: .weights)
    try container.encode(totals.biases, forKey: .biases)
    try container.encode(totals.otherParameters, forKey: .otherParameters)
    try container.encode(totals.parameters, forKey: .parameters)
    try container.encode(totals.weightBytes, forKey: .weightBytes)
    try container.encode(totals.parameterBytes, forKey: .parameterBytes)
    try container.encode(totals.inputBytes, forKey: .inputBytes)
    try container.encode(totals.outputBytes, forKey: .outputBytes)
    try container.encode(totals.peakActivationBytes, forKey: .peakActivationBytes)
    try container.encodeIfPresent(totals.peakNode, forKey: .peakNode)
  }
}
