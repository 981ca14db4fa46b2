/// One line about a running simulation, to be written again and again in place on a terminal.
public struct ProgressLine: Sendable, Equatable {
  /// Simulated time so far, in s.
  public var simulatedSeconds: Double
  /// Cycles of the fastest clock so far.
  public var cycles: UInt64
  /// Wall time so far, in s.
  public var elapsedSeconds: Double
  /// The current layer; empty for none.
  public var tag: String

  /// Creates a line from its numbers.
  public init(simulatedSeconds: Double, cycles: UInt64, elapsedSeconds: Double, tag: String = "") {
    self.simulatedSeconds = simulatedSeconds
    self.cycles = cycles
    self.elapsedSeconds = elapsedSeconds
    self.tag = tag
  }

  /// What clears the line on a terminal: carriage return and "erase to end of line".
  public static let clearing = "\r\u{1B}[K"

  /// The line without control sequences, at most `style.width` - 1 columns, so that no terminal
  /// wraps it.
  public func text(_ style: TextStyle) -> String {
    var parts = [
      "simulated \(Quantity.time(simulatedSeconds))", "\(Quantity.count(cycles)) cycles",
    ]
    // Too early there is no meaningful speed.
    if elapsedSeconds >= 0.05, elapsedSeconds.isFinite {
      parts.append(Quantity.short(Double(cycles) / elapsedSeconds) + " cycles/s")
    }
    parts.append("elapsed \(Self.clock(elapsedSeconds))")
    if !tag.isEmpty { parts.append(TextStyle.printable(tag)) }
    return style.finish(TextTable.cut(parts.joined(separator: " · "), style.width - 1))
  }

  /// Seconds below a minute with a decimal, `m:ss` and `h:mm:ss` above.
  private static func clock(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return Quantity.unknown }
    if seconds < 59.95 { return Quantity.fixed(seconds, digits: 1) + " s" }
    let whole = Int(seconds.rounded())
    func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
    let (hours, minutes) = (whole / 3600, whole / 60 % 60)
    return hours > 0
      ? "\(hours):\(two(minutes)):\(two(whole % 60))" : "\(minutes):\(two(whole % 60))"
  }
}
