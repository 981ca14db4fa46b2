/// Ends of commands by time.
struct EventHeap {
  private var heap: [CommandEnd] = []

  var first: CommandEnd? { heap.first }

  mutating func insert(_ event: CommandEnd) {
    heap.append(event)
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child].time < heap[parent].time else { return }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  /// Gives every event its time anew.
  mutating func update(_ time: (CommandEnd) -> Double) {
    let known = heap
    heap.removeAll(keepingCapacity: true)
    for var event in known {
      event.time = time(event)
      insert(event)
    }
  }

  mutating func removeFirst() {
    guard let last = heap.popLast(), !heap.isEmpty else { return }
    heap[0] = last
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < heap.count && heap[child].time < heap[least].time {
        least = child
      }
      if least == parent { return }
      heap.swapAt(parent, least)
      parent = least
    }
  }
}
