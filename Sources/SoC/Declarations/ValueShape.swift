/// What values a key may have: the one source of messages, the schema and the table of keys.
indirect enum ValueShape: Sendable {
  case integer(IntegerShape)
  /// A number within bounds; `isMinimumExcluded` for "above".
  case number(minimum: Double, maximum: Double, isMinimumExcluded: Bool, unit: String?)
  case boolean
  /// Text; `noun` says what it names, such as `the path of a file`.
  case text(noun: String, pattern: String?)
  case choice([String])
  case list(ValueShape, minimumCount: Int)
  case section(any DeclaredSection.Type)
  /// Named instances of a section.
  case instances(any DeclaredSection.Type)
  /// Free keys; `noun` says what a key names.
  case dictionary(ValueShape, noun: String)
  /// The arguments that the accelerator's kind declares.
  case acceleratorArguments
  case either(ValueShape, ValueShape)

  struct IntegerShape: Sendable {
    var minimum: Int128
    var maximum: Int128
    var unit: String?
    var multipleOf: Int128 = 1
    var isPowerOfTwo = false
    var isHexadecimal = false

    func accepts(_ value: Int128) -> Bool {
      (minimum...maximum).contains(value) && value % multipleOf == 0
        && (!isPowerOfTwo || (value > 0 && value & (value - 1) == 0))
    }

    func text(_ value: Int128) -> String {
      isHexadecimal ? "0x" + String(value, radix: 16, uppercase: true) : "\(value)"
    }

    var expectation: String {
      let noun = isHexadecimal ? "an address" : isPowerOfTwo ? "a power of two" : "an integer"
      let multiple = multipleOf > 1 && !isPowerOfTwo ? ", a multiple of \(multipleOf)" : ""
      let unit = unit.map { " (\($0))" } ?? ""
      return "\(noun) from \(text(minimum)) to \(text(maximum))\(multiple)\(unit)"
    }
  }

  /// What a message says was expected.
  var expectation: String {
    switch self {
    case .integer(let shape): return shape.expectation
    case .number(let minimum, let maximum, let isMinimumExcluded, let unit):
      let low = JSONLiteral.number(minimum).compactText
      let high = JSONLiteral.number(maximum).compactText
      let range = isMinimumExcluded ? "above \(low), at most \(high)" : "from \(low) to \(high)"
      return "a number \(range)" + (unit.map { " (\($0))" } ?? "")
    case .boolean: return "true or false"
    case .text(let noun, _): return noun
    case .choice(let values):
      let quoted = values.map { "\"\($0)\"" }
      return quoted.count == 1 ? quoted[0] : "one of " + quoted.joined(separator: ", ")
    case .list(let element, let minimumCount):
      return (minimumCount > 0 ? "a non-empty array, each element " : "an array, each element ")
        + element.expectation
    case .section: return "an object"
    case .acceleratorArguments: return "an object with the arguments of the accelerator's kind"
    case .instances(let section): return "an object of named \(section.pluralNoun)"
    case .dictionary(_, let noun): return "an object with \(noun) as keys"
    case .either(let first, let second): return "\(first.expectation), or \(second.expectation)"
    }
  }

  /// The unit of the value, when it has one.
  var unit: String? {
    switch self {
    case .integer(let shape): shape.unit
    case .number(_, _, _, let unit): unit
    case .either(let first, let second): first.unit ?? second.unit
    case .list(let element, _): element.unit
    default: nil
    }
  }
}
