/// A small random generator whose seed alone decides what it gives, on every machine.
struct SplitMix64: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// The generator of one stream out of many with the same seed.
  init(seed: UInt64, stream: UInt64) {
    var outer = SplitMix64(seed: seed ^ 0x5851_f42d_4c95_7f2d)
    state = outer.next() &+ stream &* 0xda94_2042_e4dd_58b5
    state = next()
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
    return z ^ z >> 31
  }

  /// True in `percent` of 100 cases.
  mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

  /// A number from 0 to `limit` − 1.
  mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }

  /// One of `choices`, which must not be empty.
  mutating func pick<Choice>(_ choices: [Choice]) -> Choice { choices[below(choices.count)] }

  /// One of `choices`, each as often as its weight says.
  mutating func pick<Choice>(weighted choices: [(Int, Choice)]) -> Choice {
    var rest = below(choices.reduce(0) { $0 + $1.0 })
    for (weight, choice) in choices {
      if rest < weight { return choice }
      rest -= weight
    }
    return choices[0].1
  }
}
