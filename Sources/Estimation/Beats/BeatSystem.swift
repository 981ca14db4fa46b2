internal import Mapping
internal import SimKernel

/// The devices that a plan runs on with crossbar and memories, cycle by cycle, without data.
///
/// All of them count the cycles of one clock. What the core reads and writes does not pass the crossbar here.
struct BeatSystem: PlannedDevices {
  private enum Device: BitwiseCopyable {
    case none
    case dma(Int)
    case array(Int)
    case vector(Int)
  }

  /// A DMA with its stream, −1 for none.
  private struct DMAPlace: BitwiseCopyable {
    var engine: Int
    var stream: Int
  }

  /// An array or a vector unit with its streams.
  private struct Place: BitwiseCopyable {
    var engine: Int
    var input: Int
    var second: Int
    var output: Int
  }

  /// Holds everything that pointers point to.
  private let arena: Arena
  private var now = 0
  private var fabric: BeatFabric
  private let channels: UnsafeMutablePointer<BeatChannel>
  private let channelCount: Int
  private let dmas: UnsafeMutablePointer<BeatDMA>
  private let dmaPlaces: UnsafeMutablePointer<DMAPlace>
  private let dmaCount: Int
  private let arrays: UnsafeMutablePointer<BeatArray>
  private let arrayPlaces: UnsafeMutablePointer<Place>
  private let arrayCount: Int
  private let vectors: UnsafeMutablePointer<BeatVector>
  private let vectorPlaces: UnsafeMutablePointer<Place>
  private let vectorCount: Int
  private let devices: [Device]
  /// From when on each device has something to do: DMAs, then arrays, then vector units.
  private let wakes: UnsafeMutablePointer<Int>
  private let deviceCount: Int
  /// Commands of every engine that have ended.
  private let ended: UnsafeMutablePointer<Int>
  /// Engines whose commands have ended with the last cycle and were not handed out yet.
  private let ends: UnsafeMutablePointer<Int>
  /// When to look whether devices only wait for each other, and after how many cycles without a transfer or a start they do.
  private var nextLook = 0
  private let longestDelay: Int
  private var endCount = 0
  private var firstEnd = 0

  init(_ system: SystemTiming, _ work: [EngineWork]) {
    let arena = Arena()
    self.arena = arena
    let wiring = BeatWiring(system, work)
    fabric = BeatFabric(system, initiators: wiring.dmas.map(\.timing.initiator), arena: arena)
    channelCount = wiring.streamCount
    channels = arena.allocate(BeatChannel.self, count: wiring.streamCount)
    channels.initialize(repeating: BeatChannel(), count: wiring.streamCount)
    var devices = [Device](repeating: .none, count: work.count)

    dmaCount = wiring.dmas.count
    dmas = arena.allocate(BeatDMA.self, count: dmaCount)
    dmaPlaces = arena.allocate(DMAPlace.self, count: dmaCount)
    for (index, dma) in wiring.dmas.enumerated() {
      let commands = work[dma.engine].commands.map { command -> [TransferShape] in
        if case .transfer(let shapes) = command.work { shapes } else { [] }
      }
      (dmas + index).initialize(
        to: BeatDMA(
          dma.timing, busBytes: system.busBytes, direction: dma.direction, commands: commands,
          arena: arena))
      dmaPlaces[index] = DMAPlace(engine: dma.engine, stream: dma.stream)
      devices[dma.engine] = .dma(index)
    }

    arrayCount = wiring.arrays.count
    arrays = arena.allocate(BeatArray.self, count: arrayCount)
    arrayPlaces = arena.allocate(Place.self, count: arrayCount)
    for (index, array) in wiring.arrays.enumerated() {
      let jobs = work[array.engine].commands.compactMap { command -> BeatArray.Job? in
        guard case .job(let job) = command.work else { return nil }
        return BeatArray.Job(job)
      }
      (arrays + index).initialize(to: BeatArray(array.timing, jobs: jobs, arena: arena))
      arrayPlaces[index] = Place(
        engine: array.engine, input: array.in1, second: array.in2, output: array.out)
      devices[array.engine] = .array(index)
    }

    vectorCount = wiring.vectors.count
    vectors = arena.allocate(BeatVector.self, count: vectorCount)
    vectorPlaces = arena.allocate(Place.self, count: vectorCount)
    for (index, vector) in wiring.vectors.enumerated() {
      let jobs = work[vector.engine].commands.compactMap { command -> VectorJobShape? in
        if case .vector(let job) = command.work { job } else { nil }
      }
      (vectors + index).initialize(to: BeatVector(jobs, arena: arena))
      vectorPlaces[index] = Place(
        engine: vector.engine, input: vector.input, second: vector.side, output: vector.out)
      devices[vector.engine] = .vector(index)
    }
    self.devices = devices
    // Memories and their pins, the crossbar, arrays, and what a DMA can do by itself.
    longestDelay =
      system.memories.reduce(system.crossbarLatency + 1024) {
        $0 + max($1.readDelay, $1.writeDelay) + 8 * system.busBytes / ($1.bitsPerCycle ?? 8)
      } + system.arrays.reduce(0) { $0 + $1.rows + $1.columns }
    deviceCount = dmaCount + arrayCount + vectorCount
    wakes = arena.allocate(Int.self, count: deviceCount)
    wakes.initialize(repeating: .max, count: deviceCount)
    ended = arena.allocate(Int.self, count: work.count)
    ends = arena.allocate(Int.self, count: work.count)
  }

