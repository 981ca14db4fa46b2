extension ValueCodec<UInt64> {
  /// An address: an integer, or hexadecimal digits as text, which strict JSON can write too (so
  /// the effective configuration does).
  static var address: ValueCodec {
    let shape = ValueShape.IntegerShape(
      minimum: 0, maximum: Int128(UInt64.max), isHexadecimal: true)
    return simple(.integer(shape), encode: { .string($0.hexadecimal) }) { node in
      if let value = node.integer { return UInt64(exactly: value) }
      guard let text = node.text, text.hasPrefix("0x"), case .strict(let digits) = NumberText(text)
      else { return nil }
      return UInt64(digits)
    }
  }

  /// A size in bytes: an integer, or text such as `64 KiB`.
  static func byteCount(_ range: ClosedRange<UInt64>) -> ValueCodec {
    quantity(
      range, unit: "bytes",
      units: [("B", 1), ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)],
      example: "64 KiB")
  }

  /// A frequency in hertz: an integer, or text such as `100 MHz`.
  static func frequency(_ range: ClosedRange<UInt64>) -> ValueCodec {
    quantity(
      range, unit: "Hz",
      units: [("Hz", 1), ("kHz", 1000), ("MHz", 1_000_000), ("GHz", 1_000_000_000)],
      example: "100 MHz")
  }

  private static func quantity(
    _ range: ClosedRange<UInt64>, unit: String, units: [(name: String, factor: UInt64)],
    example: String
  ) -> ValueCodec {
    let integer = ValueShape.IntegerShape(
      minimum: Int128(range.lowerBound), maximum: Int128(range.upperBound), unit: unit)
    let names = units.map(\.name)
    let pattern = "^[0-9]+(\\.[0-9]+)? ?(\(names.joined(separator: "|")))$"
    let shape = ValueShape.either(
      .integer(integer), .text(noun: "text such as \"\(example)\"", pattern: pattern))
    return ValueCodec(
      shape: shape,
      decode: { member, collector in
        if let value = member.node.integer, integer.accepts(value) { return UInt64(value) }
        var suggestion: String?
        if let text = member.node.text {
          let quantity = QuantityText(text)
          if let factor = units.first(where: { $0.name == quantity.unit })?.factor,
            let value = quantity.value(times: factor), integer.accepts(value)
          {
            return UInt64(value)
          }
          if let near = quantity.unitMeant(among: names), near != quantity.unit {
            suggestion = "\(quantity.number) \(near)"
          }
        }
        collector.mismatch(member.node, expected: shape.expectation, suggestion: suggestion)
        return nil
      },
      encode: { .integer(Int128($0)) })
  }
}

/// A decimal number followed by a unit, read exactly (without floating point).
struct QuantityText {
  /// The digits, with the point if there is one.
  let number: String
  let unit: String

  init(_ text: String) {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    number = String(digits)
    unit = String(text.dropFirst(digits.count).drop { $0 == " " })
  }

  /// number × factor, if it is a whole number of at most 18 digits.
  func value(times factor: UInt64) -> Int128? {
    let parts = number.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count <= 2, let whole = parts.first, !whole.isEmpty, whole.count <= 18 else {
      return nil
    }
    let fraction = parts.count == 2 ? parts[1] : ""
    guard parts.count == 1 || !fraction.isEmpty, fraction.count <= 12,
      let digits = Int128(whole + fraction)
    else { return nil }
    let scale = fraction.reduce(Int128(1)) { scale, _ in scale * 10 }
    let (value, remainder) = (digits * Int128(factor)).quotientAndRemainder(dividingBy: scale)
    return remainder == 0 ? value : nil
  }

  /// The unit that was probably meant: the same but for case, or with the binary `i`.
  func unitMeant(among names: [String]) -> String? {
    guard !number.isEmpty else { return nil }
    if unit.isEmpty { return names.first }
    let lowered = unit.lowercased()
    return names.first { $0.lowercased() == lowered }
      ?? names.first { $0.lowercased().replacing("i", with: "") == lowered }
      ?? names.first { $0.lowercased().first == lowered.first && lowered.count <= 3 }
  }
}
