/// A port of a memory with the crossbar's output to it, cycle by cycle, without data.
struct BeatPort: BitwiseCopyable {
  /// Between crossbar and memory.
  var bus = BeatBus()
  /// Buses of the initiators that use it, one bit each.
  var initiators: UInt64 = 0
  /// Who goes first among those that want to read.
  var firstReader = 0
  /// The initiator that writes through it, −1 for none; write bursts granted whose data is not all forwarded.
  var writer = -1
  var writesDue = 0

  var readWord = 0
  var readsLeft = 0
  var readSource = 0
  var writeWord = 0
  var isWriting = false
  var lastWasWrite = false
  /// Read words and answers whose latency is not over: rings of the cycles from which they can leave.
  var pendingHead = 0
  var pending = 0
  var answerHead = 0
  var answers = 0
}

/// The memories that a job uses and the crossbar in front of them, cycle by cycle, without data.
struct BeatMemories {
  /// Longest latency that the rings have room for, a power of two.
  static let ring = 128

  struct Memory {
    var base: Int
    var readDelay: Int
    var writeDelay: Int
    /// 0 for memories with banks.
    var bitsPerCycle: Int
    var banks: Int
    var ports: Range<Int>
    /// The port that is asked first.
    var first = 0
    var pinsFree = 0
  }

  let shift: Int
  var memories: [Memory] = []
  private(set) var ports: UnsafeMutablePointer<BeatPort>
  private let portCount: Int
  private let buses: UnsafeMutablePointer<BeatBus>
  private let pendingReady: UnsafeMutablePointer<Int>
  private let pendingEnds: UnsafeMutablePointer<Int>
  private let answerReady: UnsafeMutablePointer<Int>
  private let bankUsed: UnsafeMutablePointer<Int>

  /// - Parameters:
  ///   - users: for every bus the memory that it uses, the initiator's number and whether it writes.
  init(
    _ system: SystemTiming, users: [(memory: Int, initiator: Int, writes: Bool)],
    buses: UnsafeMutablePointer<BeatBus>
  ) {
    shift = system.busBytes.trailingZeroBitCount
    self.buses = buses
    var count = 0
    var targets: [(memory: Int, port: Int)] = []
    for user in users {
      let port = user.initiator % max(1, system.memories[user.memory].ports)
      if !targets.contains(where: { $0 == (user.memory, port) }) {
        targets.append((user.memory, port))
      }
    }
    targets.sort { ($0.memory, $0.port) < ($1.memory, $1.port) }
    ports = .allocate(capacity: max(1, targets.count))
    for (index, target) in targets.enumerated() {
      var port = BeatPort()
      for (bus, user) in users.enumerated()
      where user.memory == target.memory
        && user.initiator % max(1, system.memories[user.memory].ports) == target.port
      {
        if user.writes { port.writer = bus } else { port.initiators |= 1 << UInt64(bus) }
      }
      (ports + index).initialize(to: port)
    }
    for memory in Set(targets.map(\.memory)).sorted() {
      let timing = system.memories[memory]
      let number = targets.filter { $0.memory == memory }.count
      memories.append(
        Memory(
          base: Int(timing.base), readDelay: timing.readDelay, writeDelay: timing.writeDelay,
          bitsPerCycle: timing.bitsPerCycle ?? 0, banks: max(1, timing.banks),
          ports: count..<count + number))
      count += number
    }
    portCount = count
    let entries = max(1, count) * Self.ring
    pendingReady = .allocate(capacity: entries)
    pendingEnds = .allocate(capacity: entries)
    answerReady = .allocate(capacity: entries)
    let banks = memories.reduce(0) { $0 + $1.banks }
    bankUsed = .allocate(capacity: max(1, banks))
    bankUsed.initialize(repeating: -1, count: max(1, banks))
  }

  func deallocate() {
    ports.deallocate()
    pendingReady.deallocate()
    pendingEnds.deallocate()
    answerReady.deallocate()
    bankUsed.deallocate()
  }

  @inline(__always)
  mutating func tick(_ now: Int) {
    for index in 0..<portCount { crossbar(ports + index, now) }
    var banks = bankUsed
    for index in memories.indices {
      memory(&memories[index], banks, now)
      banks += memories[index].banks
    }
  }

  // MARK: Crossbar

  @inline(__always)
  private func crossbar(_ port: UnsafeMutablePointer<BeatPort>, _ now: Int) {
    if port.pointee.bus.readData.canPop(now) {
      let beat = port.pointee.bus.readData.first
      let input = buses + beat &>> 1
      if input.pointee.readData.canPush(now) {
        input.pointee.readData.push(port.pointee.bus.readData.pop(now), now)
      }
    }
    if port.pointee.writer >= 0 {
      let input = buses + port.pointee.writer
      if port.pointee.bus.answer.canPop(now), input.pointee.answer.canPush(now) {
        input.pointee.answer.push(port.pointee.bus.answer.pop(now), now)
      }
      if port.pointee.writesDue > 0, input.pointee.writeData.canPop(now),
        port.pointee.bus.writeData.canPush(now)
      {
        let beat = input.pointee.writeData.pop(now)
        port.pointee.bus.writeData.push(beat, now)
        if beat == 1 { port.pointee.writesDue &-= 1 }
      }
      if input.pointee.writeRequest.canPop(now), port.pointee.bus.writeRequest.canPush(now) {
        port.pointee.bus.writeRequest.push(input.pointee.writeRequest.pop(now), now)
        port.pointee.writesDue &+= 1
      }
    }
    var rivals: UInt64 = 0
    var rest = port.pointee.initiators
    while rest != 0 {
      let index = rest.trailingZeroBitCount
      rest &= rest &- 1
      if buses[index].readRequest.canPop(now) { rivals |= 1 &<< UInt64(index) }
    }
    guard rivals != 0, port.pointee.bus.readRequest.canPush(now) else { return }
    let later = rivals & (~0 &<< UInt64(port.pointee.firstReader))
    let winner = (later != 0 ? later : rivals).trailingZeroBitCount
    port.pointee.firstReader = (winner &+ 1) & 63
    let request = buses[winner].readRequest.pop(now)
    port.pointee.bus.readRequest.push(request &<< 6 | winner, now)
  }

