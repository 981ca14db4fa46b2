/// What a model says about one layer on one design.
public struct LayerCycles: BitwiseCopyable, Sendable, Hashable, Codable {
  /// What the layer waits for.
  public enum Bound: UInt8, BitwiseCopyable, Sendable, Hashable, Codable {
    /// The array.
    case compute
    /// Bus or memory.
    case transfer
  }

  /// Cycles in which the array works, were all operands there.
  public var compute: Int
  /// Cycles in which bus or memory work, were the array infinitely fast; 0 for models that know no
  /// memory.
  public var transfer: Int
  /// Cycles of the layer.
  public var total: Int
  /// What was done.
  public var actions: LayerActions

  /// Creates a result.
  public init(compute: Int, transfer: Int, total: Int, actions: LayerActions) {
    self.compute = compute
    self.transfer = transfer
    self.total = total
    self.actions = actions
  }

  /// What bounds the layer; the array when both take equally long.
  public var bound: Bound { compute >= transfer ? .compute : .transfer }

  /// Useful multiply-accumulates per cycle over the array's peak, 0...1.
  public func utilisation(of design: ArrayDesign) -> Double {
    Double(actions.macs) / (Double(total) * design.peakMACs)
  }
}

/// Action totals of a layer, by which energy is priced.
public struct LayerActions: BitwiseCopyable, Sendable, Hashable, Codable {
  /// Useful multiply-accumulates.
  public var macs: Int
  /// Multiply-accumulates with the padding of partly filled tiles (`macs_scale`).
  public var paddedMACs: Int
  /// Operand elements that enter the array's edges, both operands together.
  public var operandReads: Int
  /// Result elements that leave the array, partial sums included.
  public var results: Int
  /// Bytes moved over the bus, padding of partly filled bus words included (`data_scale`).
  public var bytesMoved: Int

  /// Creates totals.
  public init(macs: Int, paddedMACs: Int, operandReads: Int, results: Int, bytesMoved: Int) {
    self.macs = macs
    self.paddedMACs = paddedMACs
    self.operandReads = operandReads
    self.results = results
    self.bytesMoved = bytesMoved
  }
}

extension LayerActions {
  /// The totals of a layer on an array whose operands stream once per tile.
  ///
  /// | stationary | A (l × m) enters | B (m × n) enters | results leave |
  /// |---|---|---|---|
  /// | output | ⌈n/C⌉ times | ⌈l/R⌉ times | once |
  /// | weights | ⌈n/C⌉ times | once per accumulator filling | ⌈m/R⌉ times |
  /// | input | once per accumulator filling | ⌈l/C⌉ times | ⌈m/R⌉ times |
  init(
    _ product: MatrixProduct, on design: ArrayDesign, paddedMACs: Int, bytesMoved: Int
  ) {
    let (l, m, n) = (product.rows, product.depth, product.columns)
    let (a, b) = (l * m, m * n)
    let reads: Int
    let results: Int
    switch design.stationary {
    case .output:
      reads = a * n.tiles(of: design.columns) + b * l.tiles(of: design.rows)
      results = l * n
    case .weights:
      reads = a * n.tiles(of: design.columns) + b * design.fillings(of: l)
      results = l * n * m.tiles(of: design.rows)
    case .input:
      reads = a * design.fillings(of: n) + b * l.tiles(of: design.columns)
      results = l * n * m.tiles(of: design.rows)
    }
    self.init(
      macs: product.macs, paddedMACs: paddedMACs, operandReads: reads * product.count,
      results: results * product.count, bytesMoved: bytesMoved)
  }
}

extension ArrayDesign {
  /// How often the accumulators are filled for `rows` rows of the result.
  @inline(__always)
  func fillings(of rows: Int) -> Int {
    // Also guards the sum in `tiles(of:)` against overflow.
    rows <= accumulatorRows ? 1 : rows.tiles(of: accumulatorRows)
  }
}
