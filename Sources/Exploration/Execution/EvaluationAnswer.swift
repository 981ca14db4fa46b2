internal import Foundation

/// What a worker answers to a request, as one line of JSON.
///
/// A line that was cut off is no JSON and so cannot be taken for an answer. Numbers are written
/// with as many digits as reading them back exactly takes.
///
/// | key | value |
/// |---|---|
/// | `key` | that of the request |
/// | `measured` | cycles, seconds, energy, …: the fields of `Measurement`, `counts` in base 64 |
/// | `invalid` | `reason` and `details` |
/// | `failed` | the message |
public struct EvaluationAnswer: Sendable, Equatable {
  /// That of the request.
  public var key: String
  /// What came out.
  public var outcome: EvaluationOutcome

  /// Creates an answer.
  public init(key: String, outcome: EvaluationOutcome) {
    self.key = key
    self.outcome = outcome
  }

  /// Reads a line; nil when it is no answer.
  public init?(line: some Sequence<UInt8>) {
    guard let content = try? JSONDecoder().decode(Line.self, from: Data(line)) else { return nil }
    key = content.key
    switch (content.measured, content.invalid, content.failed) {
    case (let measured?, nil, nil):
      guard let counts = Data(base64Encoded: measured.counts ?? "") else { return nil }
      outcome = .measured(measured.measurement(Array(counts)))
    case (nil, let invalid?, nil):
      outcome = .invalid(reason: invalid.reason, details: invalid.details)
    case (nil, nil, let message?): outcome = .failed(message: message)
    default: return nil
    }
  }

  /// The answer as one line, with its end.
  ///
  /// A measurement with a number that is not finite has no JSON and becomes a failure.
  public var line: [UInt8] {
    var content = Line(key: key)
    switch outcome {
    case .measured(let measurement): content.measured = Line.Measured(measurement)
    case .invalid(let reason, let details):
      content.invalid = Line.Invalid(reason: reason, details: details)
    case .failed(let message): content.failed = message
    }
    if let bytes = Self.encode(content) { return bytes }
    let failure = Line(key: key, failed: "the result has a number that is not finite")
    return Self.encode(failure) ?? []
  }

  private static func encode(_ content: Line) -> [UInt8]? {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return (try? encoder.encode(content)).map { [UInt8]($0) + [UInt8(ascii: "\n")] }
  }

  private struct Line: Codable {
    var key: String
    var measured: Measured?
    var invalid: Invalid?
    var failed: String?

    struct Invalid: Codable {
      var reason: String
      var details: String
    }

    struct Measured: Codable {
      var cycles: Double
      var seconds: Double
      var energy: Double
      var dramEnergy: Double
      var area: Double
      var table: String
      var counts: String?
      var wallSeconds: Double

      init(_ measurement: Measurement) {
        cycles = measurement.cycles
        seconds = measurement.seconds
        energy = measurement.energy
        dramEnergy = measurement.dramEnergy
        area = measurement.area
        table = measurement.table
        counts =
          measurement.counts.isEmpty ? nil : Data(measurement.counts).base64EncodedString()
        wallSeconds = measurement.wallSeconds
      }

      func measurement(_ counts: [UInt8]) -> Measurement {
        Measurement(
          cycles: cycles, seconds: seconds, energy: energy, dramEnergy: dramEnergy, area: area,
          table: table, counts: counts, wallSeconds: wallSeconds)
      }
    }
  }
}

extension EvaluationRequest {
  /// Reads a line of JSON; nil when it is no request.
  public init?(line: some Sequence<UInt8>) {
    guard let request = try? JSONDecoder().decode(Self.self, from: Data(line)) else { return nil }
    self = request
  }

  /// The request as one line of JSON, with its end.
  public var line: [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return [UInt8]((try? encoder.encode(self)) ?? Data()) + [UInt8(ascii: "\n")]
  }
}
