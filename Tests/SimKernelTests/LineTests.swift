import SimKernel
import Testing

@Suite struct LineTests {
  /// Levels that a listener with the given period sees, per tick, when `driver` drives each tick.
  static func levels(
    period: Tick = 1, order: ModuleOrder = .registration, until limit: Tick,
    _ driver: @escaping (Line, Cycle) -> Void
  ) -> [Tick: Bool] {
    let kernel = Kernel(periods: [1, period], order: order)
    var seen: [Tick: Bool] = [:]
    var line: Line?
    let listener = kernel.probe(domain: 1) { now in
      seen[now * period] = line?.level
      return .nextCycle
    }
    let wire = kernel.line(to: listener)
    line = wire
    kernel.probe { now in
      driver(wire, now)
      return .nextCycle
    }
    _ = kernel.run(until: limit)
    return seen
  }

  @Test(arguments: [ModuleOrder.registration, .reversed])
  func `a level is seen at the instant after it was set`(order: ModuleOrder) {
    let seen = Self.levels(order: order, until: 6) { line, now in
      if now == 2 { line.set(true) }
      if now == 4 { line.set(false) }
    }
    #expect(seen == [0: false, 1: false, 2: false, 3: true, 4: true, 5: false, 6: false])
  }

  @Test(arguments: [ModuleOrder.registration, .reversed])
  func `the last level of an instant counts`(order: ModuleOrder) {
    let seen = Self.levels(order: order, until: 4) { line, now in
      if now == 1 {
        line.set(true)
        line.set(false)
        line.set(true)
      }
      if now == 2 {
        line.set(false)
        line.set(true)
      }
      if now == 3 {
        line.set(false)
        line.set(true)
        line.set(false)
      }
    }
    #expect(seen == [0: false, 1: false, 2: true, 3: true, 4: false])
  }

  @Test func `a change in every cycle is seen one cycle later`() {
    let seen = Self.levels(until: 50) { line, now in line.set(now % 2 == 0) }
    for tick in 1...50 as ClosedRange<Tick> { #expect(seen[tick] == (tick % 2 == 1)) }
  }

  @Test func `a slow listener misses a pulse between its edges`() {
    let seen = Self.levels(period: 10, until: 40) { line, now in
      if now == 11 { line.set(true) }
      if now == 19 { line.set(false) }
      if now == 20 { line.set(true) }
    }
    #expect(seen == [0: false, 10: false, 20: false, 30: true, 40: true])
  }

  @Test func `a change wakes a sleeping listener once and no change wakes nobody`() {
    let kernel = Kernel()
    let listener = kernel.probe { _ in .onPort }
    let line = kernel.line(to: listener)
    kernel.probe { now in
      line.set(now >= 5)
      return now < 20 ? .nextCycle : .onPort
    }
    #expect(kernel.run() == .deadlocked)
    #expect(listener.ticks == [0, 6])
  }

  @Test func `a level set before the first run wakes its listener`() {
    let kernel = Kernel()
    let listener = kernel.probe { _ in .onPort }
    let line = kernel.line(to: listener)
    line.set(true)
    #expect(kernel.run() == .deadlocked)
    #expect(listener.ticks == [0, 1])
    withExtendedLifetime(kernel) { #expect(line.level) }
  }
}
