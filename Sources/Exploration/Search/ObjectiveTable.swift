/// Objectives of many designs, all to be minimised, row by row.
public struct ObjectiveTable: Sendable, Equatable {
  /// Objectives of one design.
  public let dimensions: Int
  /// Row after row.
  public private(set) var values: [Double]

  /// An empty table of designs with `dimensions` objectives, at least one.
  public init(dimensions: Int) {
    self.dimensions = max(1, dimensions)
    values = []
  }

  /// A table of rows, which all have `dimensions` numbers.
  public init(dimensions: Int, rows: [[Double]]) {
    self.init(dimensions: dimensions)
    values.reserveCapacity(rows.count * self.dimensions)
    for row in rows { append(row) }
  }

  /// How many designs there are.
  public var count: Int { values.count / dimensions }

  /// Makes room for designs.
  public mutating func reserveCapacity(_ count: Int) { values.reserveCapacity(count * dimensions) }

  /// Adds a design, whose objectives are numbers.
  public mutating func append(_ row: some Collection<Double>) {
    precondition(row.count == dimensions, "a row has one number for each objective")
    values.append(contentsOf: row)
  }

  /// The objectives of a design.
  public subscript(row: Int) -> ArraySlice<Double> {
    values[row * dimensions..<(row + 1) * dimensions]
  }
}
