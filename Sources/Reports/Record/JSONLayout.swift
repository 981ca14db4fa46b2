import Foundation

/// Encodes values as JSON that reads well and compares well: keys sorted, one line for every
/// innermost object or array that fits, so that a change of one counter changes one line.
enum JSONLayout {
  /// Longest line, in bytes, on which an innermost container stays.
  static let lineLimit = 100

  /// - Parameter path: names the document in errors.
  /// - Throws: `ResultsFolderError.notEncodable`.
  static func encode(_ value: some Encodable, for path: String) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return Data(laidOut(Array(try encoder.encode(value))))
    } catch let error as EncodingError {
      throw ResultsFolderError.notEncodable(path: path, reason: Self.reason(error))
    }
  }

  private static func reason(_ error: EncodingError) -> String {
    guard case .invalidValue(let value, let context) = error else { return "\(error)" }
    let place = context.codingPath.map(\.stringValue).joined(separator: ".")
    return "\(place): \(value) cannot be written as JSON"
  }

  /// Breaks compact JSON into lines. Works on tokens, so numbers keep every digit.
  static func laidOut(_ compact: [UInt8]) -> [UInt8] {
    var writer = Layout(input: compact)
    writer.value(indentation: 0)
    writer.output.append(UInt8(ascii: "\n"))
    return writer.output
  }
}

private struct Layout {
  let input: [UInt8]
  var position = 0
  var output: [UInt8] = []

  init(input: [UInt8]) {
    self.input = input
    output.reserveCapacity(input.count * 2)
  }

  mutating func value(indentation: Int) {
    switch input[position] {
    case UInt8(ascii: "{"), UInt8(ascii: "["): container(indentation: indentation)
    default: scalar()
    }
  }

  private mutating func container(indentation: Int) {
    let closing = input[position] == UInt8(ascii: "{") ? UInt8(ascii: "}") : UInt8(ascii: "]")
    let isFlat = fitsOnOneLine(indentation: indentation)
    output.append(input[position])
    position += 1
    var isFirst = true
    while input[position] != closing {
      if !isFirst { position += 1 }  // the comma
      if !isFirst { output.append(UInt8(ascii: ",")) }
      if isFlat {
        if !isFirst { output.append(UInt8(ascii: " ")) }
      } else {
        line(indentation + 2)
      }
      isFirst = false
      if closing == UInt8(ascii: "}") {
        scalar()
        position += 1  // the colon
        output += [UInt8(ascii: ":"), UInt8(ascii: " ")]
      }
      value(indentation: indentation + 2)
    }
    if !isFlat, !isFirst { line(indentation) }
    output.append(closing)
    position += 1
  }

  private mutating func line(_ indentation: Int) {
    output.append(UInt8(ascii: "\n"))
    output.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indentation))
  }

  /// Whether the container at `position` holds no objects or non-empty arrays and is short; an
  /// object may hold flat arrays.
  private func fitsOnOneLine(indentation: Int) -> Bool {
    var index = position
    var depth = 0
    let isObject = input[position] == UInt8(ascii: "{")
    while index < input.count {
      if index - position + indentation > JSONLayout.lineLimit { return false }
      switch input[index] {
      case UInt8(ascii: "\""):
        index = endOfString(from: index)
        continue
      case UInt8(ascii: "{"):
        if depth > 0 { return false }
        depth += 1
      case UInt8(ascii: "["):
        if depth > (isObject ? 1 : 0) { return false }
        depth += 1
      case UInt8(ascii: "}"), UInt8(ascii: "]"):
        depth -= 1
        if depth == 0 { return true }
      default: break
      }
      index += 1
    }
    return false
  }

  private func endOfString(from start: Int) -> Int {
    var index = start + 1
    while input[index] != UInt8(ascii: "\"") {
      index += input[index] == UInt8(ascii: "\\") ? 2 : 1
    }
    return index + 1
  }

  /// Copies a string, number or literal.
  private mutating func scalar() {
    let start = position
    if input[position] == UInt8(ascii: "\"") {
      position = endOfString(from: position)
    } else {
      let ends: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]")]
      while position < input.count, !ends.contains(input[position]) { position += 1 }
    }
    output += input[start..<position]
  }
}
