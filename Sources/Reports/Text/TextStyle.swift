/// How text reports are set: width, colour and characters.
public struct TextStyle: Sendable, Equatable {
  /// Columns to use; reports are made for 80 to 120 and clamp to 60 to 160.
  public var width: Int
  /// Whether ANSI escape sequences mark headings, success and failure; only for a terminal.
  public var usesColour: Bool
  /// Whether box drawing, µ, × and thin spaces are used; otherwise ASCII stands in, one to one.
  public var usesUnicode: Bool

  /// Creates a style.
  public init(width: Int = 100, usesColour: Bool = false, usesUnicode: Bool = true) {
    self.width = min(max(width, 60), 160)
    self.usesColour = usesColour
    self.usesUnicode = usesUnicode
  }

  /// Plain text of 100 columns, for files.
  public static let file = TextStyle()

  /// What a piece of text means; decides its colour.
  enum Role: String {
    case plain = ""
    case heading = "1"
    case good = "32"
    case bad = "1;31"
    case warning = "33"
    case faint = "2"
  }

  func paint(_ text: String, _ role: Role) -> String {
    guard usesColour, role != .plain, !text.isEmpty else { return text }
    return "\u{1B}[\(role.rawValue)m\(text)\u{1B}[0m"
  }

  /// The finished report in the characters the style allows.
  func finish(_ text: String) -> String {
    usesUnicode ? text : TextStyle.ascii(text)
  }

  /// One character for one, so that columns stay aligned.
  private static let substitutes: [Character: Character] = [
    "\u{202F}": "_", "µ": "u", "²": "2", "×": "x", "·": "-", "–": "-", "…": "~", "←": "<",
    "→": ">", "⇒": ">", "─": "-", "│": "|", "├": "|", "└": "`", "Σ": "S",
  ]

  static func ascii(_ text: String) -> String {
    String(text.map { $0.isASCII ? $0 : substitutes[$0] ?? "?" })
  }

  /// Text from outside with control characters shown as `?`, so that it cannot act on a terminal.
  static func printable(_ text: String) -> String {
    String(
      text.map { character in
        let isControl = character.unicodeScalars.contains {
          $0.properties.generalCategory == .control
        }
        return isControl ? "?" : character
      })
  }

  /// Breaks text into lines of at most `width` columns, at spaces where possible.
  static func wrapped(_ text: String, width: Int) -> [String] {
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ", omittingEmptySubsequences: true) {
      var word = word[...]
      if !line.isEmpty, line.count + 1 + word.count > width {
        lines.append(line)
        line = ""
      }
      while word.count > width {
        lines.append(String(word.prefix(width)))
        word = word.dropFirst(width)
      }
      line += line.isEmpty ? word : " " + word
    }
    if !line.isEmpty { lines.append(line) }
    return lines
  }
}
