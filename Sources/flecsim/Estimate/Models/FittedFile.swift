internal import Estimation
internal import Foundation
internal import SoC

/// A file of fitted models.
struct FittedFile: Sendable {
  /// What the file holds.
  struct Content: Codable, Sendable {
    /// Layout of the file.
    var format = FittedFile.currentFormat
    /// The models.
    var models: [FittedModel]
  }

  /// The layout that this build writes and reads.
  static let currentFormat = 1

  /// Where it was read.
  let path: String
  /// What it holds.
  let content: Content

  /// Reads a file.
  ///
  /// - Throws: `CommandFailure`, `ConfigErrors` with the place of a syntax error.
  init(path: String) throws {
    self.path = path
    let bytes: [UInt8]
    switch HostFile.read(path, limit: 16 << 20) {
    case .success(let read): bytes = read
    case .failure(let problem): throw CommandFailure(.input, "\(path): error: \(problem)")
    }
    do {
      content = try JSONDecoder().decode(Content.self, from: Data(bytes))
    } catch {
      // The parser of descriptions knows where a syntax error is.
      _ = try JSONDocument(contentsOf: path)
      throw CommandFailure(
        .input,
        "\(path): error: no file of fitted models; expected what 'flecsim characterise' writes")
    }
    guard content.format == Self.currentFormat else {
      throw CommandFailure(
        .input, "\(path): error: format is \(content.format), expected \(Self.currentFormat)")
    }
  }

  /// The model of a form.
  func model(_ form: FittedNetworkModel.Form) -> FittedModel? {
    content.models.first { model in
      switch (model.form, form) {
      case (.refinedRoofline, .refinedRoofline), (.stepwise, .stepWise): true
      default: false
      }
    }
  }

  /// Refuses a model of another SoC: it would be silently wrong.
  func check(_ model: FittedModel, _ context: EstimateContext) throws {
    guard model.configurationDigest != FittedFile.digest(of: context.description) else { return }
    throw CommandFailure(
      .input,
      "\(path): error: was fitted to '\(model.system)' with other values than \(context.description.name) has now; fit it again with 'flecsim characterise'"
    )
  }

  /// What identifies the SoC that a model was fitted to: its effective configuration.
  static func digest(of description: SoCDescription) -> String {
    Digest.hexadecimal(of: Array(description.effectiveJSON().utf8))
  }

  /// The text of a file with `models`.
  static func text(_ models: [FittedModel]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(Content(models: models)), as: UTF8.self) + "\n"
  }
}
