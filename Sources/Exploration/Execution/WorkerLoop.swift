internal import Foundation

/// The work of a worker process: evaluates the designs that it is given, one after the other.
public enum WorkerLoop {
  /// Answers requests from standard input on standard output until the input ends.
  ///
  /// Each request and each answer is a line of JSON; the answer to one is out before the next is
  /// read. What the evaluation itself prints goes to standard error. When nobody is left to read
  /// the answers, the process ends at once, in the middle of an evaluation too, so that no worker
  /// outlives the process that started it.
  ///
  /// - Throws: `ExecutionError` when a line is no request or the answer cannot be written.
  public static func run(_ evaluator: any DesignEvaluating) throws(ExecutionError) {
    fflush(nil)
    let answers = dup(STDOUT_FILENO)
    guard answers >= 0, dup2(STDERR_FILENO, STDOUT_FILENO) >= 0 else {
      throw ExecutionError("cannot use standard output: \(String(cString: strerror(errno)))")
    }
    _ = fcntl(answers, F_SETFD, FD_CLOEXEC)
    defer { close(answers) }
    endWithReader(of: answers)
    var lines = LineBuffer()
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      while let line = lines.next() {
        if line.isEmpty { continue }
        guard let request = EvaluationRequest(line: line) else {
          throw ExecutionError(
            "this line is no request: \(String(decoding: line.prefix(200), as: UTF8.self))")
        }
        let outcome = evaluator.evaluate(request)
        try FileBytes.write(EvaluationAnswer(key: request.key, outcome: outcome).line, to: answers)
      }
      let count = read(STDIN_FILENO, &buffer, buffer.count)
      if count > 0 {
        lines.append(buffer[..<count])
      } else if count == 0 || errno != EINTR {
        return
      }
    }
  }

  /// Ends the process when the other end of a pipe is closed.
  private static func endWithReader(of descriptor: Int32) {
    let thread = Thread {
      while true {
        // Without events only an end is reported; a file or terminal never has one.
        var state = pollfd(fd: descriptor, events: 0, revents: 0)
        let count = poll(&state, 1, -1)
        if count > 0, state.revents & Int16(POLLERR | POLLHUP) != 0 { _exit(0) }
        if count > 0 || errno != EINTR { return }
      }
    }
    thread.start()
  }
}