  mutating func issue(_ engine: Int, at time: Double) {
    let cycle = Int(time.rounded(.down))
    switch devices[engine] {
    case .none: break
    case .dma(let index):
      dmas[index].issue(at: cycle)
      wakes[index] = dmas[index].wake
    case .array(let index):
      arrays[index].issue(at: cycle)
      wakes[dmaCount + index] = arrays[index].wake
    case .vector(let index):
      vectors[index].issue(at: cycle)
      wakes[dmaCount + arrayCount + index] = vectors[index].wake
    }
  }

  mutating func nextEnd(before limit: Double) -> CommandEnd? {
    if firstEnd == endCount {
      (firstEnd, endCount) = (0, 0)
      run(before: limit < 1e18 ? Int(limit.rounded(.up)) : .max)
    }
    guard firstEnd < endCount else { return nil }
    let engine = ends[firstEnd]
    firstEnd += 1
    ended[engine] += 1
    return CommandEnd(time: Double(now - 1), engine: engine, command: ended[engine] - 1)
  }

  /// Runs the cycles in front of `limit` as far as one in which commands end.
  private mutating func run(before limit: Int) {
    while now < limit {
      let next = now < nextLook ? earliestWake : wakeBehindLook()
      guard next < .max else { return }
      now = max(now, min(next, limit))
      // Looking for devices at rest in every cycle would cost more than it saves.
      let pause = min(limit, now &+ Self.cyclesBetweenLooks)
      while now < pause {
        tick()
        now &+= 1
        if endCount > 0 { return }
      }
    }
  }

  private static let cyclesBetweenLooks = 16

  /// From when on a device has something to do.
  private var earliestWake: Int {
    var next = Int.max
    for index in 0..<deviceCount { next = min(next, wakes[index]) }
    return next
  }

  /// The same; devices that have waited for each other for so long that nothing changes any more do not count.
  private mutating func wakeBehindLook() -> Int {
    nextLook = now &+ 16 &* Self.cyclesBetweenLooks
    var last = fabric.lastUse
    for index in 0..<dmaCount { last = max(last, dmas[index].start(before: now)) }
    for index in 0..<arrayCount { last = max(last, arrays[index].start(before: now)) }
    for index in 0..<vectorCount { last = max(last, vectors[index].start(before: now)) }
    for index in 0..<channelCount { last = max(last, channels[index].lastUse) }
    guard now &- last > longestDelay else { return earliestWake }
    var next = Int.max
    for index in 0..<deviceCount where wakes[index] >= now { next = min(next, wakes[index]) }
    return next
  }

  @inline(__always)
  private mutating func tick() {
    var (reads, writes): (UInt64, UInt64) = (0, 0)
    for index in 0..<dmaCount where wakes[index] <= now {
      let place = dmaPlaces[index]
      let bus = fabric.buses + index
      let stream = place.stream < 0 ? nil : channels + place.stream
      if dmas[index].tick(now, bus, stream) { end(place.engine) }
      wakes[index] = dmas[index].wake
      let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: index)
      if bus.pointee.readRequest.canPop(now) { reads |= bit }
      if bus.pointee.writeRequest.canPop(now) { writes |= bit }
    }
    var wake = wakes + dmaCount
    for index in 0..<arrayCount where wake[index] <= now {
      let place = arrayPlaces[index]
      if arrays[index].tick(
        now, channels + place.input, channels + place.second, channels + place.output)
      {
        end(place.engine)
      }
      wake[index] = arrays[index].wake
    }
    wake += arrayCount
    for index in 0..<vectorCount where wake[index] <= now {
      let place = vectorPlaces[index]
      if vectors[index].tick(
        now, channels + place.input, channels + place.second, channels + place.output)
      {
        end(place.engine)
      }
      wake[index] = vectors[index].wake
    }
    fabric.tick(now, reads: reads, writes: writes)
  }

  private mutating func end(_ engine: Int) {
    ends[endCount] = engine
    endCount &+= 1
  }
}
