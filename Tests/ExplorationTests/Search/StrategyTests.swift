import Exploration
import Testing

/// Runs a strategy to its end, or until it has asked for `limit` designs; the designs in the order
/// in which they were asked for.
func run<Strategy: SearchStrategy>(
  _ strategy: inout Strategy, limit: Int = .max, _ score: (Design) -> Score
) -> [Design] {
  var designs: [Design] = []
  while designs.count < limit {
    let asked = strategy.ask()
    if asked.isEmpty { break }
    designs += asked
    strategy.tell(asked, asked.map(score))
  }
  return designs
}

private let anything = Score(objectives: [0, 0], violation: 0)

@Suite("Exhaustive search")
struct ExhaustiveSearchTests {
  @Test("Asks for all valid designs in order, whatever the blocks", arguments: [1, 7, 64, 4096])
  func all(blockSize: Int) throws {
    let space = try SampleSpace.space(radices: [5, 4, 6], constraints: ["A + B > C", "A != 3"])
    var search = ExhaustiveSearch(space, blockSize: blockSize)
    let found = run(&search) { _ in anything }
    let expected = (0..<space.size).map(space.design).filter { space.verdict(of: $0) == .valid }
    #expect(found == expected)
    #expect(search.rejections.total == Int(space.size) - expected.count)
    #expect(search.rejections.reasons(space).map(\.reason) == ["A + B > C", "A != 3"])
  }
}

@Suite("Random search")
struct RandomSearchTests {
  @Test("Asks for distinct valid designs, and for all when enough are wanted", arguments: 1...5)
  func distinct(seed: UInt64) throws {
    let space = try SampleSpace.space(radices: [5, 4, 6, 7], constraints: ["A + B > C"])
    let valid = (0..<space.size).map(space.design).filter { space.verdict(of: $0) == .valid }
    var search = RandomSearch(space, samples: 100, seed: seed, blockSize: 16)
    let found = run(&search) { _ in anything }
    #expect(found.count == 100 && Set(found).count == 100)
    #expect(Set(found).isSubset(of: valid))
    var complete = RandomSearch(space, samples: 10_000, seed: seed)
    let all = run(&complete) { _ in anything }
    #expect(all.count == valid.count && Set(all) == Set(valid))
    #expect(complete.rejections.total == Int(space.size) - valid.count)
    #expect(Array(all.prefix(100)) == found)
  }

  @Test("Is decided by its seed")
  func seeds() throws {
    let space = try SampleSpace.space(radices: [50, 40])
    func designs(_ seed: UInt64) -> [Design] {
      var search = RandomSearch(space, samples: 50, seed: seed)
      return run(&search) { _ in anything }
    }
    #expect(designs(1) == designs(1))
    #expect(designs(1) != designs(2))
  }

  /// χ² of the values of a parameter with 10 values in 2,000 samples: 27.9 has a probability of
  /// 0.1 % with 9 degrees of freedom.
  @Test("Prefers no value")
  func uniform() throws {
    let space = try SampleSpace.space(radices: [10, 10, 10, 10, 10])
    var search = RandomSearch(space, samples: 2000, seed: 5)
    let designs = run(&search) { _ in anything }
    for gene in 0..<5 {
      var counts = [Double](repeating: 0, count: 10)
      for design in designs { counts[design.genome[gene]] += 1 }
      let chiSquared = counts.map { ($0 - 200) * ($0 - 200) / 200 }.reduce(0, +)
      #expect(chiSquared < 27.9)
    }
  }

  @Test("Works in spaces of one design and of 2^63")
  func extremes() throws {
    let single = try SampleSpace.space(radices: [1])
    var search = RandomSearch(single, samples: 5, seed: 1)
    #expect(run(&search) { _ in anything } == [Design(genome: [0])])
    let huge = try SampleSpace.space(radices: [Int](repeating: 128, count: 9))
    var other = RandomSearch(huge, samples: 300, seed: 1)
    #expect(Set(run(&other) { _ in anything }).count == 300)
  }
}
