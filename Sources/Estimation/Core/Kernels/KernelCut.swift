/// Which parts of a large kernel are run, and with what weight they count.
///
/// The cost of a kernel is affine in the rounds of each loop, so it is known everywhere when it is
/// known at two numbers of rounds of every loop that is cut: 2 runs for one loop, 4 for two.
struct KernelCut {
  /// Numbers of rounds for loops.
  typealias Rounds = [(loop: KernelLoop, rounds: Int)]

  /// Runs and weights, which add up to 1.
  private(set) var corners: [(weight: Double, rounds: Rounds)] = [(1, [])]

  /// The words of a call with some loops cut.
  static func words(_ words: [UInt32], _ rounds: Rounds) -> [UInt32] {
    var words = words
    for (loop, rounds) in rounds { loop.reduce(&words, to: rounds) }
    return words
  }

  /// Runs `rounds` of a loop at two numbers of rounds.
  private mutating func cut(_ loop: KernelLoop, _ low: Int, _ high: Int) {
    let upper = Double(loop.count - low) / Double(high - low)
    corners = corners.flatMap { weight, rounds in
      [
        (weight * (1 - upper), rounds + [(loop, low)]), (weight * upper, rounds + [(loop, high)]),
      ]
    }
  }

  /// Chooses what to run of a kernel so that about `budget` instructions suffice; nil when all of
  /// it is to be run.
  ///
  /// - Parameter measure: instructions with some loops cut.
  static func choose(
    _ loops: [KernelLoop], budget: Int,
    measure: (Rounds) throws(CoreCostError) -> Int
  ) throws(CoreCostError) -> KernelCut? {
    let loops = loops.filter(\.isReducible)
    guard !loops.isEmpty else { return nil }
    // The least there is to run, and from there the whole as if every round cost the same.
    let least = try measure(loops.map { ($0, $0.fewest) })
    var expected = loops.reduce(Double(least)) { $0 * Double($1.count) / Double($1.fewest) }
    guard expected > Double(budget) else { return nil }
    var cut = KernelCut()
    for loop in loops where expected > Double(budget) {
      let perRound = expected / Double(loop.count)
      // The larger the part, the less data of one round matters.
      let room = Double(budget) / perRound - Double(loop.fewest)
      let periods = max(1, min(Int(room) / loop.period, (loop.count - loop.fewest) / loop.period))
      let high = loop.fewest + periods * loop.period
      let low = loop.fewest + periods / 4 * loop.period
      expected = perRound * Double(high)
      if high == loop.count { continue }
      cut.cut(loop, low, high)
    }
    return cut
  }
}

/// The cost of one run.
struct MeasuredCost {
  var instructions: Int
  var traffic: [CoreTraffic] = []

  func cost(isExtrapolated: Bool) -> KernelCost {
    KernelCost(instructions: instructions, traffic: traffic, isExtrapolated: isExtrapolated)
  }
}

/// A weighted sum of costs.
struct ExtrapolatedCost {
  private var instructions = 0.0
  private var traffic: [(loads: Double, stores: Double, loadedBytes: Double, storedBytes: Double)]

  init(memories: Int) {
    traffic = Array(repeating: (0, 0, 0, 0), count: memories)
  }

  mutating func add(_ cost: MeasuredCost, weight: Double) {
    instructions += weight * Double(cost.instructions)
    for (index, entry) in cost.traffic.enumerated() {
      traffic[index].loads += weight * Double(entry.loads)
      traffic[index].stores += weight * Double(entry.stores)
      traffic[index].loadedBytes += weight * Double(entry.loadedBytes)
      traffic[index].storedBytes += weight * Double(entry.storedBytes)
    }
  }

  /// The sum, rounded.
  var cost: KernelCost {
    KernelCost(
      instructions: Self.whole(instructions),
      traffic: traffic.map { sum in
        var entry = CoreTraffic()
        entry.loads = Self.whole(sum.loads)
        entry.stores = Self.whole(sum.stores)
        entry.loadedBytes = Self.whole(sum.loadedBytes)
        entry.storedBytes = Self.whole(sum.storedBytes)
        return entry
      }, isExtrapolated: true)
  }

  private static func whole(_ value: Double) -> Int { Int(max(0, value.rounded())) }
}
