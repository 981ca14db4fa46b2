import Exploration
import Testing

@Suite("Lines between studies and workers")
struct EvaluationAnswerTests {
  private static let outcomes: [EvaluationOutcome] = [
    .measured(Sample.measurement(7, counts: [0, 200, 13])),
    .measured(Sample.measurement(3)),
    .invalid(reason: "größer\nals", details: "\"\\ \u{0}"),
    .failed(message: "SIGSEGV"),
  ]

  @Test("an answer is read as it was written", arguments: outcomes)
  func roundTrip(outcome: EvaluationOutcome) {
    let answer = EvaluationAnswer(key: Sample.request(1).key, outcome: outcome)
    let line = answer.line
    #expect(line.last == UInt8(ascii: "\n"))
    #expect(!line.dropLast().contains(UInt8(ascii: "\n")))
    #expect(EvaluationAnswer(line: line) == answer)
  }

  @Test("an answer that was cut off anywhere is none", arguments: outcomes)
  func halves(outcome: EvaluationOutcome) {
    let line = EvaluationAnswer(key: Sample.request(1).key, outcome: outcome).line.dropLast()
    for count in 0..<line.count { #expect(EvaluationAnswer(line: line.prefix(count)) == nil) }
    for count in 1..<line.count { #expect(EvaluationAnswer(line: line.suffix(count)) == nil) }
  }

  @Test("numbers arrive exactly")
  func numbers() {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<2000 {
      var measurement = Sample.measurement(1)
      measurement.energy = Double(bitPattern: generator.next())
      if !measurement.energy.isFinite { continue }
      let answer = EvaluationAnswer(key: "k", outcome: .measured(measurement))
      #expect(EvaluationAnswer(line: answer.line) == answer)
    }
  }

  @Test("a number that is not finite is a failure", arguments: [Double.nan, .infinity])
  func notFinite(value: Double) {
    var measurement = Sample.measurement(1)
    measurement.area = value
    let line = EvaluationAnswer(key: "k", outcome: .measured(measurement)).line
    guard case .failed = EvaluationAnswer(line: line)?.outcome else {
      Issue.record("\(value) has a JSON form")
      return
    }
  }

  @Test("a request is read as it was written; other lines are none")
  func requests() {
    let request = EvaluationRequest(
      key: Sample.request(1).key, model: "größe", overrides: ["a=\"x\"", "b=[1,\n2]"])
    #expect(EvaluationRequest(line: request.line) == request)
    #expect(!request.line.dropLast().contains(UInt8(ascii: "\n")))
    #expect(EvaluationRequest(line: request.line.dropLast(5)) == nil)
    #expect(EvaluationRequest(line: Array("[]".utf8)) == nil)
  }
}
