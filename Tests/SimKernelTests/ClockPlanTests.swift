import SimKernel
import Testing

@Suite struct ClockPlanTests {
  @Test(
    arguments: [
      ([100_000_000], 100_000_000, [1]),
      ([100_000_000, 50_000_000], 100_000_000, [1, 2]),
      ([100_000_000, 33_000_000], 3_300_000_000, [33, 100]),
      ([3_000_000_000, 800_000_000, 1], 12_000_000_000, [4, 15, 12_000_000_000]),
      ([1_000_000_000_000_000], 1_000_000_000_000_000, [1]),
      ([], 1, []),
    ] as [([UInt64], UInt64, [Tick])])
  func `periods are exact`(hertz: [UInt64], rate: UInt64, periods: [Tick]) throws {
    let plan = try ClockPlan(hertz.map { ("clock", $0) })
    #expect(plan.ticksPerSecond == rate)
    #expect(plan.clocks.map(\.period) == periods)
    #expect(plan.clocks.map(\.hertz) == hertz)
  }

  @Test func `a frequency of zero is an error`() {
    #expect(throws: ClockPlanError.zeroFrequency(clock: "b")) {
      try ClockPlan([("a", 1), ("b", 0)])
    }
  }

  @Test(
    arguments: [
      [999_999_937, 999_999_929],
      [1_000_000_000_000_001],
      [UInt64.max, UInt64.max - 1],
      [.max],
    ] as [[UInt64]])
  func `frequencies without a common tick are an error and never rounded`(hertz: [UInt64]) {
    let clocks = hertz.enumerated().map { ("clock\($0.offset)", $0.element) }
    #expect(throws: ClockPlanError.noCommonTick(clocks: clocks.map(\.0))) {
      try ClockPlan(clocks)
    }
  }

  @Test func `edges of two clocks meet where their ratio says`() throws {
    let plan = try ClockPlan([("fast", 100_000_000), ("slow", 33_000_000)])
    let kernel = Kernel(plan: plan)
    let time = kernel.time
    var ticks: [[Tick]] = [[], []]
    for index in 0...1 {
      kernel.probe(domain: index) { _ in
        ticks[index].append(time.pointee)
        return .nextCycle
      }
    }
    // One microsecond: 100 fast and 33 slow cycles, and the edges that both share at its end.
    #expect(kernel.run(until: 3300) == .limitReached)
    #expect(ticks[0] == (0...100).map { $0 * 33 })
    #expect(ticks[1] == (0...33).map { $0 * 100 })
    #expect(kernel.domains[0].cycles(through: 3299) == 100)
    #expect(kernel.domains[1].cycles(through: 3299) == 33)
  }
}
