/// Writes numbers for people: grouped digits where the exact value matters, three significant
/// digits and an SI prefix elsewhere.
///
/// The group separator is a narrow no-break space (U+202F), as the SI brochure asks for a thin
/// space. Values that are not finite are written as a dash.
enum Quantity {
  static let separator: Character = "\u{202F}"
  static let unknown = "–"

  /// The exact number: `1 840 000`.
  static func exact(_ value: UInt64) -> String {
    let digits = Array(String(value))
    guard digits.count > 3 else { return String(digits) }
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(separator) }
      text.append(digit)
    }
    return text
  }

  /// Three significant digits with an SI prefix: `1.84 M`, `12.3 µJ`; `unit` may be empty.
  static func short(_ value: Double, _ unit: String = "") -> String {
    guard value.isFinite else { return unknown }
    let space = unit.isEmpty ? "" : " "
    if value == 0 { return "0\(space)\(unit)" }
    let prefixes = ["a", "f", "p", "n", "µ", "m", "", "k", "M", "G", "T", "P", "E"]
    var mantissa = abs(value)
    var index = 6
    while mantissa >= 999.5, index < prefixes.count - 1 {
      mantissa /= 1000
      index += 1
    }
    while mantissa < 0.9995, index > 0 {
      mantissa *= 1000
      index -= 1
    }
    let digits = mantissa < 9.995 ? 2 : mantissa < 99.95 ? 1 : 0
    // No prefix below 1 for plain counts: 0.5 of something is 0.500.
    let isPlainFraction = unit.isEmpty && abs(value) < 0.9995
    let number =
      isPlainFraction ? fixed(abs(value), digits: 3) : fixed(mantissa, digits: digits)
    let prefix = isPlainFraction ? "" : prefixes[index]
    let sign = value < 0 ? "-" : ""
    let gap = prefix.isEmpty && unit.isEmpty ? "" : " "
    return "\(sign)\(number)\(gap)\(prefix)\(unit)"
  }

  /// A count: exact up to four digits, `1.84 M` above.
  static func count(_ value: UInt64) -> String {
    value < 10_000 ? exact(value) : short(Double(value))
  }

  /// A count that may have a fraction; exact when it is whole and has up to four digits.
  static func count(_ value: Double) -> String {
    value >= 0 && value < 10_000 && value == value.rounded()
      ? exact(UInt64(value)) : short(value)
  }

  /// A number of bytes with decimal prefixes; exact up to four digits.
  static func bytes(_ value: UInt64) -> String {
    value < 10_000 ? "\(exact(value)) B" : short(Double(value), "B")
  }

  /// A memory's size with binary prefixes where it is a multiple of them: `16 MiB`.
  static func size(_ bytes: UInt64) -> String {
    for (shift, unit) in [(40, "TiB"), (30, "GiB"), (20, "MiB"), (10, "KiB")]
    where bytes >= 1 << shift && bytes.isMultiple(of: 1 << shift) {
      return "\(exact(bytes >> UInt64(shift))) \(unit)"
    }
    return "\(exact(bytes)) B"
  }

  /// A frequency; exact when three digits suffice, for example `33.3333 MHz` otherwise.
  static func frequency(_ hertz: UInt64) -> String {
    for (scale, unit) in [(1_000_000_000, "GHz"), (1_000_000, "MHz"), (1000, "kHz")]
    where hertz >= scale {
      let fraction = hertz % UInt64(scale)
      if fraction == 0 { return "\(hertz / UInt64(scale)) \(unit)" }
      let value = Double(hertz) / Double(scale)
      return "\(trimmed(fixed(value, digits: 4))) \(unit)"
    }
    return "\(hertz) Hz"
  }

  /// Seconds with an SI prefix; minutes and hours stay seconds, as in `4320 s`.
  static func time(_ seconds: Double) -> String {
    guard seconds.isFinite else { return unknown }
    if seconds >= 999.5, seconds < 1e15 { return "\(exact(UInt64(seconds.rounded()))) s" }
    return short(seconds, "s")
  }

  /// An energy given in pJ.
  static func energy(_ picojoules: Double) -> String {
    short(picojoules * 1e-12, "J")
  }

  /// A power given in mW.
  static func power(_ milliwatts: Double) -> String {
    short(milliwatts * 1e-3, "W")
  }

  /// An area given in µm²: in mm² from a hundredth of one on.
  static func area(_ squareMicrometres: Double) -> String {
    guard squareMicrometres.isFinite else { return unknown }
    if squareMicrometres == 0 { return "0" }
    if squareMicrometres < 9_999.5 { return significant(squareMicrometres) + " µm²" }
    return significant(squareMicrometres * 1e-6) + " mm²"
  }

  /// `value` in tenths of a percent: `12.3`.
  static func percent(tenths value: Int) -> String {
    "\(value / 10).\(value % 10) %"
  }

  /// Three significant digits without a prefix.
  static func significant(_ value: Double) -> String {
    let size = abs(value)
    if size >= 999.5, size < 1e15 {
      return (value < 0 ? "-" : "") + exact(UInt64(size.rounded()))
    }
    if size >= 99.95 { return fixed(value, digits: 0) }
    if size >= 9.995 { return fixed(value, digits: 1) }
    return fixed(value, digits: size >= 0.9995 ? 2 : size >= 0.09995 ? 3 : 4)
  }

  /// Decimal digits after the point, rounded half away from zero.
  static func fixed(_ value: Double, digits: Int) -> String {
    guard value.isFinite, abs(value) < 1e15 else { return unknown }
    var scale: UInt64 = 1
    for _ in 0..<digits { scale *= 10 }
    let scaled = UInt64((abs(value) * Double(scale)).rounded())
    let sign = value < 0 && scaled > 0 ? "-" : ""
    if digits == 0 { return sign + String(scaled) }
    let fraction = String(scaled % scale)
    let zeros = String(repeating: "0", count: digits - fraction.count)
    return "\(sign)\(scaled / scale).\(zeros)\(fraction)"
  }

  /// A process node given in nm: `45 nm`.
  static func node(_ nanometres: Double) -> String {
    trimmed(fixed(nanometres, digits: 1)) + " nm"
  }

  private static func trimmed(_ text: String) -> String {
    guard text.contains(".") else { return text }
    var text = text[...]
    while text.last == "0" { text = text.dropLast() }
    if text.last == "." { text = text.dropLast() }
    return String(text)
  }
}
