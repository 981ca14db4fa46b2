internal import Networks

extension OperatorTable {
  /// Pooling and resizing.
  static func addWindows(to table: inout NodeImports) {
    table.define("MaxPool") { node, graph throws(NetworkError) in
      graph.dropUnusedOutputs(of: node)
      if node.outputs.count > 1 {
        try node.require("storage_order", 0)
      } else {
        node.ignore("storage_order")  // of indices only
      }
      graph.emit(node, .maxPool(try node.pooling()))
    }
    table.define("AveragePool") { node, graph throws(NetworkError) in
      graph.emit(node, .averagePool(try node.pooling()))
    }
    table.define("GlobalMaxPool") { node, graph throws(NetworkError) in
      graph.emit(node, .globalMaxPool)
    }
    table.define("GlobalAveragePool") { node, graph throws(NetworkError) in
      graph.emit(node, .globalAveragePool)
    }
    table.define("Upsample") { node, graph throws(NetworkError) in
      guard node.version < 9 else {
        try scale(node, by: try node.operand(1, "scales"), &graph)
        return
      }
      guard let scales = try node.numbers("scales") else {
        throw NetworkError("attribute 'scales' is missing")
      }
      try scale(node, by: graph.constant(Tensor([scales.count], scales), node, "scales"), &graph)
    }
    table.define("Resize") { node, graph throws(NetworkError) in
      if node.version < 11 {
        try scale(node, by: try node.operand(1, "scales"), &graph)
      } else {
        try resize(node, &graph)
      }
    }
  }

  /// Resize as it was before version 11, and Upsample: the place is x/scale, rounded towards the
  /// side that is larger.
  private static func scale(
    _ node: NodeReader, by scales: String, _ graph: inout GraphImport
  ) throws(NetworkError) {
    let word = try node.text("mode") ?? "nearest"
    guard word == "nearest" || word == "linear" || word == "bilinear" else {
      throw NetworkError("attribute 'mode' is '\(word)', which is not supported")
    }
    let mode: Resize.Mode = word == "nearest" ? .nearest : .linear
    var rounding = Resize.Rounding.floor
    if mode == .nearest, let factors = graph.constantValue(scales)?.array(of: Float.self) {
      if factors.contains(where: { $0 < 1 }) {
        guard !factors.contains(where: { $0 > 1 }) else {
          throw NetworkError(
            "it enlarges one axis and reduces another, which versions before 11 leave open",
            suggestion: "convert the model to opset 13 or later")
        }
        rounding = .ceiling
      }
    }
    let attributes = Resize(mode: mode, coordinates: .asymmetric, rounding: rounding)
    graph.emit(node, .resize(attributes), [try node.operand(0, "x"), "", scales])
  }

  private static func resize(
    _ node: NodeReader, _ graph: inout GraphImport
  ) throws(NetworkError) {
    try node.require("antialias", 0)
    node.ignore("extrapolation_value")  // of regions only
    let attributes = Resize(
      mode: try node.choice("mode", default: .nearest),
      coordinates: try node.choice("coordinate_transformation_mode", default: .halfPixel),
      rounding: try node.choice("nearest_mode", default: .preferFloor),
      axes: try node.integers("axes"),
      aspectRatio: try node.choice("keep_aspect_ratio_policy", default: .stretch),
      cubicCoefficient: try node.number("cubic_coeff_a", default: -0.75),
      excludesOutside: try node.flag("exclude_outside"))
    var inputs = [try node.operand(0, "x"), "", node.input(2) ?? "", node.input(3) ?? ""]
    // Where sizes are given, scales can be there without an element.
    if !inputs[3].isEmpty, graph.constantValue(inputs[2])?.count == 0 { inputs[2] = "" }
    if inputs[3].isEmpty { inputs.removeLast() }
    graph.emit(node, .resize(attributes), inputs)
  }
}
