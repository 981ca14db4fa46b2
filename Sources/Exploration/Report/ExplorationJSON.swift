internal import Foundation

/// A study's result as JSON: the members of `ExplorationResult` by their names, and before them
/// `format` (`flecsim-exploration`), `version` (1) and `metrics`, which names the numbers in the
/// `metrics` of each design, in order, with title, unit and whether more is better.
///
/// The text reads well and compares well: members and keys are in a fixed order, every element of a
/// list has a line of its own. `read` gives the result back without loss, except that a parameter's
/// whole number comes back as an integer.
public enum ExplorationJSON {
  /// The version of the format; other versions are not read.
  public static let version = 1
  private static let format = "flecsim-exploration"

  /// What is wrong with a text.
  public struct Failure: Error, Equatable, CustomStringConvertible {
    /// One sentence.
    public let description: String
  }

  private struct MetricInfo: Encodable {
    let name: String
    let title: String
    let unit: String
    let isBetterLarger: Bool
  }

  private struct Head: Decodable {
    let format: String
    let version: Int
  }

  /// The text, ending in a newline.
  ///
  /// - Throws: ``Failure`` when a number is not finite, as JSON cannot hold it.
  public static func text(_ result: ExplorationResult) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    func line(_ value: some Encodable) throws -> String {
      do {
        return String(decoding: try encoder.encode(value), as: UTF8.self)
      } catch {
        throw Failure(description: "a number of the study cannot be written as JSON: \(error)")
      }
    }
    func list(_ values: [some Encodable]) throws -> String {
      if values.isEmpty { return "[]" }
      return "[\n    " + (try values.map(line)).joined(separator: ",\n    ") + "\n  ]"
    }
    let metrics = Metric.allCases.map {
      MetricInfo(
        name: $0.rawValue, title: $0.title, unit: $0.unit, isBetterLarger: $0.isBetterLarger)
    }
    let members: [(String, String)] = [
      ("format", try line(format)), ("version", try line(version)),
      ("metrics", try list(metrics)),
      ("name", try line(result.name)), ("title", try line(result.title)),
      ("model", try line(result.model)), ("errorBar", try line(result.errorBar)),
      ("table", try line(result.table)), ("spaceSize", try line(result.spaceSize)),
      ("parameters", try list(result.parameters)), ("objectives", try list(result.objectives)),
      ("constraints", try list(result.constraints)), ("stages", try list(result.stages)),
      ("rejections", try list(result.rejections)),
      ("sensitivity", try list(result.sensitivity)),
      ("comparisons", try list(result.comparisons)),
      ("weightedBest", try line(result.weightedBest)), ("designs", try list(result.designs)),
    ]
    let lines = members.map { "  \"\($0.0)\": \($0.1)" }
    return "{\n" + lines.joined(separator: ",\n") + "\n}\n"
  }

  /// Reads what `text` wrote.
  ///
  /// - Throws: ``Failure`` when it is something else.
  public static func read(_ text: String) throws -> ExplorationResult {
    let data = Data(text.utf8)
    do {
      let head = try JSONDecoder().decode(Head.self, from: data)
      guard head.format == format else {
        throw Failure(description: "the format is \(head.format), expected \(format)")
      }
      guard head.version == version else {
        throw Failure(description: "the version is \(head.version), expected \(version)")
      }
      return try JSONDecoder().decode(ExplorationResult.self, from: data)
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure(description: "this is no result of a study: \(error)")
    }
  }
}
