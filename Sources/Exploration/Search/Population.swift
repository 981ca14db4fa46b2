/// The designs among which NSGA-II breeds, with their ranks.
struct Population: Sendable {
  struct Member: Sendable {
    let design: Design
    let score: Score
    /// Crowding distance within the member's rank.
    var crowding = 0.0
  }

  private(set) var members: [Member] = []
  private let dimensions: Int

  init(dimensions: Int) { self.dimensions = dimensions }

  mutating func add(_ design: Design, _ score: Score) {
    members.append(Member(design: design, score: score))
  }

  /// Keeps the `count` best: feasible ones by rank and crowding distance, then the others by how
  /// far they are from being feasible.
  mutating func select(_ count: Int) {
    let feasible = members.filter(\.score.isFeasible)
    let others = members.filter { !$0.score.isFeasible }
    let table = ObjectiveTable(dimensions: dimensions, rows: feasible.map(\.score.objectives))
    let ranks = NonDominatedSort.ranks(table)
    var fronts = [[Int]](repeating: [], count: (ranks.max() ?? -1) + 1)
    for (row, rank) in ranks.enumerated() { fronts[rank].append(row) }

    var selected: [Member] = []
    for front in fronts where selected.count < count {
      var frontTable = ObjectiveTable(dimensions: dimensions)
      for row in front { frontTable.append(table[row]) }
      let distances = CrowdingDistance.distances(frontTable)
      let order = front.indices.sorted { (-distances[$0], $0) < (-distances[$1], $1) }
      for position in order.prefix(count - selected.count) {
        var member = feasible[front[position]]
        member.crowding = distances[position]
        selected.append(member)
      }
    }
    let nearest = others.indices.sorted {
      (others[$0].score.violation, $0) < (others[$1].score.violation, $1)
    }
    selected += nearest.prefix(max(0, count - selected.count)).map { others[$0] }
    members = selected
  }

  /// The better one of two members: the less infeasible, the dominating, the lonelier; otherwise
  /// either.
  func winner(_ first: Int, _ second: Int, _ random: inout RandomDraws) -> Int {
    let (one, two) = (members[first], members[second])
    if one.score.violation != two.score.violation {
      return one.score.violation < two.score.violation ? first : second
    }
    if one.score.isFeasible {
      if one.score.dominates(two.score) { return first }
      if two.score.dominates(one.score) { return second }
      if one.crowding != two.crowding { return one.crowding > two.crowding ? first : second }
    }
    return random.happens(0.5) ? first : second
  }
}
