internal import Foundation

/// A worker process: gets requests on its standard input, answers on its standard output, both as
/// lines of JSON.
///
/// It is in a process group of its own, so that Ctrl-C at the terminal ends no evaluation, and what
/// it starts ends with it.
final class WorkerProcess {
  private let process: pid_t
  /// Sockets rather than pipes: writing to a process that is gone is then an error without a
  /// signal.
  private var input: Int32
  /// Answers.
  let output: Int32
  /// Messages.
  let errors: Int32

  private var answers = LineBuffer()
  private var messages: [UInt8] = []
  private var hasEnded = false

  /// The design at work.
  var request: EvaluationRequest?
  /// When it has to be done.
  var deadline: ContinuousClock.Instant?

  /// Bytes of messages that are kept: the last ones.
  private static let keptMessages = 8192

  /// Starts a worker.
  ///
  /// - Parameter command: path of the executable, then its arguments.
  /// - Throws: `ExecutionError`.
  init(_ command: [String]) throws(ExecutionError) {
    let channels = try Self.channels(3)
    (input, output, errors) = (channels[0].ours, channels[1].ours, channels[2].ours)
    let theirs = channels.map(\.theirs)
    defer { for descriptor in theirs { close(descriptor) } }
    do {
      process = try Self.spawn(command, theirs)
    } catch {
      for descriptor in [input, output, errors] { close(descriptor) }
      throw error
    }
    for descriptor in [output, errors] {
      _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
    }
  }

  deinit {
    _ = end(grace: 0)
  }

  private static func channels(
    _ count: Int
  ) throws(ExecutionError) -> [(ours: Int32, theirs: Int32)] {
    var channels: [(ours: Int32, theirs: Int32)] = []
    for _ in 0..<count {
      var ends: [Int32] = [-1, -1]
      let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
      guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else {
        let reason = String(cString: strerror(errno))
        for channel in channels {
          close(channel.ours)
          close(channel.theirs)
        }
        throw ExecutionError("cannot make a channel to a worker: \(reason)")
      }
      channels.append((ends[0], ends[1]))
    }
    return channels
  }

  private static func spawn(
    _ command: [String], _ descriptors: [Int32]
  ) throws(ExecutionError) -> pid_t {
    var actions = posix_spawn_file_actions_t()
    var attributes = posix_spawnattr_t()
    posix_spawn_file_actions_init(&actions)
    posix_spawnattr_init(&attributes)
    defer {
      posix_spawn_file_actions_destroy(&actions)
      posix_spawnattr_destroy(&attributes)
    }
    for (number, descriptor) in descriptors.enumerated() {
      posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
    }
    // Signals as a new program expects them, whatever this process does with them.
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setpgroup(&attributes, 0)
    let flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP
    posix_spawnattr_setflags(&attributes, Int16(flags))

    var arguments = command.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var process: pid_t = 0
    let code = posix_spawnp(
      &process, command.first ?? "", &actions, &attributes, &arguments, environ)
    guard code == 0 else {
      throw ExecutionError(
        "cannot start the worker \(command.first ?? ""): \(String(cString: strerror(code)))")
    }
    return process
  }

  // MARK: Talking

  /// Gives the worker a design.
  ///
  /// One that is gone gets nothing, which shows when something is read from it.
  func give(_ request: EvaluationRequest, timeLimit: Duration?) {
    self.request = request
    deadline = timeLimit.map { ContinuousClock.now + $0 }
    let line = request.line
    var sent = 0
    while sent < line.count {
      let count = line[sent...].withUnsafeBytes { buffer in
        send(input, buffer.baseAddress, buffer.count, Int32(MSG_NOSIGNAL))
      }
      if count < 0, errno != EINTR { return }
      if count > 0 { sent += count }
    }
  }

  /// Takes in what has arrived.
  ///
  /// - Returns: false when the worker has closed its output: it is gone or going.
  func receive() -> Bool {
    var isOpen = true
    drain(output, { answers.append($0) }, atEnd: { isOpen = false })
    receiveMessages()
    return isOpen
  }

  /// Takes in messages.
  func receiveMessages() {
    drain(errors, { messages += $0 }, atEnd: {})
    if messages.count > 2 * Self.keptMessages {
      messages.removeFirst(messages.count - Self.keptMessages)
    }
  }

  /// The next line of its output.
  func nextLine() -> [UInt8]? { answers.next() }

  private func drain(
    _ descriptor: Int32, _ take: (ArraySlice<UInt8>) -> Void, atEnd: () -> Void
  ) {
    var buffer = [UInt8](repeating: 0, count: 65536)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count > 0 {
        take(buffer[..<count])
      } else if count == 0 {
        atEnd()
        return
      } else if errno != EINTR {
        return
      }
    }
  }

  // MARK: Ending

  /// Tells the worker that no more designs come; it ends by itself.
  func closeInput() {
    guard input >= 0 else { return }
    close(input)
    input = -1
  }

  /// Waits for the worker's end; when it does not come by itself, kills it with all that it
  /// started.
  ///
  /// - Parameter grace: seconds to wait.
  /// - Returns: how it ended, with the last lines that it printed.
  func end(grace: Double) -> String {
    guard !hasEnded else { return "" }
    hasEnded = true
    closeInput()
    waitForEnd(grace)
    kill(-process, SIGKILL)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    receiveMessages()
    close(output)
    close(errors)
    return Self.describe(status) + lastLines
  }

  /// Waits until it has ended, without taking note of it: its number stays its own until it is
  /// killed for sure.
  private func waitForEnd(_ seconds: Double) {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < deadline {
      var information = siginfo_t()
      let options = WEXITED | WNOHANG | WNOWAIT
      guard waitid(P_PID, id_t(process), &information, options) == 0, information.si_signo == 0
      else { return }
      receiveMessages()
      usleep(2000)
    }
  }

  private static func describe(_ status: Int32) -> String {
    let signal = status & 0x7f
    if signal == 0 { return "ended with exit code \(status >> 8 & 0xff)" }
    return "was ended by \(SignalName.of(signal))"
  }

  /// The last lines of its messages, after a colon.
  private var lastLines: String {
    let lines = String(decoding: messages, as: UTF8.self).split(whereSeparator: \.isNewline)
    let last = lines.suffix(5).map { $0.trimmingCharacters(in: .whitespaces) }
    return last.isEmpty ? "" : ": " + last.joined(separator: " | ")
  }
}
