internal import Mapping

/// Measures the steady state of a job by working through some of its tiles cycle by cycle, without data: what streams
/// lose to each other at ports, banks and pins, and to the gaps of short bursts, comes out as in the modules.
struct JobProbe {
  /// Cycles between the ends of neighbouring tiles.
  struct Periods: BitwiseCopyable {
    /// Of a full tile; weight stationary: of a pass without output.
    var full = 0.0
    /// Of the last tile; weight stationary: of a pass with output.
    var last = 0.0
    /// What the array waits for most.
    var bound = Bound.results
  }

  /// What bounds a job.
  enum Bound: BitwiseCopyable {
    case input
    case weights
    case results
  }

  /// The transfers of a job's streams.
  struct Streams: Equatable {
    var input: TransferShape?
    var weights: TransferShape?
    var side: TransferShape?
    var output: TransferShape
  }

  static let isUsed = false
  /// What periods depend on.
  private struct Key: Equatable {
    var streams: Streams
    var vector: VectorJobShape?
    var rows: Int
    var columns: Int
    var depth: Int
    var passes: Int
  }

  private static let cycleLimit = 24_000
  private static let cyclesWanted = 6_000
  private static let mostMarks = 256
  private static let mostPasses = 6

  private let system: SystemTiming
  private let array: SystemTiming.Array
  private var known: [(key: Key, periods: Periods)] = []

  init(_ system: SystemTiming, _ array: SystemTiming.Array) {
    self.system = system
    self.array = array
  }

  /// The periods of a job; nil when it is too short to have any or uses what is not modelled.
  mutating func periods(
    _ job: ArrayJobTimes.Job, _ streams: Streams, _ vector: VectorJobShape?
  ) -> Periods? {
    guard system.crossbarLatency == 1 else { return nil }
    var streams = streams
    for path in [\Streams.input, \.weights, \.side] { Self.normalise(&streams[keyPath: path]) }
    let key = Key(
      streams: streams, vector: vector, rows: job.tiles * 4096 + job.lastRows,
      columns: job.columns, depth: job.depth, passes: job.passes)
    if let entry = known.last(where: { $0.key == key }) {
      return entry.periods.full > 0 ? entry.periods : nil
    }
    let periods = measure(job, streams, vector)
    print("PROBE t\(job.tiles) r\(job.fullRows)/\(job.lastRows) c\(job.columns) k\(job.depth) p\(job.passes) rep \(streams.input?.window?.repetitions ?? 0) in \(job.input.full) w \(job.weights.full) out \(job.outputCycles) ->", periods?.full ?? -1, periods?.last ?? -1, periods.map { "\($0.bound)" } ?? "")
    known.append((key, periods ?? Periods()))
    return periods
  }

  /// Equal places within pages and banks are alike.
  private static func normalise(_ shape: inout TransferShape?) {
  }

  private func dma(_ name: String?) -> SystemTiming.DMA? {
    name.flatMap { name in system.dmas.first { $0.name == name } }
  }

