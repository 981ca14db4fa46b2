/// Numbers as people read them: four significant digits, groups of three digits set apart by a
/// narrow no-break space (U+202F), as the SI brochure asks for.
enum NumberText {
  /// Four significant digits: `1 840 000`, `12.34`, `0.001234`, `1.234e-7`; a dash when not finite.
  static func metric(_ value: Double) -> String {
    guard value.isFinite else { return "–" }
    if value == 0 { return "0" }
    let size = abs(value)
    if size >= 1e15 || size < 1e-4 { return exponential(value) }
    if size >= 999.95 { return (value < 0 ? "-" : "") + count(UInt64(size.rounded())) }
    var digits = 3
    var limit = 9.9995
    while size >= limit, digits > 0 {
      limit *= 10
      digits -= 1
    }
    limit = 0.99995
    while size < limit, digits < 7 {
      limit /= 10
      digits += 1
    }
    return trimmed(fixed(value, digits: digits))
  }

  /// A count with its digits in groups of three.
  static func count(_ value: UInt64) -> String {
    let digits = String(value)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append("\u{202F}") }
      text.append(digit)
    }
    return text
  }

  /// A count that may be negative.
  static func count(_ value: Int) -> String {
    (value < 0 ? "-" : "") + count(UInt64(value.magnitude))
  }

  /// The size of a space, exact below 10¹⁵.
  static func space(_ value: Double) -> String {
    value >= 0 && value < 1e15 ? count(UInt64(value.rounded())) : metric(value)
  }

  /// Seconds as `0.21 s`, `12.3 s`, `4 min 05 s` or `2 h 07 min`.
  static func time(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e15 else { return "–" }
    if seconds < 9.995 { return fixed(seconds, digits: 2) + " s" }
    if seconds < 99.95 { return fixed(seconds, digits: 1) + " s" }
    let whole = UInt64(seconds.rounded())
    func two(_ value: UInt64) -> String { value < 10 ? "0\(value)" : "\(value)" }
    if whole < 3600 { return "\(whole / 60) min \(two(whole % 60)) s" }
    return "\(count(whole / 3600)) h \(two(whole % 3600 / 60)) min"
  }

  /// A share from 0 to 1 as whole percent.
  static func percent(_ share: Double) -> String {
    share.isFinite ? fixed(share * 100, digits: 0) + " %" : "–"
  }

  /// Decimal digits after the point, rounded half away from zero; for sizes below 10¹⁵ / 10^digits.
  static func fixed(_ value: Double, digits: Int) -> String {
    var scale: UInt64 = 1
    for _ in 0..<digits { scale *= 10 }
    let scaled = UInt64((abs(value) * Double(scale)).rounded())
    let sign = value < 0 && scaled > 0 ? "-" : ""
    if digits == 0 { return sign + String(scaled) }
    let fraction = String(scaled % scale)
    let zeros = String(repeating: "0", count: digits - fraction.count)
    return "\(sign)\(scaled / scale).\(zeros)\(fraction)"
  }

  private static func exponential(_ value: Double) -> String {
    var mantissa = abs(value)
    var exponent = 0
    while mantissa >= 9.9995 {
      mantissa /= 10
      exponent += 1
    }
    while mantissa < 0.99995, exponent > -330 {
      mantissa *= 10
      exponent -= 1
    }
    return "\(value < 0 ? "-" : "")\(trimmed(fixed(mantissa, digits: 3)))e\(exponent)"
  }

  private static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var text = text[...]
    while text.last == "0" { text = text.dropLast() }
    if text.last == "." { text = text.dropLast() }
    return String(text)
  }
}
