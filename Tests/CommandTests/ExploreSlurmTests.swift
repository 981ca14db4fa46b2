import Exploration
import Foundation
import TestSupport
import Testing

/// A study on a cluster.
@Suite(
  "flecsim explore --executor slurm", .serialized,
  .enabled(
    if: SlurmNode.isPossible, "Slurm (Debian: slurm-wlm, munge) is missing, or this is not root"))
struct ExploreSlurmTests {
  @Test("A cluster's store holds what the local one holds")
  func sameStore() throws {
    let tool = try Tool()
    let node = try SlurmNode()
    try tool.write(ExploreStudy.text(), to: "study.json")
    try #require(tool.run("explore", "study.json", "--results", "local", timeout: 300).code == 0)
    let ending = try ChildProcess.run(
      Tool.executable,
      ["explore", "study.json", "--results", "cluster", "--executor", "slurm", "--chunk", "5"],
      directory: tool.folder,
      environment: ["FLECSIM_HOME": Tool.project, "SLURM_CONF": node.configuration], timeout: 600)
    try #require(ending.code == 0, "\(ending.output)\(ending.errors)")
    func digest(_ folder: String) throws -> String {
      try EvaluationStore(path: "\(tool.folder)/\(folder)/evaluations.sqlite", access: .read)
        .contentDigest()
    }
    #expect(try digest("cluster") == digest("local"))
    func designs(_ folder: String) throws -> [ReportedDesign] {
      try ExplorationJSON.read(tool.text("\(folder)/result.json")).designs
    }
    #expect(try designs("cluster") == designs("local"))
  }
}
