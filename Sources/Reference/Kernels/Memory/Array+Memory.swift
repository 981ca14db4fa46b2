extension Array where Element: BitwiseCopyable {
  /// Makes an array by writing all its elements through a pointer.
  @inline(__always)
  static func filled(
    _ count: Int, _ write: (UnsafeMutablePointer<Element>) -> Void
  ) -> [Element] {
    [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
      if count > 0, let base = buffer.baseAddress { write(base) }
      initialized = count
    }
  }

  /// Reads the elements through a pointer; it must not be read when there are none.
  @inline(__always)
  func reading<Result>(_ body: (UnsafePointer<Element>) -> Result) -> Result {
    withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress { return body(base) }
      let none = UnsafeMutablePointer<Element>.allocate(capacity: 1)
      defer { none.deallocate() }
      return body(UnsafePointer(none))
    }
  }
}
