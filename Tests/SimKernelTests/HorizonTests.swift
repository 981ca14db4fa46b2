import SimKernel
import Testing

@Suite struct HorizonTests {
  /// A module that asks for its horizon in every tick, beside others that come and go.
  static func horizons(
    seed: UInt64, eager: Bool = false, until limit: Tick
  ) -> (own: [(tick: Tick, horizon: Tick)], others: [Tick]) {
    var random = SplitMix64(seed: seed)
    let kernel = Kernel(periods: [.random(in: 1...5, using: &random), 2, 7], eager: eager)
    let (time, horizon) = (kernel.time, kernel.horizon())
    var own: [(tick: Tick, horizon: Tick)] = []
    var others: [Tick] = []
    var delays = SplitMix64(seed: seed &+ 1)
    kernel.probe { now in
      own.append((time.pointee, horizon.tick))
      return .at(now + .random(in: 1...30, using: &delays))
    }
    for index in 0..<Int.random(in: 1...70, using: &random) {
      var delays = SplitMix64(seed: random.next())
      let longest: Cycle = [40, 400, 3000].randomElement(using: &random) ?? 40
      kernel.probe(domain: index == 0 ? 0 : .random(in: 0...2, using: &random)) { now in
        others.append(time.pointee)
        return .at(now + .random(in: 1...longest, using: &delays))
      }
    }
    _ = kernel.run(until: limit)
    return (own, others)
  }

  @Test(arguments: [UInt64](0..<30))
  func `the horizon is the next tick of anyone else, or now when others run`(seed: UInt64) {
    let limit: Tick = 3000
    let (own, others) = Self.horizons(seed: seed, until: limit)
    for (tick, horizon) in own {
      if others.contains(tick) {
        #expect(horizon == tick)
      } else {
        #expect(horizon == min(limit, others.filter { $0 > tick }.min() ?? limit))
      }
    }
  }

  @Test func `an eager kernel grants no horizon`() {
    let (own, _) = Self.horizons(seed: 3, eager: true, until: 500)
    #expect(own.allSatisfy { $0.tick == $0.horizon })
  }

  @Test func `alone in the system, the horizon is the limit of the run`() {
    for wake in [Wake.nextCycle, .at(3), .at(2000)] {
      let kernel = Kernel(periods: [2, 3])
      let horizon = kernel.horizon()
      var horizons: [Tick] = []
      kernel.probe { _ in
        horizons.append(horizon.tick)
        return wake
      }
      kernel.probe(domain: 1) { _ in .onPort }
      _ = kernel.run(until: 5000)
      #expect(horizons.first == 0)
      #expect(horizons.dropFirst().allSatisfy { $0 == 5000 })
    }
  }

  @Test(arguments: [(0, 14), (1, 20)] as [(Int, Tick)], [Wake.nextCycle, .at(13)])
  func `a push of the asking module brings its consumer into the horizon`(
    consumer: (domain: Int, tick: Tick), waiting: Wake
  ) {
    let kernel = Kernel(periods: [1, 10])
    let horizon = kernel.horizon()
    let channel = kernel.channel(of: UInt64.self)
    var horizons: [Cycle: [Tick]] = [:]
    let producer = kernel.probe { now in
      guard now == 13 else { return now < 13 ? waiting : .onPort }
      let before = horizon.tick
      channel.out.push(1)
      horizons[now] = [before, horizon.tick]
      return .onPort
    }
    let listener = kernel.probe(domain: consumer.domain) { _ in .onPort }
    kernel.connect(channel.out, producer: producer, consumer: listener)
    #expect(kernel.run(until: 1000) == .deadlocked)
    #expect(horizons == [13: [1000, consumer.tick]])
  }

  /// A processor: works in every cycle, sends a result now and then, is interrupted by a line.
  /// With a horizon it does several cycles in one tick.
  static func processor(seed: UInt64, runsAhead: Bool) -> [[UInt64]] {
    let kernel = Kernel(periods: [2, 3])
    let (time, horizon) = (kernel.time, kernel.horizon())
    let results = kernel.channel(of: UInt64.self, capacity: 1)
    var log: [[UInt64]] = []
    var random = SplitMix64(seed: seed)
    var done: Cycle = 0
    var state = seed
    var interrupt: Line?
    let processor = kernel.probe { now in
      guard now >= done else { return .at(done) }
      // `end` is the first cycle that lies at or after the horizon.
      var end = runsAhead ? (horizon.tick + 1) / 2 : now + 1
      var cycle = now
      repeat {
        let isInterrupted = interrupt?.level == true
        if state % 13 == 0 {
          // Touches the outside: only in its own cycle, and only when that has come.
          guard cycle == now else { break }
          guard results.out.canPush else {
            done = cycle + 1
            return .nextCycle
          }
          results.out.push(state)
          log.append([0, time.pointee, state])
          if runsAhead { end = (horizon.tick + 1) / 2 }
        }
        state = state &* 6_364_136_223_846_793_005 &+ (isInterrupted ? 3 : 1)
        log.append([1, cycle * 2, state])
        cycle += 1
      } while cycle < end && cycle < 3000
      done = cycle
      return cycle < 3000 ? .at(cycle) : .onPort
    }
    var level = false
    var delays = SplitMix64(seed: random.next())
    let device = kernel.probe(domain: 1) { now in
      if results.in.canPop { log.append([2, time.pointee, results.in.pop()]) }
      guard now > 0, now < 1900 else { return .at(now + 1) }
      level.toggle()
      interrupt?.set(level)
      return .at(now + .random(in: 1...90, using: &delays))
    }
    interrupt = kernel.line(to: processor)
    kernel.connect(results.out, producer: processor, consumer: device)
    _ = kernel.run(until: 6000)
    // Local work done ahead is logged ahead; its own times put it back.
    return log.filter { $0[0] == 1 } + log.filter { $0[0] != 1 }
  }

  @Test(arguments: [UInt64](0..<30))
  func `running ahead to the horizon changes nothing`(seed: UInt64) {
    let ahead = Self.processor(seed: seed, runsAhead: true)
    let inStep = Self.processor(seed: seed, runsAhead: false)
    #expect(zip(ahead, inStep).first { $0 != $1 } == nil)
    #expect(ahead.count == inStep.count)
    #expect(ahead.contains { $0[0] == 2 })
  }
}
