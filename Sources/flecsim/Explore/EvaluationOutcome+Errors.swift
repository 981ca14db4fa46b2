internal import Exploration
internal import Foundation
internal import Networks
internal import SoC

extension EvaluationOutcome {
  /// What an error says about a design: one that is no valid system or does not fit is invalid; all
  /// else is a failure of the evaluation.
  init(_ error: any Error) {
    switch error {
    case let errors as ConfigErrors:
      let first = errors.errors.first
      self = .invalid(
        reason: Self.countable("\(first?.path ?? ""): \(first?.message ?? "")"),
        details: "\(errors)")
    case let error as NetworkError:
      self = .invalid(reason: Self.countable(error.message), details: "\(error)")
    case let error as SystemError:
      self = .invalid(reason: Self.countable("\(error)"), details: "\(error)")
    case let error as FirmwareError:
      // A memory that the firmware does not fit is the design's; what does not compile is not.
      let isTooLarge = "\(error)".contains("will not fit in region")
      self =
        isTooLarge
        ? .invalid(reason: "the firmware does not fit its memory", details: "\(error)")
        : .failed(message: "\(error)")
    case let failure as CommandFailure where failure.code == .input:
      self = .invalid(reason: Self.countable(failure.message), details: failure.message)
    case let failure as CommandFailure:
      self = .failed(message: failure.message)
    default:
      self = .failed(message: "\(error)")
    }
  }

  /// The first line of a message with its numbers left open, so that equal reasons of different designs can
  /// be counted.
  static func countable(_ message: String) -> String {
    let line = message.split(separator: "\n").first.map(String.init) ?? message
    var text = ""
    var isNumber = false
    for (index, character) in zip(line.indices, line) {
      let isDigit = character.isASCII && character.isNumber
      let before = index > line.startIndex ? line[line.index(before: index)] : " "
      let startsNumber = isDigit && !(before.isLetter || before == "_" || before == "'")
      if isNumber, isDigit || ((character == "." || character == ",") && !text.isEmpty) {
        continue
      }
      isNumber = startsNumber
      text += startsNumber ? "N" : String(character)
    }
    return text.hasPrefix("error: ") ? String(text.dropFirst("error: ".count)) : text
  }
}
