/// Builds JSON that may stand inside a `<script>` element of HTML: `<`, `>` and `&` are written as
/// escapes, so that no text from outside can end the element or open a comment, and so are U+2028,
/// U+2029 and control characters.
struct ScriptJSON {
  private(set) var text = ""
  /// Whether the next value or name is preceded by a comma.
  private var needsComma = false

  /// Writes an object; `body` writes its members.
  mutating func object(_ body: (inout ScriptJSON) -> Void) {
    open("{")
    body(&self)
    close("}")
  }

  /// Writes an array; `body` writes an element.
  mutating func array<Element>(
    _ elements: some Sequence<Element>, _ body: (inout ScriptJSON, Element) -> Void
  ) {
    open("[")
    for element in elements { body(&self, element) }
    close("]")
  }

  /// Writes the name of a member; its value must follow.
  mutating func name(_ name: String) {
    separate()
    quote(name)
    text += ":"
    needsComma = false
  }

  mutating func string(_ value: String) {
    separate()
    quote(value)
    needsComma = true
  }

  mutating func integer(_ value: Int) {
    separate()
    text += "\(value)"
    needsComma = true
  }

  mutating func flag(_ value: Bool) {
    separate()
    text += value ? "true" : "false"
    needsComma = true
  }

  mutating func null() {
    separate()
    text += "null"
    needsComma = true
  }

  /// Writes a number with all its digits; null when it is not finite.
  mutating func number(_ value: Double) {
    guard value.isFinite else { return null() }
    separate()
    // JSON has no `2.0` problem, but whole numbers are shorter without their fraction.
    text += value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
    needsComma = true
  }

  private mutating func open(_ bracket: String) {
    separate()
    text += bracket
    needsComma = false
  }

  private mutating func close(_ bracket: String) {
    text += bracket
    needsComma = true
  }

  private mutating func separate() {
    if needsComma { text += "," }
  }

  private mutating func quote(_ value: String) {
    text += "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "<", ">", "&", "\u{2028}", "\u{2029}", "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}":
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    text += "\""
  }
}
