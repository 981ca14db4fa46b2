import Fabric
import MemoryModels
import SimKernel
import Telemetry
import TestSupport
import Testing

/// A memory with one bus driver at each port.
final class MemoryBench {
  static let base: Address = 0x4000_0000

  enum Kind: Equatable {
    case sram(banks: Int)
    case dram(bitsPerCycle: UInt64)
  }

  struct Options {
    var kind = Kind.sram(banks: 1)
    var readDelay: Cycle = 1
    var writeDelay: Cycle = 1
    var busBytes = 4
    var base = MemoryBench.base
    var size = 4096
    var outstanding = 1
    var stallPercent = 0
    var longestStall: Cycle = 8
    var seed: UInt64 = 1
    /// Periods of the drivers' clock and of the memory's.
    var periods: (drivers: Tick, memory: Tick) = (1, 1)
    var isEager = false
    var order = ModuleOrder.registration
  }

  let kernel: Kernel
  let registry: Registry
  let store: BackingStore
  let drivers: [BusDriver]

  init(_ options: Options, _ scripts: [[BusTransaction]]) throws {
    let kernel = Kernel(
      plan: ClockPlan(
        periods: [("drivers", options.periods.drivers), ("memory", options.periods.memory)],
        ticksPerSecond: 1_000_000_000),
      eager: options.isEager, order: options.order)
    self.kernel = kernel
    registry = Registry(kernel: kernel)
    store = try #require(BackingStore(base: options.base, size: options.size))
    let links = scripts.map { _ in BusLink(kernel: kernel, widthBytes: options.busBytes) }
    let configuration = MemoryConfiguration(
      store: store, readDelay: options.readDelay, writeDelay: options.writeDelay)
    let memory: Module =
      switch options.kind {
      case .sram(let banks):
        SRAM(
          path: "memory", configuration: configuration, banks: banks,
          buses: links.map(\.target),
          site: registry.module("memory", kind: "SRAM", domain: kernel.domains[1]),
          arena: kernel.arena)
      case .dram(let bits):
        DRAM(
          path: "memory", configuration: configuration, bitsPerCycle: bits,
          picojoulesPerBit: nil, buses: links.map(\.target),
          site: registry.module("memory", kind: "DRAM", domain: kernel.domains[1]),
          arena: kernel.arena)
      }
    kernel.add(memory, to: kernel.domains[1])
    let finishLine = FinishLine(count: scripts.count, controls: kernel.controls)
    drivers = scripts.enumerated().map { index, script in
      BusDriver(
        path: "driver\(index)", bus: links[index].initiator, transactions: script,
        outstanding: options.outstanding, stallPercent: options.stallPercent,
        longestStall: options.longestStall,
        seed: options.seed &* 31 &+ UInt64(index), finishLine: finishLine)
    }
    for (driver, link) in zip(drivers, links) {
      kernel.add(driver, to: kernel.domains[0])
      link.connect(kernel: kernel, initiator: driver, target: memory)
    }
  }

  func run() -> Outcome { kernel.run(until: 1_000_000) }

  func counter(_ name: String) -> UInt64? {
    registry.snapshot().modules[0].counters.first { $0.name == name }?.values.reduce(0, +)
  }

  func cycles(in state: String) -> UInt64? {
    registry.snapshot().modules[0].states.first { $0.name == state }?.cycles.reduce(0, +)
  }
}
