internal import Foundation

/// A size in bytes or a frequency in hertz, written as in SoC files: `256 KiB`, `1.5 MHz`.
enum Quantity {
  /// The units with what one of them is in bytes or hertz.
  static let units: [(name: String, factor: Double)] = [
    ("B", 1), ("KiB", 1024), ("MiB", 1_048_576), ("GiB", 1_073_741_824),
    ("Hz", 1), ("kHz", 1e3), ("MHz", 1e6), ("GHz", 1e9),
  ]

  /// Bytes or hertz of one `unit`; nil for a word that is no unit.
  static func factor(of unit: some StringProtocol) -> Double? {
    units.first { $0.name == unit }?.factor
  }

  /// The number of bytes or hertz that `text` says; nil when it is no quantity.
  static func parse(_ text: String) -> Double? {
    let digits = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
    let unit = text.dropFirst(digits.count).drop { $0 == " " }
    guard digits.first?.isNumber == true, digits.last?.isNumber == true,
      let number = Double(digits), let factor = factor(of: unit)
    else { return nil }
    let value = number * factor
    // 0.1 KiB is no number of bytes; 0.3 MHz is exact but for the rounding of binary fractions.
    let whole = value.rounded()
    return abs(value - whole) <= whole * 1e-12 ? whole : nil
  }
}
