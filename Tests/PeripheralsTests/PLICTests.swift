import Fabric
import Peripherals
import SimKernel
import TestSupport
import Testing

private let base = DeviceBench.base
private let pending = base + 0x1000
private let claim = base + 0x20_0004

private func priority(_ source: Int, _ value: UInt64) -> BusTransaction {
  .write(base + Address(4 * source), value)
}

private func enable(_ sources: [Int], context: Int = 0) -> BusTransaction {
  .write(
    base + 0x2000 + Address(0x80 * context), sources.reduce(0) { $0 | 1 << UInt64($1) })
}

private func threshold(_ value: UInt64, context: Int = 0, at cycle: Cycle = 0) -> BusTransaction {
  .write(base + 0x20_0000 + Address(0x1000 * context), value, at: cycle)
}

private func plic(
  _ script: [BusTransaction], events: [LineDriver.Event] = [], wires: [Int] = [],
  contexts: Int = 1, priorityBits: Int = PLIC.priorityBits, isEager: Bool = false
) throws -> DeviceBench {
  var options = DeviceBench.Options()
  options.outputs = contexts
  options.isEager = isEager
  return try DeviceBench(
    options, script, events: events, wires: wires,
    attach: { (plic: PLIC, line, source) in plic.attach(line, to: source) },
    device: { parts in
      PLIC(
        path: "plic", registers: parts.registers, contexts: parts.outputs,
        priorityBits: priorityBits, site: parts.site, arena: parts.kernel.arena)
    })
}

@Suite("PLIC")
struct PLICTests {
  @Test("A source reaches the hart two edges later", arguments: [false, true])
  func latency(isEager: Bool) throws {
    let bench = try plic(
      [priority(5, 1), enable([5]), .read(pending, at: 60)], events: [.init(50, true)],
      wires: [5], isEager: isEager)
    #expect(bench.run() == .finished)
    // Driven in 50, seen by the PLIC in 51, by the hart in 52.
    #expect(bench.recorder.changes == [[52]])
    #expect(bench.values == [1 << 5])
  }

  @Test("Claims come by priority, then by lowest number; a claim clears the pending bit")
  func order() throws {
    let bench = try plic(
      [
        priority(3, 2), priority(9, 7), priority(17, 7), priority(31, 1),
        enable([3, 9, 17, 31]), .read(pending, at: 100), .read(claim), .read(pending),
        .read(claim), .read(claim), .read(claim), .read(claim), .read(pending),
      ], events: (0..<4).map { .init(10, line: $0, true) }, wires: [31, 17, 9, 3])
    #expect(bench.run() == .finished)
    let all: UInt64 = 1 << 3 | 1 << 9 | 1 << 17 | 1 << 31
    #expect(bench.values == [all, 9, all & ~(1 << 9), 17, 3, 31, 0, 0])
  }

  @Test("The threshold masks the notification, not what a claim returns")
  func thresholds() throws {
    let bench = try plic(
      [
        priority(2, 3), enable([2]), threshold(3), threshold(2, at: 60), threshold(7, at: 80),
        .read(claim, at: 100), .read(base + 0x20_0000),
      ], events: [.init(40, true)], wires: [2])
    #expect(bench.run() == .finished)
    #expect(bench.recorder.changes == [[62, 82]])
    #expect(bench.values == [2, 7])
  }

  @Test("A source of priority 0 or not enabled never interrupts but pends")
  func disabled() throws {
    let bench = try plic(
      [
        priority(1, 0), priority(2, 5), enable([1]), .read(pending, at: 50), .read(claim),
        enable([2]), .read(claim),
      ], events: [.init(10, line: 0, true), .init(10, line: 1, true)], wires: [1, 2])
    #expect(bench.run() == .finished)
    #expect(bench.values == [6, 0, 2])
    #expect(bench.recorder.changes[0].count == 2, "up when enabled, down when claimed")
  }

  @Test("A level that is still high pends again after completion, not before")
  func levels() throws {
    let bench = try plic(
      [
        priority(4, 1), enable([4]), .read(claim, at: 50), .read(pending, at: 60),
        .write(claim, 4, at: 69), .read(pending, at: 80), .read(claim, at: 90),
        .write(claim, 4, at: 119), .read(pending, at: 130), .read(claim, at: 140),
      ], events: [.init(20, true), .init(100, false)], wires: [4])
    #expect(bench.run() == .finished)
    #expect(bench.values == [4, 0, 1 << 4, 4, 0, 0])
    // Up at 22, down with the claim served at 51, up after the completion served at 70, down at 91.
    #expect(bench.recorder.changes == [[22, 52, 72, 92]])
  }

  @Test("A request stays pending when its source falls before the claim")
  func shortPulse() throws {
    let bench = try plic(
      [priority(4, 1), enable([4]), .read(claim, at: 60), .write(claim, 4), .read(claim, at: 90)],
      events: [.init(30, true), .init(31, false)], wires: [4])
    #expect(bench.run() == .finished)
    #expect(bench.values == [4, 0])
  }

