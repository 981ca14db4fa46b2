internal import SimKernel
internal import Telemetry

/// The accumulator buffer at the bottom of a weight-stationary array and the queue of rows that
/// wait for post-processing.
struct AccumulatorBuffer<Element: Operand>: BitwiseCopyable {
  /// A row in the output queue.
  struct Entry: BitwiseCopyable {
    var slot: Int
    var isLast: Bool
  }

  /// Rows of the output queue: enough for all rows inside an unstalled array.
  static func outputDepth(_ configuration: SystolicArrayConfiguration) -> Int {
    configuration.rows + configuration.columns + 4
  }

  private let stride: Int
  private let buffer: UnsafeMutablePointer<Element.Accumulator>
  private let queue: UnsafeMutablePointer<Element.Accumulator>
  private let entries: UnsafeMutablePointer<Entry>
  private let depth: Int
  private let reads: Counter
  private let writes: Counter
  private let additions: Counter
  private let pushes: Counter
  private let pops: Counter
  private var first = 0
  private(set) var queued = 0

  init(configuration: SystolicArrayConfiguration, site: ModuleSite, arena: Arena) {
    stride = paddedColumns(configuration.columns)
    depth = Self.outputDepth(configuration)
    buffer = arena.allocate(
      Element.Accumulator.self, count: configuration.accumulatorRows * stride)
    queue = arena.allocate(Element.Accumulator.self, count: depth * stride)
    entries = arena.allocate(Entry.self, count: depth)
    let bits = Double(8 * configuration.dataType.accumulatorBytes)
    let rowBits = bits * Double(configuration.columns)
    site.component(
      "accumulator_buffer", class: "sram",
      attributes: [
        "bytes": Double(configuration.accumulatorRows) * rowBits / 8, "width_bits": rowBits,
        "rw_ports": 2, "banks": 1,
      ])
    let isFloat = configuration.dataType == .fp32
    site.component(
      "accumulator_adder", class: isFloat ? "adder.fp32" : "adder",
      attributes: isFloat ? [:] : ["width_bits": bits], quantity: UInt64(configuration.columns))
    site.component(
      "output_fifo", class: "fifo",
      attributes: ["width_bits": rowBits, "depth": Double(depth)])
    reads = site.counter(
      "accumulator_buffer_reads", unit: "row", "Rows read from the accumulator buffer.",
      action: (component: "accumulator_buffer", action: "read"))
    writes = site.counter(
      "accumulator_buffer_writes", unit: "row", "Rows written to the accumulator buffer.",
      action: (component: "accumulator_buffer", action: "write"))
    additions = site.counter(
      "accumulator_additions", unit: "addition", "Elements added to the accumulator buffer.",
      action: (component: "accumulator_adder", action: "add"))
    pushes = site.counter(
      "output_fifo_pushes", unit: "row", "Rows put into the output queue.",
      action: (component: "output_fifo", action: "push"))
    pops = site.counter(
      "output_fifo_pops", unit: "row", "Rows taken from the output queue.",
      action: (component: "output_fifo", action: "pop"))
  }

  /// Row `index` of `job` has left the array.
  mutating func receive(
    _ sums: UnsafePointer<Element.Accumulator>, _ job: UnsafeMutablePointer<ArrayJob>,
    row index: Int, slot: Int
  ) {
    let width = job.pointee.columns
    var result = sums
    if job.pointee.accumulates || !job.pointee.hasOutput {
      let row = buffer + index &* stride
      if job.pointee.accumulates {
        for column in 0..<width { row[column] = Element.add(row[column], sums[column]) }
        reads.add()
        additions.add(UInt64(truncatingIfNeeded: width))
      } else {
        row.update(from: sums, count: width)
      }
      writes.add()
      result = UnsafePointer(row)
    }
    guard job.pointee.hasOutput else { return }
    var place = first &+ queued
    if place >= depth { place &-= depth }
    (queue + place &* stride).update(from: result, count: width)
    entries[place] = Entry(slot: slot, isLast: index &+ 1 == job.pointee.rows)
    queued &+= 1
    pushes.add()
  }

  /// Takes the oldest row of the output queue; the row is valid until the next ``receive``.
  @inline(__always)
  mutating func pop() -> (row: UnsafePointer<Element.Accumulator>, entry: Entry) {
    let result = (UnsafePointer(queue + first &* stride), entries[first])
    first &+= 1
    if first == depth { first = 0 }
    queued &-= 1
    pops.add()
    return result
  }
}
