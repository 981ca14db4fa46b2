/// All valid designs in the order of their numbers, in blocks.
public struct ExhaustiveSearch: SearchStrategy {
  /// Designs of one block at most.
  public let blockSize: Int
  /// Designs that were rejected before evaluation, by reason.
  public private(set) var rejections: RejectionCounts
  private let space: DesignSpace
  private var next: UInt64 = 0

  /// Starts at the first design.
  public init(_ space: DesignSpace, blockSize: Int = 4096) {
    self.space = space
    self.blockSize = max(1, blockSize)
    rejections = RejectionCounts(space)
  }

  /// The next designs; empty when the search is finished.
  public mutating func ask() -> [Design] {
    var designs: [Design] = []
    let blockSize = self.blockSize
    next = space.forEachValid(in: next..<space.size, &rejections) { _, genome in
      designs.append(Design(genome: genome))
      return designs.count < blockSize
    }
    return designs
  }

  /// Scores make no difference to this search.
  public mutating func tell(_ designs: [Design], _ scores: [Score]) {}
}
