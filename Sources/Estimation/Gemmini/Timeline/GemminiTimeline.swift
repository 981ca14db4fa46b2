/// Where commands come from: software, or one of the loop unrollers.
protocol GemminiCommandSource {
  /// What the source does in cycle `time`, in which the reservation station could take a command.
  mutating func offer(at time: Int, loads: Int, executes: Int, stores: Int) -> GemminiOffer
  /// Tiles begun so far.
  var started: Int { get }
  /// For every tile a number that is equal for tiles that do the same.
  var signatures: [Int] { get }
  /// Numbers of tiles after which the layer's loops may repeat.
  var periods: [Int] { get }
  /// Tiles after which halves of the local memories are used again as before.
  var unit: Int { get }
  /// Goes on as if that many more tiles had been done.
  mutating func skip(tiles: Int)
  /// Groups of execute commands begun so far; a group starts with new weights or new results.
  var groups: Int { get }
  /// How many groups from here on are like the one before, with nothing else to do meanwhile.
  func steadyGroups(at time: Int) -> Int
  /// Goes on as if that many more groups had been done.
  mutating func skip(groups: Int)
  /// Adds what the source remembers of times, relative to `time`.
  func note(relativeTo time: Int, into state: inout [Int])
  /// RoCC commands that the processor sends for the whole layer.
  var commands: Int { get }
  /// Cycles from a completion to the first command that can use the freed place.
  var completionDelay: Int { get }
}

/// A command source's answer.
enum GemminiOffer {
  case command(GemminiCommand)
  /// Nothing before this cycle.
  case wait(until: Int)
  /// Nothing until an entry completes.
  case blocked
  case finished
}

/// Runs commands through the reservation station and the three controllers, from event to event.
struct GemminiTimeline<Source: GemminiCommandSource> {
  private struct Completion {
    var time: Int
    var slot: Int
  }

  private(set) var source: Source
  private var station: ReservationStation
  private var memory: MemoryChannel
  private var load: LoadPath
  private var execute: ExecutePath
  private var store: StorePath
  private(set) var counts = GemminiActions()
  private var completions: [Completion] = []
  private var sourceWake = 0
  private var isFinished = false
  private var last = 0
  /// Cycles and tiles that were left out because they repeat.
  private var skipped = 0
  private let repeats: Bool
  private var tiles: TileHistory
  private var seenTiles = 0
  private var seenGroups = 0
  private var groupState: [Int] = []
  private var previousGroupState: [Int] = []
  private var groupTime = 0
  private var groupCounts = GemminiActions()

  init(
    _ source: Source, configuration: GemminiConfiguration, memory: GemminiMemory,
    outputStationary: Bool, repeats: Bool
  ) {
    self.source = source
    self.repeats = repeats && memory.walkLatency == nil
    tiles = TileHistory(
      signatures: self.repeats ? source.signatures : [], periods: source.periods,
      unit: source.unit)
    station = ReservationStation(configuration)
    self.memory = MemoryChannel(memory)
    load = LoadPath(configuration)
    execute = ExecutePath(configuration, outputStationary: outputStationary)
    store = StorePath(configuration)
    completions.reserveCapacity(32)
  }

  /// Runs to the end; cycles from the first command accepted to busy low.
  mutating func run() -> Int {
    while true {
      let completion = completions.last?.time ?? Int.max
      let put = store.putWake
      let now = min(
        min(min(completion, sourceWake), load.repeatWake), min(load.wake, load.fillWake),
        min(min(execute.wake, store.readWake), put))
      if now == Int.max { break }
      if now == completion {
        complete()
      } else if now == put {
        store.acknowledge(memory: &memory)
      } else if now == load.wake {
        if let done = load.step(
          batch: store.isIdle, memory: &memory, execute: &execute, counts: &counts, station: station
        ) {
          schedule(done.slot, done.time)
        }
      } else if now == load.repeatWake {
        let done = load.stepRepeat()
        schedule(done.slot, done.time)
      } else if now == load.fillWake {
        if let done = load.stepFill(execute: &execute, counts: &counts, station: station) {
          schedule(done.slot, done.time)
        }
      } else if now == store.readWake {
        if let done = store.read(execute: &execute, counts: &counts, station: station) {
          schedule(done.slot, done.time)
        }
      } else if now == execute.wake {
        stepExecute()
      } else {
        allocate()
      }
    }
    return skipped + max(last + 1, memory.lastAcknowledge + 3)
  }

