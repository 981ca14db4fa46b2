internal import SimKernel

/// What travels with an operand of ``SteppedOutputStationary``.
private enum Flag {
  static let valid: UInt8 = 1 << 0
  /// Of `a`: start from zero.
  static let clear: UInt8 = 1 << 1
  /// Of `a`: the job's last step.
  static let last: UInt8 = 1 << 2
  /// Of `a`: the result goes to the drain.
  static let capture: UInt8 = 1 << 3
  /// Of `a`: last used row; of `b`: last used column.
  static let edge: UInt8 = 1 << 4
}

/// The inside of an output-stationary array register by register: the model that
/// ``TiledOutputStationary`` must agree with in every cycle.
///
/// An operand register holds what its processing element uses in this cycle; the neighbour's takes
/// it over in the next one. An element is written only when both operands are valid, so unused rows
/// and columns stay still.
struct SteppedOutputStationary<Element: Operand>: OutputStationaryDatapath {
  private struct Wire: BitwiseCopyable {
    var value: Element
    var flags: UInt8
    var slot: UInt16
  }

  private let jobs: UnsafeMutablePointer<ArrayJob>
  private let rows: Int
  private let columns: Int
  private let doubleBuffered: Bool
  /// What enters in this cycle, one wire per row and per column.
  private let in1: UnsafeMutablePointer<Wire>
  private let in2: UnsafeMutablePointer<Wire>
  /// Row r's delay line has r registers, from index r · rows; likewise for columns.
  private let rowSkew: UnsafeMutablePointer<Wire>
  private let columnSkew: UnsafeMutablePointer<Wire>
  private let a: UnsafeMutablePointer<Wire>
  private let b: UnsafeMutablePointer<Wire>
  private let sums: UnsafeMutablePointer<Element.Accumulator>
  private let drain: UnsafeMutablePointer<Element.Accumulator>
  private let isComputed: UnsafeMutablePointer<Bool>
  private var inFlight = 0
  private var wavefrontArrived = false
  private var hadWavefronts = false
  private var drainedRows = 0
  private var counted = ArrayActivity()

  init(
    configuration: SystolicArrayConfiguration, jobs: UnsafeMutablePointer<ArrayJob>, slots: Int,
    arena: Arena
  ) {
    self.jobs = jobs
    rows = configuration.rows
    columns = configuration.columns
    doubleBuffered = configuration.doubleBuffered
    in1 = arena.allocate(Wire.self, count: rows)
    in2 = arena.allocate(Wire.self, count: columns)
    rowSkew = arena.allocate(Wire.self, count: rows * rows)
    columnSkew = arena.allocate(Wire.self, count: columns * columns)
    a = arena.allocate(Wire.self, count: rows * columns)
    b = arena.allocate(Wire.self, count: rows * columns)
    sums = arena.allocate(Element.Accumulator.self, count: rows * columns)
    drain =
      doubleBuffered ? arena.allocate(Element.Accumulator.self, count: rows * columns) : sums
    isComputed = arena.allocate(Bool.self, count: slots)
  }

  var activity: ArrayActivity? { counted }

  mutating func issue(
    _ step: ArrayStep, _ in1: UnsafeRawPointer, _ in2: UnsafeRawPointer, at now: Cycle
  ) {
    let job = jobs[step.slot]
    if inFlight == 0 { wavefrontArrived = false }
    inFlight += 1
    if step.isFirst { isComputed[step.slot] = false }
    var flags = Flag.valid
    if step.isFirst, !job.accumulates { flags |= Flag.clear }
    if step.isLast { flags |= job.hasOutput ? Flag.last | Flag.capture : Flag.last }
    let slot = UInt16(truncatingIfNeeded: step.slot)
    for row in 0..<job.rows {
      self.in1[row] = Wire(
        value: in1.loadUnaligned(
          fromByteOffset: row * MemoryLayout<Element>.stride, as: Element.self),
        flags: row == job.rows - 1 ? flags | Flag.edge : flags, slot: slot)
    }
    for column in 0..<job.columns {
      self.in2[column] = Wire(
        value: in2.loadUnaligned(
          fromByteOffset: column * MemoryLayout<Element>.stride, as: Element.self),
        flags: column == job.columns - 1 ? Flag.valid | Flag.edge : Flag.valid, slot: slot)
    }
  }

