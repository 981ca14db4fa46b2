internal import Foundation

/// What an answers file says: which designs were begun how often, and what came out.
///
/// Lines that are neither, such as halves of a line whose writer died, are passed over.
struct TaskProgress {
  /// The answers by key; the first one counts.
  private(set) var outcomes: [String: EvaluationOutcome] = [:]
  /// How often each design was begun.
  private(set) var starts: [String: Int] = [:]
  private var lines = LineBuffer()

  private struct Start: Codable {
    var started: String
  }

  /// Takes in the next bytes of the file.
  ///
  /// - Returns: the answers that are new.
  @discardableResult
  mutating func add(_ bytes: [UInt8]) -> [EvaluationAnswer] {
    lines.append(bytes)
    var new: [EvaluationAnswer] = []
    while let line = lines.next() {
      if let start = try? JSONDecoder().decode(Start.self, from: Data(line)) {
        starts[start.started, default: 0] += 1
      } else if let answer = EvaluationAnswer(line: line), outcomes[answer.key] == nil {
        outcomes[answer.key] = answer.outcome
        new.append(answer)
      }
    }
    return new
  }

  /// Whether the last line has no end.
  var isCutOff: Bool { !lines.rest.isEmpty }

  /// The line that says that a design was begun.
  static func startLine(_ key: String) -> [UInt8] {
    Array("{\"started\":\"\(key)\"}\n".utf8)
  }
}
