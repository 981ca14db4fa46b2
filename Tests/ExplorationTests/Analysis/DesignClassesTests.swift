import Exploration
import SimKernel
import Testing

@Suite("Classes of designs")
struct DesignClassesTests {
  @Test("Are front, feasible and rejected, with optima and the weighted best")
  func byHand() throws {
    let space = try SampleSpace.space(radices: [8], constraints: ["area_mm2 <= 5"])
    let table = DesignTable([
      (0, 1, 9, 2), (1, 2, 4, 2), (2, 4, 2.5, 2), (3, 5, 5, 2), (4, 0.5, 0.5, 9), (5, 9, 1, 5),
      (6, 9, 1, 5.1),
    ])
    let classes = DesignClasses(table, of: space)
    #expect(
      (0..<7).map(classes.classification) == [
        .best, .best, .best, .feasible, .rejected, .best, .rejected,
      ])
    #expect(classes.front == [0, 1, 2, 5])
    #expect(classes.feasibleCount == 5)
    #expect(classes.optima == [0, 5])
    #expect(classes.optimumOf(0) == [.latency])
    #expect(classes.optimumOf(5) == [.energy])
    #expect(classes.optimumOf(1).isEmpty)
    #expect(classes.isOnFront(2) && !classes.isOnFront(3))
    // Scaled sums: 0 + 1, 1/8 + 3/8, 3/8 + 1.5/8, 4/8 + 4/8, 1 + 0.
    #expect(classes.weightedBest == 1)
  }

  @Test("Follow the weights of the objectives and their directions")
  func weights() throws {
    let rows: [(UInt64, Double, Double, Double)] = [(0, 1, 9, 1), (1, 2, 4, 1), (2, 4, 2, 1)]
    func best(_ objectives: String) throws -> Int? {
      DesignClasses(
        DesignTable(rows), of: try SampleSpace.space(radices: [8], objectives: objectives)
      ).weightedBest
    }
    #expect(try best("{\"latency_ms\": {\"weight\": 9}, \"energy_mJ\": \"minimise\"}") == 0)
    #expect(try best("{\"latency_ms\": \"minimise\", \"energy_mJ\": {\"weight\": 9}}") == 2)
    #expect(try best("{\"fps\": {\"weight\": 9}, \"energy_mJ\": \"minimise\"}") == 0)
    #expect(try best("{\"energy_mJ\": \"maximise\"}") == 0)
    #expect(try best("[\"area_mm2\"]") == 0)
  }

  @Test("Break ties of an objective by the others")
  func ties() throws {
    let space = try SampleSpace.space(radices: [8])
    let table = DesignTable([(0, 2, 5, 1), (1, 2, 3, 1), (2, 2, 3, 1), (3, 3, 9, 1)])
    let classes = DesignClasses(table, of: space)
    #expect(classes.optima == [1, 1])
    #expect(classes.front == [1, 2])
  }

  @Test("Exist without feasible designs, and without designs")
  func none() throws {
    let space = try SampleSpace.space(radices: [8], constraints: ["fps > 1000000"])
    let classes = DesignClasses(DesignTable([(0, 1, 1, 1)]), of: space)
    #expect(classes.feasibleCount == 0 && classes.front.isEmpty && classes.optima == [nil, nil])
    #expect(classes.weightedBest == nil && classes.classification(0) == .rejected)
    #expect(DesignClasses(DesignTable(), of: space).feasibleCount == 0)
  }

  @Test("Agree with the judgement of single designs")
  func singles() throws {
    let space = try SampleSpace.space(
      radices: [10, 10], constraints: ["area_mm2 <= A", "fps >= B * 10 || energy_mJ < 2"])
    var random = SplitMix64(seed: 4)
    var table = DesignTable()
    for index in 0..<space.size {
      table.append(
        index, .random(in: 5...50, using: &random), .random(in: 0...10, using: &random),
        .random(in: 0...9, using: &random))
    }
    let classes = DesignClasses(table, of: space)
    var feasible = 0
    for row in 0..<table.count {
      let score = space.score(of: space.design(at: table.indices[row]), table.metrics(row))
      #expect((classes.classification(row) != .rejected) == score.isFeasible)
      if score.isFeasible { feasible += 1 }
    }
    #expect(feasible == classes.feasibleCount && feasible > 5 && feasible < 95)
  }
}
