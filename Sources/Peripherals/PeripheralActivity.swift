internal import SimKernel
internal import Telemetry

/// What every peripheral reports: register accesses and whether it serves one.
struct PeripheralActivity {
  private let accesses: Counter
  private let residency: Residency

  /// Declares the register block, its access counter and the two classes of cycles.
  init(site: ModuleSite, registers: Int) {
    site.component(
      "registers", class: "register_file_port", attributes: ["registers": Double(registers)])
    accesses = site.counter(
      "register_accesses", unit: "access", "Register reads and writes.",
      action: ("registers", "access"))
    residency = site.residency([.idle(), .active("serving")])
  }

  /// Notes whether an access was served in cycle `now`.
  @inline(__always)
  func note(served: Bool, at now: Cycle) {
    if served { accesses.add() }
    residency.enter(served ? 1 : 0, at: now)
  }
}
