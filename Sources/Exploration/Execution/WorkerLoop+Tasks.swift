internal import Foundation

extension WorkerLoop {
  /// Evaluates the designs of a task file and appends the answers to an answers file.
  ///
  /// Each answer is on the disk before the next design begins. Designs that are answered already
  /// are skipped, so that a task that was interrupted goes on where it was; designs that were begun
  /// before without an answer come last, so that one that ends the process does not keep others
  /// from their turn.
  ///
  /// - Parameters:
  ///   - tasks: path of a file with a request a line.
  ///   - answers: path of the file to append to; made when it is missing.
  /// - Throws: `ExecutionError` when a file cannot be used.
  public static func run(
    tasks: String, answers: String, evaluator: any DesignEvaluating
  ) throws(ExecutionError) {
    let requests = try TaskFile.requests(tasks)
    let descriptor = open(answers, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o666)
    guard descriptor >= 0 else {
      throw ExecutionError("cannot write \(answers): \(String(cString: strerror(errno)))")
    }
    defer { close(descriptor) }
    var progress = TaskProgress()
    progress.add(try TaskFile.bytes(answers))
    if progress.isCutOff {
      // What was cut off must not swallow the next answer; it may lack nothing but the end of its
      // line.
      let end = [UInt8(ascii: "\n")]
      try FileBytes.write(end, to: descriptor)
      progress.add(end)
    }

    let missing = requests.filter { progress.outcomes[$0.key] == nil }
    let begun = missing.filter { progress.starts[$0.key] != nil }
    var bytes: [UInt8] = []
    for request in missing.filter({ progress.starts[$0.key] == nil }) + begun {
      try FileBytes.write(bytes + TaskProgress.startLine(request.key), to: descriptor)
      fsync(descriptor)
      let outcome = evaluator.evaluate(request)
      bytes = EvaluationAnswer(key: request.key, outcome: outcome).line
    }
    try FileBytes.write(bytes, to: descriptor)
    fsync(descriptor)
  }
}
