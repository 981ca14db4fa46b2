import Estimation
import Testing

/// Metrics against hand-made vectors and against NumPy and SciPy.
struct ErrorStatisticsTests {
  @Test("Spearman's rho of (1,2,3,4,5) and (2,1,4,3,5) is 0.8")
  func rankVector() throws {
    let rho = try #require(RankCorrelation.spearman([1, 2, 3, 4, 5], [2, 1, 4, 3, 5]))
    #expect(abs(rho - 0.8) < 1e-15)
  }

  @Test("Ties share the average of their ranks")
  func ties() {
    #expect(RankCorrelation.ranks([3, 1, 3, 2, 3]) == [4, 1, 4, 2, 4])
    #expect(RankCorrelation.spearman([1, 1, 1], [1, 2, 3]) == nil)
    #expect(RankCorrelation.spearman([1], [2]) == nil)
  }

  @Test("Small errors by hand")
  func byHand() {
    let errors = ErrorStatistics(estimates: [110, 190, 50], references: [100, 200, 40])
    #expect(abs(errors.meanAbsoluteError - 10) < 1e-12)
    #expect(abs(errors.meanAbsolutePercentage - 40.0 / 3) < 1e-12)
    #expect(abs(errors.rootMeanSquarePercentage - 15.811388300841896) < 1e-12)
    #expect(abs(errors.worstPercentage - 25) < 1e-12)
    #expect(errors.worstIndex == 2)
    #expect(abs(errors.totalPercentage - 100.0 * 10 / 340) < 1e-12)
    #expect(errors.count == 3)
    #expect(errors.rankCorrelation == 1)
  }

  @Test("Metrics equal those of NumPy and SciPy", arguments: MetricsOracle.cases)
  func oracle(_ expected: MetricsOracle.Case) {
    let errors = ErrorStatistics(estimates: expected.estimates, references: expected.references)
    func close(_ value: Double?, _ other: Double?) -> Bool {
      guard let value, let other else { return (value == nil) == (other == nil) }
      return abs(value - other) <= 1e-12 * max(1, abs(other))
    }
    #expect(close(errors.meanAbsoluteError, expected.mae))
    #expect(close(errors.meanAbsolutePercentage, expected.mape))
    #expect(close(errors.rootMeanSquarePercentage, expected.rmspe))
    #expect(close(errors.worstPercentage, expected.worst))
    #expect(close(errors.rankCorrelation, expected.rho))
    #expect(errors.rootMeanSquarePercentage >= errors.meanAbsolutePercentage - 1e-9)
  }

  @Test("The table is plain, aligned text")
  func table() {
    let errors = ErrorStatistics(estimates: [110, 190, 50], references: [100, 200, 40])
    let table = AccuracyTable([
      AccuracyTable.Row(model: "roofline", errors: errors),
      AccuracyTable.Row(model: "stonne", errors: nil),
    ])
    #expect(
      table.text == """
        model     n  MAE cycles  MAPE %  RMSPE %  worst %  total %     rho
        roofline  3        10.0   13.33    15.81    25.00     2.94  1.0000
        stonne    -           -       -        -        -        -       -

        """)
  }
}
