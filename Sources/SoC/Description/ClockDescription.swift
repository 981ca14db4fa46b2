/// An entry of section `clocks`.
public struct ClockDescription: NamedSection {
  /// Name by which modules refer to the clock.
  public internal(set) var name = ""
  /// Frequency in hertz.
  public internal(set) var hertz: UInt64 = 1
  /// Where the entry stands.
  public internal(set) var origin = Origin()

  /// Period in nanoseconds.
  public var periodNanoseconds: Double { 1e9 / Double(hertz) }

  static let noun = "clock"
  static let shorthand: String? = "frequency_hz"
  static let help =
    "A clock domain. Text such as \"100 MHz\" in place of the object gives the frequency."
  static let fields: [Field<Self>] = [
    .required("frequency_hz", \.hertz, .frequency(1...1_000_000_000_000), "Frequency.")
  ]
}
