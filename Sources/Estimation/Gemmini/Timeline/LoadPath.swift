/// Load controller, stream reader, beat merger and local writes; one DRAM row per event.
struct LoadPath {
  private struct Waiting {
    var slot: Int
    var issued: Int
  }

  private struct Fill {
    var slot: Int
    var start: Int
  }

  /// A row that is written several times (bias): the writes that are left.
  private struct Repeat {
    var slot: Int
    /// Cycle of the next write, if nothing else is written then.
    var cycle: Int
    var left: Int

    var end: Int { cycle + left }
  }

  /// Pipeline distances in cycles, from the description of the isolated move-in.
  private enum Delay {
    /// Load controller to request formed.
    static let form = 2
    /// Request formed to port.
    static let port = 4
    /// Beat at the port to the merger.
    static let merge = 2
    /// Row out of the merger to written: scratchpad, accumulator.
    static let write = 3
    static let writeWide = 1
    /// Rows that fit between merger and write.
    static let buffered = 4
  }

  private var waiting = FixedQueue(capacity: 16, blank: Waiting(slot: 0, issued: 0))
  private var command = GemminiCommand(.moveIn)
  private var slot = 0
  private var row = 0
  private var rows = 0
  private var isActive = false
  private var start = 0
  private var controllerFree = 0
  private var lastForm = -1
  /// Commands begun and not completed: two are tracked.
  private var tracked = 0
  private var lastRelease = -1
  private var fills = FixedQueue(capacity: 4, blank: Fill(slot: 0, start: 0))
  private var fillRow = 0
  private var slotFree: [Int]
  /// Slot of the next request.
  private var next = 0
  private var port = -1
  private var mergerFree = 0
  /// First cycles for the next write to the scratchpad and to the accumulator.
  private var writeFree = 0
  private var wideFree = 0
  private var repeated = FixedQueue(capacity: 4, blank: Repeat(slot: 0, cycle: 0, left: 0))
  private(set) var wake = Int.max
  /// Next event of the unit that writes zeros.
  private(set) var fillWake = Int.max
  /// Writes of loaded data per bank, kept once there are zero fills.
  private var moves: [BusyCycles]
  private var hasFills = false
  private let bankShift: Int
  private let bankMask: Int

  /// Next event of the unit that writes a row several times: its end.
  var repeatWake: Int { repeated.isEmpty ? Int.max : repeated.first.end }

  init(_ configuration: GemminiConfiguration) {
    slotFree = Array(repeating: 0, count: configuration.requestsInFlight)
    bankShift = configuration.scratchpadBankShift
    bankMask = configuration.scratchpadBanks - 1
    moves = Array(repeating: BusyCycles(), count: configuration.scratchpadBanks)
  }

  var isIdle: Bool { tracked == 0 && waiting.isEmpty }

  mutating func push(slot: Int, issued: Int, station: borrowing ReservationStation) {
    waiting.append(Waiting(slot: slot, issued: issued))
    if !isActive { begin(station) }
  }

  /// A move-in or zero fill has completed: its tracker is free in the next cycle.
  mutating func release(at time: Int, station: borrowing ReservationStation) {
    tracked -= 1
    lastRelease = time
    if !isActive { begin(station) }
  }

  private mutating func begin(_ station: borrowing ReservationStation) {
    wake = Int.max
    while !isActive, !waiting.isEmpty, tracked < 2 {
      let oldest = waiting.first
      waiting.removeFirst()
      tracked += 1
      start = max(oldest.issued + 1, controllerFree, lastRelease + 1)
      if station.entries[oldest.slot].command.kind == .zeroFill {
        controllerFree = start + max(station.entries[oldest.slot].command.rows, 2)
        if fills.isEmpty { fillWake = start + Delay.form }
        hasFills = hasFills || !station.entries[oldest.slot].command.wide
        fills.append(Fill(slot: oldest.slot, start: start))
        continue
      }
      slot = oldest.slot
      command = station.entries[slot].command
      row = 0
      rows = command.stride == 0 ? 1 : command.rows
      controllerFree = start + max(rows, 2)
      isActive = true
      schedule()
    }
  }

  private mutating func schedule() {
    wake = max(start + row + Delay.form, lastForm + 1, slotFree[next])
  }

  /// Handles one row; returns the slot and its completion cycle after the last one.
  /// Without writes that could come between, all rows of the command are handled at once.
  mutating func step(
    batch: Bool, memory: inout MemoryChannel, execute: inout ExecutePath,
    counts: inout GemminiActions,
    station: borrowing ReservationStation
  ) -> (slot: Int, time: Int)? {
    var written = readRow(&memory, &execute, &counts)
    row += 1
    while row < rows {
      schedule()
      if !batch || command.repeats > 1 { return nil }
      written = readRow(&memory, &execute, &counts)
      row += 1
    }
    isActive = false
    let finished = slot
    let isRepeated = command.stride == 0
    begin(station)
    return isRepeated ? nil : (finished, written + 1)
  }

  /// The last write of a repeated row.
  mutating func stepRepeat() -> (slot: Int, time: Int) {
    let done = repeated.first
    repeated.removeFirst()
    if !repeated.isEmpty { repeated[0].cycle = max(repeated[0].cycle, done.end) }
    return (done.slot, done.end)
  }

  /// A scratchpad write of loaded data: array and zero fill must keep out of its way.
  private mutating func note(
    _ execute: inout ExecutePath, bank: Int, at cycle: Int, count: Int
  ) {
    execute.noteWrites(bank: bank, at: cycle, count: count)
    if hasFills { moves[bank & bankMask].insert(cycle, count: count) }
  }

