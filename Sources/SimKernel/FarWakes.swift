/// The wakes of one clock domain that lie further ahead than the timing wheel reaches: an indexed
/// binary heap, so that a superseded wake is moved or removed in place and the heap never holds
/// more than one entry per module.
struct FarWakes: BitwiseCopyable {
  private static let absent: Int32 = -1

  private let heap: UnsafeMutablePointer<Int32>
  private let positions: UnsafeMutablePointer<Int32>
  private let size: UnsafeMutablePointer<Int>
  /// The wake of each module, the heap's keys; owned by the wheel.
  private let wakes: UnsafeMutablePointer<Cycle>

  init(arena: Arena, moduleCount: Int, wakes: UnsafeMutablePointer<Cycle>) {
    heap = arena.allocate(Int32.self, count: moduleCount)
    positions = arena.allocate(Int32.self, count: moduleCount)
    positions.update(repeating: Self.absent, count: moduleCount)
    size = arena.allocate(Int.self, count: 1)
    self.wakes = wakes
  }

  /// The earliest far wake, `Cycle.max` when there is none.
  @inline(__always)
  var earliest: Cycle { size.pointee == 0 ? .max : wakes[Int(heap[0])] }

  /// The module of the earliest far wake.
  @inline(__always)
  var first: Int { Int(heap[0]) }

  func contains(_ module: Int) -> Bool { positions[module] != Self.absent }

  /// Adds `module`, whose key must be set.
  func insert(_ module: Int) {
    let position = size.pointee
    size.pointee = position + 1
    place(Int32(truncatingIfNeeded: module), at: position)
    rise(from: position)
  }

  /// Removes `module`, whose key must be the one it was added with.
  func remove(_ module: Int) {
    let position = Int(positions[module])
    positions[module] = Self.absent
    let last = size.pointee - 1
    size.pointee = last
    guard position != last else { return }
    place(heap[last], at: position)
    rise(from: position)
    sink(from: position)
  }

  private func key(_ position: Int) -> Cycle { wakes[Int(heap[position])] }

  private func place(_ module: Int32, at position: Int) {
    heap[position] = module
    positions[Int(module)] = Int32(truncatingIfNeeded: position)
  }

  private func swap(_ a: Int, _ b: Int) {
    let (first, second) = (heap[a], heap[b])
    place(second, at: a)
    place(first, at: b)
  }

  private func rise(from start: Int) {
    var child = start
    while child > 0 {
      let parent = (child - 1) / 2
      guard key(child) < key(parent) else { return }
      swap(child, parent)
      child = parent
    }
  }

  private func sink(from start: Int) {
    var parent = start
    while true {
      let left = 2 * parent + 1
      guard left < size.pointee else { return }
      let right = left + 1
      let child = right < size.pointee && key(right) < key(left) ? right : left
      guard key(child) < key(parent) else { return }
      swap(child, parent)
      parent = child
    }
  }
}
