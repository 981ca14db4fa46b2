internal import Accelerators
internal import Fabric
internal import SimKernel

/// Software that gives an array no rest: programs jobs, starts them alone and in bursts, polls,
/// clears flags at any moment, rewrites biases while rows leave, and does what it should not.
struct ArrayProgrammer {
  private enum Habit {
    /// Programs a job and starts it.
    case program
    /// Starts the job of the registers again and again.
    case start
    /// A job with output, then as many small ones without as the array takes, which all wait for
    /// its end.
    case flood
    /// Starts jobs and looks at STATUS in turns.
    case startAndLook
    /// Reads STATUS, JOBS or anything.
    case look
    /// Clears DONE and ERROR in every cycle.
    case clear
    /// Writes biases, factors and shifts.
    case parameter
    /// Does what a device refuses.
    case err
    /// Leaves the array alone.
    case rest
  }

  private enum Offset {
    static let control: UInt64 = 0x00
    static let status: UInt64 = 0x04
    static let rows: UInt64 = 0x08
    static let columns: UInt64 = 0x0C
    static let depth: UInt64 = 0x10
    static let flags: UInt64 = 0x14
    static let scale: UInt64 = 0x18
    static let shift: UInt64 = 0x1C
    static let zeroPoint: UInt64 = 0x20
    static let clampMinimum: UInt64 = 0x24
    static let clampMaximum: UInt64 = 0x28
    static let jobs: UInt64 = 0x40
    static let passes: UInt64 = 0x48
    static let slope: UInt64 = 0x4C
    static let bias: UInt64 = 0x400
    static let biasEnd: UInt64 = 0xC00
    static let scales: UInt64 = 0x1000
    static let shifts: UInt64 = 0x1800
    static let end: UInt64 = 0x2000
  }

  private let dataflow: ArrayDataflow
  private let array: SystolicArrayConfiguration
  private let base: Address
  /// The largest M, N and K of this episode's jobs, so that some have nothing but small jobs.
  private let largest: (rows: Int, columns: Int, depth: Int)
  /// How many of four jobs have output in this episode.
  private let outputs: Int
  private var habit = Habit.program
  private var left = 0
  /// Writes of the job that is being programmed, the next one last.
  private var pending: [(offset: UInt64, value: UInt32)] = []

  init(
    _ dataflow: ArrayDataflow, _ array: SystolicArrayConfiguration, base: Address,
    _ random: inout SplitMix64
  ) {
    self.dataflow = dataflow
    self.array = array
    self.base = base
    outputs = random.choose([1, 2, 3, 3, 4])
    let streamed = random.choose([1, 2, 4, 12, 40])
    largest =
      switch dataflow {
      case .outputStationary: (array.rows, array.columns, streamed)
      case .weightStationary: (streamed, array.columns, array.rows)
      }
  }

  /// The next access, nil when the software does nothing in this cycle.
  mutating func access(_ random: inout SplitMix64) -> BusHost.Transaction? {
    var transaction = nextAccess(&random)
    transaction?.address &+= base
    transaction?.source = random.pick(0...0xFFFF)
    return transaction
  }

  private mutating func nextAccess(_ random: inout SplitMix64) -> BusHost.Transaction? {
    if let write = pending.popLast() { return .write(write.offset, write.value) }
    if left == 0 {
      habit = random.choose([
        .program, .program, .program, .program, .start, .start, .flood, .startAndLook, .look,
        .clear, .parameter, .parameter, .err, .err, .rest,
      ])
      left = random.pick(1...(habit == .rest ? 60 : 16))
    }
    left -= 1
    switch habit {
    case .program:
      pending = job(&random).reversed()
      return nextAccess(&random)
    case .flood:
      pending = flood(&random).reversed()
      left = 0
      return nextAccess(&random)
    case .start: return .write(Offset.control, start(&random))
    case .startAndLook:
      return random.oneIn(2)
        ? .write(Offset.control, start(&random)) : .read(Offset.status, bytes: 4)
    case .look: return .read(place(&random), bytes: 4)
    case .clear: return .write(Offset.status, UInt32(random.pick(0...7)))
    case .parameter: return parameter(&random)
    case .err: return random.oneIn(4) ? .read(place(&random), bytes: 4) : refused(&random)
    case .rest: return nil
    }
  }