  /// Scratchpad writes go before the repeated ones.
  private mutating func holdRepeats(from cycle: Int, count: Int) {
    guard !repeated.isEmpty, cycle < repeated[0].end, cycle + count > repeated[0].cycle else {
      return
    }
    let done = max(0, cycle - repeated[0].cycle)
    repeated[0].left -= done
    repeated[0].cycle = cycle + count
    wideFree = max(wideFree, repeated[0].end)
  }

  /// Writes one row of zeros, a block per cycle; writes of loaded data in the bank go first.
  mutating func stepFill(
    execute: inout ExecutePath, counts: inout GemminiActions,
    station: borrowing ReservationStation
  ) -> (slot: Int, time: Int)? {
    let fill = station.entries[fills.first.slot].command
    let blocks = fill.wide ? 1 : (fill.bytes + 15) / 16
    var cycle = fillWake
    if !fill.wide {
      for bank in moves.indices { moves[bank].drop(before: cycle) }
    }
    for block in 0..<blocks {
      for _ in 0..<fill.repeats {
        let local = Int(fill.first.start) + fillRow + block * fill.blockStride
        if fill.wide {
          counts.accumulatorOverwrites += 1
        } else {
          let bank = local >> bankShift
          while moves[bank & bankMask].contains(cycle) { cycle += 1 }
          execute.noteWrites(bank: bank, at: cycle)
          counts.scratchpadWrites += 1
        }
        cycle += 1
      }
    }
    fillRow += 1
    fillWake = cycle
    if fillRow < fill.rows { return nil }
    fillRow = 0
    let finished = fills.first.slot
    fills.removeFirst()
    fillWake = fills.isEmpty ? Int.max : max(cycle, fills.first.start + Delay.form)
    return (finished, cycle + fill.repeats - 1)
  }

  private mutating func readRow(
    _ memory: inout MemoryChannel, _ execute: inout ExecutePath, _ counts: inout GemminiActions
  ) -> Int {
    var address = command.address + row * command.stride
    var left = command.bytes
    var done = 0
    var form = wake
    var written = 0
    let width = command.wide ? 64 : 16
    let isPlain = !command.wide && command.repeats == 1 && command.stride != 0
    counts.moveInBytes += left
    while left > 0 {
      let request = GemminiRequest(address: address, bytes: left)
      form = max(form, slotFree[next])
      let beats = request.size / 16
      let walk = memory.translate(address, write: false, at: form)
      port = max(form + Delay.port + walk, port + 1)
      let first = memory.read(port: port, beats: beats)
      counts.countRead(request.size)

      // Common case: every beat is a whole local row, nothing in the way.
      if isPlain, memory.interval == 1, request.useful == request.size, done & 15 == 0,
        writeFree <= first + Delay.merge + 4
      {
        let taken = max(first + Delay.merge, mergerFree)
        written = taken + Delay.write + beats
        let block = row + done / 16 * command.blockStride
        let local = Int(command.first.start) + block
        let end = local + (beats - 1) * command.blockStride
        counts.scratchpadWrites += beats
        if local >> bankShift == end >> bankShift {
          note(&execute, bank: local >> bankShift, at: written - beats + 1, count: beats)
        } else {
          for piece in 0..<beats {
            let bank = (local + piece * command.blockStride) >> bankShift
            note(&execute, bank: bank, at: written - beats + 1 + piece, count: 1)
          }
        }
        holdRepeats(from: written - beats + 1, count: beats)
        writeFree = written + 1
        mergerFree = taken + beats
        memory.hold(until: taken + beats - 1 - Delay.merge - 2)
        slotFree[next] = taken + beats
        next = next + 1 == slotFree.count ? 0 : next + 1
        lastForm = form
        form += 1
        address += request.useful
        done += request.useful
        left -= request.useful
        continue
      }

      // The merger takes a beat per cycle and gives a local row as soon as it is complete.
      let shift = address & (request.size - 1)
      let inRow = done % width
      let pieces = (inRow + request.useful + width - 1) / width
      var taken = 0
      var emitted = 0
      var beat = -1
      for piece in 0..<pieces {
        let needed = shift + min(request.useful, width * (piece + 1) - inRow)
        let last = (needed - 1) / 16
        while beat < last {
          beat += 1
          let arrival = first + beat * memory.interval + Delay.merge
          taken = beat == 0 ? max(arrival, mergerFree) : max(arrival, taken + 1)
        }
        let free = command.wide ? wideFree : writeFree
        emitted = max(taken + 1, emitted + 1, free - Delay.write - Delay.buffered)
        written = max(emitted + (command.wide ? Delay.writeWide : Delay.write), free)
        if command.stride == 0 {
          repeated.append(Repeat(slot: slot, cycle: written, left: command.rows))
          counts.accumulatorOverwrites += command.rows
          wideFree = written + command.rows
        } else if command.wide {
          counts.accumulatorOverwrites += 1
          wideFree = written + 1
        } else {
          let local =
            Int(command.first.start) + row + (done / width + piece) * command.blockStride
          counts.scratchpadWrites += command.repeats
          note(&execute, bank: local >> bankShift, at: written, count: command.repeats)
          holdRepeats(from: written, count: command.repeats)
          written += command.repeats - 1
          writeFree = written + 1
        }
      }
      while beat < beats - 1 {
        beat += 1
        let arrival = first + beat * memory.interval + Delay.merge
        taken = max(arrival, taken + 1)
      }
      mergerFree =
        taken < emitted ? emitted : taken == emitted ? taken + 2 : taken + 1
      memory.hold(until: taken - Delay.merge - 2)
      slotFree[next] = taken + 1
      next = next + 1 == slotFree.count ? 0 : next + 1
      lastForm = form
      form += 1
      address += request.useful
      done += request.useful
      left -= request.useful
    }
    return written
  }
}
