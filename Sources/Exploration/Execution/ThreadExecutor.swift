internal import Foundation

/// Evaluates designs in threads of this process: for models that take microseconds.
public final class ThreadExecutor: StudyExecutor {
  private let evaluator: any DesignEvaluating
  private let threads: Int
  private let shouldStop: () -> Bool

  /// Creates an executor.
  ///
  /// - Parameters:
  ///   - threads: at least one.
  ///   - shouldStop: asked on the calling thread several times a second; true ends the evaluation.
  public init(
    evaluator: any DesignEvaluating, threads: Int, shouldStop: @escaping () -> Bool = { false }
  ) {
    self.evaluator = evaluator
    self.threads = max(1, threads)
    self.shouldStop = shouldStop
  }

  /// Evaluates designs; see ``StudyExecutor/evaluate(_:_:)``. At most some thousand outcomes wait
  /// to be handed over.
  public func evaluate(
    _ requests: [EvaluationRequest],
    _ finished: (EvaluationRequest, EvaluationOutcome) throws -> Bool
  ) throws {
    let exchange = ThreadExchange(requests, workers: min(threads, max(1, requests.count)))
    for _ in 0..<min(threads, max(1, requests.count)) {
      let thread = Thread { [evaluator] in exchange.work(evaluator) }
      thread.stackSize = 16 << 20  // as deep as the main thread, for descriptions nested deeply
      thread.start()
    }
    defer { exchange.stop() }
    while let batch = exchange.take() {
      for (position, outcome) in batch {
        if try !finished(requests[position], outcome) { exchange.halt() }
      }
      if shouldStop() { exchange.halt() }
    }
  }
}

/// Where the threads of an evaluation get designs and leave outcomes.
///
/// Everything that changes is under `condition`.
private final class ThreadExchange: @unchecked Sendable {
  typealias Results = [(position: Int, outcome: EvaluationOutcome)]

  private let requests: [EvaluationRequest]
  private let condition = NSCondition()
  private var next = 0
  private var results: Results = []
  private var working: Int
  private var isStopped = false

  /// Outcomes that wait at most before the threads pause.
  private static let capacity = 8192
  /// Designs that a thread takes at once at most.
  private static let largestShare = 256
  /// What a thread's share should take: long enough that locks do not count, short enough for a
  /// smooth end.
  private static let shareTime = Duration.milliseconds(4)

  /// After which a thread looks whether it should go on.
  private static let longShare = Duration.milliseconds(50)

  init(_ requests: [EvaluationRequest], workers: Int) {
    self.requests = requests
    working = workers
  }

  /// A thread's work: until there are no more designs.
  func work(_ evaluator: any DesignEvaluating) {
    var size = 1
    var outcomes: Results = []
    while let share = nextShare(size, outcomes) {
      outcomes = []
      outcomes.reserveCapacity(share.count)
      let start = ContinuousClock.now
      for position in share {
        outcomes.append((position, evaluator.evaluate(requests[position])))
        // A share of designs that turn out to be slow is given up when the evaluation is stopped.
        if ContinuousClock.now - start > Self.longShare, isHalted { break }
      }
      if ContinuousClock.now - start < Self.shareTime { size = min(2 * size, Self.largestShare) }
    }
  }

  /// Leaves the outcomes of a thread's last share and takes the next; nil at the end.
  private func nextShare(_ size: Int, _ outcomes: Results) -> Range<Int>? {
    condition.lock()
    defer { condition.unlock() }
    results += outcomes
    while results.count >= Self.capacity, !isStopped {
      condition.broadcast()
      condition.wait()
    }
    condition.broadcast()
    guard !isStopped, next < requests.count else {
      working -= 1
      return nil
    }
    // Near the end the shares get smaller, so that the threads end together.
    let share = next..<min(requests.count, next + min(size, max(1, (requests.count - next) / 8)))
    next = share.upperBound
    return share
  }

  /// Waits for outcomes, a tenth of a second at most; nil when all are taken.
  func take() -> Results? {
    condition.lock()
    defer { condition.unlock() }
    if results.isEmpty, working > 0 { _ = condition.wait(until: Date(timeIntervalSinceNow: 0.1)) }
    if results.isEmpty, working == 0 { return nil }
    defer { condition.broadcast() }
    let taken = results
    results = []
    return taken
  }

  private var isHalted: Bool {
    condition.lock()
    defer { condition.unlock() }
    return isStopped
  }

  /// Lets the threads end after the designs that they are at.
  func halt() {
    condition.lock()
    isStopped = true
    condition.broadcast()
    condition.unlock()
  }

  /// Lets the threads end and waits for that.
  func stop() {
    halt()
    condition.lock()
    while working > 0 { condition.wait() }
    condition.unlock()
  }
}
