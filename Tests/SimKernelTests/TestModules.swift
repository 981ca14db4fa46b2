import SimKernel

/// A module whose behaviour is a closure, and which remembers the cycles at which it ran.
final class Probe: Module {
  private let body: (Cycle) -> Wake
  private(set) var ticks: [Cycle] = []

  init(_ path: String, _ body: @escaping (Cycle) -> Wake) {
    self.body = body
    super.init(path: path)
  }

  override func tick(_ now: Cycle) -> Wake {
    ticks.append(now)
    return body(now)
  }
}

extension Kernel {
  /// A kernel with the given clock periods in base ticks.
  convenience init(
    periods: [Tick] = [1], eager: Bool = false, order: ModuleOrder = .registration
  ) {
    let clocks = periods.enumerated().map { (name: "clock\($0.offset)", period: $0.element) }
    self.init(
      plan: ClockPlan(periods: clocks, ticksPerSecond: 1_000_000_000), eager: eager, order: order)
  }

  /// Adds a module made of a closure to the domain at `index`.
  @discardableResult
  func probe(domain index: Int = 0, _ body: @escaping (Cycle) -> Wake) -> Probe {
    let probe = Probe("probe", body)
    add(probe, to: domains[index])
    return probe
  }
}
