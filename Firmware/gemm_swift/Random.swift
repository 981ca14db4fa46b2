/// The operands: a linear congruential sequence, equal on every run.
struct Random {
  private var state: UInt32

  init(seed: UInt32) { state = seed }

  /// The next operand, any of the 256 values.
  mutating func next() -> Int8 {
    state = state &* 1_664_525 &+ 1_013_904_223
    return Int8(truncatingIfNeeded: Int32(bitPattern: state) >> 24)
  }
}
