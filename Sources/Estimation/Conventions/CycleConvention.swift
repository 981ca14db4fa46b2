internal import Accelerators

/// How the tools of the field count the cycles of a layer on a systolic array: without memory, without
/// overlap of tiles, each with its own idea of what belongs to a tile.
///
/// With R rows, C columns and a product A[M × K] · B[K × N]:
///
/// | convention | output stationary | weight stationary | input stationary |
/// |---|---|---|---|
/// | ``scalesim`` | R+C+K−2 | 2R+C+M−2 | 2R+C+N−2 |
/// | ``scalesimPaper`` | 2R+C+K−2 | 2R+C+M−2 | 2R+C+N−2 |
/// | ``scalesimPrinted`` | as ``scalesim``, one less per layer | | |
/// | ``scalesimVerilog`` | 2R+C+K−1 | 3R+C+M−1 | – |
/// | ``stonne`` | K+r+c+3 | – | – |
/// | ``gemminiSteady`` | R per R×R×R block | max(rows, 4) per block, R for new weights | – |
///
/// each per tile, where tiles cut M and N (OS), K and N (WS) or K and M (IS), and r × c are the rows
/// and columns that a tile uses. The formulas of the first five are those of
/// `Accelerators.ArrayConvention`, which explains each; a grouped layer is one product per group and
/// image, one after the other.
public enum CycleConvention: String, BitwiseCopyable, Sendable, Codable, CaseIterable {
  /// The code of SCALE-Sim v1 to v3 (repository scalesim-project/scale-sim-v3, `fab89b7`).
  case scalesim
  /// The paper of SCALE-Sim (Samajdar et al., ISPASS 2020).
  case scalesimPaper = "scalesim_paper"
  /// *Total Cycles* as SCALE-Sim prints it: the index of the layer's last cycle counted from zero,
  /// so one less than the number of cycles.
  case scalesimPrinted = "scalesim_printed"
  /// The Verilog array shipped with SCALE-Sim, at the smallest schedule that gives right results
  /// under Verilator.
  case scalesimVerilog = "scalesim_verilog"
  /// The output-stationary mesh of STONNE (repository stonne-simulator/stonne, `22634b8b`).
  case stonne
  /// The mesh of Gemmini when operands are always there, measured on its RTL at 16 × 16; see
  /// ``GemminiSteady``.
  case gemminiSteady = "gemmini_steady"

  /// Cycles of one layer; nil when the convention does not know the dataflow or, for
  /// ``gemminiSteady``, the array is not square.
  public func evaluate(_ layer: LayerShape, on design: ArrayDesign) -> LayerCycles? {
    let product = layer.product
    guard let cycles = cycles(product, on: design) else { return nil }
    let padded = GenericRoofline.paddedMACs(product, on: design)
    return LayerCycles(
      compute: cycles, transfer: 0, total: cycles,
      actions: LayerActions(product, on: design, paddedMACs: padded, bytesMoved: 0))
  }

  /// Cycles of all products of a layer; nil as in ``evaluate(_:on:)``.
  public func cycles(_ product: MatrixProduct, on design: ArrayDesign) -> Int? {
    let convention: ArrayConvention
    switch self {
    case .scalesim, .scalesimPrinted: convention = .scalesim
    case .scalesimPaper: convention = .scalesimPaper
    case .scalesimVerilog: convention = .rtl
    case .stonne: convention = .stonne
    case .gemminiSteady: return GemminiSteady.cycles(product, on: design)
    }
    let tiles: TileTotals
    switch design.stationary {
    case .output: tiles = .outputStationary(product, on: design)
    case .weights: tiles = .weightStationary(product, on: design)
    case .input:
      // Input stationary is weight stationary with the operands' roles exchanged: Bᵀ · Aᵀ. Nobody
      // measured the Verilog array so.
      guard self != .scalesimVerilog else { return nil }
      let transposed = MatrixProduct(
        rows: product.columns, depth: product.depth, columns: product.rows, count: product.count)
      tiles = .weightStationary(transposed, on: design)
    }
    let cycles = convention.cycles(
      dataflow: design.stationary == .output ? .outputStationary : .weightStationary,
      rows: design.rows, columns: design.columns,
      totals: JobTotals(
        jobs: tiles.tiles, rows: tiles.rows, columns: tiles.columns, depth: tiles.depth))
    guard let cycles else { return nil }
    return cycles * product.count - (self == .scalesimPrinted ? 1 : 0)
  }
}
