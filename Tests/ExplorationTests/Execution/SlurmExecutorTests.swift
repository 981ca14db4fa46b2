import Exploration
import Foundation
import TestSupport
import Testing

@Suite(
  "Evaluation on a Slurm cluster", .serialized,
  .enabled(
    if: SlurmNode.isPossible && StubWorkers.python != nil,
    "Slurm (Debian: slurm-wlm, munge) is not installed, or this is not root"))
struct SlurmExecutorTests {
  /// The outcomes by number of design, and what was reported.
  private func run(
    _ executor: SlurmExecutor, _ designs: [EvaluationRequest],
    until enough: Int = .max
  ) throws -> [Int: EvaluationOutcome] {
    let numbers = Dictionary(uniqueKeysWithValues: zip(designs.map(\.key), designs.indices))
    var outcomes: [Int: EvaluationOutcome] = [:]
    try executor.evaluate(designs) { request, outcome in
      let number = try #require(numbers[request.key])
      #expect(outcomes[number] == nil)
      outcomes[number] = outcome
      return outcomes.count < enough
    }
    return outcomes
  }

  private func invalid(_ what: String, _ starts: Int = 0) -> EvaluationOutcome {
    .invalid(reason: "do=\(what)", details: "\(starts)")
  }

  private func message(_ outcome: EvaluationOutcome?) -> String {
    if case .failed(let message) = outcome { message } else { "" }
  }

  @Test("tasks are submitted, resubmitted, given up, cancelled and taken over")
  func cluster() throws {
    let node = try SlurmNode()
    try deaths(node)
    try uselessCommand(node)
    try cancellation(node)
    try takeOver(node)
    try refusal(node)
  }

  /// One design kills its task once, another one always; all others are evaluated once.
  private func deaths(_ node: SlurmNode) throws {
    let folder = try StoreFolder()
    var reports: [String] = []
    let executor = try executor(node, folder, chunk: 4) { reports.append($0) }
    let designs = (0..<12).map { number in
      StubWorkers.request(number, number == 1 ? "die-once" : number == 6 ? "die" : "fine")
    }
    let outcomes = try run(executor, designs)
    #expect(outcomes.count == 12)
    for number in 0..<12 where number != 1 && number != 6 {
      #expect(outcomes[number] == invalid("fine"))
    }
    #expect(outcomes[1] == invalid("die-once", 1))
    #expect(message(outcomes[6]).hasPrefix("the process ended 3 times while evaluating: "))
    #expect(message(outcomes[6]).hasSuffix("at do=die"))
    #expect(reports.filter { $0.hasPrefix("submitted") }.count >= 3)
    #expect(reports[0].hasPrefix("submitted 12 designs in 3 tasks as job "))
    // What is asked for again is there already, except the failure, which a new process tries
    // again.
    reports = []
    let next = try self.executor(node, folder, chunk: 4) { reports.append($0) }
    #expect(try run(next, Array(designs[0..<6])).count == 6)
    #expect(reports == ["took over 6 answers and 0 tasks that are in the queue"])
    next.removeSpool()
    #expect(!FileManager.default.fileExists(atPath: folder.file("spool")))
  }

  /// A task that does not even begin is given up after three submissions.
  private func uselessCommand(_ node: SlurmNode) throws {
    let folder = try StoreFolder()
    let executor = try SlurmExecutor(
      command: ["/nowhere/flecsim"], spool: folder.file("spool"), options: options(node, 5))
    let outcomes = try run(executor, (0..<2).map { StubWorkers.request($0, "fine") })
    #expect(outcomes.count == 2)
    for outcome in outcomes.values {
      #expect(message(outcome).hasPrefix("the task ended 3 times before evaluating: "))
      #expect(message(outcome).contains("/nowhere/flecsim"))
    }
  }

  /// Jobs are cancelled when the study is stopped; the next one evaluates the rest.
  private func cancellation(_ node: SlurmNode) throws {
    let folder = try StoreFolder()
    let designs = (0..<4).map { StubWorkers.request($0, $0 == 3 ? "sleep" : "fine") }
    let executor = try executor(node, folder, chunk: 1)
    #expect(try run(executor, designs, until: 3).count == 3)
    let queue = try ChildProcess.run(
      ChildProcess.find("squeue") ?? "squeue", ["--noheader"],
      environment: ["SLURM_CONF": node.configuration])
    #expect(queue.code == 0 && queue.output.isEmpty)
  }

  /// A process that ends without a word leaves its jobs to the next one.
  private func takeOver(_ node: SlurmNode) throws {
    let folder = try StoreFolder()
    struct Killed: Error {}
    let designs = (0..<30).map { StubWorkers.request($0, "fine") }
    var first: [String] = []
    #expect(throws: Killed.self) {
      try executor(node, folder, chunk: 3).evaluate(designs) { request, _ in
        first.append(request.key)
        throw Killed()
      }
    }
    var reports: [String] = []
    let next = try executor(node, folder, chunk: 3) { reports.append($0) }
    let rest = designs.filter { !first.contains($0.key) }
    #expect(try run(next, rest).count == 29)
    // Nothing was begun twice: no task was submitted again.
    #expect(reports.allSatisfy { $0.hasPrefix("took over") })
  }

  /// What the cluster does not accept is an error with its words.
  private func refusal(_ node: SlurmNode) throws {
    let folder = try StoreFolder()
    var options = options(node, 1)
    options.partition = "nosuch"
    let executor = try SlurmExecutor(
      command: ["/bin/true"], spool: folder.file("spool"), options: options)
    let error = #expect(throws: ExecutionError.self) {
      try run(executor, [StubWorkers.request(0, "fine")])
    }
    #expect(error?.diagnostics.contains("partition") == true)
  }

  private func options(_ node: SlurmNode, _ chunk: Int) -> SlurmOptions {
    SlurmOptions(
      configuration: node.configuration, chunkSize: chunk, pollInterval: .milliseconds(200))
  }

  private func executor(
    _ node: SlurmNode, _ folder: StoreFolder, chunk: Int,
    report: @escaping (String) -> Void = { _ in }
  ) throws -> SlurmExecutor {
    try SlurmExecutor(
      command: StubWorkers.tasks(in: folder), spool: folder.file("spool"),
      options: options(node, chunk), report: report)
  }
}
