/// Cutting an extent into tiles; extents and sides are positive.
extension Int {
  /// How many tiles of `side` cover this extent: ⌈extent / side⌉.
  @inline(__always)
  func tiles(of side: Int) -> Int { (self + side - 1) / side }

  /// The extent rounded up to whole tiles of `side`: ⌈extent / side⌉ · side.
  @inline(__always)
  func padded(to side: Int) -> Int { tiles(of: side) * side }
}
