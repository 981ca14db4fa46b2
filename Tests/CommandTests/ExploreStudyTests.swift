import Exploration
import Foundation
import TestSupport
import Testing

/// Whole studies of the dissertation, in the release build.
@Suite("Studies that come with the tool", .serialized)
struct ExploreStudyTests {
  #if DEBUG
    private static let isOptimised = false
  #else
    private static let isOptimised = true
  #endif

  private func study(_ name: String, _ tool: Tool) throws -> ExplorationResult {
    let ending = try tool.run(
      "explore", "\(Tool.project)/Configs/studies/\(name).json", "--results", name, "--store",
      "store.sqlite", timeout: 1200)
    try #require(ending.code == 0, "\(ending.output)\(ending.errors)")
    return try ExplorationJSON.read(tool.text("\(name)/result.json"))
  }

  @Test(
    "LeNet-5 on 216 systems: the dissertation's trends, and NSGA-II finds the same front",
    .enabled(if: isOptimised, "too slow without optimisation"))
  func lenet5() throws {
    let tool = try Tool()
    let all = try study("lenet5-array-bus", tool)
    #expect(all.designs.count == 216 && all.stages[0].failed == 0 && all.stages[0].invalid == 0)
    #expect(all.comparisons.count == 5 && all.comparisons.allSatisfy { $0.agrees == true })
    let searched = try study("lenet5-nsga2", tool)
    // Every design is in the store already.
    #expect(searched.stages[0].evaluated == 0)
    #expect(searched.stages[0].given < 150)
    func front(_ result: ExplorationResult) -> [[ParameterValue]] {
      result.designs.filter(\.isOnFront).map(\.values)
    }
    #expect(front(searched) == front(all) && !front(all).isEmpty)
  }
}
