internal import SimKernel

/// What travels with the values of ``SteppedWeightStationary``.
private enum Flag {
  static let valid: UInt8 = 1 << 0
  /// Of an operand: its wavefront takes the loaded weights into use.
  static let switches: UInt8 = 1 << 1
  /// Of a partial sum: last used column.
  static let edge: UInt8 = 1 << 1
}

/// The inside of a weight-stationary array register by register: the model that
/// ``TiledWeightStationary`` must agree with in every cycle.
///
/// Operands move right, partial sums down, loaded weights up. Which columns a vector uses enters at
/// the top with its wavefront, so unused columns stay still; below the last used row sums only
/// pass.
struct SteppedWeightStationary<Element: Operand>: WeightStationaryDatapath {
  private struct OperandWire: BitwiseCopyable {
    var value: Element
    var flags: UInt8
  }

  private struct SumWire: BitwiseCopyable {
    var sum: Element.Accumulator
    var flags: UInt8
    var columns: UInt16
  }

  private struct WeightWire: BitwiseCopyable {
    var value: Element
    var isValid: Bool
    var isLastColumn: Bool
    var beat: UInt16
    var depth: UInt16
  }

  private let rows: Int
  private let columns: Int
  private let in1: UnsafeMutablePointer<OperandWire>
  private let top: UnsafeMutablePointer<SumWire>
  private let in2: UnsafeMutablePointer<WeightWire>
  /// Line i has i registers, from index i · side.
  private let rowSkew: UnsafeMutablePointer<OperandWire>
  private let topSkew: UnsafeMutablePointer<SumWire>
  private let weightSkew: UnsafeMutablePointer<WeightWire>
  private let operands: UnsafeMutablePointer<OperandWire>
  private let sums: UnsafeMutablePointer<SumWire>
  private let shadow: UnsafeMutablePointer<Element>
  private let active: UnsafeMutablePointer<Element>
  /// Column c's de-skew line has columns − 1 − c registers, from index c · columns.
  private let deskew: UnsafeMutablePointer<SumWire>
  private let row: UnsafeMutablePointer<Element.Accumulator>
  private var rowsInside = 0
  private var weightsMoving = 0
  private var completeColumns = 0
  private var wavefrontArrived = false
  private var counted = ArrayActivity()

  init(configuration: SystolicArrayConfiguration, arena: Arena) {
    rows = configuration.rows
    columns = configuration.columns
    in1 = arena.allocate(OperandWire.self, count: rows)
    top = arena.allocate(SumWire.self, count: columns)
    in2 = arena.allocate(WeightWire.self, count: columns)
    rowSkew = arena.allocate(OperandWire.self, count: rows * rows)
    topSkew = arena.allocate(SumWire.self, count: columns * columns)
    weightSkew = arena.allocate(WeightWire.self, count: columns * columns)
    operands = arena.allocate(OperandWire.self, count: rows * columns)
    sums = arena.allocate(SumWire.self, count: rows * columns)
    shadow = arena.allocate(Element.self, count: rows * columns)
    active = arena.allocate(Element.self, count: rows * columns)
    deskew = arena.allocate(SumWire.self, count: columns * columns)
    row = arena.allocate(Element.Accumulator.self, count: columns)
  }

  var activity: ArrayActivity? { counted }

  mutating func load(_ job: ArrayJob, beat: Int, _ in2: UnsafeRawPointer) {
    weightsMoving += 1
    for column in 0..<job.columns {
      self.in2[column] = WeightWire(
        value: in2.loadUnaligned(
          fromByteOffset: column * MemoryLayout<Element>.stride, as: Element.self),
        isValid: true, isLastColumn: column == job.columns - 1, beat: UInt16(beat),
        depth: UInt16(job.depth))
    }
  }

  mutating func issue(
    _ job: ArrayJob, switches: Bool, isEmpty: Bool, _ in1: UnsafeRawPointer, at now: Cycle
  ) {
    if isEmpty { wavefrontArrived = false }
    rowsInside += 1
    for row in 0..<job.depth {
      self.in1[row] = OperandWire(
        value: in1.loadUnaligned(
          fromByteOffset: row * MemoryLayout<Element>.stride, as: Element.self),
        flags: switches ? Flag.valid | Flag.switches : Flag.valid)
    }
    for column in 0..<job.columns {
      top[column] = SumWire(
        sum: Element.zeroAccumulator,
        flags: column == job.columns - 1 ? Flag.valid | Flag.edge : Flag.valid,
        columns: UInt16(job.columns))
    }
  }

