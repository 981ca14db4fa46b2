/// How a target chooses among initiators that want it in the same cycle.
public enum Arbitration: Sendable, Equatable {
  /// The one after the last winner goes first.
  case roundRobin
  /// The initiator with the lowest index goes first; list them in order of priority.
  case fixedPriority
}

/// The arbiter of one target: picks a winner from a mask of requesters.
struct Arbiter: BitwiseCopyable {
  private let isRoundRobin: Bool
  /// The index that has the highest priority next time.
  private var first: Int = 0

  init(_ arbitration: Arbitration) {
    isRoundRobin = arbitration == .roundRobin
  }

  /// The winner among the set bits of `requests`, which must not be empty.
  @inline(__always)
  mutating func choose(_ requests: UInt64) -> Int {
    guard isRoundRobin else { return requests.trailingZeroBitCount }
    let later = requests & (~0 &<< UInt64(truncatingIfNeeded: first))
    let winner = (later != 0 ? later : requests).trailingZeroBitCount
    first = (winner &+ 1) & 63
    return winner
  }
}
