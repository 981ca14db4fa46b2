#if canImport(Glibc)
  internal import Glibc
#else
  internal import Darwin
#endif

/// Zeroed memory whose pages the host provides on first touch.
func allocateZeroed(_ size: Int) -> UnsafeMutableRawPointer? {
  calloc(max(1, size), 1)
}

/// Releases what ``allocateZeroed(_:)`` returned.
func releaseZeroed(_ memory: UnsafeMutableRawPointer) {
  free(memory)
}
