/// One matrix multiplication as a START queued it, O[rows × columns] = A[rows × depth] · B[depth ×
/// columns], or a part of it in flight: one pass over one tile of rows.
struct ArrayJob: BitwiseCopyable {
  static let accumulateFlag: UInt32 = 1 << 0
  static let outputFlag: UInt32 = 1 << 1
  static let biasFlag: UInt32 = 1 << 2
  static let reluFlag: UInt32 = 1 << 3
  static let requantiseFlag: UInt32 = 1 << 4
  static let biasBankFlag: UInt32 = 1 << 5
  static let reuseWeightsFlag: UInt32 = 1 << 6
  static let tiledFlag: UInt32 = 1 << 7
  static let columnParametersFlag: UInt32 = 1 << 8
  static let channelScalesFlag: UInt32 = 1 << 9
  static let leakyFlag: UInt32 = 1 << 10
  static let clampFlag: UInt32 = 1 << 11

  var rows: Int
  var columns: Int
  /// Steps, or rows of weights, of one pass.
  var depth: Int
  /// Rows of a tile; the last tile may be smaller.
  var tileRows: Int
  /// Passes along K over each tile.
  var passes: Int
  var accumulates: Bool
  var hasOutput: Bool
  var reusesWeights: Bool
  /// Whether an output-stationary array, too, indexes its parameters by column.
  var hasColumnParameters: Bool
  /// 0 or 1.
  var biasBank: Int
  var post: PostProcessing
  /// Of a part: whether the job ends with it.
  var isLast = false

  /// Pass `pass` over the tile that begins with row `row`: the first pass does what the job does,
  /// the others accumulate, and only the last one has output.
  func part(row: Int, pass: Int) -> ArrayJob {
    var part = self
    let isLastPass = pass &+ 1 == passes
    part.rows = min(tileRows, rows &- row)
    part.accumulates = accumulates || pass > 0
    part.hasOutput = hasOutput && isLastPass
    part.isLast = isLastPass && row &+ part.rows == rows
    return part
  }
}

/// Why a START was refused, as STATUS.ERROR_CODE shows it.
enum ArrayError: UInt32 {
  case none = 0
  case badShape = 1
  case badFlags = 2
  case queueFull = 3
}
