extension BeatFabric {
  /// Moves what has spent its latency in the crossbar to the channels behind.
  func advanceStages(_ now: Int) {
    for index in 0..<portCount {
      let port = ports + index
      port.pointee.readRequests.advance(&port.pointee.bus.readRequest, now)
      port.pointee.writeRequests.advance(&port.pointee.bus.writeRequest, now)
      port.pointee.writeData.advance(&port.pointee.bus.writeData, now)
    }
    for index in 0..<inputCount {
      inputs[index].readLine.advance(&buses[index].readData, now)
      inputs[index].answerLine.advance(&buses[index].answer, now)
    }
  }

  /// Moves a read word, a write answer and a write word between a port and its initiators.
  @inline(__always)
  func transfer(_ port: UnsafeMutablePointer<BeatPort>, _ now: Int) {
    if port.pointee.readsUnderWay > 0, port.pointee.bus.readData.canPop(now) {
      let beat = port.pointee.bus.readData.first
      let source = beat &>> 1
      if inputs[source].readLine.canAccept(&buses[source].readData, now) {
        port.pointee.bus.readData.pop(now)
        inputs[source].readLine.accept(beat, &buses[source].readData, now)
        if beat & 1 != 0 {
          port.pointee.readsUnderWay &-= 1
          inputs[source].readsUnderWay &-= 1
        }
      }
    }
    guard port.pointee.writesUnderWay > 0 else { return }
    if port.pointee.bus.answer.canPop(now) {
      let source = port.pointee.bus.answer.first
      if inputs[source].answerLine.canAccept(&buses[source].answer, now) {
        port.pointee.bus.answer.pop(now)
        inputs[source].answerLine.accept(source, &buses[source].answer, now)
        port.pointee.writesUnderWay &-= 1
        inputs[source].writesUnderWay &-= 1
      }
    }
    guard port.pointee.orderCount > 0 else { return }
    let source = port.pointee.order[port.pointee.orderHead]
    guard buses[source].writeData.canPop(now),
      port.pointee.writeData.canAccept(&port.pointee.bus.writeData, now)
    else { return }
    let beat = buses[source].writeData.pop(now)
    port.pointee.writeData.accept(beat, &port.pointee.bus.writeData, now)
    if beat == 1 {
      let next = port.pointee.orderHead &+ 1
      port.pointee.orderHead = next == port.pointee.orderCapacity ? 0 : next
      port.pointee.orderCount &-= 1
    }
  }

  /// Grants at most one of the waiting read requests per port.
  @inline(__always)
  mutating func grantReads(_ requests: UInt64, _ now: Int) {
    var waiting = requests
    while waiting != 0 {
      let target = readTarget(waiting.trailingZeroBitCount)
      var rivals: UInt64 = 0
      var rest = waiting
      while rest != 0 {
        let other = rest.trailingZeroBitCount
        rest &= rest &- 1
        guard readTarget(other) == target else { continue }
        let input = inputs + other
        waiting &= ~(1 &<< UInt64(truncatingIfNeeded: other))
        if input.pointee.readsUnderWay < outstanding,
          input.pointee.readsUnderWay == 0 || input.pointee.readsAt == target
        {
          rivals |= 1 &<< UInt64(truncatingIfNeeded: other)
        }
      }
      let port = ports + target
      guard rivals != 0, port.pointee.readRequests.canAccept(&port.pointee.bus.readRequest, now)
      else { continue }
      let winner = choose(rivals, &port.pointee.firstReader)
      let request = buses[winner].readRequest.pop(now)
      port.pointee.readRequests.accept(request &<< 6 | winner, &port.pointee.bus.readRequest, now)
      inputs[winner].readTarget = -1
      inputs[winner].readsAt = target
      inputs[winner].readsUnderWay &+= 1
      port.pointee.readsUnderWay &+= 1
      open |= 1 &<< UInt64(truncatingIfNeeded: target)
    }
  }

  /// Grants at most one of the waiting write requests per port.
  @inline(__always)
  mutating func grantWrites(_ requests: UInt64, _ now: Int) {
    var waiting = requests
    while waiting != 0 {
      let target = writeTarget(waiting.trailingZeroBitCount)
      var rivals: UInt64 = 0
      var rest = waiting
      while rest != 0 {
        let other = rest.trailingZeroBitCount
        rest &= rest &- 1
        guard writeTarget(other) == target else { continue }
        let input = inputs + other
        waiting &= ~(1 &<< UInt64(truncatingIfNeeded: other))
        if input.pointee.writesUnderWay < outstanding,
          input.pointee.writesUnderWay == 0 || input.pointee.writesAt == target
        {
          rivals |= 1 &<< UInt64(truncatingIfNeeded: other)
        }
      }
      let port = ports + target
      guard rivals != 0, port.pointee.writeRequests.canAccept(&port.pointee.bus.writeRequest, now)
      else { continue }
      let winner = choose(rivals, &port.pointee.firstWriter)
      let request = buses[winner].writeRequest.pop(now)
      port.pointee.writeRequests.accept(
        request &<< 6 | winner, &port.pointee.bus.writeRequest, now)
      let end = port.pointee.orderHead &+ port.pointee.orderCount
      port.pointee.order[
        end >= port.pointee.orderCapacity ? end &- port.pointee.orderCapacity : end] = winner
      port.pointee.orderCount &+= 1
      inputs[winner].writeTarget = -1
      inputs[winner].writesAt = target
      inputs[winner].writesUnderWay &+= 1
      port.pointee.writesUnderWay &+= 1
      open |= 1 &<< UInt64(truncatingIfNeeded: target)
    }
  }

  @inline(__always)
  private func readTarget(_ index: Int) -> Int {
    if inputs[index].readTarget < 0 {
      inputs[index].readTarget = decode(buses[index].readRequest.first &>> 9, index)
    }
    return inputs[index].readTarget
  }

  @inline(__always)
  private func writeTarget(_ index: Int) -> Int {
    if inputs[index].writeTarget < 0 {
      inputs[index].writeTarget = decode(buses[index].writeRequest.first &>> 9, index)
    }
    return inputs[index].writeTarget
  }

  /// The port of an address. Plans have none outside of memories: such a one goes to the first port.
  private func decode(_ address: Int, _ input: Int) -> Int {
    for index in 0..<memoryCount {
      let offset = address &- memories[index].base
      if offset >= 0, offset < memories[index].length {
        return targets[input &* memoryCount &+ index]
      }
    }
    return 0
  }

  /// The one after the last winner goes first, or the one with the lowest number.
  @inline(__always)
  private func choose(_ rivals: UInt64, _ first: inout Int) -> Int {
    guard isRoundRobin else { return rivals.trailingZeroBitCount }
    let later = rivals & (~0 &<< UInt64(truncatingIfNeeded: first))
    let winner = (later != 0 ? later : rivals).trailingZeroBitCount
    first = (winner &+ 1) & 63
    return winner
  }
}
