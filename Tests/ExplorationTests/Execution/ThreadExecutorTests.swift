import Exploration
import Foundation
import Synchronization
import Testing

@Suite("Evaluation in threads")
struct ThreadExecutorTests {
  /// Gives each design the outcome of its number and counts its calls.
  private final class Numbered: DesignEvaluating {
    let calls = Atomic(0)
    let limit: Int

    init(limit: Int = .max) { self.limit = limit }

    func evaluate(_ request: EvaluationRequest) -> EvaluationOutcome {
      let call = calls.add(1, ordering: .relaxed).newValue
      if call > limit { usleep(50_000) }
      return .failed(message: request.overrides.joined())
    }
  }

  private func requests(_ count: Int) -> [EvaluationRequest] {
    (0..<count).map { EvaluationRequest(key: "\($0)", model: "m", overrides: ["n=\($0)"]) }
  }

  @Test(
    "each design comes back once with its own outcome", arguments: [0, 1, 2, 100, 30_000], [1, 4])
  func complete(count: Int, threads: Int) throws {
    let evaluator = Numbered()
    let executor = ThreadExecutor(evaluator: evaluator, threads: threads)
    var seen: Set<String> = []
    try executor.evaluate(requests(count)) { request, outcome in
      #expect(seen.insert(request.key).inserted)
      #expect(outcome == .failed(message: "n=\(request.key)"))
      return true
    }
    #expect(seen.count == count)
    #expect(evaluator.calls.load(ordering: .relaxed) == count)
  }

  @Test("outcomes that nobody takes hold the threads up")
  func bounded() throws {
    let evaluator = Numbered()
    let executor = ThreadExecutor(evaluator: evaluator, threads: 2)
    var delivered = 0
    var furthest = 0
    try executor.evaluate(requests(100_000)) { _, _ in
      if delivered % 20_000 == 0 { usleep(200_000) }
      delivered += 1
      furthest = max(furthest, evaluator.calls.load(ordering: .relaxed) - delivered)
      return true
    }
    #expect(delivered == 100_000)
    #expect(furthest < 40_000)
  }

  @Test("it stops when it is told to, and hands over what was evaluated")
  func stopping() throws {
    let evaluator = Numbered(limit: 2000)
    let executor = ThreadExecutor(evaluator: evaluator, threads: 2)
    var delivered = 0
    try executor.evaluate(requests(1_000_000)) { _, _ in
      delivered += 1
      return delivered < 10
    }
    #expect(delivered >= 10 && delivered < 20_000)
    #expect(evaluator.calls.load(ordering: .relaxed) == delivered)

    let interrupted = ThreadExecutor(evaluator: evaluator, threads: 2, shouldStop: { true })
    delivered = 0
    try interrupted.evaluate(requests(1_000_000)) { _, _ in
      delivered += 1
      return true
    }
    #expect(delivered < 20_000)
  }

  @Test("an error of the receiver ends the threads and is passed on")
  func errors() throws {
    struct Full: Error {}
    let evaluator = Numbered()
    let executor = ThreadExecutor(evaluator: evaluator, threads: 2)
    #expect(throws: Full.self) {
      try executor.evaluate(requests(1_000_000)) { _, _ in throw Full() }
    }
    let calls = evaluator.calls.load(ordering: .relaxed)
    usleep(50_000)
    #expect(evaluator.calls.load(ordering: .relaxed) == calls)
  }
}
