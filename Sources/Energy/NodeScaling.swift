import Foundation

/// Factors between process nodes, after a published fit.
///
/// Area factors come from a matrix, dynamic energy from a polynomial in the supply voltage per
/// node. A node between two listed ones is interpolated: the logarithm of the factor is linear in
/// the logarithm of the node.
public struct NodeScaling: Sendable, Equatable {
  /// A factor and whether it had to be interpolated.
  public struct Factor: Sendable, Equatable {
    /// Multiply a value at the source node by this.
    public var value: Double
    /// True when one of the nodes is not listed.
    public var isInterpolated: Bool
  }

  /// Coefficients of the energy polynomial a·V² + b·V + c of one node.
  public struct Polynomial: Sendable, Equatable {
    /// Coefficient of V².
    public var a: Double
    /// Coefficient of V.
    public var b: Double
    /// Constant.
    public var c: Double
  }

  /// Listed nodes in nm, in the order of the matrix's columns.
  public let nodes: [Double]
  /// Rows of the area matrix by source node; not every node has one.
  public let areaRows: [Double: [Double]]
  /// Energy polynomials, one per listed node.
  public let polynomials: [Polynomial]
  /// Supply voltage at which the polynomials are evaluated.
  public let voltage: Double
  /// Where the fit comes from.
  public let source: Citation

  /// Smallest and largest node that can be scaled to or from.
  public var range: ClosedRange<Double> { (nodes.min() ?? 0)...(nodes.max() ?? 0) }

  /// Factor for dynamic energy from one node to another; nil outside `range`.
  ///
  /// It is used for leakage power too, for want of a published fit: a coarse assumption.
  public func energyFactor(from source: Double, to target: Double) -> Factor? {
    if source == target { return Factor(value: 1, isInterpolated: false) }
    let levels = polynomials.map { ($0.a * voltage + $0.b) * voltage + $0.c }
    guard let here = level(source, in: levels), let there = level(target, in: levels) else {
      return nil
    }
    return Factor(
      value: there.value / here.value, isInterpolated: here.isInterpolated || there.isInterpolated)
  }

  /// Factor for area from one node to another; nil outside `range`.
  ///
  /// The matrix entry when the source node has a row, its reciprocal when only the target node
  /// has one, otherwise the quotient of two entries of the row nearest to the source.
  public func areaFactor(from source: Double, to target: Double) -> Factor? {
    if source == target { return Factor(value: 1, isInterpolated: false) }
    if let row = areaRows[source], let column = nodes.firstIndex(of: target) {
      return Factor(value: row[column], isInterpolated: false)
    }
    if let row = areaRows[target], let column = nodes.firstIndex(of: source) {
      return Factor(value: 1 / row[column], isInterpolated: false)
    }
    let nearest = areaRows.keys.sorted().min { abs(log($0 / source)) < abs(log($1 / source)) }
    guard let nearest, let row = areaRows[nearest],
      let here = level(source, in: row), let there = level(target, in: row)
    else { return nil }
    return Factor(
      value: there.value / here.value, isInterpolated: here.isInterpolated || there.isInterpolated)
  }

  /// The level of a node on a scale listed per node.
  private func level(_ node: Double, in levels: [Double]) -> Factor? {
    if let exact = nodes.firstIndex(of: node) {
      return Factor(value: levels[exact], isInterpolated: false)
    }
    let listed = zip(nodes, levels).sorted { $0.0 < $1.0 }
    guard node > 0, let above = listed.firstIndex(where: { $0.0 > node }), above > 0 else {
      return nil
    }
    let (low, high) = (listed[above - 1], listed[above])
    let share = log(node / low.0) / log(high.0 / low.0)
    return Factor(value: low.1 * pow(high.1 / low.1, share), isInterpolated: true)
  }
}

extension NodeScaling {
  /// Reads a scaling file.
  ///
  /// - Throws: `EnergyTableRefusal` with everything that is wrong.
  public init(document: TableNode, file: String) throws {
    let reader = TableReader(file: file)
    let known = ["format", "title", "source", "voltage_v", "nodes_nm", "area", "energy", "notes"]
    reader.expectObject(document, path: "", known: known)
    let format = reader.string(document, "format", path: "")
    if let format, format != "flecsim-node-scaling/1" {
      reader.report(document["format"], "format", "expected \"flecsim-node-scaling/1\"")
    }
    source =
      reader.required(document, "source", path: "").flatMap {
        reader.citation($0, key: "node-scaling", path: "source")
      } ?? Citation(key: "", author: "", title: "", version: "")
    voltage = reader.number(document, "voltage_v", path: "") ?? 0
    let nodes = reader.numbers(document, "nodes_nm", path: "") ?? []
    self.nodes = nodes
    var rows: [Double: [Double]] = [:]
    if let area = reader.required(document, "area", path: "") {
      for member in reader.members(area, path: "area") {
        let path = "area.\(member.key)"
        guard let node = Double(member.key), nodes.contains(node) else {
          reader.report(member.node, path, "the key is not one of nodes_nm")
          continue
        }
        let row = reader.numbers(member.node, path: path) ?? []
        if row.count != nodes.count {
          reader.report(member.node, path, "expected \(nodes.count) factors, found \(row.count)")
        } else {
          rows[node] = row
        }
      }
    }
    areaRows = rows
    var polynomials: [Polynomial] = []
    let energy = reader.required(document, "energy", path: "")
    for node in nodes where energy != nil {
      let key = node == node.rounded() && node < 1e6 ? "\(Int(node))" : "\(node)"
      guard let coefficients = energy?[key] else {
        reader.report(energy, "energy", "node \(key) has no polynomial")
        continue
      }
      let path = "energy.\(key)"
      reader.expectObject(coefficients, path: path, known: ["a", "b", "c"])
      let polynomial = Polynomial(
        a: reader.signedNumber(coefficients, "a", path: path) ?? 0,
        b: reader.signedNumber(coefficients, "b", path: path) ?? 0,
        c: reader.signedNumber(coefficients, "c", path: path) ?? 0)
      if (polynomial.a * voltage + polynomial.b) * voltage + polynomial.c <= 0 {
        reader.report(coefficients, path, "the polynomial is not positive at \(voltage) V")
      }
      polynomials.append(polynomial)
    }
    self.polynomials = polynomials
    try reader.finish()
  }
}
