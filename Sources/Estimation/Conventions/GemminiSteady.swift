/// Gemmini's mesh without its memory: the cycles of preload and compute commands that always find
/// their operands in the scratchpad, from measurements of its generated RTL at 16 × 16 (int8).
///
/// Commands work on blocks of up to DIM × DIM × DIM. In the steady state a block takes
/// - weight stationary: max(rows, 4) cycles while the weights stay, DIM when they change;
/// - output stationary: DIM cycles.
///
/// The first block is issued, fed and drained once per product: 62 + max(rows, 4) cycles for a single
/// weight-stationary preload and compute, 94 for an output-stationary one. What exceeds the steady
/// cycles of that block is charged once. The mesh is 2·DIM + 6 cycles deep (5 of SRAM and pipe,
/// 1 input register, DIM − 1 of skew, DIM hops, 1 output register), which gives these latencies for
/// other sides; only 16 was measured.
///
/// Not counted: the limit of six blocks in flight (about 8.2 cycles per weight-stationary block of
/// eight rows or fewer) and bank conflicts.
public enum GemminiSteady {
  /// The shortest time between two blocks, in cycles.
  public static let shortestBlock = 4
  /// Cycles from the first command to the first row fed, and from the last row to completion.
  public static let commandCycles = 8

  /// Depth of the mesh: from a row that is read to the row that is written, in cycles; 38 at 16.
  public static func depth(side: Int) -> Int { 2 * side + 6 }

  /// Cycles of all products; nil for arrays that are not square or keep the input.
  public static func cycles(_ product: MatrixProduct, on design: ArrayDesign) -> Int? {
    let side = design.rows
    guard design.columns == side, design.stationary != .input else { return nil }
    let (whole, rest) = product.rows.quotientAndRemainder(dividingBy: side)
    let across = product.columns.tiles(of: side) * product.depth.tiles(of: side)
    let steady: Int
    let first: Int
    switch design.stationary {
    case .output:
      steady = (whole + (rest > 0 ? 1 : 0)) * across * side
      // The next block's preload pushes the results out: two more blocks of rows.
      first = commandCycles + depth(side: side) + 2 * side
    default:
      // The first block of a tile of weights waits for them; all later ones only for their rows.
      let full = max(side, shortestBlock)
      let column = whole * full + (rest > 0 ? max(rest, shortestBlock) : 0)
      let newWeights = whole > 0 ? 0 : full - max(rest, shortestBlock)
      steady = across * (column + newWeights)
      first = commandCycles + depth(side: side) + (whole > 0 ? side : max(rest, shortestBlock))
    }
    return (steady + first) * product.count
  }
}