  @Test("Completing a source that is not enabled or does not exist does nothing")
  func wrongCompletion() throws {
    let bench = try plic(
      [
        priority(4, 1), enable([4]), .read(claim, at: 50), .write(claim, 5), .write(claim, 0),
        .write(claim, 32), .write(claim, 0xFFFF_FFFF), enable([]), .write(claim, 4),
        enable([4]), .read(claim, at: 90), .write(claim, 4), .read(claim, at: 120),
      ], events: [.init(20, true)], wires: [4])
    #expect(bench.run() == .finished)
    #expect(bench.responses.allSatisfy { $0 == .okay })
    #expect(bench.values == [4, 0, 4])
  }

  @Test("Every context has its own enables, threshold and claims")
  func contexts() throws {
    let bench = try plic(
      [
        priority(6, 1), priority(7, 1), enable([6], context: 0), enable([6, 7], context: 1),
        threshold(0, context: 1), .read(claim + 0x1000, at: 60), .read(claim, at: 70),
        .read(claim + 0x1000, at: 80), .read(base + 0x2080), .read(base + 0x2000),
      ], events: [.init(30, line: 0, true), .init(40, line: 1, true)], wires: [6, 7], contexts: 2)
    #expect(bench.run() == .finished)
    #expect(bench.values == [6, 0, 7, 1 << 6 | 1 << 7, 1 << 6])
    #expect(bench.recorder.changes == [[32, 62], [32, 82]])
  }

  @Test("Machine and supervisor contexts of several harts share the sources")
  func harts() throws {
    // Contexts 0 to 3: hart 0 M, hart 0 S, hart 1 M, hart 1 S.
    let bench = try plic(
      [
        priority(1, 3), priority(2, 9), enable([1], context: 1), enable([1, 2], context: 2),
        enable([2], context: 3), threshold(9, context: 3), threshold(2, context: 1),
        .read(claim + 0x2000, at: 100), .read(claim + 0x3000), .read(claim + 0x1000),
        .write(claim + 0x3000, 2, at: 150), .read(claim + 0x2000, at: 170),
      ], events: [.init(40, line: 0, true), .init(40, line: 1, true)], wires: [1, 2], contexts: 4)
    #expect(bench.run() == .finished)
    // Completion through another context that has the source enabled counts.
    #expect(bench.values == [2, 0, 1, 2])
    #expect(bench.recorder.changes[0] == [])
    #expect(bench.recorder.changes[1].count == 2)
    #expect(bench.recorder.changes[3] == [], "the threshold masks priority 9")
  }

  @Test("Source 0 does not exist: its priority, enable and pending bits stay 0")
  func sourceZero() throws {
    let bench = try plic(
      [
        priority(0, 7), .write(base + 0x2000, 0xFFFF_FFFF), .write(pending, 0xFFFF_FFFF),
        .read(base), .read(base + 0x2000), .read(pending), .read(claim),
        .write(base + 4, 0xFF), .read(base + 4), threshold(0xFF), .read(base + 0x20_0000),
      ])
    #expect(bench.run() == .finished)
    #expect(bench.values == [0, 0xFFFF_FFFE, 0, 0, 15, 15])
  }

  @Test("Priorities and thresholds keep the configured number of bits", arguments: [1, 3, 4, 32])
  func priorityBits(bits: Int) throws {
    let bench = try plic(
      [
        .write(base + 4, 0xFFFF_FFFF), .read(base + 4), threshold(0xFFFF_FFFF),
        .read(base + 0x20_0000),
      ], priorityBits: bits)
    #expect(bench.run() == .finished)
    let mask = UInt64(UInt32.max >> UInt32(32 - bits))
    #expect(bench.values == [mask, mask])
  }

  @Test("Registers are accessed in pairs too")
  func pairs() throws {
    let bench = try plic(
      [
        .write(base + 8, 0x0000_0005_0000_0003, 8), .read(base + 8, 8), .read(base + 12),
        .write(base + 0x2000, 0xFFFF_FFFF_0000_0008, 8), .read(base + 0x2000, 8),
        .read(base + 0x20_0000, 8, at: 60), .read(pending, 8),
      ], events: [.init(20, true)], wires: [3])
    #expect(bench.run() == .finished)
    #expect(bench.values == [0x5_0000_0003, 5, 8, 3 << 32, 0], "the pair of CLAIM claims")
  }

  @Test("Places without a register read as zero and ignore writes")
  func holes() throws {
    let bench = try plic([
      .write(base + 0x80, 7), .read(base + 0x80), .write(pending + 4, 1), .read(pending + 4),
      .write(base + 0x2004, 1), .read(base + 0x2004),
    ])
    #expect(bench.run() == .finished)
    #expect(bench.responses.allSatisfy { $0 == .okay })
    #expect(bench.values == [0, 0, 0])
  }

  @Test("Bytes, halves and contexts that do not exist are refused")
  func refusals() throws {
    let bench = try plic([
      .read(base + 0x20_0008), .read(claim + 0x1000), .read(base + 0x2080),
      .write(base + 0x2080, 1), .write(base + 0x20_1000, 1), .write(base + 0x20_0008, 1),
      .read(base + 4, 1), .write(base + 4, 1, 2), .read(base + 2, 2), .read(base + 4),
    ])
    #expect(bench.run() == .finished)
    #expect(bench.responses == Array(repeating: .slaveError, count: 9) + [.okay])
  }
}
