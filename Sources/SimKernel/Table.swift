/// A fixed, bounds-checked array of trivial elements in the kernel's arena, for module state.
public struct Table<Element: BitwiseCopyable>: BitwiseCopyable {
  /// The first element; valid while the kernel lives.
  public let pointer: UnsafeMutablePointer<Element>
  /// The number of elements.
  public let count: Int

  /// Allocates `count` zeroed elements.
  public init(_ arena: Arena, count: Int) {
    pointer = arena.allocate(Element.self, count: count)
    self.count = count
  }

  /// The element at `index`; traps outside `0 ..< count`.
  @inlinable
  public subscript(index: Int) -> Element {
    get {
      precondition(index >= 0 && index < count, "table index out of range")
      return pointer[index]
    }
    nonmutating set {
      precondition(index >= 0 && index < count, "table index out of range")
      pointer[index] = newValue
    }
  }
}
