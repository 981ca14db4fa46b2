/// Distinct valid designs at random.
///
/// The numbers of all designs are visited in the order of a pseudo-random permutation, so none
/// comes twice, nothing need be remembered, and the whole space is searched when enough samples
/// are wanted.
public struct RandomSearch: SearchStrategy {
  /// Rejected designs in a row after which a search of a space with hardly any valid designs gives
  /// up: a few seconds.
  public static let patience = 20_000_000

  /// Designs that were rejected before evaluation, by reason.
  public private(set) var rejections: RejectionCounts
  private let space: DesignSpace
  private let permutation: IndexPermutation
  private let blockSize: Int
  /// Whether designs are wanted that no metric can make feasible.
  private let takesHopeless: Bool
  private var wanted: Int
  private var next: UInt64 = 0

  /// Creates a search for `samples` designs; equal seeds give equal designs.
  public init(_ space: DesignSpace, samples: Int, seed: UInt64, blockSize: Int = 4096) {
    self.init(space, samples: samples, seed: seed, blockSize: blockSize, takesHopeless: true)
  }

  init(
    _ space: DesignSpace, samples: Int, seed: UInt64, blockSize: Int = 4096, takesHopeless: Bool
  ) {
    self.space = space
    self.takesHopeless = takesHopeless
    self.blockSize = max(1, blockSize)
    wanted = samples
    permutation = IndexPermutation(count: space.size, seed: seed)
    rejections = RejectionCounts(space)
  }

  /// The next designs; empty when the search is finished.
  public mutating func ask() -> [Design] { take(blockSize) }

  /// Scores make no difference to this search.
  public mutating func tell(_ designs: [Design], _ scores: [Score]) {}

  /// The next `count` designs, fewer at the end.
  mutating func take(_ count: Int) -> [Design] {
    var designs: [Design] = []
    guard wanted > 0 else { return designs }
    var cursor = DesignCursor(space)
    var rejectedInARow = 0
    while designs.count < count, wanted > 0, next < space.size, rejectedInARow < Self.patience {
      cursor.move(to: permutation[next])
      next += 1
      if let rejection = cursor.rejection {
        rejections.count(rejection)
        rejectedInARow += 1
      } else if !takesHopeless, !space.isPromising(cursor.slots) {
        rejectedInARow += 1
      } else {
        designs.append(Design(genome: cursor.genome))
        wanted -= 1
        rejectedInARow = 0
      }
    }
    if rejectedInARow == Self.patience { wanted = 0 }
    return designs
  }
}