  mutating func finishCycle(_ now: Cycle) {
    guard rowsInside > 0 || weightsMoving > 0 else { return }
    counted.skewWrites += Self.skew(in1, rowSkew, count: rows) { $0.flags & Flag.valid != 0 }
    _ = Self.skew(top, topSkew, count: columns) { $0.flags & Flag.valid != 0 }
    counted.skewWrites += Self.skew(in2, weightSkew, count: columns) { $0.isValid }
    shiftDeskew()
    for row in stride(from: rows - 1, through: 0, by: -1) { work(row) }
    for column in 0..<columns where in2[column].isValid { shiftWeights(column) }
    for row in 0..<rows { in1[row].flags = 0 }
    for column in 0..<columns {
      top[column].flags = 0
      in2[column].isValid = false
    }
  }

  /// Moves the delay lines and replaces each wire by the end of its line; returns the valid writes.
  private static func skew<Wire: BitwiseCopyable>(
    _ wires: UnsafeMutablePointer<Wire>, _ lines: UnsafeMutablePointer<Wire>, count: Int,
    isValid: (Wire) -> Bool
  ) -> UInt64 {
    var writes: UInt64 = 0
    for index in 1..<max(1, count) {
      let line = lines + index * count
      let end = line[index - 1]
      for place in Swift.stride(from: index - 1, to: 0, by: -1) {
        line[place] = line[place - 1]
        if isValid(line[place]) { writes += 1 }
      }
      line[0] = wires[index]
      if isValid(line[0]) { writes += 1 }
      wires[index] = end
    }
    return writes
  }

  /// A sum moves on only as far as the last used column's result takes to come.
  private mutating func shiftDeskew() {
    let bottom = sums + (rows - 1) * columns
    for column in 0..<columns - 1 {
      let line = deskew + column * columns
      for place in stride(from: columns - 2 - column, through: 0, by: -1) {
        line[place] = place == 0 ? bottom[column] : line[place - 1]
        if line[place].flags & Flag.valid != 0 {
          if place < Int(line[place].columns) - 1 - column {
            counted.resultWrites += 1
          } else {
            line[place].flags = 0
          }
        }
      }
    }
  }

  /// The MACs of one row of processing elements.
  private mutating func work(_ row: Int) {
    let (operandRow, sumRow) = (operands + row * columns, sums + row * columns)
    for column in stride(from: columns - 1, to: 0, by: -1) {
      operandRow[column] = operandRow[column - 1]
    }
    operandRow[0] = in1[row]
    let above = row == 0 ? top : sumRow - columns
    for column in 0..<columns {
      sumRow[column] = above[column]
      guard sumRow[column].flags & Flag.valid != 0 else {
        operandRow[column].flags = 0
        continue
      }
      counted.partialSumWrites += 1
      let operand = operandRow[column]
      if operand.flags & Flag.valid != 0 {
        let place = row * columns + column
        if operand.flags & Flag.switches != 0 {
          active[place] = shadow[place]
          counted.weightWrites += 1
        }
        sumRow[column].sum = Element.multiplyAdd(
          sumRow[column].sum, operand.value, active[place])
        counted.macs += 1
      }
      if row == rows - 1, sumRow[column].flags & Flag.edge != 0 {
        completeColumns = column + 1
        wavefrontArrived = true
      }
    }
  }

  /// A beat of weights arrives at a column: the rows loaded before it move up.
  private mutating func shiftWeights(_ column: Int) {
    let wire = in2[column]
    let last = Int(wire.depth) - 1
    for row in (last - Int(wire.beat))..<last {
      shadow[row * columns + column] = shadow[(row + 1) * columns + column]
    }
    shadow[last * columns + column] = wire.value
    counted.weightWrites += UInt64(wire.beat) + 1
    if wire.isLastColumn { weightsMoving -= 1 }
  }

  func isRowComplete(_ now: Cycle) -> Bool { completeColumns > 0 }

  mutating func takeRow() -> UnsafePointer<Element.Accumulator> {
    let last = completeColumns - 1
    for column in 0..<last {
      row[column] = deskew[column * columns + last - column - 1].sum
    }
    row[last] = sums[(rows - 1) * columns + last].sum
    completeColumns = 0
    rowsInside -= 1
    return UnsafePointer(row)
  }

  func isFull(_ now: Cycle) -> Bool { wavefrontArrived }

  func nextChange(after now: Cycle) -> Cycle {
    rowsInside > 0 || weightsMoving > 0 ? now + 1 : .max
  }
}
