internal import Diagnostics
internal import Foundation
public import SoC

/// Reads study files.
///
/// The manual page of the target describes the format. All mistakes of a file are reported in one
/// go, each with its place, what was expected and what was probably meant.
public enum StudyReader {
  /// Reads a study from a file.
  ///
  /// - Parameters:
  ///   - file: the file; paths in it are relative to its folder.
  ///   - models: names of the models that stages may use.
  /// - Returns: the study, and doubtful points in it.
  /// - Throws: all mistakes.
  public static func read(
    _ file: String, models: [String]
  ) throws(ConfigErrors) -> (study: Study, warnings: [ConfigError]) {
    try read(JSONDocument(contentsOf: file), models: models)
  }

  /// Reads a study from a parsed document, whose file name is the one that paths are relative to.
  ///
  /// - Parameter models: names of the models that stages may use.
  /// - Returns: the study, and doubtful points in it.
  /// - Throws: all mistakes.
  public static func read(
    _ document: JSONDocument, models: [String]
  ) throws(ConfigErrors) -> (study: Study, warnings: [ConfigError]) {
    let findings = StudyFindings()
    let decoder = StudyDecoder(
      folder: HostFile.folder(of: document.file), models: models, findings: findings)
    let study = decoder.study(document.root)
    let all = ConfigErrors(findings.all)
    guard all.errors.isEmpty, let study else { throw all }
    return (study, all.warnings)
  }
}

/// What is wrong with a study, gathered while it is decoded.
final class StudyFindings {
  private(set) var all: [ConfigError] = []

  var count: Int { all.count }

  func error(
    _ node: JSONNode, _ message: String, expected: String? = nil, suggestion: String? = nil
  ) {
    if case .malformed = node.value { return }
    error(
      at: node.position, node.path, message, expected: expected, suggestion: suggestion)
  }

  func error(
    at position: SourcePosition, _ path: String, _ message: String, expected: String? = nil,
    suggestion: String? = nil
  ) {
    all.append(
      ConfigError(
        position: position, path: path, message: message, expected: expected,
        suggestion: suggestion))
  }

  func warning(_ position: SourcePosition, _ path: String, _ message: String) {
    all.append(ConfigError(severity: .warning, position: position, path: path, message: message))
  }

  /// A value of another kind than expected.
  func mismatch(_ node: JSONNode, expected: String) {
    error(node, "found \(node.value.summary)", expected: expected)
  }
}
