import SimKernel
import Testing

@Suite struct RunTests {
  @Test(arguments: [false, true])
  func `a module that finishes ends the run after the instant`(eager: Bool) {
    let kernel = Kernel(eager: eager)
    let controls = kernel.controls
    let first = kernel.probe { now in
      if now == 7 { controls.finish() }
      return .nextCycle
    }
    let second = kernel.probe { _ in .nextCycle }
    #expect(kernel.run(until: 100) == .finished)
    #expect(kernel.time.pointee == 7)
    #expect(first.ticks == Array(0...7))
    #expect(second.ticks == Array(0...7))
    #expect(kernel.run(until: 200) == .finished)
    #expect(first.ticks.count == 8)
  }

  @Test(arguments: [false, true])
  func `nothing scheduled and not finished is a deadlock`(eager: Bool) {
    let kernel = Kernel(periods: [2, 3], eager: eager)
    let first = kernel.probe { now in now < 4 ? .at(now + 4) : .onPort }
    kernel.probe(domain: 1) { _ in .onPort }
    #expect(kernel.run() == .deadlocked)
    #expect(kernel.time.pointee == 8)
    #expect(first.ticks.last == 4)
  }

  @Test(arguments: [false, true])
  func `a kernel without modules or without clocks is deadlocked`(eager: Bool) {
    #expect(Kernel(eager: eager).run(until: 10) == .deadlocked)
    #expect(Kernel(periods: [], eager: eager).run(until: 10) == .deadlocked)
  }

  @Test func `the limit is the last tick that is processed and time goes there`() {
    let kernel = Kernel(periods: [5])
    let probe = kernel.probe { now in .at(now + 2) }
    #expect(kernel.run(until: 29) == .limitReached)
    #expect(probe.ticks == [0, 2, 4])
    #expect(kernel.time.pointee == 29)
    #expect(kernel.run(until: 30) == .limitReached)
    #expect(probe.ticks == [0, 2, 4, 6])
    #expect(kernel.time.pointee == 30)
  }

  @Test func `a limit in the past processes nothing and does not turn time back`() {
    let kernel = Kernel()
    let probe = kernel.probe { _ in .nextCycle }
    #expect(kernel.run(until: 10) == .limitReached)
    #expect(kernel.run(until: 5) == .limitReached)
    #expect(kernel.time.pointee == 10)
    #expect(kernel.run(until: 11) == .limitReached)
    #expect(probe.ticks == Array(0...11))
  }

  @Test func `a poll that returns false interrupts and the run can go on`() {
    let kernel = Kernel()
    let probe = kernel.probe { _ in .nextCycle }
    var polls = 0
    let outcome = kernel.run(pollInterval: 10) {
      polls += 1
      return polls < 3
    }
    #expect(outcome == .interrupted)
    #expect(polls == 3)
    #expect(kernel.time.pointee == 29)
    #expect(kernel.run(until: 49) == .limitReached)
    #expect(probe.ticks == Array(0...49))
  }

  @Test(arguments: [ModuleOrder.registration, .reversed], [false, true])
  func `barrier actions run between two instants whatever the order`(
    order: ModuleOrder, eager: Bool
  ) {
    let kernel = Kernel(eager: eager, order: order)
    let controls = kernel.controls
    var tag = 0
    var barriers: [Tick] = []
    var tags: [[Int]] = [[], []]
    kernel.onBarrier { tick in
      tag += 1
      barriers.append(tick)
    }
    for index in 0...1 {
      kernel.probe { now in
        tags[index].append(tag)
        if now == 3 || now == 5, index == 0 { controls.raiseBarrier() }
        return .nextCycle
      }
    }
    #expect(kernel.run(until: 7) == .limitReached)
    #expect(barriers == [3, 5])
    #expect(tags[0] == [0, 0, 0, 0, 1, 1, 2, 2])
    #expect(tags[1] == tags[0])
  }

  @Test func `a barrier in the last instant runs before the run ends`() {
    let kernel = Kernel()
    let controls = kernel.controls
    var barriers: [Tick] = []
    kernel.onBarrier { barriers.append($0) }
    kernel.probe { _ in
      controls.raiseBarrier()
      controls.finish()
      return .nextCycle
    }
    #expect(kernel.run() == .finished)
    #expect(barriers == [0])
  }

  @Test func `a barrier action may raise the next barrier`() {
    let kernel = Kernel()
    let controls = kernel.controls
    var barriers: [Tick] = []
    kernel.onBarrier {
      barriers.append($0)
      controls.raiseBarrier()
    }
    kernel.probe { now in
      if now == 2 { controls.raiseBarrier() }
      return .nextCycle
    }
    #expect(kernel.run(until: 5) == .limitReached)
    #expect(barriers == [2, 3, 4, 5])
  }

  @Test func `a pause ends the run before the barrier and the repeated tick comes before it too`() {
    let kernel = Kernel()
    let controls = kernel.controls
    var log: [String] = []
    kernel.onBarrier { log.append("barrier \($0)") }
    var isSecond = false
    let probe = kernel.probe { now in
      log.append("tick \(now)")
      guard now == 3 else { return .nextCycle }
      if isSecond {
        controls.finish()
        return .at(9)
      }
      isSecond = true
      controls.pause()
      controls.raiseBarrier()
      return .at(5)
    }
    #expect(kernel.run(until: 20) == .paused)
    #expect(kernel.time.pointee == 3)
    kernel.repeatTick(of: probe)
    #expect(kernel.run(until: 20) == .finished)
    #expect(log == ["tick 0", "tick 1", "tick 2", "tick 3", "tick 3", "barrier 3"])
  }

  @Test func `domains meet at an instant in any number`() {
    // More domains than bits in a word, all due at multiples of 60.
    let periods = (0..<70).map { [1, 2, 3, 4, 5, 6, 10, 12, 15, 20][$0 % 10] as Tick }
    let kernel = Kernel(periods: periods)
    let probes = periods.indices.map { kernel.probe(domain: $0) { _ in .nextCycle } }
    #expect(kernel.run(until: 600) == .limitReached)
    for (probe, period) in zip(probes, periods) { #expect(probe.ticks == Array(0...600 / period)) }
  }

  @Test func `a domain holds thousands of modules`() {
    let kernel = Kernel()
    let probes = (0..<4096).map { index in
      kernel.probe { now in now < 3 ? .nextCycle : now < 5000 ? .at(5000 + UInt64(index)) : .onPort
      }
    }
    #expect(kernel.run() == .deadlocked)
    for (index, probe) in probes.enumerated() {
      #expect(probe.ticks == [0, 1, 2, 3, 5000 + UInt64(index)])
    }
  }

  @Test func `a module woken across clocks runs at its own next edge`() {
    // Periods 7 and 3: pushes at ticks 7n reach the first multiple of 3 after them.
    let kernel = Kernel(periods: [7, 3])
    let time = kernel.time
    let channel = kernel.channel(of: UInt64.self)
    var arrivals: [Tick] = []
    let producer = kernel.probe { now in
      if channel.out.canPush { channel.out.push(now) }
      return .nextCycle
    }
    let consumer = kernel.probe(domain: 1) { _ in
      if channel.in.canPop {
        channel.in.pop()
        arrivals.append(time.pointee)
      }
      return .onPort
    }
    kernel.connect(channel.out, producer: producer, consumer: consumer)
    #expect(kernel.run(until: 60) == .limitReached)
    #expect(arrivals == stride(from: 0, through: 56, by: 7).map { ($0 / 3 + 1) * 3 })
  }
}
