/// Copies `count` bytes of data lanes that do not overlap.
///
/// Bus and stream words are a few bytes to a few hundred; for the common widths this is one or two
/// vector moves instead of a call of the C library.
@inlinable @inline(__always)
public func copyLanes(
  to destination: UnsafeMutableRawPointer, from source: UnsafeRawPointer, count: Int
) {
  switch count {
  case 16:
    destination.storeBytes(
      of: source.loadUnaligned(as: SIMD16<UInt8>.self), as: SIMD16<UInt8>.self)
  case 8:
    destination.storeBytes(of: source.loadUnaligned(as: UInt64.self), as: UInt64.self)
  case 32:
    destination.storeBytes(
      of: source.loadUnaligned(as: SIMD32<UInt8>.self), as: SIMD32<UInt8>.self)
  case 4:
    destination.storeBytes(of: source.loadUnaligned(as: UInt32.self), as: UInt32.self)
  default:
    destination.copyMemory(from: source, byteCount: count)
  }
}
