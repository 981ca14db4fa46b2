/// A 64-bit `mcycle` or `minstret` register, kept as the distance to a count that never stops.
///
/// Nothing is added per instruction: the running count is the hart's own, and reading, writing and
/// inhibiting the register only move the distance.
struct EventCounter: BitwiseCopyable, Sendable {
  private var offset: UInt64 = 0
  private var heldValue: UInt64 = 0
  private(set) var inhibited = false

  /// The register's value as an instruction sees it that starts when the hart has counted `count`.
  func value(at count: UInt64) -> UInt64 { inhibited ? heldValue : count &+ offset }

  /// Writes the register. The write takes the place of the writing instruction's own increment,
  /// so the next instruction reads `value`.
  mutating func write(_ value: UInt64, at count: UInt64) {
    if inhibited {
      heldValue = value
    } else {
      offset = value &- (count &+ 1)
    }
  }

  /// Stops or restarts the register; the new setting already governs the increment of the
  /// instruction that sets it, as on Spike.
  mutating func setInhibited(_ inhibit: Bool, at count: UInt64) {
    guard inhibit != inhibited else { return }
    if inhibit {
      heldValue = count &+ offset
    } else {
      offset = heldValue &- count
    }
    inhibited = inhibit
  }
}
