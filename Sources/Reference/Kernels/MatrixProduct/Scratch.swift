/// Working memory of kernels, aligned for vectors. Not initialised; whoever allocates it deallocates it.
enum Scratch {
  /// Allocates so many numbers.
  static func allocate(_ count: Int) -> UnsafeMutablePointer<Float> {
    UnsafeMutableRawPointer.allocate(
      byteCount: max(count, 1) * MemoryLayout<Float>.stride, alignment: 64
    ).bindMemory(to: Float.self, capacity: max(count, 1))
  }

  /// Frees what ``allocate(_:)`` returned.
  static func deallocate(_ memory: UnsafeMutablePointer<Float>) {
    UnsafeMutableRawPointer(memory).deallocate()
  }
}
