/// When the tiles of jobs end: recurrences over tiles, in which everything waits for what it needs.
///
/// Times are cycles of the SoC's reference clock. Of each job all tiles but the last are alike, so that after a few of
/// them every time grows by the same amount from tile to tile; the rest of them is then skipped exactly.
struct ArrayJobTimes {
  /// What a job needs, all times known.
  struct Job {
    /// Tiles, and rows of a full and of the last one.
    var tiles = 0
    var fullRows = 0
    var lastRows = 0
    /// Columns in use.
    var columns = 0
    /// Operand steps of a pass of one tile.
    var depth = 0
    var passes = 1
    /// When the array and the unit behind it know of the job.
    var start = 0.0
    var vectorStart = 0.0
    var input = StreamShare(command: 0, isFirst: false, isLast: false)
    var inputStart = 0.0
    var weights = StreamShare(command: 0, isFirst: false, isLast: false)
    var weightsStart = 0.0
    /// Second operand of the vector unit; rate 0 without.
    var side: StreamShare?
    var sideStart = 0.0
    var output = StreamShare(command: 0, isFirst: false, isLast: false)
    var outputStart = 0.0
    /// Accesses per row of the tile of that memory port which has most of them.
    var portCycles = 0.0
    /// Cycles per row of the tile that the input loses to others who want its banks.
    var conflictCycles = 0.0
    /// Cycles per row for which the pins of the memory off the chip are in use.
    var pinCycles = 0.0
    /// Those of the results of a row.
    var outputPins = 0.0
    /// Cycles that the vector unit takes for a row.
    var vectorCycles = 1.0
    /// Cycles of the output DMA per row that leaves the array.
    var outputCycles = 1.0
    /// Bus words written per row that leaves the array.
    var resultWords: Double { outputCycles / max(output.full, 1e-9) * output.words }
    /// Whether there is a vector unit on the way.
    var hasVector = true
  }

  /// When what a job uses is done with it.
  struct Ends {
    var input = 0.0
    var weights = 0.0
    var array = 0.0
    var vector = 0.0
    var side = 0.0
    var output = 0.0

    mutating func delay(by cycles: Double) {
      input += cycles
      weights += cycles
      array += cycles
      vector += cycles
      side += cycles
      output += cycles
    }
  }

  private let isWeightStationary: Bool
  private let isDoubleBuffered: Bool
  private let rows: Double
  private let columns: Double

  /// Last operand taken, last row drained, last beat of each stream ready.
  private var last = 0.0
  private var drained = 0.0
  private var inputReady = 0.0
  private var weightsReady = 0.0
  private var opened = 0.0
  /// Weight stationary: when the last pass had all its weights.
  private var loaded = 0.0
  private var sideReady = 0.0
  private var written = 0.0

  /// Cycles in which the array took operands, and in which it waited for each thing.
  private(set) var busy = 0.0

  init(_ array: SystemTiming.Array) {
    isWeightStationary = array.isWeightStationary
    isDoubleBuffered = array.isDoubleBuffered
    rows = Double(array.rows)
    columns = Double(array.columns)
  }

  /// Banks times the cycles that the input loses per bus word of weights (they come in bursts as fast as the input), and of
  /// results and second operands (they come singly); from waveforms of runs.
  static let lostPerWeight = 1.4
  static let lostPerResult = 0.5
  /// Rows that fit between the drain of the array and the output DMA's bus side.
  private static let rowsUnderWay = 10.0
  /// Rows that fit in front of a vector unit that has no job yet, and of an output DMA that has none.
  private static let rowsBeforeVector = 4.0
  private static let rowsBeforeOutput = 8.0
  /// Cycles from a row's leaving the drain to its being written: output stage, vector unit, queues.
  private static let outputLatency = 8.0
  private static let directOutputLatency = 5.0

  private struct State: BitwiseCopyable {
    var last: Double
    var drained: Double
    var inputReady: Double
    var weightsReady: Double
    var opened: Double
    var sideReady: Double
    var written: Double

