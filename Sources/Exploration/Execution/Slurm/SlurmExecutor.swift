internal import Foundation

/// Evaluates designs on a Slurm cluster, through its command line tools.
///
/// Designs go in chunks to tasks of job arrays, by files in a spool folder that all nodes can
/// reach. Answers are handed over while the tasks run. A task that ends without all its answers,
/// for whatever reason, is submitted again; it goes on where it was. A design at which the process
/// ended every time is reported as failed, and so are all designs of a task that again and again
/// does not even begin.
///
/// When this process ends in the middle, its jobs go on, and the next process with the same spool
/// folder takes over what they have done and are doing. One process may use a folder at a time.
public final class SlurmExecutor: StudyExecutor {
  private let command: [String]
  private let options: SlurmOptions
  private let shouldStop: () -> Bool
  private let report: (String) -> Void
  private let tools: SlurmTools
  private var spool: SlurmSpool

  /// Tasks with designs that are asked for.
  private var tasks: [SlurmTask] = []
  /// Tasks that an earlier process, or an evaluation that was stopped, left in the queue.
  private var inherited: [SlurmTask]?

  /// Looks at the queue without an answer after which the cluster is taken to be gone.
  private static let patience = 30
  /// Looks in a row in which a task has to be absent before it counts as ended: a file written on
  /// another node may be seen a little later than the queue.
  private static let absences = 2
  /// Seconds that cancelled tasks have to end.
  private static let grace = 5.0

  /// Creates an executor; nothing is submitted yet.
  ///
  /// - Parameters:
  ///   - command: path of the executable and its arguments, to which `--tasks FILE --answers FILE`
  ///     are added.
  ///   - spool: the folder to exchange files by.
  ///   - shouldStop: asked on the calling thread several times a second; true cancels the jobs.
  ///   - report: gets a sentence when jobs are submitted, taken over or lost.
  /// - Throws: `ExecutionError` when Slurm is not installed or the folder cannot be used.
  public init(
    command: [String], spool: String, options: SlurmOptions = SlurmOptions(),
    shouldStop: @escaping () -> Bool = { false }, report: @escaping (String) -> Void = { _ in }
  ) throws(ExecutionError) {
    self.command = command
    self.options = options
    self.shouldStop = shouldStop
    self.report = report
    tools = try SlurmTools(configuration: options.configuration)
    self.spool = try SlurmSpool(spool)
  }

  /// Removes the spool folder: when everything is stored and nothing runs any more.
  public func removeSpool() {
    try? FileManager.default.removeItem(atPath: spool.folder)
  }

  /// Evaluates designs; see ``StudyExecutor/evaluate(_:_:)``.
  public func evaluate(
    _ requests: [EvaluationRequest],
    _ finished: (EvaluationRequest, EvaluationOutcome) throws -> Bool
  ) throws {
    // After an error the files and the queue say what there is.
    var isComplete = false
    defer {
      tasks = []
      if !isComplete { inherited = nil }
    }
    var goesOn = true
    func deliver(_ request: EvaluationRequest, _ outcome: EvaluationOutcome) throws {
      if try !finished(request, outcome) { goesOn = false }
    }
    let open = try takeOver(requests, deliver)
    try makeTasks(open)
    var silence = 0
    while goesOn, tasks.contains(where: { !$0.missing.isEmpty }) {
      try submit()
      guard pause(options.pollInterval) else { break }
      // First the queue, then the answers: of a task that is not in the queue all answers are
      // there.
      let queue = tools.queue(of: jobs)
      silence = queue == nil ? silence + 1 : 0
      if silence >= Self.patience { throw ExecutionError("the Slurm cluster does not answer") }
      for position in tasks.indices {
        try collect(position, deliver)
        if let queue { try check(position, queue, deliver) }
      }
      tasks.removeAll { $0.missing.isEmpty }
    }
    isComplete = tasks.allSatisfy(\.missing.isEmpty)
    if !isComplete { try cancel(deliver) }
  }

  /// Jobs with tasks that are asked for.
  private var jobs: [String] {
    Set(tasks.compactMap(\.place?.job)).sorted()
  }

  // MARK: Tasks

  /// Takes what earlier processes have had done and are having done.
  ///
  /// - Returns: the designs that nobody is at.
  private func takeOver(
    _ requests: [EvaluationRequest],
    _ deliver: (EvaluationRequest, EvaluationOutcome) throws -> Void
  ) throws -> [EvaluationRequest] {
    if inherited == nil { inherited = try loadTasks() }
    var wanted = Dictionary(requests.map { ($0.key, $0) }) { first, _ in first }
    var rest: [SlurmTask] = []
    var answered = 0
    for var task in inherited ?? [] {
      // Failures of earlier processes do not count: the design is tried again, unless a task is at
      // it.
      for (key, outcome) in task.progress.outcomes {
        if case .failed = outcome { continue }
        guard let request = wanted.removeValue(forKey: key) else { continue }
        answered += 1
        try deliver(request, outcome)
      }
      guard task.place != nil else {
        rest.append(task)
        continue
      }
      task.missing = task.missing.filter {
        task.progress.outcomes[$0.key] == nil && wanted.removeValue(forKey: $0.key) != nil
      }
      if task.missing.isEmpty { rest.append(task) } else { tasks.append(task) }
    }
    inherited = rest
    if answered > 0 || !tasks.isEmpty {
      report("took over \(answered) answers and \(tasks.count) tasks that are in the queue")
    }
    return requests.filter { wanted[$0.key] != nil }
  }

