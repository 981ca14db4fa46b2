/// A published result that a study is compared with.
public struct StudyReference: Sendable {
  /// What it is about, such as `fastest design`.
  public var what: String
  /// The published result, as text.
  public var theirs: String
  /// What a reader has to know; may be empty.
  public var remark: String
  /// What is taken from the study.
  public var figure: Figure
  /// When both agree; nil when that cannot be said.
  public var agreement: Agreement?

  /// A figure of a study.
  public enum Figure: Sendable {
    /// The design with the best value of a metric, among those that fulfil the constraints and the condition.
    case best(Metric, where: Expression?)
    /// The quotient of a metric of two designs, given by their genomes.
    case ratio(Metric, of: Design, to: Design)
    /// How many designs fulfil a condition.
    case count(Expression)
    /// The least and the largest value of a metric, among those that fulfil the condition.
    case range(Metric, where: Expression?)
  }

  /// A condition on a figure.
  public enum Agreement: Sendable {
    /// True for the best design.
    case design(Expression)
    /// Bounds of the quotient or count.
    case bounds(ClosedRange<Double>)
  }
}
