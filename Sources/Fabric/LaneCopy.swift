/// Copies `count` bytes of data lanes that do not overlap.
///
/// Bus and stream words are a few bytes to a few hundred; for the common widths this is one or a few
/// vector moves instead of a call of the C library, and no jump table.
@inlinable @inline(__always)
public func copyLanes(
  to destination: UnsafeMutableRawPointer, from source: UnsafeRawPointer, count: Int
) {
  if count & 15 == 0 {
    var offset = 0
    while offset < count {
      (destination + offset).storeBytes(
        of: (source + offset).loadUnaligned(as: SIMD16<UInt8>.self), as: SIMD16<UInt8>.self)
      offset &+= 16
    }
  } else if count == 8 {
    destination.storeBytes(of: source.loadUnaligned(as: UInt64.self), as: UInt64.self)
  } else if count == 4 {
    destination.storeBytes(of: source.loadUnaligned(as: UInt32.self), as: UInt32.self)
  } else {
    destination.copyMemory(from: source, byteCount: count)
  }
}

/// Sets `count` bytes of data lanes to one value.
@inlinable @inline(__always)
public func fillLanes(of lanes: UnsafeMutableRawPointer, with byte: UInt8, count: Int) {
  if count == 16 {
    lanes.storeBytes(of: SIMD16<UInt8>(repeating: byte), as: SIMD16<UInt8>.self)
  } else {
    lanes.initializeMemory(as: UInt8.self, repeating: byte, count: count)
  }
}