    /// By how much everything has grown; nil when that differs.
    func step(from other: State) -> Double? {
      let by = last - other.last
      func isEven(_ now: Double, _ before: Double) -> Bool { abs(now - before - by) < 1e-6 }
      return isEven(drained, other.drained) && isEven(inputReady, other.inputReady)
        && isEven(weightsReady, other.weightsReady)
        && (opened == other.opened || isEven(opened, other.opened))
        && isEven(written, other.written) ? by : nil
    }
  }

  private var state: State {
    State(
      last: last, drained: drained, inputReady: inputReady, weightsReady: weightsReady,
      opened: opened, sideReady: sideReady, written: written)
  }

  private mutating func advance(by cycles: Double) {
    last += cycles
    drained += cycles
    inputReady += cycles
    weightsReady += cycles
    opened += cycles
    loaded += cycles
    sideReady += cycles
    written += cycles
  }

  /// Puts everything off.
  mutating func delay(by cycles: Double) { advance(by: cycles) }

  /// Works through a job.
  mutating func run(_ job: Job) -> Ends {
    var isFresh = job.input.isFirst
    var areWeightsFresh = job.weights.isFirst
    var isSideFresh = job.side?.isFirst ?? false
    let full = job.tiles - 1
    var tile = 0
    var before = state
    var previousStep: Double?
    while tile < full {
      self.tile(
        job, rows: Double(job.fullRows), input: job.input.full, weights: job.weights.full,
        &isFresh, &areWeightsFresh, &isSideFresh, isFirst: tile == 0)
      tile += 1
      let step = state.step(from: before)
      if let step, let previousStep, abs(step - previousStep) < 1e-6, tile < full {
        advance(by: step * Double(full - tile))
        tile = full
      }
      previousStep = step
      before = state
    }
    self.tile(
      job, rows: Double(job.lastRows), input: job.input.rest, weights: job.weights.rest, &isFresh,
      &areWeightsFresh, &isSideFresh, isFirst: job.tiles == 1)
    return ends(job)
  }

  private func ends(_ job: Job) -> Ends {
    let latency = job.hasVector ? Self.outputLatency : Self.directOutputLatency
    // A DMA is done when its last beat is in the stream, which holds two. Weight stationary, the last weights are taken
    // before the last vectors come: what waits for their buffer begins a pass earlier.
    return Ends(
      input: max(inputReady, last - 2),
      weights: max(weightsReady, (isWeightStationary ? loaded : last) - 2),
      array: drained + 3, vector: max(drained + 5, written - 3),
      side: max(sideReady, written - 8),
      output: max(written, drained + latency) + job.output.latency)
  }

  /// Whether the array can end a job although what takes its rows does not know of it yet.
  static func endsAlone(_ job: Job) -> Bool {
    job.tiles == 1 && Double(job.lastRows) <= rowsBeforeVector
  }

  /// Computes such a job; its rows wait in front of the vector unit.
  mutating func compute(_ job: Job) -> (ends: Ends, rows: Rows) {
    var (isFresh, areWeightsFresh) = (job.input.isFirst, job.weights.isFirst)
    let count = Double(job.lastRows)
    if isWeightStationary {
      passes(
        job, rows: count, input: job.input.rest, weights: job.weights.rest, &isFresh,
        &areWeightsFresh, true)
    } else {
      steps(
        job, rows: count, input: job.input.rest, weights: job.weights.rest, &isFresh,
        &areWeightsFresh, true)
    }
    let rows = leaving(job, rows: count)
    drained = rows.last
    return (ends(job), rows)
  }

  /// Lets the rows of a computed job leave.
  mutating func finish(_ job: Job, _ rows: Rows) -> Ends {
    let (last, drained) = (last, drained)
    var isSideFresh = job.side?.isFirst ?? false
    leave(job, rows: Double(job.lastRows), rows, isFirst: true, &isSideFresh)
    (self.last, self.drained) = (last, max(drained, rows.last))
    return ends(job)
  }

  /// When the first and the last row of a tile can leave the array.
  struct Rows {
    var first = 0.0
    var last = 0.0
  }

