import Exploration
import Foundation

/// A folder for stores that goes away with the test.
final class StoreFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/store-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit {
    try? FileManager.default.removeItem(atPath: path)
  }

  /// Path of a file in the folder.
  func file(_ name: String) -> String { "\(path)/\(name)" }
}

/// Designs and outcomes for tests, each from its number alone.
enum Sample {
  static let table = "aladdin-45nm:1f0c"
  static let digest = StudyDigest(
    model: "roofline", modelVersion: "1", soc: "{}", network: "lenet5", firmware: "")

  static func request(_ number: Int) -> EvaluationRequest {
    let overrides = ["array.x=\(number % 16)", "array.y=\(number / 16)", "bus.width=64"]
    return EvaluationRequest(key: digest.key(overrides), model: "roofline", overrides: overrides)
  }

  static func measurement(_ number: Int, counts: [UInt8] = []) -> Exploration.Measurement {
    let value = Double(number)
    return Exploration.Measurement(
      cycles: 1000 + value, seconds: (1000 + value) / 7e8, energy: value / 3, dramEnergy: value / 7,
      area: value * 1.1, table: table, counts: counts, wallSeconds: 1e-3 * value)
  }

  /// Every fifth design is invalid.
  static func outcome(_ number: Int) -> EvaluationOutcome {
    number % 5 == 4
      ? .invalid(reason: "does not fit in memory", details: "design \(number) does not fit")
      : .measured(measurement(number))
  }

  static func evaluation(
    _ number: Int
  ) -> (request: EvaluationRequest, outcome: EvaluationOutcome) {
    (request(number), outcome(number))
  }
}
