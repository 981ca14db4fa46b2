/// Zeroed memory that lives as long as its kernel; ports, counters and tables point into it.
///
/// Handles are structs of `let` pointers, so using them costs no reference counting and no runtime
/// exclusivity check. They must not outlive the kernel.
public final class Arena {
  private var blocks: [UnsafeMutableRawPointer] = []
  private var cursor: UnsafeMutableRawPointer?
  private var remaining = 0
  private static let blockBytes = 1 << 16
  private static let cacheLine = 64

  /// Creates an empty arena.
  public init() {}

  deinit {
    for block in blocks { block.deallocate() }
  }

  /// Allocates `count` zeroed elements of a trivial type, aligned to a cache line when large.
  public func allocate<T: BitwiseCopyable>(_ type: T.Type, count: Int) -> UnsafeMutablePointer<T> {
    precondition(count >= 0, "an arena allocation has a count of at least 0")
    let bytes = MemoryLayout<T>.stride * count
    let raw = reserve(bytes: bytes, alignment: max(16, MemoryLayout<T>.alignment))
    return raw.bindMemory(to: type, capacity: max(1, count))
  }

  /// Allocates zeroed bytes at an alignment of its own.
  func allocate(bytes: Int, alignment: Int) -> UnsafeMutableRawPointer {
    reserve(bytes: bytes, alignment: alignment)
  }

  private func reserve(bytes: Int, alignment: Int) -> UnsafeMutableRawPointer {
    if bytes > Self.blockBytes / 4 || alignment > Self.cacheLine {
      return block(bytes: bytes, alignment: max(Self.cacheLine, alignment))
    }
    if let cursor {
      let start = cursor.alignedUp(toMultipleOf: alignment)
      let used = (start - cursor) + bytes
      if used <= remaining {
        self.cursor = cursor + used
        remaining -= used
        return start
      }
    }
    let start = block(bytes: Self.blockBytes, alignment: Self.cacheLine)
    cursor = start + bytes
    remaining = Self.blockBytes - bytes
    return start
  }

  private func block(bytes: Int, alignment: Int) -> UnsafeMutableRawPointer {
    let raw = UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: alignment)
    raw.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    blocks.append(raw)
    return raw
  }
}
