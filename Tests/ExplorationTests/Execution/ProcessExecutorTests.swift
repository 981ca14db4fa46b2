import Exploration
import Foundation
import Testing

@Suite(
  "Evaluation in worker processes",
  .enabled(if: StubWorkers.python != nil, "Python is not installed"))
struct ProcessExecutorTests {
  private let folder: StoreFolder

  init() throws { folder = try StoreFolder() }

  /// The messages by number of design.
  private func run(
    _ executor: ProcessExecutor, _ designs: [String]
  ) throws -> [Int: String] {
    let requests = designs.enumerated().map { StubWorkers.request($0.offset, $0.element) }
    let numbers = Dictionary(uniqueKeysWithValues: zip(requests.map(\.key), requests.indices))
    var messages: [Int: String] = [:]
    try executor.evaluate(requests) { request, outcome in
      let number = try #require(numbers[request.key])
      #expect(messages[number] == nil)
      if case .failed(let message) = outcome { messages[number] = message }
      return true
    }
    return messages
  }

  @Test("workers answer each design once and stay for the next evaluation", arguments: [1, 3])
  func answers(workers: Int) throws {
    let executor = ProcessExecutor(
      workers: workers, command: try StubWorkers.streaming(in: folder))
    var processes: Set<Substring> = []
    for count in [40, 0, 1, 40] {
      let messages = try run(executor, Array(repeating: "fine", count: count))
      #expect(messages.count == count)
      #expect(messages.values.allSatisfy { $0.hasPrefix("do=fine ") })
      processes.formUnion(messages.values.compactMap { $0.split(separator: " ").last })
    }
    #expect(processes.count <= workers)
    executor.close()
    for process in processes.compactMap({ Int32($0) }) { #expect(kill(process, 0) != 0) }
    #expect(try run(executor, ["fine"]).count == 1)
  }

  @Test("a worker that dies costs its own design only, which says why")
  func deaths() throws {
    let executor = ProcessExecutor(workers: 2, command: try StubWorkers.streaming(in: folder))
    let designs = [
      "fine", "crash", "fine", "exit", "fine", "half", "fine", "close", "fine", "other", "fine",
    ]
    let messages = try run(executor, designs)
    #expect(messages.count == designs.count)
    for (number, what) in designs.enumerated() where what == "fine" || what == "other" {
      #expect(messages[number]?.hasPrefix("do=\(what) ") == true)
    }
    let crash = try #require(messages[1])
    #expect(crash.hasPrefix("the worker was ended by SIGSEGV: "))
    #expect(crash.hasSuffix("first | Fatal error: index out of range"))
    #expect(crash.count < 200)
    #expect(messages[3] == "the worker ended with exit code 3")
    #expect(messages[5] == "the worker ended with exit code 0")
    #expect(messages[7] == "the worker was ended by SIGKILL")
  }

  @Test("an evaluation that takes too long is killed and fails")
  func timeLimit() throws {
    let executor = ProcessExecutor(
      workers: 2, command: try StubWorkers.streaming(in: folder), timeLimit: .seconds(3))
    let messages = try run(executor, ["hang", "fine", "fine", "fine"])
    #expect(messages[0] == "took longer than the limit of 3.0 s")
    #expect(messages.values.filter { $0.hasPrefix("do=fine") }.count == 3)
  }

  @Test("a command that is no worker is an error, not a study full of failures")
  func wrongCommand() throws {
    let missing = ProcessExecutor(workers: 1, command: ["/nowhere/flecsim"])
    let error = #expect(throws: ExecutionError.self) { try run(missing, ["fine"]) }
    #expect(error?.description.contains("/nowhere/flecsim") == true)
    let mute = ProcessExecutor(workers: 2, command: ["/bin/sh", "-c", "echo unknown option >&2"])
    let death = #expect(throws: ExecutionError.self) {
      try run(mute, Array(repeating: "fine", count: 100))
    }
    #expect(death?.diagnostics.contains("unknown option") == true)
  }

  @Test("it stops when it is told to, and leaves no process behind")
  func stopping() throws {
    let command = try StubWorkers.streaming(in: folder)
    let executor = ProcessExecutor(workers: 2, command: command)
    var delivered = 0
    let requests = (0..<100).map { StubWorkers.request($0, $0 == 5 ? "hang" : "fine") }
    try executor.evaluate(requests) { _, _ in
      delivered += 1
      return delivered < 20
    }
    #expect(delivered >= 20 && delivered <= 22)
    executor.close()
    #expect(try workers(of: command).isEmpty)

    let interrupted = ProcessExecutor(workers: 2, command: command, shouldStop: { true })
    try interrupted.evaluate(requests) { _, _ in
      Issue.record("something was evaluated")
      return true
    }
  }

  @Test("an error of the receiver is passed on, and leaves no process at work")
  func errors() throws {
    struct Full: Error {}
    let command = try StubWorkers.streaming(in: folder)
    let executor = ProcessExecutor(workers: 2, command: command)
    #expect(throws: Full.self) {
      try executor.evaluate([StubWorkers.request(0, "hang"), StubWorkers.request(1, "fine")]) {
        _, _ in throw Full()
      }
    }
    executor.close()
    #expect(try workers(of: command).isEmpty)
  }

  /// Processes that run a command.
  private func workers(of command: [String]) throws -> [String] {
    let script = try #require(command.last)
    return try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { process in
      guard Int(process) != nil,
        let line = FileManager.default.contents(atPath: "/proc/\(process)/cmdline")
      else { return false }
      return String(decoding: line, as: UTF8.self).contains(script)
    }
  }
}
