internal import Networks

/// An equation of Einsum that is a transposition or one batched matrix product, for example
/// `bij,bkj->bik`.
struct EinsteinSum {
  private let operands: [[Character]]
  private let result: [Character]

  /// Reads an equation.
  ///
  /// - Throws: `NetworkError` when it is none, or of another kind than those supported.
  init(_ equation: String) throws(NetworkError) {
    let text = equation.filter { $0 != " " }
    guard let dash = text.firstIndex(of: "-"), text[dash...].hasPrefix("->") else {
      throw Self.unsupported(equation)
    }
    operands = text[..<dash].split(separator: ",", omittingEmptySubsequences: false)
      .map(Array.init)
    result = Array(text[dash...].dropFirst(2))
    let sides = operands + [result]
    let areLetters = sides.allSatisfy { $0.allSatisfy(\.isLetter) }
    guard areLetters, sides.allSatisfy({ Set($0).count == $0.count }), !result.isEmpty,
      operands.count == 1 || operands.count == 2
    else { throw Self.unsupported(equation) }
    if operands.count == 1 {
      guard Set(operands[0]) == Set(result) else { throw Self.unsupported(equation) }
    } else {
      let (a, b, c) = (Set(operands[0]), Set(operands[1]), Set(result))
      let isProduct =
        a.intersection(b).subtracting(c).count == 1 && a.subtracting(b).count == 1
        && b.subtracting(a).count == 1 && a.symmetricDifference(b).isSubset(of: c)
        && c.isSubset(of: a.union(b))
      guard isProduct else { throw Self.unsupported(equation) }
    }
  }

  /// Adds the nodes that compute it.
  func emit(_ node: NodeReader, _ graph: inout GraphImport) throws(NetworkError) {
    guard node.inputs.count == operands.count else {
      throw NetworkError("\(node.inputs.count) operands, where the equation has \(operands.count)")
    }
    let output = try node.result()
    if operands.count == 1 {
      graph.emit(node, .transpose(permutation: permutation(operands[0], to: result)))
      return
    }
    let (a, b) = (operands[0], operands[1])
    let batch = result.filter { a.contains($0) && b.contains($0) }
    let rows = a.filter { !b.contains($0) }
    let columns = b.filter { !a.contains($0) }
    let summed = a.filter { !result.contains($0) }
    let left = transposed(try node.operand(0, "a"), a, to: batch + rows + summed, node, "a", &graph)
    let right = transposed(
      try node.operand(1, "b"), b, to: batch + summed + columns, node, "b", &graph)
    let product = batch + rows + columns
    if product == result {
      graph.emit(node, .matMul, [left, right])
    } else {
      let value = graph.part(node, "product", .matMul, [left, right])
      let order = permutation(product, to: result)
      graph.part(node, "order", .transpose(permutation: order), [value], result: output)
    }
  }

  private func transposed(
    _ value: String, _ axes: [Character], to order: [Character], _ node: NodeReader,
    _ suffix: String, _ graph: inout GraphImport
  ) -> String {
    if axes == order { return value }
    return graph.part(node, suffix, .transpose(permutation: permutation(axes, to: order)), [value])
  }

  private func permutation(_ axes: [Character], to order: [Character]) -> [Int] {
    order.compactMap { axes.firstIndex(of: $0) }
  }

  private static func unsupported(_ equation: String) -> NetworkError {
    NetworkError(
      "equation '\(equation)' is not supported",
      suggestion: "only transpositions and products of two operands over one index are; use MatMul")
  }
}
