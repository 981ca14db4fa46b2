/// Time as nested curves: the coefficients of the curve over the first extent are curves over the
/// second, and so on (Blackthorn's hierarchical fit, here over any number of extents).
///
/// For example f(c, k) = d(c) + ⌊(k − 1)/32⌋ · h(c) with staircases d and h.
public struct StepwiseModel: Sendable, Hashable, Codable {
  /// A curve over one extent whose coefficients depend on the extents after it.
  public indirect enum Node: Sendable, Hashable, Codable {
    /// A number: no extent is left to depend on.
    case number(Double)
    /// Does not depend on this extent.
    case constant(Node)
    /// slope · x + offset.
    case linear(slope: Node, offset: Node)
    /// offset + ⌊(x − 1) / width⌋ · height.
    case step(offset: Node, width: Int, height: Node)
  }

  /// An extent of a matrix product.
  public enum Extent: UInt8, BitwiseCopyable, Sendable, Hashable, Codable, CaseIterable {
    /// Output pixels.
    case rows
    /// Elements of the window.
    case depth
    /// Output channels of a group.
    case columns

    /// This extent of a product.
    @inline(__always)
    public func of(_ product: MatrixProduct) -> Int {
      switch self {
      case .rows: product.rows
      case .depth: product.depth
      case .columns: product.columns
      }
    }
  }

  /// The extents, the outermost curve's first.
  public let order: [Extent]
  /// The outermost curve.
  public let root: Node

  /// Creates a model.
  ///
  /// - Precondition: no path from `root` has more curves than `order` has extents.
  public init(order: [Extent], root: Node) {
    precondition(root.depth <= order.count, "more curves than extents")
    self.order = order
    self.root = root
  }

  /// The time of one product; counts of products are not looked at.
  public func time(ofOne product: MatrixProduct) -> Double {
    Self.value(root, order[...], product)
  }

  /// The time of a layer: of all its products one after the other.
  public func time(of layer: LayerShape) -> Double {
    let product = layer.product
    return time(ofOne: product) * Double(product.count)
  }

  /// The model with the extents from `first` on set to those of `product`: a curve over the first
  /// extent.
  public func slice(at product: MatrixProduct) -> StepwiseCurve {
    let rest = order.dropFirst()
    func value(_ node: Node) -> Double { Self.value(node, rest, product) }
    switch root {
    case .number(let number): return .constant(number)
    case .constant(let node): return .constant(value(node))
    case .linear(let slope, let offset):
      return .linear(slope: value(slope), offset: value(offset))
    case .step(let offset, let width, let height):
      return .step(offset: value(offset), width: width, height: value(height))
    }
  }

  private static func value(
    _ node: Node, _ order: ArraySlice<Extent>, _ product: MatrixProduct
  ) -> Double {
    switch node {
    case .number(let number): return number
    case .constant(let node): return value(node, order.dropFirst(), product)
    case .linear(let slope, let offset):
      let extent = order[order.startIndex].of(product)
      let rest = order.dropFirst()
      return value(slope, rest, product) * Double(extent) + value(offset, rest, product)
    case .step(let offset, let width, let height):
      let extent = order[order.startIndex].of(product)
      let rest = order.dropFirst()
      return value(offset, rest, product)
        + Double((extent - 1) / width) * value(height, rest, product)
    }
  }
}

extension StepwiseModel.Node {
  /// Curves on the longest path.
  public var depth: Int {
    switch self {
    case .number: 0
    case .constant(let node): 1 + node.depth
    case .linear(let slope, let offset): 1 + max(slope.depth, offset.depth)
    case .step(let offset, _, let height): 1 + max(offset.depth, height.depth)
    }
  }

  /// Widths of all steps at a level of the tree (0: the outermost curve).
  public func stepWidths(level: Int) -> Set<Int> {
    switch self {
    case .number: return []
    case .constant(let node): return level == 0 ? [] : node.stepWidths(level: level - 1)
    case .linear(let slope, let offset):
      guard level > 0 else { return [] }
      return slope.stepWidths(level: level - 1).union(offset.stepWidths(level: level - 1))
    case .step(let offset, let width, let height):
      guard level > 0 else { return [width] }
      return offset.stepWidths(level: level - 1).union(height.stepWidths(level: level - 1))
    }
  }
}
