import SimKernel
import Testing

/// Exactly when modules run, against a model that looks at every cycle of every module.
@Suite struct WakeTests {
  /// One module of the model and of the kernel: a random request after every tick.
  struct Requests {
    var random: SplitMix64

    /// `nil` asks to sleep until a port wakes the module.
    mutating func next(_ now: Cycle) -> Cycle? {
      switch Int.random(in: 0..<12, using: &random) {
      case 0: now
      case 1: now + 1
      case 2: now + 2
      case 3, 4: now + .random(in: 1...64, using: &random)
      case 5, 6: now + .random(in: 1...1023, using: &random)
      case 7: now + 1023
      case 8: now + 1024
      case 9: now + 1025
      case 10: now + .random(in: 1000...4000, using: &random)
      default: nil
      }
    }
  }

  struct Poke {
    var cycle: Cycle
    var module: Int
  }

  static func pokes(seed: UInt64, modules: Int, cycles: Cycle) -> [Poke] {
    var random = SplitMix64(seed: seed)
    return (0..<modules * 16)
      .map { _ in
        Poke(
          cycle: .random(in: 0..<cycles, using: &random),
          module: .random(in: 0..<modules, using: &random))
      }
      .sorted { $0.cycle < $1.cycle }
  }

  /// The cycles at which each module must run.
  static func expected(seed: UInt64, modules: Int, pokes: [Poke], cycles: Cycle) -> [[Cycle]] {
    (0..<modules).map { module in
      var requests = Requests(random: SplitMix64(seed: seed &+ UInt64(module)))
      // A poke in a cycle wakes in the next one; two pokes in one cycle cancel out but still wake.
      var woken = pokes.filter { $0.module == module }.map { $0.cycle + 1 }[...]
      var ticks: [Cycle] = []
      var wake: Cycle? = 0
      for cycle in 0..<cycles where wake == cycle || woken.first == cycle {
        woken = woken.drop { $0 == cycle }
        ticks.append(cycle)
        wake = requests.next(cycle).map { max($0, cycle + 1) }
      }
      return ticks
    }
  }

  @Test(arguments: [1, 7, 64, 65, 130], [1, 3] as [Tick])
  func `modules run exactly when they asked or were woken`(modules: Int, period: Tick) {
    for seed in 0..<UInt64(4) {
      let cycles: Cycle = 8000
      let pokes = Self.pokes(seed: seed, modules: modules, cycles: cycles)
      let kernel = Kernel(periods: [period])
      let probes = (0..<modules).map { module in
        var requests = Requests(random: SplitMix64(seed: seed &+ UInt64(module)))
        return kernel.probe { now in
          guard let cycle = requests.next(now) else { return .onPort }
          return cycle == now ? .nextCycle : .at(cycle)
        }
      }
      let lines = probes.map { kernel.line(to: $0) }
      var levels = Array(repeating: false, count: modules)
      var position = 0
      kernel.probe { now in
        while position < pokes.count, pokes[position].cycle == now {
          let module = pokes[position].module
          levels[module].toggle()
          lines[module].set(levels[module])
          position += 1
        }
        return position < pokes.count ? .at(pokes[position].cycle) : .onPort
      }
      _ = kernel.run(until: (cycles - 1) * period)
      let expected = Self.expected(seed: seed, modules: modules, pokes: pokes, cycles: cycles)
      for (probe, ticks) in zip(probes, expected) { #expect(probe.ticks == ticks) }
    }
  }

  @Test func `a wake takes the place of the one before`() {
    let kernel = Kernel()
    var answers: [Wake] = [.at(100), .at(7), .onPort]
    let sleeper = kernel.probe { _ in answers.removeFirst() }
    let line = kernel.line(to: sleeper)
    kernel.probe { now in
      if now == 3 { line.set(true) }
      return now < 3 ? .nextCycle : .onPort
    }
    #expect(kernel.run() == .deadlocked)
    #expect(sleeper.ticks == [0, 4, 7])
  }

  @Test(arguments: [1, 2, 1022, 1023, 1024, 1025, 2047, 2048, 2049, 5000, 1 << 40] as [Cycle])
  func `a wake far ahead comes at its cycle`(distance: Cycle) {
    let kernel = Kernel(periods: [3])
    let sleeper = kernel.probe { now in now < 3 * distance ? .at(now + distance) : .onPort }
    #expect(kernel.run() == .deadlocked)
    #expect(sleeper.ticks == [0, distance, 2 * distance, 3 * distance])
    #expect(kernel.time.pointee == 9 * distance)
  }

  @Test func `a timer that is asked again in every cycle neither moves nor leaks`() {
    let kernel = Kernel()
    let timer = kernel.probe { now in now < 50_000 ? .at(50_000) : .onPort }
    let line = kernel.line(to: timer)
    kernel.probe { now in
      line.set(now % 2 == 0)
      return now < 49_000 ? .nextCycle : .onPort
    }
    #expect(kernel.run() == .deadlocked)
    #expect(timer.ticks == Array(0...49_000 + 1) + [50_000])
  }

  @Test func `an unreachable wake is later than any limit but no deadlock`() {
    for wake in [Cycle.max - 1, 1 << 63] {
      let kernel = Kernel(periods: [1000])
      let sleeper = kernel.probe { _ in .at(wake) }
      #expect(kernel.run() == .limitReached)
      #expect(sleeper.ticks == [0])
      #expect(kernel.time.pointee == Kernel.lastTick)
    }
  }

  @Test func `the earlier of two wakes wins`() {
    #expect(Wake.earliest(.at(5), .at(9)) == .at(5))
    #expect(Wake.earliest(.onPort, .at(9)) == .at(9))
    #expect(Wake.earliest(.at(5), .nextCycle) == .nextCycle)
    #expect(Wake.earliest(.onPort, .onPort) == .onPort)
  }
}
