/// A count of actions or events, in kernel-owned memory; adding costs one instruction.
public struct Counter: BitwiseCopyable {
  @usableFromInline let value: UnsafeMutablePointer<UInt64>

  init(value: UnsafeMutablePointer<UInt64>) {
    self.value = value
  }

  /// Adds `amount` events.
  @inlinable @inline(__always)
  public func add(_ amount: UInt64 = 1) {
    value.pointee &+= amount
  }

  /// The total so far, over all tags.
  @inlinable
  public var total: UInt64 { value.pointee }
}
