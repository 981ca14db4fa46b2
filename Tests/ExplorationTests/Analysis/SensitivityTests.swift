import Exploration
import SimKernel
import Testing

@Suite("Sensitivity")
struct SensitivityTests {
  private func shares(
    _ radices: [Int], _ latency: (Design) -> Double, keep: (UInt64) -> Bool = { _ in true }
  ) throws -> [ExplorationResult.Sensitivity] {
    let space = try SampleSpace.space(radices: radices, objectives: "[\"latency_ms\"]")
    var table = DesignTable()
    for index in 0..<space.size where keep(index) {
      table.append(index, latency(space.design(at: index)), 1, 1)
    }
    return ExplorationResult.Sensitivity.all(of: table, in: space)
  }

  /// Of a sum of functions of one parameter each, a parameter's share is the variance of its
  /// function in proportion to the sum of the variances.
  @Test(
    "Of additive functions on a grid is the share of each function's variance", arguments: 1...8)
  func additive(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let radices = [4, 3, 5]
    let functions = radices.map { radix in
      (0..<radix).map { _ in Double.random(in: 1...10, using: &random) }
    }
    let found = try shares(radices) { design in
      zip(functions, design.genome).map { $0[$1] }.reduce(0, +)
    }
    let means = functions.map { $0.reduce(0, +) / Double($0.count) }
    let variances = zip(functions, means).map { function, mean in
      function.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(function.count)
    }
    #expect(found.map(\.parameter) == ["A", "B", "C"])
    for position in 0..<3 {
      let share = variances[position] / variances.reduce(0, +)
      #expect(abs(found[position].share - share) < 1e-9)
      let others = means.reduce(0, +) - means[position]
      for (value, mean) in found[position].means.enumerated() {
        let expected = functions[position][value] + others
        #expect(abs((mean ?? 0) - expected) < 1e-9)
      }
    }
  }

  @Test("Of a product without means is 0, although the parameters matter together")
  func interaction() throws {
    let found = try shares([2, 2]) { $0.genome[0] == $0.genome[1] ? 1 : 3 }
    #expect(found.map(\.share) == [0, 0])
    #expect(found[0].means == [2, 2])
  }

  @Test("Of a constant is 0, and means are absent where there are no designs")
  func edges() throws {
    let constant = try shares([3, 3]) { _ in 0.1 }
    #expect(constant.map(\.share) == [0, 0])
    let partial = try shares([3, 2], { Double($0.genome[0]) + 1 }, keep: { $0 < 4 })
    #expect(partial[0].means == [1, 2, nil])
    #expect(partial[0].share == 1)
    let none = try shares([3, 2], { _ in 1 }, keep: { _ in false })
    #expect(none[0].share == 0 && none[0].means == [nil, nil, nil])
  }
}
