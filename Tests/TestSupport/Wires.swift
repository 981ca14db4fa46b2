public import SimKernel

/// Drives wires at fixed cycles, for tests.
public final class LineDriver: Module {
  /// A level that a wire takes in a cycle.
  public struct Event: Sendable {
    let cycle: Cycle
    let line: Int
    let level: Bool

    /// Sets line number `line` to `level` in `cycle`.
    public init(_ cycle: Cycle, line: Int = 0, _ level: Bool) {
      self.cycle = cycle
      self.line = line
      self.level = level
    }
  }

  private let lines: [Line]
  private let events: [Event]
  private var next = 0

  /// Creates a driver; `events` are in the order of their cycles.
  public init(path: String, lines: [Line], events: [Event]) {
    self.lines = lines
    self.events = events
    super.init(path: path)
  }

  public override func tick(_ now: Cycle) -> Wake {
    while next < events.count, events[next].cycle <= now {
      lines[events[next].line].set(events[next].level)
      next += 1
    }
    return next < events.count ? .at(events[next].cycle) : .onPort
  }
}

/// Records the cycles in which wires are seen to change, for tests.
public final class LineRecorder: Module {
  /// The wires; attach them after creating them with this module as listener.
  public var lines: [Line] = []
  /// For every wire the cycles in which its level was seen to change, from low at the start.
  public private(set) var changes: [[Cycle]] = []
  private var levels: [Bool] = []

  public override func tick(_ now: Cycle) -> Wake {
    while changes.count < lines.count {
      changes.append([])
      levels.append(false)
    }
    for (index, line) in lines.enumerated() where line.level != levels[index] {
      levels[index] = line.level
      changes[index].append(now)
    }
    return .onPort
  }
}
