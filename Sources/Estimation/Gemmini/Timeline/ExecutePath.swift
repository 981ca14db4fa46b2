/// Execute controller and mesh: one operation per event.
struct ExecutePath {
  private struct Visible {
    var slot: Int
    var seen: Int
  }

  /// Rows that the mesh gives out in `start ..< end`, into an accumulator bank.
  struct Results {
    var start = 0
    var end = 0
    var bank = 0
    var accumulates = false
  }

  private enum Delay {
    /// Issue to seen by the controller.
    static let queue = 2
    /// Row fed to taken by the mesh, with and without a local read.
    static let read = 5
    static let noRead = 1
    /// Taken by the mesh to out of it: 1 to inject, 32 through.
    static let mesh = 33
    /// Rows between feed and mesh.
    static let buffered = 5
    static let flushRows = 16
  }

  private enum Tag {
    static let none = -1
    static let withoutResult = -2
  }

  private enum Phase {
    case idle, feeding, flushing
  }

  private struct Operation {
    var compute = -1
    var preload = -1
    var rows = 0
    var reads = false
    var bankA = -1
    var bankB = -1
  }

  private var queue = FixedQueue(capacity: 16, blank: Visible(slot: 0, seen: 0))
  private var phase = Phase.idle
  private var operation = Operation()
  private var fed = 0
  private var end = 0
  private var taken = 0
  /// Cycle in which the mesh took the last row.
  private var lastTaken = -1
  /// Cycles in which the mesh took the last five rows, oldest first.
  private var recentTaken: (Int, Int, Int, Int, Int) = (-1, -1, -1, -1, -1)
  /// Cycles of the last row out of the six operations before, most recent first.
  private var lastOut: (Int, Int, Int, Int, Int, Int) = (-1, -1, -1, -1, -1, -1)
  /// Tags of the operation before and of the one before that: the entry of a preload with a
  /// real C, or one of `Tag`.
  private var pending = (Tag.none, Tag.none)
  private var lastTagOut = -1
  private var writes: [BusyCycles]
  private(set) var results = FixedQueue(capacity: 64, blank: Results())
  private(set) var wake = Int.max
  private let dimension: Int
  private let bankShift: Int
  private let bankMask: Int
  private let accumulatorBankShift: Int
  private let isOutputStationary: Bool
  private let tags: Int

  init(_ configuration: GemminiConfiguration, outputStationary: Bool) {
    dimension = configuration.dimension
    bankShift = configuration.scratchpadBankShift
    bankMask = configuration.scratchpadBanks - 1
    accumulatorBankShift = configuration.accumulatorBankShift
    isOutputStationary = outputStationary
    tags = configuration.meshTags
    writes = Array(repeating: BusyCycles(), count: configuration.scratchpadBanks)
  }

  mutating func noteWrites(bank: Int, at cycle: Int, count: Int = 1) {
    writes[bank & bankMask].insert(cycle, count: count)
  }

  mutating func push(slot: Int, issued: Int) {
    queue.append(Visible(slot: slot, seen: issued + Delay.queue))
    if phase == .idle { wake = min(wake, max(issued + Delay.queue, end)) }
  }

  mutating func dropResults(before cycle: Int) {
    while !results.isEmpty && results.first.end <= cycle { results.removeFirst() }
  }

  /// Adds the whole state, times relative to `time`.
  func note(
    relativeTo time: Int, _ station: borrowing ReservationStation, into state: inout [Int]
  ) {
    for index in 0..<queue.count {
      let command = station.entries[queue[index].slot].command
      state.append(queue[index].seen - time)
      state.append(Int(command.kind.rawValue) << 8 | command.rows)
    }
    for cycle in [
      phase == .feeding ? 1 : 0, wake == Int.max ? -1 : wake - time, fed - time, end - time,
      taken - time, lastTaken - time, recentTaken.0 - time, recentTaken.1 - time,
      recentTaken.2 - time, recentTaken.3 - time, recentTaken.4 - time, lastOut.0 - time,
      lastOut.1 - time, lastOut.2 - time, lastOut.3 - time, lastOut.4 - time,
      min(pending.0, 0), min(pending.1, 0), operation.rows,
    ] {
      state.append(cycle)
    }
  }

  private func bank(of rows: GemminiCommand.Rows) -> Int {
    Int(rows.start) >> bankShift & bankMask
  }

  private func isVisible(_ index: Int, at time: Int) -> Bool {
    index < queue.count && queue[index].seen <= time
  }

  /// One event: the end of an operation's feed, or the choice of the next one.
  /// Completed entries are handed to `complete` with their cycles.
  mutating func step(
    station: borrowing ReservationStation,
    complete: (_ slot: Int, _ time: Int) -> Void
  ) {
    let now = wake
    switch phase {
    case .feeding:
      stall()
      if end > now {
        wake = end
        return
      }
      finish(station, complete)
    case .flushing:
      phase = .idle
    case .idle:
      break
    }
    phase = .idle
    choose(at: now, station, complete)
  }

