import Exploration
import Testing

@Suite("NSGA-II")
struct NSGA2Tests {
  /// The dissertation's search took 65 evaluations of 216; ours ends by itself.
  @Test(
    "Finds the exact front of 216 designs with clearly fewer evaluations",
    arguments: [TableProblem.array, .arrayWithEnergy, .feasibleArray])
  func front(problem: TableProblem) throws {
    var lost = 0
    var evaluations = 0
    for seed in 1...5 {
      let found = try problem.search(seed: UInt64(seed)).map(problem.index)
      #expect(Set(found).count == found.count)
      lost += Set(problem.front).subtracting(found).count
      evaluations += found.count
    }
    print("\(problem): front of \(problem.front.count), \(evaluations / 5) evaluations")
    #expect(lost == 0)
    #expect(evaluations <= 5 * 130)
  }

  @Test("Asks for the same designs when the scores are the same")
  func repeatable() throws {
    let first = try TableProblem.array.search(seed: 3, generations: 4)
    #expect(try TableProblem.array.search(seed: 3, generations: 4) == first)
    #expect(try TableProblem.array.search(seed: 4, generations: 4) != first)
  }

  @Test("Ends after its generations, which have at most the size of the population")
  func generations() throws {
    let space = try SampleSpace.space(radices: [40, 40, 40])
    var search = NSGA2(space, population: 10, generations: 6, seed: 1)
    var sizes: [Int] = []
    while case let designs = search.ask(), !designs.isEmpty {
      sizes.append(designs.count)
      search.tell(
        designs,
        designs.map { design in
          let x = design.genome.map(Double.init)
          return Score(objectives: [x[0] + x[2], 40 - x[0] + x[1]], violation: 0)
        })
    }
    #expect(sizes.count == 6)
    #expect(sizes[0] == 10 && sizes.allSatisfy { (1...10).contains($0) })
  }

  @Test("Asks only for designs that constraints without metrics allow")
  func constraints() throws {
    let space = try SampleSpace.space(
      radices: [12, 12, 12], constraints: ["A + B <= C", "A % 2 == 0 || B > 3"])
    var search = NSGA2(space, population: 16, generations: 12, seed: 2)
    let found = run(&search) { design in
      let x = design.genome.map(Double.init)
      return Score(objectives: [x[2] - x[0], x[2] - 2 * x[1]], violation: 0)
    }
    #expect(found.count > 40)
    #expect(found.allSatisfy { space.verdict(of: $0) == .valid })
    #expect(search.rejections.total > 0)
  }

  @Test("Finds its way to designs that fulfil constraints on metrics")
  func infeasibleStart() throws {
    // One design in 400 is feasible.
    let space = try SampleSpace.space(radices: [20, 20, 20])
    var search = NSGA2(space, population: 20, generations: 30, seed: 5)
    let found = run(&search) { design in
      let x = design.genome.map(Double.init)
      let violation = max(0, 17 - x[0]) + max(0, 18 - x[1])
      return Score(objectives: [x[2], 20 - x[2] + x[0]], violation: violation / 20)
    }
    #expect(found.contains { $0.genome[0] >= 17 && $0.genome[1] >= 18 })
  }

  @Test("Goes on when designs cannot be evaluated, and when none can")
  func unusable() throws {
    let space = try SampleSpace.space(radices: [8, 8])
    var none = NSGA2(space, population: 8, generations: 5, seed: 1)
    #expect(run(&none) { _ in .unusable }.count > 8)
    var some = NSGA2(space, population: 8, generations: 20, seed: 1)
    let found = run(&some) { design in
      let x = design.genome.map(Double.init)
      return design.genome[0] % 2 == 0
        ? .unusable : Score(objectives: [x[0] + x[1], 8 - x[1]], violation: 0)
    }
    #expect((0..<8).allSatisfy { found.contains(Design(genome: [1, $0])) })
  }

  @Test("Ends when the space has no more designs")
  func exhausted() throws {
    let space = try SampleSpace.space(radices: [3, 2], constraints: ["A != 1"])
    var search = NSGA2(space, population: 10, generations: 50, seed: 1)
    let found = run(&search) { Score(objectives: $0.genome.map(Double.init), violation: 0) }
    #expect(found.count == 4 && Set(found).count == 4)
    let empty = try SampleSpace.space(radices: [3, 2], constraints: ["A > 5"])
    var nothing = NSGA2(empty, population: 10, generations: 50, seed: 1)
    #expect(nothing.ask().isEmpty)
  }
}
