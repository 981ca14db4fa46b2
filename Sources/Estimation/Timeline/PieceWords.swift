internal import Mapping

/// How many bus words pieces of memory take.
enum PieceWords {
  /// Bus words of `bytes` bytes that begin `lane` bytes behind a word's beginning.
  @inline(__always)
  static func words(_ bytes: Int, lane: Int, bus: Int) -> Int { (lane + bytes + bus - 1) / bus }

  /// Mean bus words of pieces of `bytes` bytes whose addresses are `first` plus multiples of `step`: their lanes repeat, so
  /// that a mean over lanes that are `gcd(step, bus)` apart is exact for whole periods.
  static func mean(_ bytes: Int, first: Int, step: Int, bus: Int) -> Double {
    let distance = gcd(step & (bus - 1), bus)
    var sum = 0
    var lane = first & (distance - 1)
    while lane < bus {
      sum += words(bytes, lane: lane, bus: bus)
      lane += distance
    }
    return Double(sum) / Double(bus / distance)
  }

  /// Both are powers of two or zero apart from `a`.
  static func gcd(_ a: Int, _ b: Int) -> Int {
    a == 0 ? b : min(1 << a.trailingZeroBitCount, b)
  }
}