  /// CTRL with START, and a change of the interrupt's enable from time to time.
  private func start(_ random: inout SplitMix64) -> UInt32 {
    random.oneIn(8) ? UInt32(random.pick(0...7)) : random.oneIn(4) ? 1 : 5
  }

  // MARK: Places

  private func place(_ random: inout SplitMix64) -> UInt64 {
    switch random.pick(0...7) {
    case 0...3: Offset.status
    case 4: Offset.jobs
    case 5: parameterPlace(random.choose([Offset.bias, Offset.scales, Offset.shifts]), &random)
    default: UInt64(random.pick(0...0x14)) * 4
    }
  }

  private func parameterPlace(_ banks: UInt64, _ random: inout SplitMix64) -> UInt64 {
    let used = dataflow == .outputStationary ? max(array.rows, array.columns) : array.columns
    let index = random.oneIn(6) ? random.pick(0...255) : random.pick(0...used - 1)
    return banks + UInt64(random.pick(0...1) * 0x400 + 4 * index)
  }

  private func parameter(_ random: inout SplitMix64) -> BusHost.Transaction {
    switch random.pick(0...2) {
    case 0: .write(parameterPlace(Offset.bias, &random), number(&random))
    case 1: .write(parameterPlace(Offset.scales, &random), scale(&random))
    default: .write(parameterPlace(Offset.shifts, &random), shift(&random))
    }
  }

  // MARK: Jobs

  /// Some of the registers anew, and a START.
  private func job(_ random: inout SplitMix64) -> [(offset: UInt64, value: UInt32)] {
    var writes: [(offset: UInt64, value: UInt32)] = []
    /// How many of the registers a job changes.
    let eagerness = random.choose([2, 4, 8])
    func change(_ offset: UInt64, _ value: UInt32) {
      if random.pick(0...7) < eagerness { writes.append((offset, value)) }
    }
    let streamed =
      dataflow == .outputStationary ? array.rows : max(array.accumulatorRows, largest.rows)
    let steps = dataflow == .outputStationary ? Int.max : array.rows
    let flags = flags(&random)
    change(
      Offset.rows,
      flags & 1 << 7 != 0 && !random.oneIn(4)
        ? UInt32(random.pick(1...tiledRows)) : size(largest.rows, limit: streamed, &random))
    if dataflow == .weightStationary {
      change(Offset.passes, random.choose([1, 1, 1, 2, 2, 3, 5, 0]))
    }
    change(Offset.columns, size(largest.columns, limit: array.columns, &random))
    change(Offset.depth, size(largest.depth, limit: steps, &random))
    change(Offset.flags, flags)
    if random.oneIn(2) {
      change(Offset.scale, scale(&random))
      change(Offset.shift, shift(&random))
      change(Offset.zeroPoint, number(&random))
      change(Offset.clampMinimum, number(&random))
      change(Offset.clampMaximum, number(&random))
      change(Offset.slope, number(&random))
    }
    writes.append((Offset.control, start(&random)))
    return writes
  }

  /// The most rows of a tiled job: a few tiles, unless tiles are large.
  private var tiledRows: Int {
    dataflow == .outputStationary
      ? 4 * array.rows : min(4 * array.accumulatorRows, array.accumulatorRows + 20)
  }

  private func flood(_ random: inout SplitMix64) -> [(offset: UInt64, value: UInt32)] {
    var writes: [(offset: UInt64, value: UInt32)] = [
      (Offset.rows, UInt32(largest.rows)), (Offset.columns, UInt32(largest.columns)),
      (Offset.depth, 1), (Offset.flags, 1 << 1 | UInt32(random.pick(0...1)) << 4),
    ]
    if dataflow == .weightStationary { writes.append((Offset.passes, 1)) }
    writes.append((Offset.control, 5))
    // Small: one column, or one vector (WS), with the weights as they are.
    let small = dataflow == .outputStationary ? Offset.columns : Offset.rows
    if random.oneIn(2) { writes.append((small, 1)) }
    writes.append((Offset.flags, 1 << 6 | UInt32(random.pick(0...1))))
    for _ in 0..<random.pick(3...array.rows + array.columns + 12) {
      writes.append((Offset.control, 5))
    }
    return writes
  }

