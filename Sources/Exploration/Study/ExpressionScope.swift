/// The names that an expression may use, and the slot in which each one's number is found.
///
/// Slots hold the parameters in their order and then, in the order of `Metric.allCases`, the
/// metrics. Text is held as the position of its symbol in a table.
public struct ExpressionScope: Sendable {
  /// A name with its slot.
  struct Entry: Sendable {
    let name: String
    let type: ExpressionType
    let slot: Int
    /// The texts that a text parameter takes; empty for everything else.
    let texts: [String]
  }

  let entries: [Entry]
  /// Whether metrics may be named.
  public let hasMetrics: Bool
  /// The texts of all text parameters, each once; a slot holds the position.
  let symbols: [String]
  /// For each parameter the slot content of each of its values.
  let contents: [[Double]]

  /// How many slots there are.
  public var slotCount: Int { contents.count + Metric.allCases.count }

  /// The names of a study.
  ///
  /// - Parameter hasMetrics: whether metrics may be named, which have no value before a design is
  ///   evaluated.
  public init(parameters: [Study.Parameter], hasMetrics: Bool) {
    var entries: [Entry] = []
    var symbols: [String] = []
    var contents: [[Double]] = []
    for (slot, parameter) in parameters.enumerated() {
      let type = Self.type(of: parameter.values)
      guard type == .text else {
        entries.append(Entry(name: parameter.name, type: type, slot: slot, texts: []))
        contents.append(parameter.values.map { $0.magnitude ?? 0 })
        continue
      }
      let texts = parameter.values.map(\.description)
      entries.append(Entry(name: parameter.name, type: .text, slot: slot, texts: texts))
      contents.append(
        texts.map { text in
          if let known = symbols.firstIndex(of: text) { return Double(known) }
          symbols.append(text)
          return Double(symbols.count - 1)
        })
    }
    if hasMetrics {
      for (offset, metric) in Metric.allCases.enumerated() {
        entries.append(
          Entry(
            name: metric.rawValue, type: .number, slot: parameters.count + offset, texts: []))
      }
    }
    self.entries = entries
    self.hasMetrics = hasMetrics
    self.symbols = symbols
    self.contents = contents
  }

  /// The type of a parameter: number when all values are numbers or quantities, truth when all are
  /// flags, otherwise text.
  static func type(of values: [ParameterValue]) -> ExpressionType {
    let flags = values.count { if case .flag = $0 { true } else { false } }
    if flags == values.count, flags > 0 { return .truth }
    return flags == 0 && values.allSatisfy { $0.magnitude != nil } ? .number : .text
  }

  func entry(named name: String) -> Entry? { entries.first { $0.name == name } }
}

extension ParameterValue {
  /// A number, without a fraction when it is whole and small enough to be exact.
  init(number: Double) {
    self =
      number == number.rounded() && abs(number) < 0x1p53
      ? .integer(Int(number)) : .real(number)
  }

  /// The value as a number; of a quantity the bytes or hertz; nil for other text.
  var magnitude: Double? {
    if case .text(let text) = self { Quantity.parse(text) } else { number }
  }
}
