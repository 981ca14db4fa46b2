/// Cycles in which a bank is written, as runs in ascending order.
struct BusyCycles {
  private struct Run {
    var start = 0
    var end = 0
  }

  private var runs = FixedQueue(capacity: 64, blank: Run())

  /// Adds `count` cycles from `cycle` on; they mostly come in order.
  mutating func insert(_ cycle: Int, count: Int = 1) {
    let run = Run(start: cycle, end: cycle + count)
    guard !runs.isEmpty else {
      runs.append(run)
      return
    }
    let last = runs[runs.count - 1]
    if cycle >= last.start && cycle <= last.end {
      runs[runs.count - 1].end = max(last.end, run.end)
      return
    }
    runs.append(run)
    var index = runs.count - 1
    while index > 0 && runs[index - 1].start > cycle {
      runs[index] = runs[index - 1]
      index -= 1
    }
    runs[index] = run
  }

  func contains(_ cycle: Int) -> Bool {
    var index = runs.count - 1
    while index >= 0 && runs[index].start > cycle { index -= 1 }
    return index >= 0 && cycle < runs[index].end
  }

  /// An operation that needs every cycle from `start` to `end` ends later by the busy ones.
  mutating func stall(from start: Int, to end: Int) -> Int {
    var end = end
    while !runs.isEmpty {
      let run = runs.first
      if run.end <= start {
        runs.removeFirst()
        continue
      }
      if run.start >= end { break }
      end += run.end - max(run.start, start)
      runs.removeFirst()
    }
    return end
  }

  /// Forgets what lies before `cycle`.
  mutating func drop(before cycle: Int) {
    while !runs.isEmpty && runs.first.end <= cycle { runs.removeFirst() }
  }
}
