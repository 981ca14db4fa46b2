import Exploration
import SoC

/// Studies made in tests.
enum SampleSpace {
  static let twoObjectives = "[\"latency_ms\", \"energy_mJ\"]"

  /// A study of parameters with the values 0 ..< radix, named `A`, `B` and so on; sections as in a
  /// study file.
  static func study(
    radices: [Int], constraints: [String] = [], derive: [String: String] = [:],
    objectives: String = twoObjectives, search: String = "\"exhaustive\""
  ) throws -> Study {
    let names = radices.indices.map { String(UnicodeScalar(UInt8(65 + $0))) }
    let parameters = zip(names, radices).map { name, radix in
      let values = (0..<radix).map(String.init).joined(separator: ", ")
      return "\"\(name)\": { \"path\": \"path.\(name.lowercased())\", \"values\": [\(values)] }"
    }
    return try study(
      parameters: "{ \(parameters.joined(separator: ", ")) }", constraints: constraints,
      derive: derive, objectives: objectives, search: search)
  }

  static func study(
    parameters: String, constraints: [String] = [], derive: [String: String] = [:],
    objectives: String = twoObjectives, search: String = "\"exhaustive\""
  ) throws -> Study {
    func text(_ literal: JSONLiteral) -> String { literal.compactText }
    let derive = JSONLiteral.object(
      derive.sorted { $0.key < $1.key }.map { JSONLiteral.Member($0.key, .string($0.value)) })
    let document = try JSONDocument(
      text: """
        {
          "name": "sample", "soc": \(text(.string(#filePath))), "parameters": \(parameters),
          "constraints": \(text(.array(constraints.map { .string($0) }))),
          "derive": \(text(derive)), "objectives": \(objectives), "search": \(search)
        }
        """, file: "sample.json")
    return try StudyReader.read(document, models: ["cycles"]).study
  }

  static func space(
    radices: [Int], constraints: [String] = [], derive: [String: String] = [:],
    objectives: String = twoObjectives
  ) throws -> DesignSpace {
    try DesignSpace(
      study(radices: radices, constraints: constraints, derive: derive, objectives: objectives))
  }
}
