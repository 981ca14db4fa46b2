internal import Networks

extension OperatorTable {
  /// Operators whose operands are places in others, or that find such places.
  static func addIndices(to table: inout NodeImports) {
    table.define("GatherND") { node, graph throws(NetworkError) in
      graph.emit(node, .gatherND(batchAxes: try node.integer("batch_dims", default: 0)))
    }
    table.define("ScatterND") { node, graph throws(NetworkError) in
      graph.emit(node, .scatterND(try node.choice("reduction", default: .replace)))
    }
    // The former name of ScatterElements.
    for type in ["ScatterElements", "Scatter"] {
      table.define(type) { node, graph throws(NetworkError) in
        let axis = try node.integer("axis", default: 0)
        let reduction: ScatterReduction = try node.choice("reduction", default: .replace)
        graph.emit(node, .scatterElements(axis: axis, reduction))
      }
    }
    table.define("OneHot") { node, graph throws(NetworkError) in
      graph.emit(node, .oneHot(axis: try node.integer("axis", default: -1)))
    }
    table.define("Trilu") { node, graph throws(NetworkError) in
      graph.emit(node, .triangle(upper: try node.flag("upper", default: true)))
    }
    table.define("CumSum") { node, graph throws(NetworkError) in
      let exclusive = try node.flag("exclusive")
      graph.emit(node, .cumulativeSum(exclusive: exclusive, reverse: try node.flag("reverse")))
    }
    table.define("TopK") { node, graph throws(NetworkError) in
      let kind = Operator.topK(
        axis: try node.integer("axis", default: -1),
        greatest: try node.flag("largest", default: true),
        sorted: try node.flag("sorted", default: true))
      guard node.version < 10 else {
        graph.emit(node, kind)
        return
      }
      let count = try node.requiredInteger("k")
      graph.emit(node, kind, [try node.operand(0, "x"), graph.integers([count], node, "k")])
    }
  }
}
