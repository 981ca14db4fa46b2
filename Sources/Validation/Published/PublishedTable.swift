/// Numbers that others published, beside ours.
public struct PublishedTable: Sendable {
  /// A number of the table.
  public struct Row: Sendable, Equatable {
    /// What was counted.
    public let title: String
    /// Their count, in cycles.
    public let published: Int
    /// Ours, in cycles; nil when we have no answer.
    public let ours: Int?
  }

  /// A short name for the command line, for example `scalesim`.
  public let name: String
  /// The module kinds that the table is about.
  public let kinds: [String]
  /// Where the numbers come from.
  public let reference: String
  /// What ours are: simulated, or by the convention's formula.
  public let method: String
  /// The numbers.
  public let rows: [Row]

  /// Ours minus theirs, in cycles, for every row we have an answer for.
  public var errors: [Int] { rows.compactMap { row in row.ours.map { $0 - row.published } } }
}
