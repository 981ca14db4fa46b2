internal import SimKernel

/// The fast inside of a weight-stationary array: computes a vector's whole row when it enters and
/// hands it out when the last partial sum would arrive.
struct TiledWeightStationary<Element: Operand>: WeightStationaryDatapath {
  private let rows: Int
  private let stride: Int
  private let shadow: UnsafeMutablePointer<Element.Lane>
  private let active: UnsafeMutablePointer<Element.Lane>
  private let vector: UnsafeMutablePointer<Element.Lane>
  /// Rows inside the array, oldest first from `first`.
  private let results: UnsafeMutablePointer<Element.Accumulator>
  private let due: UnsafeMutablePointer<Cycle>
  private let capacity: Int
  private var first = 0
  private var count = 0
  private var fullFrom: Cycle = 0

  init(configuration: SystolicArrayConfiguration, arena: Arena) {
    rows = configuration.rows
    stride = paddedColumns(configuration.columns)
    shadow = arena.allocate(Element.Lane.self, count: rows * stride)
    active = arena.allocate(Element.Lane.self, count: rows * stride)
    vector = arena.allocate(Element.Lane.self, count: rows)
    capacity = rows + configuration.columns
    results = arena.allocate(Element.Accumulator.self, count: capacity * stride)
    due = arena.allocate(Cycle.self, count: capacity)
  }

  var activity: ArrayActivity? { nil }

  @inline(__always)
  mutating func load(_ job: ArrayJob, beat: Int, _ in2: UnsafeRawPointer) {
    Element.widen(in2, into: shadow + beat &* stride, count: job.columns)
  }

  @inline(__always)
  mutating func issue(
    _ job: ArrayJob, switches: Bool, isEmpty: Bool, _ in1: UnsafeRawPointer, at now: Cycle
  ) {
    if switches { useLoadedWeights(job) }
    let arrival = now &+ Cycle(truncatingIfNeeded: rows &+ job.columns &- 2)
    if isEmpty { fullFrom = arrival }
    var place = first &+ count
    if place >= capacity { place &-= capacity }
    count &+= 1
    due[place] = arrival &+ 1
    Element.widen(in1, into: vector, count: job.depth)
    let row = results + place &* stride
    row.update(repeating: Element.zeroAccumulator, count: job.columns)
    Element.accumulateTile(
      Tile(
        accumulators: row, accumulatorStride: stride, rows: 1, columns: job.columns, a: vector,
        aStepStride: 1, aRowStride: rows, b: active, bStride: stride, steps: job.depth))
  }

  @inline(never)
  private func useLoadedWeights(_ job: ArrayJob) {
    for row in 0..<job.depth {
      (active + row &* stride).update(from: shadow + row &* stride, count: job.columns)
    }
  }

  @inline(__always)
  mutating func finishCycle(_ now: Cycle) {}

  @inline(__always)
  func isRowComplete(_ now: Cycle) -> Bool { count > 0 && due[first] <= now }

  @inline(__always)
  mutating func takeRow() -> UnsafePointer<Element.Accumulator> {
    let row = UnsafePointer(results + first &* stride)
    first &+= 1
    if first == capacity { first = 0 }
    count &-= 1
    return row
  }

  @inline(__always)
  func isFull(_ now: Cycle) -> Bool { now >= fullFrom }

  @inline(__always)
  func nextChange(after now: Cycle) -> Cycle { count > 0 ? due[first] : .max }
}
