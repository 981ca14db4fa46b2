import Fabric
import Peripherals
import SimKernel
import Telemetry
import TestSupport
import Testing

/// A device behind a bus driver, with its wires in and out.
final class DeviceBench {
  static let base: Address = 0x0200_0000

  struct Options {
    var hertz: UInt64 = 100_000_000
    var busBytes = 8
    /// Wires out of the device that are recorded.
    var outputs = 0
    var outstanding = 1
    var isEager = false
    /// Period of the driver's clock in periods of the device's.
    var driverPeriod: (driver: Tick, device: Tick) = (1, 1)
  }

  /// What a device is built from.
  struct Parts {
    let kernel: Kernel
    let registry: Registry
    let registers: RegisterPort
    let outputs: [Line]
    let site: ModuleSite
  }

  let kernel: Kernel
  let registry: Registry
  let driver: BusDriver
  let recorder: LineRecorder

  init<Device: Module>(
    _ options: Options, _ script: [BusTransaction],
    events: [LineDriver.Event] = [], wires: [Int] = [],
    attach: (Device, Line, Int) -> Void = { _, _, _ in },
    device make: (Parts) throws -> Device
  ) throws {
    let (slow, fast) = options.driverPeriod
    let plan = ClockPlan(
      periods: [("device", fast), ("driver", slow)], ticksPerSecond: options.hertz * fast)
    let kernel = Kernel(plan: plan, eager: options.isEager)
    self.kernel = kernel
    registry = Registry(kernel: kernel)
    let domain = kernel.domains[0]
    let link = BusLink(kernel: kernel, widthBytes: options.busBytes)
    let recorder = LineRecorder(path: "recorder")
    self.recorder = recorder
    recorder.lines = (0..<options.outputs).map { _ in kernel.line(to: recorder) }
    kernel.add(recorder, to: domain)
    driver = BusDriver(
      path: "driver", bus: link.initiator, transactions: script,
      outstanding: options.outstanding,
      finishLine: FinishLine(count: 1, controls: kernel.controls))
    kernel.add(driver, to: kernel.domains[1])
    let device = try make(
      Parts(
        kernel: kernel, registry: registry,
        registers: RegisterPort(bus: link.target, base: Self.base), outputs: recorder.lines,
        site: registry.module("device", kind: "Device", domain: domain)))
    kernel.add(device, to: domain)
    link.connect(kernel: kernel, initiator: driver, target: device)
    let inputs = wires.map { wire in
      let line = kernel.line(to: device)
      attach(device, line, wire)
      return line
    }
    kernel.add(LineDriver(path: "wires", lines: inputs, events: events), to: domain)
  }

  func run() -> Outcome { kernel.run(until: 10_000_000) }

  /// Values read, in order.
  var values: [UInt64] {
    driver.answers.filter { !$0.beats.isEmpty }.map(\.value)
  }

  var responses: [BusResponse] { driver.answers.map(\.response) }
}
