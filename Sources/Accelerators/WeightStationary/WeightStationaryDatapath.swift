internal import SimKernel

/// The inside of a weight-stationary array, between the operand streams and the accumulator buffer.
///
/// In one cycle the control takes a row that is complete, issues at most one vector, loads at most
/// one row of weights, then calls ``finishCycle(_:)``.
protocol WeightStationaryDatapath: BitwiseCopyable {
  associatedtype Element: Operand

  init(configuration: SystolicArrayConfiguration, arena: Arena)

  /// Beat `beat` of the next job's weights enters in cycle `now`.
  mutating func load(_ job: ArrayJob, beat: Int, _ in2: UnsafeRawPointer)
  /// A vector enters in cycle `now`; `switches` when it takes the loaded weights into use,
  /// `isEmpty` when no other vector is inside.
  mutating func issue(
    _ job: ArrayJob, switches: Bool, isEmpty: Bool, _ in1: UnsafeRawPointer, at now: Cycle)
  /// All registers take their next value.
  mutating func finishCycle(_ now: Cycle)

  /// Whether a row was completed before cycle `now` and was not taken.
  func isRowComplete(_ now: Cycle) -> Bool
  /// Takes that row; valid in this cycle.
  mutating func takeRow() -> UnsafePointer<Element.Accumulator>
  /// Whether a wavefront has reached the bottom right since the array was empty, this cycle
  /// included.
  func isFull(_ now: Cycle) -> Bool
  /// When an answer above can change next although nothing is issued.
  func nextChange(after now: Cycle) -> Cycle

  var activity: ArrayActivity? { get }
}
