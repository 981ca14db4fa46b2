internal import SimKernel

/// A memory; its ports are neighbours.
struct BeatMemory: BitwiseCopyable {
  /// Where it would begin if it began at a whole word and line; words are counted from there.
  let base: Int
  let length: Int
  let readDelay: Int
  let writeDelay: Int
  /// Words and answers that a port keeps until their latency is over.
  let depth: Int
  /// 0 for memories with banks.
  let bitsPerCycle: Int
  let bankMask: Int
  /// When each bank was used last.
  let bankUsed: UnsafeMutablePointer<Int>
  let firstPort: Int
  let portCount: Int
  /// Its ports, one bit each.
  let mask: UInt64
  /// The port that is asked first.
  var first = 0
  /// When the pins are free again, in bits.
  var pinsFree = 0

  /// Bytes that the unit of a memory's footprint has.
  private static let lineBytes = 64

  init(_ timing: SystemTiming.Memory, busBytes: Int, firstPort: Int, arena: Arena) {
    let lead = Int(timing.base) & (max(Self.lineBytes, busBytes) - 1)
    base = Int(timing.base) - lead
    length = Int(timing.length) + lead
    readDelay = max(1, timing.readDelay)
    writeDelay = max(1, timing.writeDelay)
    depth = max(readDelay, writeDelay) + 4
    bitsPerCycle = timing.bitsPerCycle ?? 0
    let banks = max(1, timing.banks)
    bankMask = banks - 1
    bankUsed = arena.allocate(Int.self, count: banks)
    bankUsed.update(repeating: -1, count: banks)
    self.firstPort = firstPort
    portCount = max(1, timing.ports)
    mask = (UInt64.max >> UInt64(64 - portCount)) << UInt64(firstPort)
  }
}

extension BeatFabric {
  @inline(__always)
  func serve(_ memory: UnsafeMutablePointer<BeatMemory>, _ now: Int) {
    let firstPort = ports + memory.pointee.firstPort
    let users =
      (open & memory.pointee.mask) &>> UInt64(truncatingIfNeeded: memory.pointee.firstPort)
    var refused = -1
    var rest = users & (~0 &<< UInt64(truncatingIfNeeded: memory.pointee.first))
    var others = users & ~rest
    while true {
      while rest != 0 {
        let place = rest.trailingZeroBitCount
        rest &= rest &- 1
        if !serve(firstPort + place, memory, now), refused < 0 { refused = place }
      }
      if others == 0 { break }
      swap(&rest, &others)
    }
    // Who was refused first goes first in the next cycle.
    if refused >= 0 { memory.pointee.first = refused }
  }

  /// A cycle of a port; false when its access was refused.
  @inline(__always)
  private func serve(
    _ port: UnsafeMutablePointer<BeatPort>, _ memory: UnsafeMutablePointer<BeatMemory>, _ now: Int
  ) -> Bool {
    let depth = memory.pointee.depth
    var sentWord = false
    if port.pointee.pending > 0, port.pointee.pendingReady[port.pointee.pendingHead] <= now,
      port.pointee.bus.readData.canPush(now)
    {
      port.pointee.bus.readData.push(port.pointee.pendingBeat[port.pointee.pendingHead], now)
      port.pointee.pendingHead =
        port.pointee.pendingHead &+ 1 == depth ? 0 : port.pointee.pendingHead &+ 1
      port.pointee.pending &-= 1
      sentWord = true
    }
    let sentAnswer = sendAnswer(port, now)
    if port.pointee.readsLeft == 0, port.pointee.bus.readRequest.canPop(now) {
      let request = port.pointee.bus.readRequest.pop(now)
      port.pointee.readSource = request & 63
      port.pointee.readsLeft = request &>> 6 & 511
      port.pointee.readWord = (request &>> 15 &- memory.pointee.base) &>> wordShift
    }
    if !port.pointee.isWriting, port.pointee.bus.writeRequest.canPop(now) {
      let request = port.pointee.bus.writeRequest.pop(now)
      port.pointee.writeSource = request & 63
      port.pointee.writeWord = (request &>> 15 &- memory.pointee.base) &>> wordShift
      port.pointee.isWriting = true
    }
    let canRead = port.pointee.readsLeft > 0
    let canWrite = port.pointee.isWriting && port.pointee.bus.writeData.canPop(now)
    guard canRead || canWrite else { return true }
    let isWrite = canWrite && (!canRead || !port.pointee.lastWasWrite)
    guard (isWrite ? port.pointee.answers : port.pointee.pending) < depth else { return true }
    let word = isWrite ? port.pointee.writeWord : port.pointee.readWord
    let delay = isWrite ? memory.pointee.writeDelay : memory.pointee.readDelay
    let ready: Int
    if memory.pointee.bitsPerCycle > 0 {
      let rate = memory.pointee.bitsPerCycle
      guard memory.pointee.pinsFree < (now &+ 1) &* rate else { return false }
      memory.pointee.pinsFree = max(memory.pointee.pinsFree, now &* rate) &+ wordBits
      ready = (memory.pointee.pinsFree &- 1) / rate &+ delay &- 1
    } else {
      let bank = word & memory.pointee.bankMask
      guard memory.pointee.bankUsed[bank] < now else { return false }
      memory.pointee.bankUsed[bank] = now
      ready = now &+ delay &- 1
    }
    port.pointee.lastWasWrite = isWrite
    if isWrite {
      port.pointee.writeWord &+= 1
      if port.pointee.bus.writeData.pop(now) == 1 {
        port.pointee.isWriting = false
        let end = port.pointee.answerHead &+ port.pointee.answers
        let tail = end >= depth ? end &- depth : end
        port.pointee.answerReady[tail] = ready
        port.pointee.answerSource[tail] = port.pointee.writeSource
        port.pointee.answers &+= 1
      }
      if !sentAnswer { _ = sendAnswer(port, now) }
    } else {
      port.pointee.readWord &+= 1
      port.pointee.readsLeft &-= 1
      let beat = port.pointee.readSource &<< 1 | (port.pointee.readsLeft == 0 ? 1 : 0)
      if !sentWord, ready <= now, port.pointee.pending == 0, port.pointee.bus.readData.canPush(now)
      {
        port.pointee.bus.readData.push(beat, now)
      } else {
        let end = port.pointee.pendingHead &+ port.pointee.pending
        let tail = end >= depth ? end &- depth : end
        port.pointee.pendingReady[tail] = ready
        port.pointee.pendingBeat[tail] = beat
        port.pointee.pending &+= 1
      }
    }
    return true
  }

  @inline(__always)
  private func sendAnswer(_ port: UnsafeMutablePointer<BeatPort>, _ now: Int) -> Bool {
    guard port.pointee.answers > 0, port.pointee.answerReady[port.pointee.answerHead] <= now,
      port.pointee.bus.answer.canPush(now)
    else { return false }
    port.pointee.bus.answer.push(port.pointee.answerSource[port.pointee.answerHead], now)
    port.pointee.answerHead =
      port.pointee.answerHead &+ 1 == port.pointee.depth ? 0 : port.pointee.answerHead &+ 1
    port.pointee.answers &-= 1
    return true
  }
}