  private func measure(
    _ job: ArrayJobTimes.Job, _ streams: Streams, _ vector: VectorJobShape?
  ) -> Periods? {
    guard let input = streams.input, let window = input.window, let weights = streams.weights,
      let inDMA = dma(array.input), let weightDMA = dma(array.weights),
      let outDMA = dma(array.output)
    else { return nil }
    let jobs = max(1, window.repetitions)
    let passes = array.isWeightStationary ? min(job.passes, Self.mostPasses) : 1
    let least =
      array.isWeightStationary
      ? Double(max(job.fullRows, job.depth) * passes)
      : max(Double(job.depth), job.input.full, job.weights.full)
    let wanted = max(array.isWeightStationary ? 2 : 5, Int(Double(Self.cyclesWanted) / least))
    let firstTile = self.firstTile(job, window, vector?.pool, wanted: wanted)
    let firstRow = firstTile * job.fullRows
    var firstResult = firstRow
    if let pool = vector?.pool { firstResult = firstRow / (pool.width * pool.strideY) * pool.outWidth }
    let vertical = job.tiles <= wanted ? 1 : Self.verticalShare(window)
    guard job.tiles * jobs * (array.isWeightStationary ? passes : 1) > 2 else { return nil }

    var users = [
      user(input, inDMA, writes: false), user(weights, weightDMA, writes: false),
      user(streams.output, outDMA, writes: true),
    ]
    let sideDMA = streams.side == nil ? nil : dma(array.side)
    if let side = streams.side, let sideDMA { users.append(user(side, sideDMA, writes: false)) }
    let known = users.compactMap { $0 }
    guard known.count == users.count else { return nil }

    let buses = UnsafeMutablePointer<BeatBus>.allocate(capacity: 4)
    buses.initialize(repeating: BeatBus(), count: 4)
    let channels = UnsafeMutablePointer<BeatChannel>.allocate(capacity: 5)
    channels.initialize(repeating: BeatChannel(), count: 5)
    let marks = UnsafeMutablePointer<Int>.allocate(capacity: Self.mostMarks)
    defer {
      buses.deallocate()
      channels.deallocate()
      marks.deallocate()
    }
    let (in1, in2, side, result, out) = (
      channels, channels + 1, channels + 2, channels + 3, channels + 4
    )
    var memories = BeatMemories(system, users: known, buses: buses)
    let resultBytes = streams.output.rowBytes
    var inReader = BeatReader(
      PieceWalk(
        window: input, window, portBytes: inDMA.portBytes, firstGroup: firstTile,
        passes: array.isWeightStationary ? passes : .max),
      dma: inDMA, busBytes: system.busBytes, endsBeats: true, turns: input.turns,
      elementBytes: input.elementBytes)
    var weightReader = BeatReader(
      weightWalk(weights, job, passes: passes, firstTile: firstTile), dma: weightDMA,
      busBytes: system.busBytes, endsBeats: weights.alignsRows, turns: false,
      elementBytes: weights.elementBytes)
    var writer = BeatWriter(
      pixelWalk(streams.output, first: firstResult), dma: outDMA,
      busBytes: system.busBytes, rowBytes: resultBytes)
    var sideReader: BeatReader?
    if let shape = streams.side, let sideDMA {
      sideReader = BeatReader(
        pixelWalk(shape, first: firstRow), dma: sideDMA, busBytes: system.busBytes,
        endsBeats: shape.alignsRows, turns: false, elementBytes: shape.elementBytes)
    }
    var core = BeatArray(
      array, job, firstRow: firstRow, jobs: jobs, passes: passes,
      beatsPerRow: (resultBytes + outDMA.portBytes - 1) / outDMA.portBytes,
      countFrom: array.isWeightStationary ? 1 : 3, marks: marks,
      capacity: min(Self.mostMarks, (wanted + 1) * passes))
    var unit = vector.map {
      BeatVector($0, first: firstRow, jobs: jobs, markEvery: .max, marks: marks, capacity: 0)
    }
    defer {
      memories.deallocate()
      inReader.deallocate()
      weightReader.deallocate()
      sideReader?.deallocate()
      core.deallocate()
    }
    let mostMarks = min(Self.mostMarks, (wanted + 1) * passes)
    var now = 0
    while now < Self.cycleLimit, core.markCount < mostMarks, !core.isFinished {
      inReader.tick(now, buses, in1)
      weightReader.tick(now, buses + 1, in2)
      writer.tick(now, buses + 2, unit == nil ? result : out)
      sideReader?.tick(now, buses + 3, side)
      memories.tick(now)
      core.tick(now, in1, in2, result)
      unit?.tick(now, result, side, out)
      now &+= 1
    }
    guard
      var periods = periods(
          marks, core.markCount, job, firstTile: firstTile, passes: passes)
    else { return nil }
    let waits = core.waits
    if waits[0] >= waits[2], waits[0] >= waits[1], waits[0] > 0 {
      periods.bound = .input
      periods.full *= vertical
    } else if waits[1] >= waits[2], waits[1] > 0 {
      periods.bound = .weights
    }
    return periods
  }

