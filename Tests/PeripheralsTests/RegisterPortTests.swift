import Fabric
import Peripherals
import SimKernel
import Telemetry
import TestSupport
import Testing

private let base = DeviceBench.base

/// Accesses of every kind, among them bursts, which no device takes.
private func script(seed: UInt64) -> [BusTransaction] {
  var random = SplitMix64(seed: seed)
  var time: Cycle = 0
  return (0..<60).map { _ in
    if Int.random(in: 0..<5, using: &random) == 0 {
      time += Cycle.random(in: 1...30, using: &random)
    }
    let count = [1, 1, 4, 4, 4, 8, 12, 24, 40].randomElement(using: &random) ?? 4
    let address = base + Address.random(in: 0..<64, using: &random) * 4
    return Bool.random(using: &random)
      ? .read(address, count, at: time)
      // Not 0x5555 or the like: the finisher shall not end the run.
      : .write(address, bytes: Array(repeating: 0x11, count: count), at: time)
  }
}

private enum DeviceKind: CaseIterable {
  case clint, plic, uart, marker, finisher
}

private func bench(
  _ kind: DeviceKind, _ script: [BusTransaction], outstanding: Int,
  periods: (driver: Tick, device: Tick), isEager: Bool = false
) throws -> DeviceBench {
  var options = DeviceBench.Options()
  options.outputs = 2
  options.outstanding = outstanding
  options.driverPeriod = periods
  options.isEager = isEager
  return try DeviceBench(options, script) { parts -> Module in
    switch kind {
    case .clint:
      CLINT(
        path: "device", registers: parts.registers,
        harts: [CLINT.HartLines(software: parts.outputs[0], timer: parts.outputs[1])],
        time: MachineTime(kernel: parts.kernel), site: parts.site, kernel: parts.kernel)
    case .plic:
      PLIC(
        path: "device", registers: parts.registers, contexts: parts.outputs, site: parts.site,
        arena: parts.kernel.arena)
    case .uart:
      UART16550(
        path: "device", registers: parts.registers, interrupt: parts.outputs[0],
        console: Console(input: Array("input".utf8)), site: parts.site)
    case .marker:
      Marker(
        path: "device", registers: parts.registers, registry: parts.registry, names: [:],
        memories: [], site: parts.site, kernel: parts.kernel)
    case .finisher:
      TestFinisher(
        path: "device", registers: parts.registers, exit: ExitRequest(kernel: parts.kernel),
        site: parts.site)
    }
  }
}

@Suite("Register accesses of every device")
struct RegisterPortTests {
  @Test(
    "Bursts and accesses across words are refused and hold up nobody",
    arguments: DeviceKind.allCases)
  private func bursts(kind: DeviceKind) throws {
    for periods in [(1, 1), (1, 7), (5, 1)] as [(Tick, Tick)] {
      let transactions: [BusTransaction] = [
        .write(base, bytes: Array(repeating: 0x11, count: 64)), .read(base, 64),
        .write(base + 4, bytes: Array(repeating: 0x11, count: 12)), .read(base + 4, 8),
        .read(base, 16), .read(base, 16),
      ]
      let bench = try bench(kind, transactions, outstanding: 6, periods: periods)
      #expect(bench.run() == .finished, "\(periods)")
      #expect(bench.responses.allSatisfy { $0 == .slaveError })
    }
  }

  @Test(
    "Sleeping devices answer as those that look in every cycle", arguments: DeviceKind.allCases,
    1...8 as ClosedRange<UInt64>)
  private func eagerAndLazy(kind: DeviceKind, seed: UInt64) throws {
    let periods: [(Tick, Tick)] = [(1, 1), (1, 5), (3, 2), (7, 1)]
    let chosen = periods[Int(seed) % 4]
    func observe(_ isEager: Bool) throws -> (DeviceBench, Snapshot) {
      let bench = try bench(
        kind, script(seed: seed), outstanding: Int(seed % 3) + 1, periods: chosen,
        isEager: isEager)
      #expect(bench.run() == .finished)
      return (bench, bench.registry.snapshot())
    }
    let (lazy, lazySnapshot) = try observe(false)
    let (eager, eagerSnapshot) = try observe(true)
    #expect(lazy.driver.answers == eager.driver.answers)
    #expect(lazy.recorder.changes == eager.recorder.changes)
    #expect(lazySnapshot == eagerSnapshot)
    for module in lazySnapshot.modules {
      #expect(
        module.states.reduce(0) { $0 + $1.cycles.reduce(0, +) } == module.cycles.reduce(0, +))
    }
  }
}
