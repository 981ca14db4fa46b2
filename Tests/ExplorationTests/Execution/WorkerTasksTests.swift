import Exploration
import Foundation
import Synchronization
import Testing

@Suite("A worker with files of designs")
struct WorkerTasksTests {
  private final class Recorder: DesignEvaluating {
    let begun = Mutex<[String]>([])

    func evaluate(_ request: EvaluationRequest) -> EvaluationOutcome {
      begun.withLock { $0.append(request.key) }
      return .failed(message: "of \(request.key)")
    }
  }

  private let folder: StoreFolder

  init() throws { folder = try StoreFolder() }

  private var answers: String { folder.file("answers") }

  /// Runs the worker on designs 0 to 4; returns what it began.
  private func run() throws -> [String] {
    let requests = (0..<5).map { EvaluationRequest(key: "k\($0)", model: "m", overrides: []) }
    try Data(requests.flatMap(\.line)).write(to: URL(fileURLWithPath: folder.file("tasks")))
    let recorder = Recorder()
    try WorkerLoop.run(tasks: folder.file("tasks"), answers: answers, evaluator: recorder)
    return recorder.begun.withLock { $0 }
  }

  /// The answers of the file by key, each of them once.
  private func outcomes() throws -> [String: EvaluationOutcome] {
    let content = try #require(FileManager.default.contents(atPath: answers))
    let lines = content.split(separator: UInt8(ascii: "\n")).compactMap {
      EvaluationAnswer(line: $0)
    }
    return Dictionary(uniqueKeysWithValues: lines.map { ($0.key, $0.outcome) })
  }

  private var all: [String: EvaluationOutcome] {
    Dictionary(uniqueKeysWithValues: (0..<5).map { ("k\($0)", .failed(message: "of k\($0)")) })
  }

  @Test("all designs are answered, and a second run has nothing to do")
  func complete() throws {
    #expect(try run() == ["k0", "k1", "k2", "k3", "k4"])
    #expect(try outcomes() == all)
    #expect(try run().isEmpty)
    #expect(try outcomes() == all)
  }

  /// What was begun without an answer comes last.
  @Test("wherever the file was cut off, the next run completes it")
  func resumption() throws {
    _ = try run()
    let whole = try #require(FileManager.default.contents(atPath: answers))
    for count in 0..<whole.count {
      try whole.prefix(count).write(to: URL(fileURLWithPath: answers))
      let lines = whole.prefix(count).split(separator: UInt8(ascii: "\n"))
      let answered = lines.compactMap { EvaluationAnswer(line: $0)?.key }
      let begun = try run()
      #expect(begun.count == 5 - answered.count)
      #expect(Set(begun).isDisjoint(with: answered))
      #expect(try outcomes() == all)
      let marks = lines.filter { line in
        let text = String(decoding: line, as: UTF8.self)
        return text.hasPrefix("{\"started") && text.hasSuffix("}")
      }
      if marks.count > answered.count { #expect(begun.last == "k\(answered.count)") }
    }
  }

  @Test("files that are not there, or are none of ours, are named")
  func errors() throws {
    let recorder = Recorder()
    _ = try run()
    #expect(throws: ExecutionError.self) {
      try WorkerLoop.run(tasks: folder.file("tasks"), answers: "/proc/x/y", evaluator: recorder)
    }
    try Data("nonsense\n".utf8).write(to: URL(fileURLWithPath: folder.file("tasks")))
    let error = #expect(throws: ExecutionError.self) {
      try WorkerLoop.run(tasks: folder.file("tasks"), answers: answers, evaluator: recorder)
    }
    #expect(error?.message.hasPrefix(folder.file("tasks")) == true)
    #expect(throws: ExecutionError.self) {
      try WorkerLoop.run(tasks: folder.file("none"), answers: answers, evaluator: recorder)
    }
  }
}