  private mutating func stepExecute() {
    var first: Completion?
    var second: Completion?
    var third: Completion?
    execute.step(station: station) { slot, time in
      let entry = Completion(time: time, slot: slot)
      if first == nil {
        first = entry
      } else if second == nil {
        second = entry
      } else {
        third = entry
      }
    }
    if let first { schedule(first.slot, first.time) }
    if let second { schedule(second.slot, second.time) }
    if let third { schedule(third.slot, third.time) }
  }

  private mutating func schedule(_ slot: Int, _ time: Int) {
    // Latest first, so that the next one is taken from the end.
    completions.append(Completion(time: time, slot: slot))
    var index = completions.count - 1
    while index > 0 && completions[index - 1].time <= time {
      completions[index] = completions[index - 1]
      index -= 1
    }
    completions[index] = Completion(time: time, slot: slot)
  }

  private mutating func complete() {
    let done = completions.removeLast()
    last = max(last, done.time)
    let released = station.complete(done.slot, at: done.time)
    switch station.entries[done.slot].command.kind {
    case .moveIn, .zeroFill: load.release(at: done.time, station: station)
    default: break
    }
    if released {
      issue(.load)
      issue(.execute)
      issue(.store)
    }
    if !isFinished { sourceWake = min(sourceWake, done.time + source.completionDelay) }
  }

  private mutating func allocate() {
    let now = sourceWake
    let offer = source.offer(
      at: now, loads: station.loads, executes: station.executes, stores: station.stores)
    if repeats, source.started != seenTiles { beginTile(at: now) }
    switch offer {
    case .command(let command):
      station.allocate(command, at: now)
      issue(ReservationStation.controller(of: command.kind))
      sourceWake = now + 1
      if repeats, source.groups != seenGroups { beginGroup(at: now) }
    case .wait(let time):
      sourceWake = time
    case .blocked:
      sourceWake = Int.max
    case .finished:
      sourceWake = Int.max
      isFinished = true
    }
  }

  /// Leaves out whole tiles once they repeat. Nothing moves in time: the state is that of the
  /// last tile left out.
  private mutating func beginTile(at now: Int) {
    while seenTiles < source.started {
      seenTiles += 1
      if let repetition = tiles.begin(at: now + skipped, counts), seenTiles == source.started {
        source.skip(tiles: repetition.tiles)
        seenTiles += repetition.tiles
        skipped += repetition.cycles
        counts.add(repetition.counts, times: 1)
      }
    }
  }

  /// Leaves out groups of operations when only the array works and each group leaves the same
  /// state behind.
  private mutating func beginGroup(at now: Int) {
    seenGroups = source.groups
    let steady =
      load.isIdle && store.isIdle && station.loads == 0 && station.stores == 0
      ? source.steadyGroups(at: now) : 0
    guard steady > 0 else {
      previousGroupState.removeAll(keepingCapacity: true)
      return
    }
    groupState.removeAll(keepingCapacity: true)
    groupState.append(sourceWake - now)
    for completion in completions { groupState.append(completion.time - now) }
    station.note(relativeTo: now, into: &groupState)
    execute.note(relativeTo: now, station, into: &groupState)
    source.note(relativeTo: now, into: &groupState)
    if groupState == previousGroupState {
      source.skip(groups: steady)
      seenGroups = source.groups
      skipped += (now - groupTime) * steady
      counts.add(counts - groupCounts, times: steady)
      previousGroupState.removeAll(keepingCapacity: true)
    } else {
      swap(&groupState, &previousGroupState)
      groupTime = now
      groupCounts = counts
    }
  }

  private mutating func issue(_ controller: ReservationStation.Controller) {
    while let (slot, time) = station.issue(controller) {
      switch station.entries[slot].command.kind {
      case .configureLoad, .configureStore:
        schedule(slot, time)
      case .configureExecute, .preload, .compute:
        execute.push(slot: slot, issued: time)
      case .moveIn, .zeroFill:
        load.push(slot: slot, issued: time, station: station)
      case .moveOut:
        store.push(slot: slot, issued: time, station: station)
      }
    }
  }
}