  mutating func finishCycle(_ now: Cycle) {
    hadWavefronts = inFlight > 0
    guard hadWavefronts else { return }
    skew(in1, rowSkew, count: rows)
    skew(in2, columnSkew, count: columns)
    for row in stride(from: rows - 1, through: 0, by: -1) {
      let (aRow, bRow) = (a + row * columns, b + row * columns)
      for column in stride(from: columns - 1, to: 0, by: -1) { aRow[column] = aRow[column - 1] }
      aRow[0] = in1[row]
      bRow.update(from: row == 0 ? in2 : bRow - columns, count: columns)
      work(aRow, bRow, row: row)
    }
    for row in 0..<rows { in1[row].flags = 0 }
    for column in 0..<columns { in2[column].flags = 0 }
  }

  /// Moves the delay lines and replaces each wire by the end of its line.
  private mutating func skew(
    _ wires: UnsafeMutablePointer<Wire>, _ lines: UnsafeMutablePointer<Wire>, count: Int
  ) {
    for index in 1..<max(1, count) {
      let line = lines + index * count
      let end = line[index - 1]
      for place in stride(from: index - 1, to: 0, by: -1) {
        line[place] = line[place - 1]
        if line[place].flags & Flag.valid != 0 { counted.skewWrites += 1 }
      }
      line[0] = wires[index]
      if line[0].flags & Flag.valid != 0 { counted.skewWrites += 1 }
      wires[index] = end
    }
  }

  /// The MACs of one row of processing elements.
  private mutating func work(
    _ aRow: UnsafeMutablePointer<Wire>, _ bRow: UnsafeMutablePointer<Wire>, row: Int
  ) {
    for column in 0..<columns {
      let (x, y) = (aRow[column], bRow[column])
      guard x.flags & y.flags & Flag.valid != 0 else {
        aRow[column].flags = 0
        bRow[column].flags = 0
        continue
      }
      let place = row * columns + column
      let sum = Element.multiplyAdd(
        x.flags & Flag.clear != 0 ? Element.zeroAccumulator : sums[place], x.value, y.value)
      sums[place] = sum
      counted.macs += 1
      if x.flags & Flag.capture != 0, doubleBuffered {
        drain[place] = sum
        counted.resultWrites += 1
      }
      if x.flags & y.flags & Flag.edge != 0 {
        inFlight -= 1
        wavefrontArrived = true
        if x.flags & Flag.last != 0 { isComputed[Int(x.slot)] = true }
      }
    }
  }

  func hasWavefronts(_ now: Cycle) -> Bool { inFlight > 0 }
  func isFull(_ now: Cycle) -> Bool { wavefrontArrived }
  func isComputed(_ slot: Int, before now: Cycle) -> Bool { isComputed[slot] }

  func nextChange(after now: Cycle, head: Int, draining: Int) -> Cycle {
    hadWavefronts ? now + 1 : .max
  }

  func drainRow() -> UnsafePointer<Element.Accumulator> { UnsafePointer(drain) }

  mutating func shiftDrain(_ job: UnsafeMutablePointer<ArrayJob>) {
    let (used, width) = (job.pointee.rows, job.pointee.columns)
    for row in 1..<max(1, used) {
      (drain + (row - 1) * columns).update(from: drain + row * columns, count: width)
    }
    drainedRows += 1
    counted.resultWrites += UInt64((used - drainedRows) * width)
    if drainedRows == used { drainedRows = 0 }
    if !doubleBuffered {
      (drain + (used - 1) * columns).update(repeating: Element.zeroAccumulator, count: width)
    }
  }
}
