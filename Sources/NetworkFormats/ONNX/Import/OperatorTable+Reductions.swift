internal import Networks

extension OperatorTable {
  /// Reductions over axes.
  static func addReductions(to table: inout NodeImports) {
    for function in ReduceFunction.allCases {
      table.define(function.rawValue) { node, graph throws(NetworkError) in
        try reduction(function, node, &graph)
      }
    }
    table.define("ArgMax") { node, graph throws(NetworkError) in
      try argument(greatest: true, node, &graph)
    }
    table.define("ArgMin") { node, graph throws(NetworkError) in
      try argument(greatest: false, node, &graph)
    }
  }

  /// Axes are an operand since version 18, of the sum since 13.
  private static func reduction(
    _ function: ReduceFunction, _ node: NodeReader, _ graph: inout GraphImport
  ) throws(NetworkError) {
    let kind = Operator.reduce(
      function, keepsAxes: try node.flag("keepdims", default: true),
      emptyAxesMeanNone: try node.flag("noop_with_empty_axes"))
    let operandsSince = function == .sum ? 13 : 18
    guard node.version < operandsSince, let axes = try node.integers("axes"), !axes.isEmpty else {
      graph.emit(node, kind)
      return
    }
    graph.emit(node, kind, [try node.operand(0, "x"), graph.integers(axes, node, "axes")])
  }

  private static func argument(
    greatest: Bool, _ node: NodeReader, _ graph: inout GraphImport
  ) throws(NetworkError) {
    let axis = try node.integer("axis", default: 0)
    let keepsAxis = try node.flag("keepdims", default: true)
    let lastIndex = try node.flag("select_last_index")
    graph.emit(
      node,
      .argument(greatest: greatest, axis: axis, keepsAxis: keepsAxis, lastIndex: lastIndex))
  }
}
