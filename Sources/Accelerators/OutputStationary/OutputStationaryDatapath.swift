internal import SimKernel

/// A step of a job: one column of A and one row of B that enter together.
struct ArrayStep: BitwiseCopyable {
  var slot: Int
  var isFirst: Bool
  var isLast: Bool
}

/// The inside of an output-stationary array, between the operand streams and the post-processing
/// unit.
///
/// In one cycle the control asks about the past, shifts the drain, issues at most one step, then
/// calls ``finishCycle(_:)``; afterwards the questions include this cycle.
protocol OutputStationaryDatapath: BitwiseCopyable {
  associatedtype Element: Operand

  init(
    configuration: SystolicArrayConfiguration, jobs: UnsafeMutablePointer<ArrayJob>, slots: Int,
    arena: Arena)

  /// Operands enter in cycle `now`; a missing operand of a short beat is zero.
  mutating func issue(
    _ step: ArrayStep, _ in1: UnsafeRawPointer, _ in2: UnsafeRawPointer, at now: Cycle)
  /// All registers take their next value.
  mutating func finishCycle(_ now: Cycle)

  /// Whether a MAC takes place in cycle `now` or later.
  func hasWavefronts(_ now: Cycle) -> Bool
  /// Whether a wavefront has reached its last processing element since the array was empty.
  func isFull(_ now: Cycle) -> Bool
  /// Whether the last MAC of the job in `slot` took place before cycle `now`.
  func isComputed(_ slot: Int, before now: Cycle) -> Bool
  /// When an answer above can change next although nothing is issued.
  func nextChange(after now: Cycle, head: Int, draining: Int) -> Cycle

  /// The row that leaves the drain next.
  func drainRow() -> UnsafePointer<Element.Accumulator>
  /// It leaves, the rows behind it move up.
  mutating func shiftDrain(_ job: UnsafeMutablePointer<ArrayJob>)

  var activity: ArrayActivity? { get }
}