  private mutating func tile(
    _ job: Job, rows: Double, input: Double, weights: Double, _ isFresh: inout Bool,
    _ areWeightsFresh: inout Bool, _ isSideFresh: inout Bool, isFirst: Bool
  ) {
    if isWeightStationary {
      passes(job, rows: rows, input: input, weights: weights, &isFresh, &areWeightsFresh, isFirst)
    } else {
      steps(job, rows: rows, input: input, weights: weights, &isFresh, &areWeightsFresh, isFirst)
    }
    leave(job, rows: rows, leaving(job, rows: rows), isFirst: isFirst, &isSideFresh)
  }

  /// When a stream has brought what takes `cycles`: it goes on behind what it brought before, or begins with a command.
  ///
  /// - Parameter taken: when everything before is taken; it can be so much ahead of that as fits its buffers.
  @inline(__always)
  private func arrival(
    _ ready: Double, _ share: StreamShare, start: Double, cycles: Double, isFresh: Bool,
    isFirst: Bool, taken: Double
  ) -> Double {
    var ready = ready
    if isFresh {
      ready = max(ready + 2, start) + share.lead + share.latency + share.firstBlock
    } else if isFirst, share.lead > 0 {
      ready += share.lead + share.latency + share.firstBlock
    }
    return max(ready, taken - share.slack) + cycles
  }

  /// Output stationary: K steps, the last one when the drain is free.
  private mutating func steps(
    _ job: Job, rows: Double, input: Double, weights: Double, _ isFresh: inout Bool,
    _ areWeightsFresh: inout Bool, _ isFirst: Bool
  ) {
    let depth = Double(job.depth)
    let free = isFirst ? max(last, job.start) : last
    inputReady =
      arrival(
        inputReady, job.input, start: job.inputStart, cycles: input, isFresh: isFresh,
        isFirst: isFirst, taken: free) + job.conflictCycles * rows
    weightsReady = arrival(
      weightsReady, job.weights, start: job.weightsStart, cycles: weights,
      isFresh: areWeightsFresh, isFirst: isFirst, taken: free)
    isFresh = false
    areWeightsFresh = false
    let begin = max(free, isDoubleBuffered ? 0 : drained)
    last = max(
      begin + depth, inputReady, weightsReady, last + max(job.portCycles, job.pinCycles) * rows)
    // The last step may follow in the cycle in which the last row leaves.
    if isDoubleBuffered { last = max(last, drained) }
    busy += depth
  }

  /// Weight stationary: passes, each of which loads its weights while the one before it computes.
  private mutating func passes(
    _ job: Job, rows: Double, input: Double, weights: Double, _ isFresh: inout Bool,
    _ areWeightsFresh: inout Bool, _ isFirst: Bool
  ) {
    let count = Double(job.passes)
    let (vectors, loads) = (input / count, weights / count)
    let ports = max(job.portCycles, job.pinCycles) * rows / count
    var previous: (last: Double, opened: Double, ready: Double, weights: Double)?
    var lastStep: Double?
    var pass = 0
    while pass < job.passes {
      inputReady = arrival(
        inputReady, job.input, start: job.inputStart, cycles: vectors, isFresh: isFresh,
        isFirst: isFirst && pass == 0, taken: isFirst && pass == 0 ? max(last, job.start) : last)
      inputReady += job.conflictCycles * rows / count
      // The shadow registers are free when the switch has passed the rows in use.
      let shadowFree = opened + Double(job.depth) - 1
      let begin = max(shadowFree, isFirst && pass == 0 ? job.start : 0)
      weightsReady = arrival(
        weightsReady, job.weights, start: job.weightsStart, cycles: loads,
        isFresh: areWeightsFresh, isFirst: isFirst && pass == 0, taken: begin)
      isFresh = false
      areWeightsFresh = false
      loaded = max(weightsReady + 1, begin + Double(job.depth))
      opened = max(last + 1, loaded, inputReady - vectors + 1)
      if isFirst, pass == 0 { opened = max(opened, job.start + 1) }
      last = max(opened + rows - 1, inputReady, last + ports)
      busy += rows
      pass += 1
      let now = (last, opened, inputReady, weightsReady)
      if let previous {
        let step = last - previous.last
        let isEven =
          abs(opened - previous.opened - step) < 1e-6
          && abs(inputReady - previous.ready - step) < 1e-6
          && abs(weightsReady - previous.weights - step) < 1e-6
        if isEven, lastStep == step, pass < job.passes {
          let skipped = step * Double(job.passes - pass)
          last += skipped
          opened += skipped
          loaded += skipped
          inputReady += skipped
          weightsReady += skipped
          busy += rows * Double(job.passes - pass)
          pass = job.passes
        }
        lastStep = isEven ? step : nil
      }
      previous = now
    }
  }

