internal import Networks

extension OperatorTable {
  /// Operators that move elements or are about shapes.
  static func addShapes(to table: inout NodeImports) {
    let plain: [(String, Operator)] = [
      ("Identity", .identity), ("Expand", .expand), ("Tile", .tile), ("Size", .size),
    ]
    for (type, kind) in plain {
      table.define(type) { node, graph throws(NetworkError) in graph.emit(node, kind) }
    }
    table.define("Range") { node, graph throws(NetworkError) in
      node.ignore("stash_type")
      graph.emit(node, .range)
    }
    table.define("Constant", constant)
    table.define("Dropout", dropout)
    table.define("ConstantOfShape") { node, graph throws(NetworkError) in
      let value = try node.tensor("value")?.tensor(external: graph.external)
      guard value?.count ?? 1 == 1 else {
        throw NetworkError("attribute 'value' has not one element")
      }
      graph.emit(node, .constantOfShape(value: value?.reshaped([1]) ?? Tensor([1], [Float(0)])))
    }
    table.define("Concat") { node, graph throws(NetworkError) in
      graph.emit(node, .concat(axis: try node.requiredInteger("axis")))
    }
    table.define("Reshape") { node, graph throws(NetworkError) in
      graph.emit(node, .reshape(zeroMeansZero: try node.flag("allowzero")))
    }
    table.define("Flatten") { node, graph throws(NetworkError) in
      graph.emit(node, .flatten(axis: try node.integer("axis", default: 1)))
    }
    table.define("Transpose") { node, graph throws(NetworkError) in
      graph.emit(node, .transpose(permutation: try node.integers("perm")))
    }
    table.define("Shape") { node, graph throws(NetworkError) in
      let start = try node.integer("start", default: 0)
      graph.emit(node, .shape(start: start, end: try node.integer("end")))
    }
    table.define("Gather") { node, graph throws(NetworkError) in
      graph.emit(node, .gather(axis: try node.integer("axis", default: 0)))
    }
    table.define("GatherElements") { node, graph throws(NetworkError) in
      graph.emit(node, .gatherElements(axis: try node.integer("axis", default: 0)))
    }
    table.define("DepthToSpace") { node, graph throws(NetworkError) in
      let mode = try node.text("mode") ?? "DCR"
      guard mode == "DCR" || mode == "CRD" else {
        throw NetworkError("attribute 'mode' is '\(mode)', which is not supported")
      }
      let block = try node.requiredInteger("blocksize")
      graph.emit(node, .depthToSpace(block: block, columnsFirst: mode == "CRD"))
    }
    table.define("SpaceToDepth") { node, graph throws(NetworkError) in
      let mode = try node.text("mode") ?? "DCR"
      guard mode == "DCR" else {
        throw NetworkError("attribute 'mode' is '\(mode)', which is not supported")
      }
      graph.emit(node, .spaceToDepth(block: try node.requiredInteger("blocksize")))
    }
    addFormerAttributes(to: &table)
  }

  /// Operators whose operands older versions write as attributes.
  private static func addFormerAttributes(to table: inout NodeImports) {
    for (type, kind) in [("Squeeze", Operator.squeeze), ("Unsqueeze", .unsqueeze)] {
      table.define(type) { node, graph throws(NetworkError) in
        guard node.version < 13, let axes = try node.integers("axes") else {
          graph.emit(node, kind)
          return
        }
        graph.emit(node, kind, [try node.operand(0, "x"), graph.integers(axes, node, "axes")])
      }
    }
    table.define("Split") { node, graph throws(NetworkError) in
      let kind = Operator.split(axis: try node.integer("axis", default: 0))
      if node.version < 13, let sizes = try node.integers("split") {
        graph.emit(node, kind, [try node.operand(0, "x"), graph.integers(sizes, node, "sizes")])
        return
      }
      let count = try node.integer("num_outputs", default: node.outputs.count)
      guard count == node.outputs.count else {
        throw NetworkError(
          "attribute 'num_outputs' is \(count), but there are \(node.outputs.count) results")
      }
      graph.emit(node, kind)
    }
    table.define("Slice") { node, graph throws(NetworkError) in
      guard node.version < 10 else {
        graph.emit(node, .slice)
        return
      }
      guard let starts = try node.integers("starts"), let ends = try node.integers("ends") else {
        throw NetworkError("attributes 'starts' and 'ends' are missing")
      }
      var inputs = [
        try node.operand(0, "x"), graph.integers(starts, node, "starts"),
        graph.integers(ends, node, "ends"),
      ]
      if let axes = try node.integers("axes") { inputs.append(graph.integers(axes, node, "axes")) }
      graph.emit(node, .slice, inputs)
    }
    table.define("Pad") { node, graph throws(NetworkError) in
      let kind = Operator.pad(try node.choice("mode", default: .constant))
      guard node.version < 11 else {
        graph.emit(node, kind)
        return
      }
      guard let pads = try node.integers("pads") else {
        throw NetworkError("attribute 'pads' is missing")
      }
      let x = try node.operand(0, "x")
      var inputs = [x, graph.integers(pads, node, "pads")]
      if node.has("value") {
        let value = Double(try node.number("value", default: 0))
        inputs.append(try graph.number(value, like: x, node, "value"))
      }
      graph.emit(node, kind, inputs)
    }
  }

  private static func constant(
    _ node: NodeReader, _ graph: inout GraphImport
  ) throws(NetworkError) {
    let result = try node.result()
    if let value = try node.tensor("value") {
      try graph.define(result, try value.tensor(external: graph.external))
    } else if node.has("value_float") {
      try graph.define(result, Tensor(scalar: try node.number("value_float", default: 0)))
    } else if let values = try node.numbers("value_floats") {
      try graph.define(result, Tensor([values.count], values))
    } else if let value = try node.integer("value_int") {
      try graph.define(result, Tensor(scalar: Int64(value)))
    } else if let values = try node.integers("value_ints") {
      try graph.define(result, Tensor([values.count], values.map { Int64($0) }))
    } else if node.has("sparse_value") {
      throw NetworkError("sparse tensors are not supported", suggestion: "use a dense one")
    } else if node.has("value_string") || node.has("value_strings") {
      throw NetworkError("element type string is not supported")
    } else {
      throw NetworkError("attribute 'value' is missing")
    }
  }

  /// In inference it passes its operand on, and its mask is true everywhere (false in onnxruntime
  /// before version 12, which the standard leaves open).
  private static func dropout(
    _ node: NodeReader, _ graph: inout GraphImport
  ) throws(NetworkError) {
    node.ignore("ratio", "seed")
    let x = try node.operand(0, "x")
    if let mode = node.input(2) {
      let isTraining = graph.constantValue(mode)?.array(of: Bool.self)
      guard isTraining == [false] else {
        throw NetworkError(
          "its training form is not supported",
          suggestion: "export the model for inference (model.eval() in PyTorch)")
      }
    }
    if node.outputs.count > 1, graph.isUsed(node.outputs[1]) {
      guard node.version >= 10 else {
        throw NetworkError("its mask is not supported before version 10")
      }
      let shape = graph.part(node, "shape", .shape(start: 0, end: nil), [x])
      let value = Tensor([1], [node.version >= 12])
      graph.part(node, "mask", .constantOfShape(value: value), [shape], result: node.outputs[1])
    }
    node.dropOutputs(from: 1)
    graph.emit(node, .identity, [x])
  }
}
