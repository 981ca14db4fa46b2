/// What an instruction has done to registers and memory, in the order it did it.
///
/// Kept in place, without allocation: each instruction starts over. An instruction touches an
/// integer or floating-point register, and up to three control and status registers.
struct Effects: BitwiseCopyable {
  /// What was written: register number × 16 + 0 for x, 1 for f, 4 for a control and status
  /// register; the keys under which Spike keeps its log.
  typealias Key = UInt32

  static let capacity = 6

  private var keys = (UInt32(0), UInt32(0), UInt32(0), UInt32(0), UInt32(0), UInt32(0))
  private var values = (UInt64(0), UInt64(0), UInt64(0), UInt64(0), UInt64(0), UInt64(0))
  private(set) var count = 0
  var load: MemoryAccess?
  var store: MemoryAccess?

  static func integer(_ number: Int) -> Key { Key(number) << 4 }
  static func float(_ number: Int) -> Key { Key(number) << 4 | 1 }
  static func csr(_ number: UInt16) -> Key { Key(number) << 4 | 4 }

  /// Forgets everything.
  @inline(__always)
  mutating func clear() {
    count = 0
    load = nil
    store = nil
  }

  /// Adds a write, or replaces the value of an earlier one to the same register.
  mutating func note(_ key: Key, _ value: UInt64) {
    for index in 0..<count where self[index].key == key {
      withUnsafeMutableBytes(of: &values) { $0.bindMemory(to: UInt64.self)[index] = value }
      return
    }
    guard count < Self.capacity else { return }
    withUnsafeMutableBytes(of: &keys) { $0.bindMemory(to: UInt32.self)[count] = key }
    withUnsafeMutableBytes(of: &values) { $0.bindMemory(to: UInt64.self)[count] = value }
    count += 1
  }

  subscript(index: Int) -> (key: Key, value: UInt64) {
    precondition(index < count)
    return (
      withUnsafeBytes(of: keys) { $0.bindMemory(to: UInt32.self)[index] },
      withUnsafeBytes(of: values) { $0.bindMemory(to: UInt64.self)[index] }
    )
  }
}
