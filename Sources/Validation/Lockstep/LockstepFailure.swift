public import RTL

/// A difference between a model and its RTL, with what led to it.
public struct LockstepFailure: Error, Sendable, CustomStringConvertible {
  /// The RTL module with its parameters.
  public let block: String
  /// The case's seed: the same seed gives the same case.
  public let seed: UInt64
  /// How many resets came before.
  public let episode: Int
  /// What differed in the first cycle with a difference.
  public let differences: [SignalLog.Difference]
  /// The last cycles of the signals that differed and of the handshakes, both sides, as a table.
  public let table: String
  /// The last cycles of all signals, both sides, as a VCD file.
  public let waveform: String

  /// What differs, with the last cycles of both sides.
  public var description: String {
    let cycle = differences.first?.cycle ?? 0
    let signals = differences.map { "  \($0.signal): model \($0.model), RTL \($0.rtl)" }
    return """
      \(block), case \(seed), reset \(episode): model and RTL differ in cycle \(cycle)
      \(signals.joined(separator: "\n"))
      \(table)
      """
  }
}