  private mutating func choose(
    at now: Int, _ station: borrowing ReservationStation,
    _ complete: (_ slot: Int, _ time: Int) -> Void
  ) {
    wake = Int.max
    guard isVisible(0, at: now) else {
      if !queue.isEmpty { wake = queue.first.seen }
      flush(at: now, station, complete)
      return
    }
    let head = station.entries[queue.first.slot].command
    switch head.kind {
    case .configureExecute:
      complete(queue.first.slot, now)
      queue.removeFirst()
      wake = now + 1
    case .preload:
      guard isVisible(1, at: now) else {
        if queue.count > 1 { wake = queue[1].seen }
        flush(at: now, station, complete)
        return
      }
      begin(compute: -1, preload: queue.first.slot, next: queue[1].slot, at: now, station)
      queue.removeFirst()
    default:
      let compute = queue.first.slot
      if isVisible(1, at: now), isVisible(2, at: now),
        station.entries[queue[1].slot].command.kind == .preload
      {
        begin(
          compute: compute, preload: queue[1].slot, next: queue[2].slot, at: now, station)
        queue.removeFirst()
      } else {
        begin(compute: compute, preload: -1, next: -1, at: now, station)
      }
      queue.removeFirst()
    }
  }

  /// `next` is the command behind the preload. Output stationary operands A pass through the
  /// transposer, so they are fed with the preload before their compute.
  private mutating func begin(
    compute: Int, preload: Int, next follower: Int, at now: Int,
    _ station: borrowing ReservationStation
  ) {
    var next = Operation()
    next.compute = compute
    next.preload = preload
    var short = true
    var rows = 4
    if compute >= 0 {
      let command = station.entries[compute].command
      rows = max(rows, command.rows)
      if command.first.isReal, !isOutputStationary {
        next.bankA = bank(of: command.first)
      }
      if command.second.isReal { next.bankB = bank(of: command.second) }
    }
    if preload >= 0 {
      let command = station.entries[preload].command
      if command.second.isReal {
        next.bankB = bank(of: command.second)
        short = false
      }
    }
    if isOutputStationary, follower >= 0 {
      let command = station.entries[follower].command
      if command.kind == .compute, command.first.isReal {
        next.bankA = bank(of: command.first)
      }
    }
    next.rows = short && !isOutputStationary ? rows : dimension
    next.reads = next.bankA >= 0 || next.bankB >= 0
    operation = next
    fed = max(now, recentTaken.0)
    let both = next.bankA >= 0 && next.bankA == next.bankB
    end = fed + next.rows * (both ? 2 : 1)
    request()
    end = max(end, taken + next.rows - Delay.buffered)
    stall()
    phase = .feeding
    wake = end
  }

  /// The cycle in which the mesh takes the operation's first row.
  private mutating func request() {
    let arrival = fed + (operation.reads ? Delay.read : Delay.noRead)
    // The tag of an operation leaves with the last row of the next one: that of the sixth
    // operation before this one must have left.
    taken = max(arrival, lastTaken + 1, lastOut.5 >= 0 ? lastOut.4 + 1 : 0)
  }

  /// Every write to a bank that is read costs the operation a cycle.
  private mutating func stall() {
    stall(operation.bankA)
    if operation.bankB != operation.bankA { stall(operation.bankB) }
  }

  private mutating func stall(_ bank: Int) {
    guard bank >= 0 else { return }
    end = writes[bank].stall(from: fed, to: end)
  }

  private mutating func finish(
    _ station: borrowing ReservationStation,
    _ complete: (_ slot: Int, _ time: Int) -> Void
  ) {
    let latency = operation.reads ? Delay.read : Delay.noRead
    lastTaken = max(taken + operation.rows - 1, end - 1 + latency)
    retire(station, complete)
    if operation.compute >= 0 {
      complete(operation.compute, end)
    }
    if operation.preload >= 0 {
      let command = station.entries[operation.preload].command
      if command.first.isReal {
        pending.0 = operation.preload
      } else {
        pending.0 = Tag.withoutResult
        complete(operation.preload, end)
      }
    }
  }

  /// Rows leave the mesh: with an operation come the results of the one before it (weight
  /// stationary) or of the one before that (output stationary).
  private mutating func retire(
    _ station: borrowing ReservationStation,
    _ complete: (_ slot: Int, _ time: Int) -> Void
  ) {
    let out = lastTaken + Delay.mesh
    lastOut = (out, lastOut.0, lastOut.1, lastOut.2, lastOut.3, lastOut.4)
    let rows = operation.rows
    recentTaken = (
      rows > 4 ? lastTaken - 4 : recentTaken.4, rows > 3 ? lastTaken - 3 : recentTaken.4,
      lastTaken - 2, lastTaken - 1, lastTaken
    )
    let ready = isOutputStationary ? pending.1 : pending.0
    pending = isOutputStationary ? (Tag.none, pending.0) : (Tag.none, Tag.none)
    if ready != Tag.none { lastTagOut = out }
    if ready >= 0 {
      let command = station.entries[ready].command
      let row = Int(command.first.start - GemminiCommand.Rows.accumulatorBase)
      // Only C's own rows are written; output stationary results come last row first.
      let written = min(rows, Int(command.first.end - command.first.start))
      let start = isOutputStationary ? out - written + 1 : out - rows + 1
      results.append(
        Results(
          start: start, end: start + written, bank: row >> accumulatorBankShift,
          accumulates: command.accumulates))
      complete(ready, out)
    }
  }

  /// Output stationary results leave with the next operations; when none comes the controller
  /// feeds empty rows until no tag is left.
  private mutating func flush(
    at now: Int, _ station: borrowing ReservationStation,
    _ complete: (_ slot: Int, _ time: Int) -> Void
  ) {
    guard isOutputStationary, pending != (Tag.none, Tag.none) || now < lastTagOut else { return }
    let request = max(now, lastTaken) + 1
    operation = Operation()
    operation.rows = Delay.flushRows
    lastTaken = request + Delay.flushRows - 1
    retire(station, complete)
    phase = .flushing
    wake = request + Delay.flushRows + 1
    end = wake
  }
}
