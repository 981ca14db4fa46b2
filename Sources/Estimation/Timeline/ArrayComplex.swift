internal import Mapping

/// An array with the engines around it: which commands each of its jobs needs.
struct ArrayComplex {
  /// A job with the commands of the engines that it needs; −1 for none.
  struct Step {
    var job = ArrayJobTimes.Job()
    var array = -1
    var vector = -1
    var pixels = 0.0
    var side = -1
    /// Set once the array has computed it, while its rows still wait for the vector unit.
    var rows: ArrayJobTimes.Rows?
    /// What the array's job uses of memories.
    var use = CopyInterference.Use()
  }

  /// The engines, by their index; −1 for none.
  struct Engines: BitwiseCopyable {
    var array = -1
    var vector = -1
    var input = -1
    var weights = -1
    var side = -1
    var output = -1
  }

  let engines: Engines
  var steps: [Step] = []
  /// The first step whose results have not left.
  var next = 0
  var times: ArrayJobTimes
  /// When the last job that was worked out ends.
  var end = 0.0
  /// What that job uses of memories.
  var use = CopyInterference.Use()

  init(_ shape: SystemTiming.Array, _ work: [EngineWork], _ system: SystemTiming) {
    func engine(_ name: String?) -> Int {
      name.flatMap { name in work.firstIndex { $0.name == name } } ?? -1
    }
    engines = Engines(
      array: engine(shape.name), vector: engine(shape.vector), input: engine(shape.input),
      weights: engine(shape.weights), side: engine(shape.side), output: engine(shape.output))
    times = ArrayJobTimes(shape)
    build(shape, work, system)
  }

