import Exploration
import SimKernel
import Testing

@Suite("Selection between stages")
struct StageSelectionTests {
  /// Correlated random designs of a space with one parameter for a threshold.
  private func sample(
    _ count: Int, _ random: inout SplitMix64
  ) -> DesignTable {
    var table = DesignTable()
    for index in 0..<count {
      let latency = Double.random(in: 1...10, using: &random)
      table.append(
        UInt64(index), latency, 20 / latency + .random(in: 0...4, using: &random),
        .random(in: 1...3, using: &random))
    }
    return table
  }

  @Test("By hand")
  func byHand() throws {
    let space = try SampleSpace.space(radices: [8])
    // Row 2 is 4 % worse than row 0 in both, row 3 is 20 % worse, row 4 only in energy.
    let table = DesignTable([
      (0, 10, 10, 1), (1, 5, 30, 1), (2, 10.4, 10.4, 1), (3, 12, 12, 1), (4, 10, 12, 1),
    ])
    func survivors(_ time: Double, _ energy: Double, keep: Int? = nil) -> [Int] {
      StageSelection.survivors(
        table, of: space, errors: errorBars(time: time, energy: energy), keep: keep)
    }
    #expect(survivors(0, 0) == [0, 1])
    #expect(survivors(0.03, 0.03) == [0, 1, 2, 4])
    #expect(survivors(0.01, 0.01) == [0, 1, 4])
    #expect(survivors(0.1, 0.1) == [0, 1, 2, 3, 4])
    #expect(survivors(0.1, 0.1, keep: 2) == [0, 1])
    #expect(survivors(0.1, 0.1, keep: 3) == [0, 1, 2])
  }

  @Test("Is the Pareto front when the model is exact", arguments: 1...5)
  func exact(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let space = try SampleSpace.space(radices: [400], constraints: ["area_mm2 <= 2"])
    let table = sample(400, &random)
    let survivors = StageSelection.survivors(table, of: space, errors: errorBars(), keep: nil)
    #expect(survivors == DesignClasses(table, of: space).front)
  }

  /// The definition, pair by pair.
  @Test("Is what the definition says of all pairs", arguments: 1...6)
  func definition(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let three = seed % 2 == 0
    let objectives = three ? "[\"fps\", \"energy_mJ\", \"area_mm2\"]" : "[\"fps\", \"energy_mJ\"]"
    let space = try SampleSpace.space(radices: [300], objectives: objectives)
    let table = sample(300, &random)
    let bars = errorBars(time: 0.05, energy: seed % 3 == 0 ? 0 : 0.1)
    let costs = (0..<table.count).map { row in
      space.study.objectives.map { objective in
        let value = table.value(objective.metric, row)
        let index = Metric.allCases.firstIndex(of: objective.metric) ?? 0
        let bar = bars[index] * value
        return objective.isMaximised ? (-value - bar, -value + bar) : (value - bar, value + bar)
      }
    }
    let expected = costs.indices.filter { row in
      !costs.contains { other in
        dominates(other.map(\.1), costs[row].map(\.0))
      }
    }
    let survivors = StageSelection.survivors(table, of: space, errors: bars, keep: nil)
    #expect(survivors == expected)
    #expect(survivors.count < 300)
    #expect(Set(DesignClasses(table, of: space).front).isSubset(of: survivors))
  }

  @Test(
    "Loses no design of the true front while estimates are within the error bar", arguments: 1...8)
  func safe(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let space = try SampleSpace.space(
      radices: [500], constraints: ["area_mm2 <= 2.5", "fps >= 200", "energy_mJ * latency_ms < 40"])
    let truth = sample(500, &random)
    var estimates = DesignTable()
    for row in 0..<truth.count {
      func off(_ bar: Double) -> Double { 1 / (1 + .random(in: -bar...bar, using: &random)) }
      estimates.append(
        UInt64(row), truth.value(.latency, row) * off(0.06), truth.value(.energy, row) * off(0.03),
        truth.value(.area, row))
    }
    let survivors = StageSelection.survivors(
      estimates, of: space, errors: errorBars(time: 0.064, energy: 0.031), keep: nil)
    let front = DesignClasses(truth, of: space).front
    #expect(Set(front).isSubset(of: survivors), "\(Set(front).subtracting(survivors))")
    #expect(survivors.count < 250)
    #expect(!front.isEmpty)
  }

  @Test("Keeps at most as many as are wanted, the nearest to the front first")
  func keep() throws {
    var random = SplitMix64(seed: 9)
    let space = try SampleSpace.space(radices: [1000])
    let table = sample(1000, &random)
    let all = StageSelection.survivors(
      table, of: space, errors: errorBars(time: 0.3, energy: 0.3), keep: nil)
    let front = DesignClasses(table, of: space).front
    for keep in [1, 5, front.count, front.count + 1, all.count - 1, all.count, all.count + 5] {
      let kept = StageSelection.survivors(
        table, of: space, errors: errorBars(time: 0.3, energy: 0.3), keep: keep)
      #expect(kept.count == min(keep, all.count))
      #expect(Set(kept).isSubset(of: all))
      #expect(kept == kept.sorted())
      if keep >= front.count { #expect(Set(front).isSubset(of: kept)) }
      if keep <= front.count { #expect(Set(kept).isSubset(of: front)) }
    }
  }

  @Test("Takes designs along that miss a constraint by less than the error")
  func constraints() throws {
    let space = try SampleSpace.space(
      radices: [8], constraints: ["fps >= 100", "area_mm2 <= 2"], objectives: "[\"energy_mJ\"]")
    let table = DesignTable([
      (0, 9, 5, 1),  // 111 fps
      (1, 10.3, 4, 1),  // 97 fps, less energy
      (2, 12, 3, 1),  // 83 fps
      (3, 9.8, 4.5, 1),  // 102 fps: perhaps not
      (4, 9, 1, 2.02),  // too large, and the area is exact
    ])
    let survivors = StageSelection.survivors(
      table, of: space, errors: errorBars(time: 0.05), keep: nil)
    #expect(survivors == [0, 1, 3])
    #expect(StageSelection.survivors(table, of: space, errors: errorBars(), keep: nil) == [3])
  }
}
