/// A first-in first-out queue in a ring that grows by doubling and then never allocates again.
struct FixedQueue<Element: BitwiseCopyable> {
  private var ring: [Element]
  private var mask: Int
  private var head = 0
  private(set) var count = 0

  /// `capacity` is rounded up to a power of two; `blank` fills the unused slots.
  init(capacity: Int, blank: Element) {
    var size = 1
    while size < capacity { size *= 2 }
    ring = Array(repeating: blank, count: size)
    mask = size - 1
  }

  var isEmpty: Bool { count == 0 }

  /// The oldest element; only meaningful when not empty.
  var first: Element { ring[head] }

  /// The element `index` places behind the oldest.
  subscript(index: Int) -> Element {
    get { ring[(head + index) & mask] }
    set { ring[(head + index) & mask] = newValue }
  }

  mutating func append(_ element: Element) {
    if count > mask { grow() }
    ring[(head + count) & mask] = element
    count += 1
  }

  mutating func removeFirst() {
    head = (head + 1) & mask
    count -= 1
  }

  mutating func removeAll() {
    count = 0
  }

  private mutating func grow() {
    var larger = ring
    for index in 0..<count { larger[index] = self[index] }
    larger.append(contentsOf: ring)
    ring = larger
    mask = ring.count - 1
    head = 0
  }
}
