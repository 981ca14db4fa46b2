/// Store controller, accumulator scaler and stream writer; one local row per read event, one
/// put per write event.
struct StorePath {
  private struct Waiting {
    var slot: Int
    var issued: Int
  }

  private struct Put {
    /// Cycle in which the last beat is formed.
    var formed: Int
    var size: Int
    var beats: Int
    var address: Int
  }

  private enum Delay {
    /// Issue to first bank read.
    static let read = 2
    /// Bank read to the scaler.
    static let scaler = 2
    /// Through the scaler into the writer.
    static let scale = 8
    /// Put formed to port, and acknowledgement at the port to slot free.
    static let port = 4
    static let slot = 3
    /// Local rows in the scaler and the queue behind it; those before it.
    static let inScaler = 5
    static let beforeScaler = 4
  }

  private var waiting = FixedQueue(capacity: 8, blank: Waiting(slot: 0, issued: 0))
  private var command = GemminiCommand(.moveOut)
  private var slot = 0
  private var isActive = false
  /// Next local row: row and block of a plain move-out; pixel and window element of a pooled one.
  private var row = 0
  private var block = 0
  private var rows = 0
  private var blocks = 0
  private var lastRead = -1
  /// Cycles in which the last rows entered the scaler and the writer.
  private var entered: [Int] = Array(repeating: -1, count: 8)
  private var taken: [Int] = Array(repeating: -1, count: 8)
  private var position = 0
  private var writerFree = 0
  /// Puts whose acknowledgement is not yet booked.
  private var puts = FixedQueue(capacity: 64, blank: Put(formed: 0, size: 0, beats: 0, address: 0))
  private var slotFree: [Int]
  private var requests = 0
  private var port = -1
  /// Next event of the reading side.
  private(set) var readWake = Int.max
  private let bankShift: Int

  init(_ configuration: GemminiConfiguration) {
    slotFree = Array(repeating: 0, count: configuration.requestsInFlight)
    bankShift = configuration.accumulatorBankShift
  }

  var putWake: Int { puts.isEmpty ? Int.max : puts.first.formed }
  var isIdle: Bool { !isActive && puts.isEmpty }

  mutating func push(slot: Int, issued: Int, station: borrowing ReservationStation) {
    waiting.append(Waiting(slot: slot, issued: issued))
    if !isActive { begin(station) }
  }

  private mutating func begin(_ station: borrowing ReservationStation) {
    guard !waiting.isEmpty else {
      readWake = Int.max
      return
    }
    let next = waiting.first
    waiting.removeFirst()
    isActive = true
    slot = next.slot
    command = station.entries[slot].command
    row = 0
    block = 0
    if command.isPooled {
      let pool = command.pool
      rows = Int(pool.pooledRows) * Int(pool.pooledColumns)
      blocks = Int(pool.size) * Int(pool.size)
    } else {
      rows = command.rows
      blocks = command.wide ? 1 : (command.bytes + 15) / 16
    }
    readWake = max(next.issued + Delay.read, lastRead + 1)
  }

  /// Reads one local row; returns the slot and its completion cycle after the last one.
  mutating func read(
    execute: inout ExecutePath, counts: inout GemminiActions,
    station: borrowing ReservationStation
  ) -> (slot: Int, time: Int)? {
    let now = readWake
    // Rows that the scaler has not taken hold up the reads.
    let room = entered[(position - Delay.beforeScaler) & 7]
    if room > now {
      readWake = room
      return nil
    }
    // A bank that is being accumulated into cannot be read.
    if isInside() {
      let bank =
        Int(command.first.start - GemminiCommand.Rows.accumulatorBase) >> bankShift
      execute.dropResults(before: now)
      var index = 0
      while index < execute.results.count {
        let result = execute.results[index]
        if result.start > now { break }
        if result.bank == bank, result.accumulates, result.end > now {
          readWake = result.end
          return nil
        }
        index += 1
      }
      counts.accumulatorReads += 1
    }
    // The slots that the row's puts will take must be known to become free.
    let isLast = block == blocks - 1
    if isLast {
      var left = command.bytes
      var address = rowAddress
      var ahead = 0
      while left > 0 {
        let request = GemminiRequest(address: address, bytes: left)
        address += request.useful
        left -= request.useful
        ahead += 1
      }
      if slotFree[(requests + ahead) % slotFree.count] == Int.max, !puts.isEmpty {
        readWake = max(now + 1, puts.first.formed)
        return nil
      }
    }
    lastRead = now
    let enter = max(
      now + Delay.scaler, entered[(position - 1) & 7] + 1, taken[(position - Delay.inScaler) & 7])
    let take = max(enter + Delay.scale, writerFree)
    entered[position & 7] = enter
    taken[position & 7] = take
    position += 1
    writerFree = take + 1
    if isLast { write(take: take, &counts) }
    block += 1
    if block == blocks {
      block = 0
      row += 1
    }
    if row < rows {
      readWake = now + 1
      return nil
    }
    isActive = false
    let finished = slot
    begin(station)
    return (finished, now + 1)
  }

  /// Whether the next window element lies in the block; always without pooling.
  private func isInside() -> Bool {
    guard command.isPooled else { return true }
    let pool = command.pool
    let (pixelRow, pixelColumn) = row.quotientAndRemainder(dividingBy: Int(pool.pooledColumns))
    let (windowRow, windowColumn) = block.quotientAndRemainder(dividingBy: Int(pool.size))
    let y = pixelRow * Int(pool.stride) + windowRow - Int(pool.top)
    let x = pixelColumn * Int(pool.stride) + windowColumn - Int(pool.left)
    return y >= 0 && y < Int(pool.rows) && x >= 0 && x < Int(pool.columns)
  }

  /// DRAM address of the row being read.
  private var rowAddress: Int {
    guard command.isPooled else { return command.address + row * command.stride }
    let (y, x) = row.quotientAndRemainder(dividingBy: Int(command.pool.pooledColumns))
    return command.address + (y * Int(command.pool.imageColumns) + x) * command.stride
  }

  /// The row goes out as the aligned blocks that cover most of it, a beat per cycle.
  private mutating func write(take: Int, _ counts: inout GemminiActions) {
    var address = rowAddress
    var left = command.bytes
    var cycle = take
    let slots = slotFree.count
    while left > 0 {
      let request = GemminiRequest(address: address, bytes: left)
      let beats = request.size / 16
      cycle = max(cycle + 1, slotFree[requests % slots])
      if beats > 1 {
        cycle = max(cycle + 1, slotFree[(requests + 1) % slots]) + beats - 2
      }
      counts.countWrite(request.size, useful: request.useful)
      puts.append(
        Put(formed: cycle, size: request.size, beats: beats, address: address))
      slotFree[requests % slots] = Int.max
      requests += 1
      address += request.useful
      left -= request.useful
    }
    writerFree = cycle
  }

  /// Books the acknowledgement of the oldest put.
  mutating func acknowledge(memory: inout MemoryChannel) {
    let put = puts.first
    let index = (requests - puts.count) % slotFree.count
    puts.removeFirst()
    let walk = memory.translate(put.address, write: true, at: put.formed)
    port = max(put.formed + Delay.port + walk, port + 1)
    slotFree[index] = memory.write(port: port) + Delay.slot
  }
}
