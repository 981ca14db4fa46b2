internal import RTL
internal import SimKernel
internal import Telemetry

/// A model and its RTL side by side, from one reset to the next.
///
/// A block's ``LockstepConfiguration/build`` creates the model in ``kernel``, gives it channels and
/// adds a ``PortDriver`` for every port.
final class LockstepBench {
  /// The kernel of the model.
  let kernel: Kernel
  /// The only clock.
  let domain: ClockDomain
  /// Where the model counts.
  let registry: Registry
  /// The RTL's pins.
  let wires: Wires
  /// What both sides show.
  let log = SignalLog()
  /// The module at the other end of every port of the model.
  var testbench: Module { module }

  private let module: Testbench
  private let model: VerilatedModel

  init(
    model: VerilatedModel, clock: PinHandle, cycles: UInt64, seed: UInt64,
    isEager: Bool
  ) throws {
    self.model = model
    wires = Wires(model: model)
    let plan = try ClockPlan([(name: "clk", hertz: 1_000_000)])
    kernel = Kernel(plan: plan, eager: isEager, order: .shuffled(seed: seed))
    domain = kernel.domains[0]
    registry = Registry(kernel: kernel)
    module = Testbench(
      model: model, clock: clock, log: log, cycles: cycles, seed: seed, controls: kernel.controls)
    kernel.add(module, to: domain)
  }

  /// The place where a module of kind `kind` called `path` counts.
  func site(_ path: String, kind: String) -> ModuleSite {
    registry.module(path, kind: kind, domain: domain)
  }

  /// Adds the model.
  func add(_ module: Module) {
    kernel.add(module, to: domain)
  }

  /// Adds a driver; drivers drive, compare and commit in this order.
  func add(_ driver: any PortDriver) {
    module.drivers.append(driver)
  }

  /// Runs to the end or to the first difference; returns the cycles that were compared.
  func run() throws -> UInt64 {
    _ = kernel.run()
    if let halt = model.failure {
      throw RTLError(message: "\(model.source.title) halted by itself: \(halt)")
    }
    if log.differences.isEmpty {
      for driver in module.drivers { driver.finish(log) }
    }
    return module.compared
  }
}

/// The module at the other end of all ports.
private final class Testbench: Module {
  private let model: VerilatedModel
  private let clock: PinHandle
  private let log: SignalLog
  private let cycles: UInt64
  private let controls: KernelControls
  private var random: SplitMix64
  fileprivate var drivers: [any PortDriver] = []
  fileprivate var compared: UInt64 = 0

  init(
    model: VerilatedModel, clock: PinHandle, log: SignalLog, cycles: UInt64, seed: UInt64,
    controls: KernelControls
  ) {
    self.model = model
    self.clock = clock
    self.log = log
    self.cycles = cycles
    self.controls = controls
    random = SplitMix64(seed: seed)
    super.init(path: "testbench")
  }

  override func tick(_ now: Cycle) -> Wake {
    guard UInt64(now) == compared, model.failure == nil else { return .onPort }
    log.begin(compared)
    for driver in drivers { driver.drive(&random, log) }
    model.settle()
    for driver in drivers { driver.compare(log) }
    for driver in drivers { driver.commit() }
    model.clock(clock)
    compared += 1
    if compared == cycles || !log.differences.isEmpty || model.failure != nil {
      controls.finish()
      return .onPort
    }
    return .nextCycle
  }
}