  // MARK: Memory

  @inline(__always)
  private func memory(
    _ memory: inout Memory, _ banks: UnsafeMutablePointer<Int>, _ now: Int
  ) {
    let count = memory.ports.count
    var offset = memory.first
    var refused = -1
    for _ in 0..<count {
      let index = memory.ports.lowerBound &+ offset
      let place = offset
      offset = offset &+ 1 == count ? 0 : offset &+ 1
      if !serve(ports + index, index &* Self.ring, &memory, banks, now), refused < 0 {
        refused = place
      }
    }
    if refused >= 0 { memory.first = refused }
  }

  /// A cycle of a port; false when its access was refused.
  @inline(__always)
  private func serve(
    _ port: UnsafeMutablePointer<BeatPort>, _ ring: Int, _ memory: inout Memory,
    _ banks: UnsafeMutablePointer<Int>, _ now: Int
  ) -> Bool {
    let mask = Self.ring &- 1
    var sentWord = false
    if port.pointee.pending > 0, pendingReady[ring &+ port.pointee.pendingHead] <= now,
      port.pointee.bus.readData.canPush(now)
    {
      port.pointee.bus.readData.push(pendingEnds[ring &+ port.pointee.pendingHead], now)
      port.pointee.pendingHead = (port.pointee.pendingHead &+ 1) & mask
      port.pointee.pending &-= 1
      sentWord = true
    }
    let sentAnswer = sendAnswer(port, ring, now)
    if port.pointee.readsLeft == 0, port.pointee.bus.readRequest.canPop(now) {
      let request = port.pointee.bus.readRequest.pop(now)
      port.pointee.readSource = request & 63
      port.pointee.readsLeft = request &>> 6 & 511
      port.pointee.readWord = (request &>> 15 &- memory.base) &>> shift
    }
    if !port.pointee.isWriting, port.pointee.bus.writeRequest.canPop(now) {
      let request = port.pointee.bus.writeRequest.pop(now)
      port.pointee.writeWord = (request &>> 9 &- memory.base) &>> shift
      port.pointee.isWriting = true
    }
    let canRead = port.pointee.readsLeft > 0
    let canWrite = port.pointee.isWriting && port.pointee.bus.writeData.canPop(now)
    guard canRead || canWrite else { return true }
    let isWrite = canWrite && (!canRead || !port.pointee.lastWasWrite)
    let depth = max(memory.readDelay, memory.writeDelay) &+ 4
    guard (isWrite ? port.pointee.answers : port.pointee.pending) < depth else { return true }
    let word = isWrite ? port.pointee.writeWord : port.pointee.readWord
    let delay = isWrite ? memory.writeDelay : memory.readDelay
    let ready: Int
    if memory.bitsPerCycle > 0 {
      let rate = memory.bitsPerCycle
      guard memory.pinsFree < (now &+ 1) &* rate else { return false }
      memory.pinsFree = max(memory.pinsFree, now &* rate) &+ 8 &<< shift
      ready = (memory.pinsFree &- 1) / rate &+ delay &- 1
    } else {
      let bank = word & (memory.banks &- 1)
      guard banks[bank] < now else { return false }
      banks[bank] = now
      ready = now &+ delay &- 1
    }
    port.pointee.lastWasWrite = isWrite
    if isWrite {
      port.pointee.writeWord &+= 1
      if port.pointee.bus.writeData.pop(now) == 1 {
        port.pointee.isWriting = false
        answerReady[ring &+ (port.pointee.answerHead &+ port.pointee.answers) & mask] = ready
        port.pointee.answers &+= 1
      }
      if !sentAnswer { _ = sendAnswer(port, ring, now) }
    } else {
      port.pointee.readWord &+= 1
      port.pointee.readsLeft &-= 1
      let beat = port.pointee.readSource &<< 1 | (port.pointee.readsLeft == 0 ? 1 : 0)
      if !sentWord, ready <= now, port.pointee.pending == 0, port.pointee.bus.readData.canPush(now)
      {
        port.pointee.bus.readData.push(beat, now)
      } else {
        let tail = ring &+ (port.pointee.pendingHead &+ port.pointee.pending) & mask
        pendingReady[tail] = ready
        pendingEnds[tail] = beat
        port.pointee.pending &+= 1
      }
    }
    return true
  }

  @inline(__always)
  private func sendAnswer(
    _ port: UnsafeMutablePointer<BeatPort>, _ ring: Int, _ now: Int
  ) -> Bool {
    guard port.pointee.answers > 0, answerReady[ring &+ port.pointee.answerHead] <= now,
      port.pointee.bus.answer.canPush(now)
    else { return false }
    port.pointee.bus.answer.push(0, now)
    port.pointee.answerHead = (port.pointee.answerHead &+ 1) & (Self.ring &- 1)
    port.pointee.answers &-= 1
    return true
  }
}