  /// The tile at which the sample begins: in the middle, of pooled images with a row of windows.
  private func firstTile(
    _ job: ArrayJobTimes.Job, _ window: TransferShape.Window, _ pool: VectorJobShape.Pool?,
    wanted: Int
  ) -> Int {
    guard job.tiles > wanted else { return 0 }
    let middle = (job.tiles - wanted) / 2
    guard let pool else { return middle }
    var step = pool.width * pool.strideY
    var tiles = 1
    while step * tiles % job.fullRows != 0, tiles < 64 { tiles += 1 }
    step = step * tiles / job.fullRows
    return tiles < 64 ? middle / step * step : 0
  }

  /// The share of rows of windows that lie inside the image.
  private static func verticalShare(_ window: TransferShape.Window) -> Double {
    let count = max(1, (window.firstPixel + window.pixels) / max(1, window.outputWidth))
    let first = window.firstPixel / max(1, window.outputWidth)
    var inside = 0
    for row in 0..<window.kernelHeight {
      for line in first..<max(first + 1, count) {
        let y = line * window.strideY - window.top + row * window.dilationY
        if y >= 0, y < window.height { inside += 1 }
      }
    }
    return Double(inside) / Double(window.kernelHeight * max(1, count - first))
  }

  private func periods(
    _ marks: UnsafeMutablePointer<Int>, _ count: Int, _ job: ArrayJobTimes.Job, firstTile: Int,
    passes: Int
  ) -> Periods? {
    let tiles = job.tiles
    let first = array.isWeightStationary ? 1 : max(1, min(3, count / 3))
    guard count > first + 1 else { return nil }
    var (full, fulls, last, lasts) = (0, 0, 0, 0)
    for index in first + 1..<count {
      let time = marks[index] - marks[index - 1]
      if array.isWeightStationary, tiles > 1, job.lastRows < job.fullRows,
        (index / passes + firstTile) % tiles == tiles - 1
      {
        continue
      }
      let isLast =
        array.isWeightStationary
        ? index % passes == passes - 1 : (index + firstTile) % tiles == tiles - 1
      if isLast {
        (last, lasts) = (last + time, lasts + 1)
      } else {
        (full, fulls) = (full + time, fulls + 1)
      }
    }
    guard fulls + lasts > 0 else { return nil }
    return Periods(
      full: fulls > 0 ? Double(full) / Double(fulls) : Double(last) / Double(lasts),
      last: lasts > 0 ? Double(last) / Double(lasts) : 0)
  }

  private func user(
    _ shape: TransferShape, _ dma: SystemTiming.DMA, writes: Bool
  ) -> (memory: Int, initiator: Int, writes: Bool)? {
    system.memory(at: shape.address).map { ($0, dma.initiator, writes) }
  }

  private func weightWalk(
    _ shape: TransferShape, _ job: ArrayJobTimes.Job, passes: Int, firstTile: Int
  ) -> PieceWalk {
    let rows = array.isWeightStationary ? passes * job.depth : job.depth
    if shape.alignsRows {
      return PieceWalk(
        shape, rowBytes: shape.rowBytes,
        counts: SIMD4(1, rows, shape.counts[2], shape.counts[3]), first: SIMD4(0, 0, firstTile, 0))
    }
    let row = shape.rowBytes / max(1, job.depth * job.passes)
    return PieceWalk(
      shape, rowBytes: row * rows, counts: shape.counts, first: SIMD4(0, firstTile, 0, 0))
  }

  private func pixelWalk(_ shape: TransferShape, first: Int) -> PieceWalk {
    PieceWalk(
      shape, rowBytes: shape.rowBytes, counts: shape.counts, first: SIMD4(0, first, 0, 0))
  }
}
