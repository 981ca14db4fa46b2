import Exploration
import Foundation
import SimKernel
import TestSupport
import Testing

/// pymoo, with which searches are compared.
private enum Pymoo {
  static let isInstalled: Bool = {
    guard let python = Oracle.python else { return false }
    return (try? ChildProcess.run(python, ["-c", "import pymoo"]))?.code == 0
  }()

  struct Questions: Codable {
    var tables: [Table] = []
    var searches: [Search] = []
  }

  struct Table: Codable {
    var rows: [[Double]]
    var reference: [Double]
  }

  struct Search: Codable {
    var radices: [Int]
    var rows: [[Double]]
    var violations: [Double]
    var reference: [Double]
    var population: Int
    var budget: Int
    var seeds: [Int]
  }

  struct Answers: Codable {
    struct Table: Codable {
      var ranks: [Int]
      var crowding: [Double?]
      var volume: Double?
    }
    struct Search: Codable { var volumes: [Double] }
    var tables: [Table]
    var searches: [Search]
  }

  static func ask(_ questions: Questions) throws -> Answers {
    try Oracle.withFolder { folder in
      try JSONEncoder().encode(questions).write(to: URL(filePath: folder + "/questions.json"))
      try Oracle.run(
        "ExplorationTests/Oracle/compare_with_pymoo.py",
        [folder + "/questions.json", folder + "/answers.json"])
      return try JSONDecoder().decode(
        Answers.self, from: Data(contentsOf: URL(filePath: folder + "/answers.json")))
    }
  }
}

@Suite(
  "Searches beside pymoo",
  .enabled(if: Pymoo.isInstalled, "pymoo is missing; Scripts/test installs it"))
struct SearchOracleTests {
  @Test("Ranks, crowding distances and hypervolumes are equal")
  func tables() throws {
    var random = SplitMix64(seed: 42)
    var tables: [ObjectiveTable] = []
    for round in 0..<60 {
      let dimensions = 2 + round % 3
      var table = randomTable(
        Int.random(in: 1...80, using: &random), dimensions, range: [4, 12, 1000][round / 3 % 3],
        &random)
      if round % 2 == 1 {
        table = ObjectiveTable(
          dimensions: dimensions,
          rows: (0..<table.count).map { row in
            table[row].map { $0 + Double.random(in: 0..<1, using: &random) }
          })
      }
      tables.append(table)
    }
    let reference = { (table: ObjectiveTable) in [Double](repeating: 900, count: table.dimensions) }
    let answers = try Pymoo.ask(
      Pymoo.Questions(
        tables: tables.map { table in
          Pymoo.Table(
            rows: (0..<table.count).map { Array(table[$0]) }, reference: reference(table))
        }))
    #expect(answers.tables.count == tables.count)
    for (table, answer) in zip(tables, answers.tables) {
      let ranks = NonDominatedSort.ranks(table)
      #expect(ranks == answer.ranks)
      var crowding = [Double?](repeating: nil, count: table.count)
      for rank in 0...(ranks.max() ?? 0) {
        let rows = ranks.indices.filter { ranks[$0] == rank }
        let front = ObjectiveTable(
          dimensions: table.dimensions, rows: rows.map { Array(table[$0]) })
        for (row, distance) in zip(rows, CrowdingDistance.distances(front)) {
          crowding[row] = distance.isFinite ? distance : nil
        }
      }
      #expect(crowding == answer.crowding)
      guard let volume = answer.volume else { continue }
      let ours = try #require(Hypervolume.volume(table, reference: reference(table)))
      #expect(abs(ours - volume) <= 1e-12 * volume)
    }
  }

  @Test("NSGA-II reaches as much hypervolume with as many evaluations", arguments: TableProblem.all)
  func volumes(problem: TableProblem) throws {
    let seeds = Array(1...10)
    let answers = try Pymoo.ask(
      Pymoo.Questions(searches: [
        Pymoo.Search(
          radices: problem.radices, rows: problem.rows, violations: problem.violations,
          reference: problem.reference, population: problem.population, budget: problem.budget,
          seeds: seeds)
      ]))
    let theirs = try #require(answers.searches.first?.volumes)
    let ours = try seeds.map { seed in
      let found = try problem.search(seed: UInt64(seed), limit: problem.budget)
        .prefix(problem.budget)
      return problem.volume(found.map { problem.index(of: $0) })
    }
    let best = problem.volume(Array(problem.rows.indices))
    let (our, their) = (ours.reduce(0, +) / 10 / best, theirs.reduce(0, +) / 10 / best)
    print("\(problem): \(our) of the exact front's hypervolume, pymoo \(their)")
    #expect(our >= 0.98 * their)
  }
}
