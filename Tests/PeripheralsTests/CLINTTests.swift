import Fabric
import Peripherals
import SimKernel
import TestSupport
import Testing

private let base = DeviceBench.base
private let compare = base + 0x4000
private let mtime = base + 0xBFF8

private func clint(
  _ script: [BusTransaction], hertz: UInt64 = 100_000_000, harts: Int = 1, busBytes: Int = 8,
  isEager: Bool = false, compareAtReset: UInt64 = .max
) throws -> DeviceBench {
  var options = DeviceBench.Options()
  options.hertz = hertz
  options.outputs = 2 * harts
  options.busBytes = busBytes
  options.isEager = isEager
  return try DeviceBench(options, script) { parts in
    CLINT(
      path: "clint", registers: parts.registers,
      harts: (0..<harts).map {
        CLINT.HartLines(software: parts.outputs[2 * $0], timer: parts.outputs[2 * $0 + 1])
      }, time: MachineTime(kernel: parts.kernel), compare: compareAtReset, site: parts.site,
      kernel: parts.kernel)
  }
}

@Suite("CLINT")
struct CLINTTests {
  @Test(
    "mtime counts 10 MHz of simulated time exactly, whatever the clock",
    arguments: [
      1, 7, 999_983, 10_000_000, 12_345_679, 33_333_333, 100_000_000, 3_000_000_001,
    ] as [UInt64])
  func time(hertz: UInt64) throws {
    let cycles: [Cycle] = [1, 2, 10, 99, 1000, 54_321, 1_000_003]
    let bench = try clint(cycles.map { .read(mtime, 8, at: $0 - 1) }, hertz: hertz)
    #expect(bench.run() == .finished)
    // The access sent in a cycle is served in the next.
    #expect(
      bench.values
        == bench.driver.answers.map { ($0.sent + 1) * 10_000_000 / hertz })
  }

  @Test("A time base of any frequency neither drifts nor overflows")
  func timeBase() throws {
    var random = SplitMix64(seed: 5)
    for _ in 0..<2000 {
      let rate = UInt64.random(in: 1...ClockPlan.maximumTicksPerSecond, using: &random)
      let hertz = UInt64.random(in: 1...2_000_000_000, using: &random)
      let base = TimeBase(ticksPerSecond: rate, hertz: hertz)
      let count = UInt64.random(in: 1...1 << 40, using: &random)
      guard let tick = base.tick(ofCount: count, from: 0) else { continue }
      #expect(base.count(at: tick) >= count)
      #expect(tick == 0 || base.count(at: tick - 1) < count)
      #expect(base.tick(ofCount: count, from: tick) == nil)
    }
    #expect(TimeBase(ticksPerSecond: 1, hertz: 10).count(at: .max) == .max)
    #expect(TimeBase(ticksPerSecond: 1000, hertz: 1).tick(ofCount: .max, from: 0) == nil)
  }

  @Test("mtime and mtimecmp are read and written whole or in halves", arguments: [4, 8])
  func halves(busBytes: Int) throws {
    let whole: [BusTransaction] =
      busBytes == 8
      ? [
        .read(compare, 8), .write(compare, 0x1122_3344_5566_7788, 8), .read(compare),
        .read(compare + 4),
      ] : [.read(compare), .read(compare + 4)]
    let bench = try clint(
      whole + [
        .write(compare + 4, 0xAABB_CCDD), .write(compare, 0x0102_0304), .read(compare),
        .read(compare + 4), .write(mtime + 4, 0x12), .read(mtime + 4), .write(mtime, 0xFFFF_FFF0),
        .read(mtime), .read(mtime + 4),
      ], busBytes: busBytes)
    #expect(bench.run() == .finished)
    #expect(bench.responses.allSatisfy { $0 == .okay })
    let first: [UInt64] =
      busBytes == 8 ? [.max, 0x5566_7788, 0x1122_3344] : [0xFFFF_FFFF, 0xFFFF_FFFF]
    #expect(Array(bench.values.prefix(first.count)) == first)
    let rest = Array(bench.values.dropFirst(first.count))
    #expect(Array(rest.prefix(3)) == [0x0102_0304, 0xAABB_CCDD, 0x12])
    #expect((0xFFFF_FFF0...0xFFFF_FFF3).contains(rest[3]))
    #expect(rest[4] == 0x12)
  }

  @Test(
    "The timer interrupt rises in the first cycle at or after mtimecmp",
    arguments: [999_983, 10_000_000, 33_333_333, 100_000_000, 3_000_000_001] as [UInt64],
    [false, true])
  func rise(hertz: UInt64, isEager: Bool) throws {
    for count in [1, 5, 37, 1000] as [UInt64] {
      let expected = (count * hertz + 9_999_999) / 10_000_000
      let bench = try clint(
        [.write(compare, count, 8), .read(mtime, 8, at: expected + 50)], hertz: hertz,
        isEager: isEager)
      #expect(bench.run() == .finished)
      // The write is served in cycle 1; the wire is seen a cycle after it was driven.
      #expect(bench.recorder.changes[1] == [max(expected, 1) + 1], "mtimecmp \(count)")
    }
  }

  @Test("The timer interrupt is a level: only moving mtimecmp or mtime takes it away")
  func level() throws {
    // 100 MHz: a tick of mtime is ten cycles.
    let bench = try clint([
      .write(compare, 10, 8), .write(compare, 40, 8, at: 199), .write(compare, 20, 8, at: 249),
      .write(mtime, 5, 8, at: 299), .read(mtime, 8, at: 999),
    ])
    #expect(bench.run() == .finished)
    // Up at 100; down at 200 and due at 400; up at 250; mtime 5 at 300 reaches 20 after 150 cycles.
    #expect(bench.recorder.changes[1] == [101, 201, 251, 301, 451])
    #expect(bench.values == [75])
  }

  @Test("Firmware may write the halves of mtimecmp in the order the manual asks for")
  func safeHalves() throws {
    let bench = try clint(
      [
        .write(compare + 4, 0xFFFF_FFFF), .write(compare, 30), .write(compare + 4, 0),
        .read(mtime, 4, at: 600),
      ], busBytes: 4)
    #expect(bench.run() == .finished)
    #expect(bench.recorder.changes[1] == [301])
  }

  @Test("msip is bit 0 of a word per hart; harts are independent")
  func software() throws {
    let bench = try clint(
      [
        .write(base, 0xFFFF_FFFF), .read(base), .write(base + 4, 1, at: 20),
        .write(base, 0xFFFF_FFFE, at: 40), .read(base, at: 50), .read(base + 4),
        .write(compare + 8, 10, 8, at: 70), .read(compare), .read(mtime, 8, at: 200),
      ], harts: 2)
    #expect(bench.run() == .finished)
    #expect(Array(bench.values.prefix(4)) == [1, 0, 1, 0xFFFF_FFFF])
    #expect(bench.recorder.changes == [[2, 42], [], [22], [101]])
  }

  @Test("Eight harts have registers and wires of their own")
  func eightHarts() throws {
    let harts = 8
    let bench = try clint(
      (0..<harts).flatMap { hart -> [BusTransaction] in
        let at = Cycle(20 * hart)
        return [
          .write(base + Address(4 * hart), 1, at: at),
          .write(compare + Address(8 * hart), UInt64(20 + hart), 8, at: at),
        ]
      } + (0..<harts).map { .read(compare + Address(8 * $0), 8) }
        + [.read(base + 28), .read(base + 32), .read(mtime, 8, at: 400)], harts: harts)
    #expect(bench.run() == .finished)
    #expect(Array(bench.values.prefix(10)) == (0..<8).map { UInt64(20 + $0) } + [1, 0])
    for hart in 0..<harts {
      #expect(bench.recorder.changes[2 * hart].count == 1)
      #expect(bench.recorder.changes[2 * hart + 1] == [Cycle(10 * (20 + hart)) + 1])
    }
  }

  @Test("With mtimecmp 0 at reset, as on Spike, the timer interrupt is pending until it is written")
  func pendingAtReset() throws {
    let bench = try clint(
      [.read(compare, 8), .write(compare, .max, 8, at: 49), .read(mtime, 8, at: 99)],
      compareAtReset: 0)
    #expect(bench.run() == .finished)
    #expect(bench.values.first == 0)
    #expect(bench.recorder.changes[1] == [1, 51])
  }

  @Test("A write to mtime moves the time that the harts share")
  func sharedTime() throws {
    let plan = ClockPlan(periods: [("clock", 1)], ticksPerSecond: 20_000_000)
    let time = MachineTime(kernel: Kernel(plan: plan))
    #expect(time.count(at: 41) == 20)
    time.set(1000, at: 41)
    #expect(time.count(at: 41) == 1000)
    #expect(time.count(at: 42) == 1001)
    #expect(time.tick(ofCount: 1010, from: 41) == 60)
    time.set(0, at: 60)
    #expect(time.tick(ofCount: 5, from: 60) == 70)
    #expect(time.tick(ofCount: .max, from: 60) == nil)
  }

  @Test("Places without a register read as zero and ignore writes")
  func holes() throws {
    let bench = try clint([
      .write(base + 4, 1), .write(compare + 8, 5), .write(base + 0x3FFC, 1), .read(base + 4),
      .read(compare + 8, 8), .read(base + 0x3FFC), .read(base + 0xC000), .read(base + 0xBFF0, 8),
      .read(base), .read(compare, 8),
    ])
    #expect(bench.run() == .finished)
    #expect(bench.responses.allSatisfy { $0 == .okay })
    #expect(bench.values == [0, 0, 0, 0, 0, 0, .max])
    #expect(bench.recorder.changes == [[], []])
  }

  @Test("A double word of msip is two harts")
  func softwarePair() throws {
    let bench = try clint(
      [
        .write(base, 0x1_0000_0001, 8), .read(base, 8), .write(base, 0x1_0000_0000, 8, at: 20),
        .read(base, 8), .write(base + 8, 0xFFFF_FFFF_FFFF_FFFF, 8), .read(base + 8, 8),
      ], harts: 3)
    #expect(bench.run() == .finished)
    #expect(bench.values == [0x1_0000_0001, 0x1_0000_0000, 1])
    #expect(
      bench.recorder.changes.enumerated().filter { $0.offset % 2 == 0 }.map(\.element.count)
        == [2, 1, 1])
  }

  @Test("Bytes and halves are refused without effect")
  func refusals() throws {
    let bench = try clint([
      .write(base, 1, 1), .write(base, 1, 2), .write(compare, 0, 1), .write(compare + 2, 0, 2),
      .write(mtime, 0, 2), .read(base, 1), .read(compare, 2), .read(base), .read(compare, 8),
    ])
    #expect(bench.run() == .finished)
    #expect(bench.responses == Array(repeating: .slaveError, count: 7) + [.okay, .okay])
    #expect(Array(bench.values.suffix(2)) == [0, .max])
    #expect(bench.recorder.changes == [[], []])
  }
}