  private func size(_ largest: Int, limit: Int, _ random: inout SplitMix64) -> UInt32 {
    switch random.pick(0...31) {
    case 0: 0
    case 1: UInt32(clamping: limit == .max ? largest : limit + 1)
    // With TILED such a job takes the rest of the episode.
    case 2 where limit != .max:
      random.choose([0x101, 0x201, 0x401, random.oneIn(4) ? 0x8000_0001 : 0x101, 0x101])
    case 3...12: UInt32(largest)
    case 13...18: 1
    default: UInt32(random.pick(1...largest))
    }
  }

  private func flags(_ random: inout SplitMix64) -> UInt32 {
    var flags: UInt32 = 0
    if random.oneIn(3) { flags |= 1 }
    if random.pick(1...4) <= outputs { flags |= 1 << 1 }
    if random.oneIn(2) { flags |= 1 << 2 }
    if random.oneIn(3) { flags |= 1 << 3 }
    if random.oneIn(2) { flags |= 1 << 4 }
    if random.oneIn(2) { flags |= 1 << 5 }
    if random.oneIn(3) { flags |= 1 << 6 }
    if random.oneIn(3) { flags |= 1 << 7 }
    if random.oneIn(2) { flags |= 1 << 8 }
    if random.oneIn(2) { flags |= 1 << 9 }
    // Of floating-point arrays, and of none.
    if random.oneIn(20) { flags |= random.choose([1 << 10, 1 << 11, 3 << 10]) }
    return random.oneIn(8) ? flags | 0xFFFF_F000 : flags
  }

  private func shift(_ random: inout SplitMix64) -> UInt32 {
    random.choose([0, 1, 2, 3, 7, 8, 15, 30, 31, 32, 33, 62, 63])
  }

  private func scale(_ random: inout SplitMix64) -> UInt32 {
    switch random.pick(0...3) {
    case 0: random.choose([0, 1, 2, 3, 0x4000_0000, 0x7FFF_FFFF, 0x8000_0001, 0xFFFF_FFFF])
    case 1: UInt32(random.pick(1...64))
    default: UInt32(truncatingIfNeeded: random.next()) >> UInt32(random.pick(0...24))
    }
  }

  /// A signed number, often small or extreme.
  private func number(_ random: inout SplitMix64) -> UInt32 {
    switch random.pick(0...5) {
    case 0: random.choose([0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF, 0, 127, 0xFFFF_FF80])
    case 1: UInt32(truncatingIfNeeded: random.next())
    default: UInt32(bitPattern: Int32(random.pick(-300...300)))
    }
  }

  // MARK: What a device refuses

  private func refused(_ random: inout SplitMix64) -> BusHost.Transaction {
    let isWrite = random.oneIn(2)
    var offset = random.oneIn(3) ? Offset.control : place(&random)
    var bytes = 4
    switch random.pick(0...6) {
    case 0: bytes = random.choose([1, 2, 8])
    case 1: offset += UInt64(random.pick(1...3))
    case 2: bytes = random.pick(9...40)
    // Registers that are only read, and places without a register.
    case 3, 4: offset = UInt64(random.pick(0x2C / 4...0x54 / 4)) * 4
    case 5:
      offset = random.choose([
        Offset.bias - 4, Offset.biasEnd + UInt64(random.pick(0...0xFF)) * 4,
        Offset.end + UInt64(random.pick(0...0xFF)) * 4,
      ])
    default: offset |= 1 << UInt64(random.pick(12...40))
    }
    return isWrite
      ? .write(offset, random.bytes(bytes)) : .read(offset, bytes: bytes)
  }
}
