/// How transfers are cut into bursts.
enum BeatBurst {
  /// Bytes of the next burst: at most `maximum` of whole words and never across a 4 KiB boundary.
  @inline(__always)
  static func bytes(from address: Int, to end: Int, busBytes: Int, maximum: Int) -> Int {
    min(end &- address, min(maximum &- (address & (busBytes &- 1)), 4096 &- (address & 4095)))
  }

  /// Bus words of 2^`shift` bytes that `bytes` bytes from `address` on touch.
  @inline(__always)
  static func words(_ address: Int, _ bytes: Int, _ shift: Int) -> Int {
    ((address & ((1 &<< shift) &- 1)) &+ bytes &+ (1 &<< shift) &- 1) &>> shift
  }
}
