/// Shares of a whole in tenths of a percent that sum to exactly 100.0 %.
///
/// Rounding each share on its own makes tables that sum to 99.9 %. Here each is rounded down and
/// the missing tenths go to the largest remainders (Hamilton's method of apportionment); a share is
/// never off by a whole tenth.
public enum Shares {
  /// Shares of counts; all 0 when the sum is 0.
  ///
  /// - Parameter whole: what the shares sum to, in tenths of a percent; less than 1000 when the
  ///   values are themselves a part of something.
  public static func tenths(_ values: [UInt64], of whole: Int = 1000) -> [Int] {
    let total = values.reduce(UInt128(0)) { $0 + UInt128($1) }
    guard total > 0 else { return values.map { _ in 0 } }
    let parts = values.map {
      (UInt128($0) * UInt128(whole)).quotientAndRemainder(dividingBy: total)
    }
    var result = parts.map { Int($0.quotient) }
    let missing = whole - result.reduce(0, +)
    let order = parts.indices.sorted {
      (parts[$1].remainder, $0) < (parts[$0].remainder, $1)
    }
    for index in order.prefix(missing) { result[index] += 1 }
    return result
  }

  /// Shares of amounts of at least 0; all 0 when the sum is 0 or not finite.
  public static func tenths(_ values: [Double]) -> [Int] {
    let total = values.reduce(0, +)
    guard total > 0, total.isFinite else { return values.map { _ in 0 } }
    // 2^40 steps keep every tenth apart and the sum within 64 bits.
    return tenths(values.map { UInt64(max(0, $0) / total * 0x1p40) })
  }
}