  private mutating func build(
    _ shape: SystemTiming.Array, _ work: [EngineWork], _ system: SystemTiming
  ) {
    let maker = StreamShares(system: system)
    func commands(_ engine: Int) -> [PlannedCommand] {
      engine < 0 ? [] : work[engine].commands
    }
    func timing(_ name: String?) -> StreamTiming? {
      system.dmas.first { $0.name == name }.map { StreamTiming(system: system, dma: $0) }
    }
    func transfers(_ engine: Int) -> [[TransferShape]] {
      commands(engine).map {
        if case .transfer(let shapes) = $0.work { return shapes }
        return []
      }
    }
    var inputs = ShareQueue(transfers(engines.input))
    var weights = ShareQueue(transfers(engines.weights))
    var sides = ShareQueue(transfers(engines.side))
    var outputs = ShareQueue(transfers(engines.output))
    let (inTiming, weightTiming) = (timing(shape.input), timing(shape.weights))
    let (sideTiming, outTiming) = (timing(shape.side), timing(shape.output))
    let jobs = commands(engines.array)
    var arrayIndex = 0

    func arrayStep(_ step: inout Step) {
      guard arrayIndex < jobs.count, case .job(let job) = jobs[arrayIndex].work,
        let inTiming, let weightTiming
      else { return }
      step.array = arrayIndex
      arrayIndex += 1
      step.job.tiles = (job.rows + job.tileRows - 1) / job.tileRows
      step.job.fullRows = min(job.rows, job.tileRows)
      step.job.lastRows = job.rows - (step.job.tiles - 1) * job.tileRows
      step.job.columns = job.columns
      step.job.depth = job.depth
      step.job.passes = job.passes
      step.job.input = inputs.next { maker.input($0, command: $1, dma: inTiming) }
      step.job.weights = weights.next { maker.weights($0, command: $1, dma: weightTiming) }
    }
    func outputShare(_ step: inout Step, beats: Int, results: Int) {
      guard let outTiming else { return }
      step.job.output = outputs.next {
        maker.pixels($0, command: $1, isWrite: true, dma: outTiming)
      }
      step.job.outputCycles =
        step.job.output.full * Double(results) / Double(max(1, beats))
    }
    /// Cycles per row that the input loses to other streams of its memory, whose banks it shares.
    func conflicts(_ job: ArrayJobTimes.Job, _ results: Double) -> Double {
      func shares(_ port: Int) -> Bool {
        port >> 16 == job.input.port >> 16 && port != job.input.port
      }
      guard job.input.port >= 0 else { return 0 }
      let banks = Double(max(1, system.memories[job.input.port >> 16].banks))
      var lost = 0.0
      if shares(job.weights.port) {
        lost += ArrayJobTimes.lostPerWeight * job.weights.words / Double(job.fullRows)
      }
      if shares(job.output.port) {
        lost += ArrayJobTimes.lostPerResult * results * job.output.words
      }
      if let side = job.side, shares(side.port) {
        lost += ArrayJobTimes.lostPerResult * side.words
      }
      return lost / banks
    }
    /// Accesses of the busiest port per row that leaves the array.
    func sharePorts(_ step: inout Step) {
      guard step.array >= 0 else { return }
      let rows = Double(step.job.fullRows)
      var uses: [(port: Int, words: Double)] = [
        (step.job.input.port, step.job.input.words / rows),
        (step.job.weights.port, step.job.weights.words / rows),
        (
          step.job.output.port,
          step.job.outputCycles / max(step.job.output.full, 1e-9) * step.job.output.words
        ),
      ]
      let results = step.job.outputCycles / max(step.job.output.full, 1e-9)
      step.job.outputPins = results * step.job.output.pins
      step.job.pinCycles =
        (step.job.input.pins + step.job.weights.pins) / rows + step.job.outputPins
        + (step.job.side?.pins ?? 0)
      if let side = step.job.side { uses.append((side.port, side.words)) }
      step.job.conflictCycles = conflicts(step.job, results)
      step.use = CopyInterference.Use(step.job)
      for use in uses where uses.filter({ $0.port == use.port }).count > 1 {
        step.job.portCycles = max(
          step.job.portCycles,
          uses.filter { $0.port == use.port }.reduce(0) { $0 + $1.words })
      }
    }
    guard engines.vector >= 0 else {
      for _ in jobs {
        var step = Step()
        arrayStep(&step)
        step.job.hasVector = false
        outputShare(&step, beats: 1, results: 1)
        sharePorts(&step)
        steps.append(step)
      }
      return
    }
    for (index, command) in commands(engines.vector).enumerated() {
      guard case .vector(let job) = command.work else { continue }
      var step = Step()
      step.vector = index
      if !job.isAlone { arrayStep(&step) }
      step.pixels = Double(job.beats)
      if job.isAlone || job.adds != nil, let sideTiming {
        let share = sides.next {
          maker.pixels(
            $0, command: $1, isWrite: false, hasPairs: job.isAlone && job.adds != nil,
            dma: sideTiming)
        }
        step.side = share.command
        step.job.side = share
      }
      if let pool = job.pool {
        step.job.vectorCycles = Double(pool.cyclesPerBeat)
        outputShare(&step, beats: job.beats, results: pool.outHeight * pool.outWidth)
      } else {
        outputShare(&step, beats: job.beats, results: job.beats)
      }
      sharePorts(&step)
      steps.append(step)
    }
  }
}

extension VectorJobShape.Pool {
  /// Updates of running results per cycle.
  private static let updatesPerCycle = 9

  /// Cycles that a pixel takes: every result whose window it is in is updated.
  var cyclesPerBeat: Int {
    let open =
      max(1, (rows + strideY - 1) / strideY) * max(1, (columns + strideX - 1) / strideX)
    return (open + Self.updatesPerCycle - 1) / Self.updatesPerCycle
  }
}

/// The parts of a DMA's commands, one after the other.
struct ShareQueue {
  private let commands: [[TransferShape]]
  private var index = 0
  private var shares: [StreamShare] = []
  private var position = 0

  init(_ commands: [[TransferShape]]) { self.commands = commands }

  mutating func next(
    _ make: ([TransferShape], Int) -> [StreamShare]
  ) -> StreamShare {
    while position == shares.count, index < commands.count {
      shares = make(commands[index], index)
      position = 0
      index += 1
    }
    guard position < shares.count else {
      return StreamShare(command: -1, isFirst: false, isLast: false)
    }
    defer { position += 1 }
    return shares[position]
  }
}
