/// Walks through the designs of a space without allocating memory.
public struct DesignCursor: Sendable {
  /// The space.
  public let space: DesignSpace
  /// Number of the design.
  public private(set) var index: UInt64
  /// Positions of its values.
  public private(set) var genome: [Int]
  /// What expressions read; the metrics are the caller's.
  var slots: [Double]

  /// Starts at the design with a number below the size of the space.
  public init(_ space: DesignSpace, at index: UInt64 = 0) {
    self.space = space
    self.index = index
    genome = [Int](repeating: 0, count: space.radices.count)
    slots = [Double](repeating: .nan, count: space.slotCount)
    move(to: index)
  }

  /// Goes to the design with a number below the size of the space.
  public mutating func move(to index: UInt64) {
    self.index = index
    space.write(index, to: &genome)
    for position in genome.indices { slots[position] = space.contents[position][genome[position]] }
  }

  /// Goes to the next design; after the last one to the first.
  public mutating func advance() {
    index = index + 1 == space.size ? 0 : index + 1
    var position = genome.count - 1
    while position >= 0 {
      genome[position] += 1
      let isCarried = genome[position] == space.radices[position]
      if isCarried { genome[position] = 0 }
      slots[position] = space.contents[position][genome[position]]
      if !isCarried { return }
      position -= 1
    }
  }

  /// Whether the design may be evaluated.
  public var isValid: Bool { space.rejection(slots) == nil }

  /// The number of the reason to reject the design.
  var rejection: Int? { space.rejection(slots) }
}

/// Counts for which reasons designs were rejected before evaluation.
public struct RejectionCounts: Sendable, Equatable {
  private var counts: [Int]

  /// No rejections of designs of `space` yet.
  public init(_ space: DesignSpace) { counts = [Int](repeating: 0, count: space.rejectionCount) }

  /// All rejections together.
  public var total: Int { counts.reduce(0, +) }

  mutating func count(_ rejection: Int) { counts[rejection] += 1 }

  /// The reasons that occurred, most frequent first, equally frequent ones in the order of the
  /// study.
  public func reasons(_ space: DesignSpace) -> [ExplorationResult.Rejection] {
    counts.enumerated().filter { $0.element > 0 }
      .sorted { ($1.element, $0.offset) < ($0.element, $1.offset) }
      .map { ExplorationResult.Rejection(reason: space.reason($0.offset), count: $0.element) }
  }
}

extension DesignSpace {
  /// Goes through designs in the order of their numbers and hands out the valid ones.
  ///
  /// - Parameters:
  ///   - range: numbers below ``size``.
  ///   - rejections: counts the others.
  ///   - body: gets number and genome; returning false ends the walk.
  /// - Returns: the number after the last design that was looked at.
  @discardableResult
  public func forEachValid(
    in range: Range<UInt64>, _ rejections: inout RejectionCounts,
    _ body: (UInt64, [Int]) -> Bool
  ) -> UInt64 {
    guard range.lowerBound < range.upperBound else { return range.upperBound }
    var cursor = DesignCursor(self, at: range.lowerBound)
    var index = range.lowerBound
    while index < range.upperBound {
      if let rejection = cursor.rejection {
        rejections.count(rejection)
      } else if !body(index, cursor.genome) {
        return index + 1
      }
      index += 1
      if index < range.upperBound { cursor.advance() }
    }
    return index
  }
}
