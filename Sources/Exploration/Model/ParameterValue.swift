/// A value that a parameter of a study takes, as a SoC file could hold it.
public enum ParameterValue: Sendable, Hashable {
  /// A whole number.
  case integer(Int)
  /// A number with a fraction.
  case real(Double)
  /// `true` or `false`.
  case flag(Bool)
  /// Text, for example the name of a kind or a quantity with its unit (`256 KiB`).
  case text(String)

  /// The value as a number; nil for text. `true` is 1.
  public var number: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .real(let value): value
    case .flag(let value): value ? 1 : 0
    case .text: nil
    }
  }
}

extension ParameterValue: CustomStringConvertible {
  /// The value as tables show it: text without quotes.
  public var description: String {
    switch self {
    case .integer(let value): "\(value)"
    case .real(let value): "\(value)"
    case .flag(let value): "\(value)"
    case .text(let value): value
    }
  }
}

extension ParameterValue: Codable {
  /// Reads the JSON value of the same kind.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if let value = try? container.decode(Bool.self) {
      self = .flag(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .real(value)
    } else {
      self = .text(try container.decode(String.self))
    }
  }

  /// Writes the JSON value of the same kind.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .integer(let value): try container.encode(value)
    case .real(let value): try container.encode(value)
    case .flag(let value): try container.encode(value)
    case .text(let value): try container.encode(value)
    }
  }
}