  private func leaving(_ job: Job, rows count: Double) -> Rows {
    let columns = Double(job.columns)
    guard isWeightStationary else {
      let first = last + count + columns - 1
      return Rows(first: first, last: first + count - 1)
    }
    // A vector's row has left the array, the accumulator and the queue behind it.
    let first = opened + rows + columns + 1
    return Rows(first: first, last: max(first + count - 1, last + rows + columns + 1))
  }

  /// Rows leave through the vector unit to memory.
  private mutating func leave(
    _ job: Job, rows count: Double, _ leaving: Rows, isFirst: Bool, _ isSideFresh: inout Bool
  ) {
    let (first, least) = (leaving.first, leaving.last)
    var rate = max(1, job.vectorCycles, job.outputCycles)
    let latency = job.hasVector ? Self.outputLatency : Self.directOutputLatency
    var begin = max(first, job.vectorStart + 1, job.outputStart - 2) + latency
    if let side = job.side {
      rate = max(rate, side.full)
      if isSideFresh {
        sideReady = max(sideReady + 2, job.sideStart) + side.lead + side.latency
        isSideFresh = false
      } else if isFirst, side.lead > 0 {
        sideReady += side.lead + side.latency
      }
      sideReady = max(sideReady, written - side.slack) + side.full * count
      begin = max(begin, sideReady - side.full * count + 4)
    }
    rate = max(rate, bankCycles(job), job.outputPins + (job.side?.pins ?? 0))
    written = max(max(written, begin - rate) + rate * count, least + latency)
    // As many rows as fit between the array and what holds them up have left it all the same.
    let room =
      job.vectorStart > first && job.hasVector
      ? Self.rowsBeforeVector : job.outputStart > first ? Self.rowsBeforeOutput : Self.rowsUnderWay
    drained = count > room ? max(least, written - latency - room * rate) : least
    // Vectors wait when the queue behind the accumulators is full.
    if isWeightStationary { last = max(last, drained - (rows + columns + 4) * rate) }
  }

  /// Accesses of a bank per row that leaves: results, second operands and, weight stationary, the vectors of the last pass
  /// may all want the same one.
  private func bankCycles(_ job: Job) -> Double {
    guard let bank = job.output.bank else { return 0 }
    var accesses = job.resultWords
    if let side = job.side, side.bank == bank { accesses += side.words }
    if isWeightStationary, job.input.bank == bank { accesses += 1 }
    return accesses
  }

  /// A job of the vector unit alone.
  mutating func runVector(_ job: Job, pixels: Double) -> Ends {
    guard let side = job.side else { return Ends() }
    if side.isFirst {
      sideReady = max(sideReady + 2, job.sideStart) + side.lead + side.latency
    } else if side.lead > 0 {
      sideReady += side.lead + side.latency
    }
    var rate = max(side.full, job.vectorCycles, job.outputCycles)
    if let bank = job.output.bank, side.bank == bank {
      rate = max(rate, side.words + job.resultWords)
    }
    let begin = max(
      sideReady + 4, job.vectorStart + 4, job.outputStart, written)
    sideReady = max(sideReady + side.full * pixels, begin + rate * pixels - side.slack)
    written = begin + rate * pixels + 1
    return Ends(
      input: 0, weights: 0, array: 0, vector: written - 3, side: sideReady,
      output: written + job.output.latency)
  }
}
