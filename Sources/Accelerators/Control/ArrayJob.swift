/// One matrix multiplication as a START queued it: O[rows × columns] = A[rows × depth] · B[depth ×
/// columns].
struct ArrayJob: BitwiseCopyable {
  static let accumulateFlag: UInt32 = 1 << 0
  static let outputFlag: UInt32 = 1 << 1
  static let biasFlag: UInt32 = 1 << 2
  static let reluFlag: UInt32 = 1 << 3
  static let requantiseFlag: UInt32 = 1 << 4
  static let biasBankFlag: UInt32 = 1 << 5
  static let reuseWeightsFlag: UInt32 = 1 << 6

  var rows: Int
  var columns: Int
  var depth: Int
  var accumulates: Bool
  var hasOutput: Bool
  var reusesWeights: Bool
  /// 0 or 1.
  var biasBank: Int
  var post: PostProcessing
}

/// Why a START was refused, as STATUS.ERROR_CODE shows it.
enum ArrayError: UInt32 {
  case none = 0
  case badShape = 1
  case badFlags = 2
  case queueFull = 3
}
