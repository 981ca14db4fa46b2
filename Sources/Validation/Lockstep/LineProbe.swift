internal import RTL
internal import SimKernel
internal import Telemetry

/// Compares a level, such as an interrupt, with the model's line.
final class LineProbe: PortDriver {
  private let line: Line
  private let pin: Wire
  private let logged: Int

  /// Compares the pin `name` with `line`, whose listener is the testbench.
  ///
  /// - Throws: ``RTLError`` when the pin is missing.
  init(_ name: String, _ line: Line, _ bench: LockstepBench) throws {
    self.line = line
    pin = try bench.wires(name)
    logged = bench.log.declare(name, bits: 1)
  }

  func drive(_ random: inout SplitMix64, _ log: SignalLog) {}
  func commit() {}

  func compare(_ log: SignalLog) {
    log.check(logged, model: line.level ? 1 : 0, rtl: pin.value)
  }
}

/// Compares what the RTL reports to have done in every cycle, summed up, with a counter of the
/// model.
final class EventCounter: PortDriver {
  private let pin: Wire
  private let name: String
  private let expected: () -> UInt64
  private let logged: Int
  private var total: UInt64 = 0

  /// Sums up the pin `name` and compares the sum with `expected` after the last cycle.
  ///
  /// - Throws: ``RTLError`` when the pin is missing.
  init(_ name: String, _ bench: LockstepBench, expected: @escaping () -> UInt64) throws {
    self.name = name
    self.expected = expected
    pin = try bench.wires(name)
    logged = bench.log.declare(name, bits: pin.bits)
  }

  /// Compares with the counters `counters` of the module at `path`, added up.
  ///
  /// - Throws: ``RTLError`` when the pin is missing.
  convenience init(
    _ name: String, _ bench: LockstepBench, counters: [String], of path: String
  ) throws {
    let registry = bench.registry
    try self.init(name, bench) {
      let module = registry.snapshot().modules.first { $0.path == path }
      return counters.reduce(0) { sum, counter in
        guard let record = module?.counters.first(where: { $0.name == counter }) else {
          preconditionFailure("\(path) has no counter \(counter)")
        }
        return sum + record.values.reduce(0, +)
      }
    }
  }

  func drive(_ random: inout SplitMix64, _ log: SignalLog) {}
  func commit() {}

  func compare(_ log: SignalLog) {
    total += pin.value
    log.ignore(logged, rtl: pin.value)
  }

  func finish(_ log: SignalLog) {
    let expected = expected()
    if expected != total { log.differ("sum of \(name)", model: expected, rtl: total) }
  }
}
