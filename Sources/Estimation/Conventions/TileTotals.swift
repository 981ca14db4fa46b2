/// Sums over the tiles of one matrix product, in closed form.
struct TileTotals {
  /// How many tiles.
  let tiles: Int
  /// Sums of the tiles' rows (M), columns (N) and depths (K).
  let rows: Int
  let columns: Int
  let depth: Int

  /// Tiles of R × C results, each over the whole depth.
  static func outputStationary(_ product: MatrixProduct, on design: ArrayDesign) -> TileTotals {
    let down = product.rows.tiles(of: design.rows)
    let across = product.columns.tiles(of: design.columns)
    return TileTotals(
      tiles: down * across, rows: product.rows * across, columns: product.columns * down,
      depth: product.depth * down * across)
  }

  /// Tiles of R × C weights, through which all rows pass.
  static func weightStationary(_ product: MatrixProduct, on design: ArrayDesign) -> TileTotals {
    let down = product.depth.tiles(of: design.rows)
    let across = product.columns.tiles(of: design.columns)
    return TileTotals(
      tiles: down * across, rows: product.rows * down * across, columns: product.columns * down,
      depth: product.depth * across)
  }
}
