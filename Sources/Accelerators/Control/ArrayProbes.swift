internal import SimKernel
internal import Telemetry

/// The waveform signals of an array besides its state.
struct ArrayProbes: BitwiseCopyable {
  /// 1 in cycles in which operands enter.
  private let step: Signal
  /// Index within its job of the step or vector that enters.
  private let index: Signal
  /// 1 in cycles in which a result row leaves the array.
  private let row: Signal
  private let queued: Signal
  private let period: Tick

  init(site: ModuleSite) {
    step = site.signal("step", .bits(1))
    index = site.signal("step_index", .bits(32))
    row = site.signal("row", .bits(1))
    queued = site.signal("queued", .bits(2))
    period = site.domain.period
    step.set(0)
    index.set(0)
    row.set(0)
    queued.set(0)
  }

  @inline(__always)
  func steps(_ count: Int) {
    if step.isOn { recordStep(count) }
  }

  @inline(never)
  private func recordStep(_ count: Int) {
    step.set(1)
    step.set(0, after: period)
    index.set(UInt64(truncatingIfNeeded: count))
  }

  @inline(__always)
  func rowLeaves() {
    if row.isOn {
      row.set(1)
      row.set(0, after: period)
    }
  }

  @inline(__always)
  func queue(_ count: Int) {
    if queued.isOn { queued.set(UInt64(truncatingIfNeeded: count), after: period) }
  }
}
