extension NSGA2 {
  /// A generation of new designs; fewer than the population where no more are found, or where no
  /// more are promising.
  mutating func breed() -> [Design] {
    guard let screening = OffspringScreening(history, radices: space.radices) else {
      return offspring(populationSize)
    }
    // The longer nothing better is found, the less the predictions are trusted.
    let least = max(2, populationSize / 5) * (1 + unchanged / 2)
    return screening.pick(
      offspring(populationSize * Self.screeningFactor), count: populationSize, least: least)
  }

  /// Bred designs that were not asked for, `count` at most.
  private mutating func offspring(_ count: Int) -> [Design] {
    var offspring: [Design] = []
    var fresh: Set<UInt64> = []
    var round = 0
    while offspring.count < count, round < Self.breedingLimit {
      round += 1
      let pairs = (count - offspring.count + 1) / 2
      let parents = tournaments(2 * pairs)
      for pair in 0..<pairs {
        let (first, second) = (parents[2 * pair], parents[2 * pair + 1])
        let children = operators.cross(
          population.members[first].design.genome, population.members[second].design.genome,
          &random)
        for (child, parent) in [(children.first, first), (children.second, second)] {
          var genome = child
          operators.mutate(&genome, &random)
          let design = repaired(genome, towards: population.members[parent].design.genome)
          let index = space.index(of: design)
          guard offspring.count < count, !asked.contains(index),
            fresh.insert(index).inserted
          else { continue }
          offspring.append(design)
        }
      }
    }
    return offspring
  }

  /// A design with genes of a valid parent where it is not valid itself.
  private mutating func repaired(_ genome: [Int], towards parent: [Int]) -> Design {
    var design = Design(genome: genome)
    let slots = space.slots(of: design)
    if space.isPromising(slots) { return design }
    if let rejection = space.rejection(slots) { rejections.count(rejection) }
    for gene in random.permutation(genome.count) where design.genome[gene] != parent[gene] {
      design.genome[gene] = parent[gene]
      if space.isPromising(space.slots(of: design)) { return design }
    }
    return design
  }

  /// Winners of binary tournaments; every member takes part equally often.
  private mutating func tournaments(_ count: Int) -> [Int] {
    var candidates: [Int] = []
    while candidates.count < 2 * count {
      candidates += random.permutation(population.members.count)
    }
    return (0..<count).map { pair in
      population.winner(candidates[2 * pair], candidates[2 * pair + 1], &random)
    }
  }
}
