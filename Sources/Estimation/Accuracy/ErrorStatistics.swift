/// How far estimates lie from references.
public struct ErrorStatistics: Sendable, Hashable, Codable {
  /// Number of pairs.
  public let count: Int
  /// Mean absolute error, mean |ŷ − y|, in the unit of the values.
  public let meanAbsoluteError: Double
  /// MAPE, mean |ŷ − y| / y, in percent.
  public let meanAbsolutePercentage: Double
  /// RMSPE, √ mean ((ŷ − y) / y)², in percent; never below MAPE.
  public let rootMeanSquarePercentage: Double
  /// The largest |ŷ − y| / y, in percent.
  public let worstPercentage: Double
  /// The index of the pair with the largest |ŷ − y| / y.
  public let worstIndex: Int
  /// The signed error of all together, (Σŷ − Σy) / Σy, in percent.
  public let totalPercentage: Double
  /// Spearman's ρ: Pearson's correlation of the ranks, ties at their average rank; nil when all
  /// references or all estimates are equal.
  public let rankCorrelation: Double?

  /// Compares `estimates` with `references`, pair by pair.
  ///
  /// - Precondition: as many estimates as references, at least one, and all references positive.
  public init(estimates: [Double], references: [Double]) {
    precondition(
      estimates.count == references.count && !references.isEmpty
        && references.allSatisfy { $0 > 0 },
      "error statistics need pairs with positive references")
    var absolute = 0.0
    var relative = 0.0
    var squared = 0.0
    var worst = (error: -1.0, index: 0)
    for index in references.indices {
      let error = abs(estimates[index] - references[index])
      let share = error / references[index]
      absolute += error
      relative += share
      squared += share * share
      if share > worst.error { worst = (share, index) }
    }
    let number = Double(references.count)
    count = references.count
    meanAbsoluteError = absolute / number
    meanAbsolutePercentage = 100 * relative / number
    rootMeanSquarePercentage = 100 * (squared / number).squareRoot()
    worstPercentage = 100 * worst.error
    worstIndex = worst.index
    let sum = references.reduce(0, +)
    totalPercentage = 100 * (estimates.reduce(0, +) - sum) / sum
    rankCorrelation = RankCorrelation.spearman(estimates, references)
  }
}
