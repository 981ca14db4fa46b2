/// Commands sent one by one, in order, at the processor's pace.
struct CommandPace {
  private let gap: Int
  private let depth: Int
  private let forward: Int
  private var accepted: Int
  private var taken: [Int]
  private var index = 0

  /// `depth` commands wait in front of the unit that takes them, `forward` cycles after accept.
  init(gap: Int, depth: Int, forward: Int) {
    self.gap = gap
    self.depth = depth
    self.forward = forward
    accepted = -gap
    taken = Array(repeating: -1_000_000, count: depth)
  }

  /// Earliest cycle in which the next command can be taken.
  var next: Int {
    max(accepted + gap, taken[index % depth] + forward) + forward
  }

  /// Adds the state, times relative to `time`.
  func note(relativeTo time: Int, into state: inout [Int]) {
    state.append(accepted - time)
    for place in 0..<depth { state.append(taken[(index + place) % depth] - time) }
  }

  /// The next command is taken in cycle `time`.
  mutating func take(at time: Int) {
    accepted = max(accepted + gap, taken[index % depth] + forward)
    taken[index % depth] = time
    index += 1
  }
}
