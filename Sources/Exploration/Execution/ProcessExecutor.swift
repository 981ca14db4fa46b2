internal import Foundation

/// Evaluates designs in worker processes: for simulations, which take long and may crash without
/// taking the study with them.
///
/// A worker reads requests from its standard input and answers on its standard output, one line of
/// JSON each; see ``WorkerLoop``. A worker that dies costs the design that it was at, whose outcome
/// is `.failed`, and is replaced. Workers stay for the next call. When this process ends, however,
/// its workers end by themselves.
public final class ProcessExecutor: StudyExecutor {
  private let command: [String]
  private let count: Int
  private let timeLimit: Duration?
  private let shouldStop: () -> Bool

  /// Workers without a design.
  private var idle: [WorkerProcess] = []
  /// Whether a worker has ever answered: then the command is the right one.
  private var hasAnswered = false
  /// Workers that died before the first answer.
  private var deaths = 0

  /// Deaths without any answer after which the command is taken to be wrong.
  private static let deathsAtStart = 4
  /// How often `shouldStop` is asked at least, in milliseconds.
  private static let attention: Int32 = 100
  /// Seconds that a dying worker has to end, and designs at work have to finish when the evaluation
  /// is stopped.
  private static let grace = 2.0

  /// Creates an executor; workers start when there are designs.
  ///
  /// - Parameters:
  ///   - workers: processes at the same time, at least one.
  ///   - command: path of the executable, then its arguments.
  ///   - timeLimit: how long one evaluation may take before it is killed and counts as failed; nil
  ///     for any time.
  ///   - shouldStop: asked on the calling thread several times a second; true ends the evaluation.
  public init(
    workers: Int, command: [String], timeLimit: Duration? = nil,
    shouldStop: @escaping () -> Bool = { false }
  ) {
    self.command = command
    self.timeLimit = timeLimit
    self.shouldStop = shouldStop
    count = max(1, workers)
  }

  deinit {
    close()
  }

  /// Ends the workers; a later evaluation starts new ones.
  public func close() {
    for worker in idle { worker.closeInput() }
    for worker in idle { _ = worker.end(grace: Self.grace) }
    idle = []
  }

  /// Evaluates designs; see ``StudyExecutor/evaluate(_:_:)``.
  public func evaluate(
    _ requests: [EvaluationRequest],
    _ finished: (EvaluationRequest, EvaluationOutcome) throws -> Bool
  ) throws {
    var waiting = requests[...]
    var busy: [WorkerProcess] = []
    /// When designs at work are abandoned; nil as long as nobody wants to stop.
    var end: ContinuousClock.Instant?
    // Workers that are at a design when this is left do not see a later one.
    defer { for worker in busy { _ = worker.end(grace: 0) } }

    while true {
      if end == nil, shouldStop() { end = .now + .seconds(Self.grace) }
      while end == nil, busy.count < count, let request = waiting.first {
        let worker = try idle.popLast() ?? WorkerProcess(command)
        // One that is gone is noticed below, where its end is explained.
        worker.give(request, timeLimit: timeLimit)
        busy.append(worker)
        waiting.removeFirst()
      }
      if busy.isEmpty { return }
      if let end, .now >= end { return }
      wait(for: busy)

      for worker in busy {
        guard let (request, outcome) = try result(of: worker) else { continue }
        busy.removeAll { $0 === worker }
        if try !finished(request, outcome), end == nil { end = .now + .seconds(Self.grace) }
      }
    }
  }

  /// What a worker has come to; nil while it is at work. A worker that is fine goes to the idle
  /// ones.
  private func result(
    of worker: WorkerProcess
  ) throws -> (EvaluationRequest, EvaluationOutcome)? {
    guard let request = worker.request else { return nil }
    let isOpen = worker.receive()
    while let line = worker.nextLine() {
      // Lines that are no answers are somebody's messages.
      guard let answer = EvaluationAnswer(line: line), answer.key == request.key else { continue }
      worker.request = nil
      hasAnswered = true
      if isOpen { idle.append(worker) }
      return (request, answer.outcome)
    }
    if !isOpen {
      let ending = worker.end(grace: Self.grace)
      if !hasAnswered { deaths += 1 }
      if deaths >= Self.deathsAtStart {
        throw ExecutionError(
          "workers die before they answer anything", diagnostics: "\(command[0]) \(ending)")
      }
      return (request, .failed(message: "the worker \(ending)"))
    }
    if let deadline = worker.deadline, let timeLimit, .now >= deadline {
      _ = worker.end(grace: 0)
      let seconds = timeLimit / .seconds(1)
      return (request, .failed(message: "took longer than the limit of \(seconds) s"))
    }
    return nil
  }

  /// Waits until a worker has something to say, an evaluation has taken too long, or a moment has
  /// passed.
  private func wait(for workers: [WorkerProcess]) {
    var descriptors = workers.flatMap { worker in
      [worker.output, worker.errors].map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    }
    var milliseconds = Self.attention
    for case let deadline? in workers.map(\.deadline) {
      let left = (deadline - .now) / .milliseconds(1)
      milliseconds = min(milliseconds, max(0, Int32(min(left.rounded(.up), 1e6))))
    }
    poll(&descriptors, nfds_t(descriptors.count), milliseconds)
  }
}