  /// Reads the tasks of earlier processes.
  private func loadTasks() throws -> [SlurmTask] {
    let submissions = try spool.submissions()
    var live: [String: SlurmTools.ArrayTask] = [:]
    if !submissions.isEmpty {
      guard let queue = tools.queue(of: Set(submissions.keys.map(\.job)).sorted()) else {
        throw ExecutionError("the Slurm cluster does not answer")
      }
      for place in queue { if let task = submissions[place] { live[task] = place } }
    }
    return try spool.tasks.map { name in
      let requests = try TaskFile.requests(spool.requests(name))
      var task = SlurmTask(
        name: name, missing: Dictionary(requests.map { ($0.key, $0) }) { first, _ in first })
      task.place = live[name]
      let bytes = try TaskFile.bytes(spool.answers(name))
      task.offset = UInt64(bytes.count)
      task.progress.add(bytes)
      task.mark = task.work
      return task
    }
  }

  private func makeTasks(_ requests: [EvaluationRequest]) throws {
    let chunk = options.chunk(of: requests.count)
    for start in stride(from: 0, to: requests.count, by: chunk) {
      let share = requests[start..<min(requests.count, start + chunk)]
      tasks.append(
        SlurmTask(
          name: try spool.add(share),
          missing: Dictionary(share.map { ($0.key, $0) }) { first, _ in first }))
    }
  }

  /// Submits the tasks that are not in the queue.
  private func submit() throws {
    let positions = tasks.indices.filter { tasks[$0].place == nil && !tasks[$0].missing.isEmpty }
    for start in stride(from: 0, to: positions.count, by: SlurmOptions.tasksPerJob) {
      let share = positions[start..<min(positions.count, start + SlurmOptions.tasksPerJob)]
      let job = try spool.addJob(share.map { tasks[$0].name }, command: command)
      let number = try tools.submit(
        name: job.name, script: job.path + ".sh", tasks: share.count, log: job.path + "_%a.log",
        options)
      try TaskFile.write(Data(number.utf8), to: job.path + ".number")
      for (index, position) in share.enumerated() {
        tasks[position].place = SlurmTools.ArrayTask(job: job.name, index: index)
        tasks[position].absences = 0
        tasks[position].mark = tasks[position].work
      }
      let designs = share.reduce(0) { $0 + tasks[$1].missing.count }
      report("submitted \(designs) designs in \(share.count) tasks as job \(number)")
    }
  }

  /// Hands over the new answers of a task.
  private func collect(
    _ position: Int, _ deliver: (EvaluationRequest, EvaluationOutcome) throws -> Void
  ) throws {
    let bytes = try TaskFile.bytes(
      spool.answers(tasks[position].name), from: tasks[position].offset)
    tasks[position].offset += UInt64(bytes.count)
    for answer in tasks[position].progress.add(bytes) {
      guard let request = tasks[position].missing.removeValue(forKey: answer.key) else { continue }
      try deliver(request, answer.outcome)
    }
  }

  /// Looks whether a task has ended without all its answers.
  private func check(
    _ position: Int, _ queue: Set<SlurmTools.ArrayTask>,
    _ deliver: (EvaluationRequest, EvaluationOutcome) throws -> Void
  ) throws {
    guard let place = tasks[position].place, !tasks[position].missing.isEmpty else { return }
    tasks[position].absences = queue.contains(place) ? 0 : tasks[position].absences + 1
    guard tasks[position].absences >= Self.absences else { return }

    let task = tasks[position]
    tasks[position].fruitless = task.work > task.mark ? 0 : task.fruitless + 1
    tasks[position].place = nil
    let isHopeless = tasks[position].fruitless >= options.attempts
    let ending = ending(of: place)
    report("\(task.name) ended without \(task.missing.count) of its answers: \(ending)")
    for (key, request) in task.missing.sorted(by: { $0.key < $1.key }) {
      let starts = task.progress.starts[key, default: 0]
      guard isHopeless || starts >= options.attempts else { continue }
      let what =
        starts >= options.attempts
        ? "the process ended \(starts) times while evaluating"
        : "the task ended \(options.attempts) times before evaluating"
      let outcome = EvaluationOutcome.failed(message: "\(what): \(ending)")
      try spool.note(EvaluationAnswer(key: key, outcome: outcome), task.name)
      tasks[position].missing[key] = nil
      try deliver(request, outcome)
    }
  }

  /// How a task ended, in words of the cluster, and the last that it said.
  private func ending(of place: SlurmTools.ArrayTask) -> String {
    let state = spool.number(of: place.job).flatMap { tools.ending(of: $0, place.index) }
    let line = spool.lastLine(of: place)
    return [state ?? "lost", line].filter { !$0.isEmpty }.joined(separator: ": ")
  }

  // MARK: Stopping

  /// Cancels the jobs, and hands over what their tasks have done until then.
  private func cancel(
    _ deliver: (EvaluationRequest, EvaluationOutcome) throws -> Void
  ) throws {
    let jobs = jobs
    tools.cancel(jobs)
    report("cancelled \(jobs.count) jobs")
    let deadline = ContinuousClock.now + .seconds(Self.grace)
    while .now < deadline, tools.queue(of: jobs)?.isEmpty == false { usleep(200_000) }
    for position in tasks.indices { try collect(position, deliver) }
  }

  /// Waits; false when the evaluation should stop.
  private func pause(_ duration: Duration) -> Bool {
    let end = ContinuousClock.now + duration
    repeat {
      if shouldStop() { return false }
      let left = (end - .now) / .microseconds(1)
      usleep(UInt32(max(0, min(100_000, left))))
    } while .now < end
    return !shouldStop()
  }
}
