import Foundation

extension UnsafeMutableRawPointer {
  /// Zeroed memory, of which the operating system provides what is touched; ``free()`` ends it.
  static func zeroed(byteCount: Int) -> UnsafeMutableRawPointer? { calloc(byteCount, 1) }

  /// Ends memory that ``zeroed(byteCount:)`` made.
  func free() { Foundation.free(self) }

  /// Whether the bytes at two places are the same.
  func equals(_ other: UnsafeMutableRawPointer, byteCount: Int) -> Bool {
    memcmp(self, other, byteCount) == 0
  }
}

/// Whether two texts are the same; fast without optimisation, unlike `==`.
func isSame(_ first: [UInt8], _ second: [UInt8]) -> Bool {
  guard first.count == second.count else { return false }
  return first.withUnsafeBytes { a in
    second.withUnsafeBytes { b in
      guard let a = a.baseAddress, let b = b.baseAddress else { return true }
      return memcmp(a, b, first.count) == 0
    }
  }
}
