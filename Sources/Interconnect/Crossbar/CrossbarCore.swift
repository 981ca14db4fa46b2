internal import Fabric
internal import SimKernel
internal import Telemetry

/// One initiator's side.
private struct InputPort: BitwiseCopyable {
  let bus: BusTarget
  var readLine: DelayLine<ReadBeat>
  var answerLine: DelayLine<WriteResponse>
  /// The target of the request waiting at the head, `unknown` until decoded.
  var readTarget = CrossbarCore.unknown
  var writeTarget = CrossbarCore.unknown
  /// Where bursts under way go, and how many there are.
  var readsAt = CrossbarCore.unknown
  var readsUnderWay = 0
  var writesAt = CrossbarCore.unknown
  var writesUnderWay = 0
  /// A refused read or write that is being answered with DECERR.
  var errorBeats = 0
  var errorWrite = false
}

/// One target's side.
private struct OutputPort: BitwiseCopyable {
  let bus: BusInitiator
  var readArbiter: Arbiter
  var writeArbiter: Arbiter
  var readRequests: DelayLine<BusRequest>
  var writeRequests: DelayLine<BusRequest>
  var writeData: DelayLine<WriteBeat>
  /// Initiators whose write data is due here, in the order of the grants.
  let order: Table<UInt8>
  var orderHead = 0
  var orderCount = 0
  var readsUnderWay = 0
  var writesUnderWay = 0
}

/// The crossbar's state and the work of a cycle.
struct CrossbarCore: BitwiseCopyable {
  static let unknown = -1
  private static let nobody = -2
  private enum State {
    static let idle = 0
    static let transfer = 1
    static let latency = 2
    static let firstBlocked = 3
  }

  /// The request channels of the inputs side by side: all of them are looked at in every cycle.
  private let readRequests: UnsafeMutablePointer<InPort<BusRequest>>
  private let writeRequests: UnsafeMutablePointer<InPort<BusRequest>>
  private let inputs: UnsafeMutablePointer<InputPort>
  private let inputCount: Int
  private let outputs: UnsafeMutablePointer<OutputPort>
  private let outputCount: Int
  private let windows: UnsafeMutablePointer<DecodedWindow>
  private let windowCount: Int
  private let windowTargets: UnsafeMutablePointer<Int32>
  private let outstanding: Int
  private let hasStages: Bool
  /// Targets with bursts under way, one bit each.
  private var openOutputs: UInt64 = 0
  /// Refused bursts that are not answered yet.
  private var pendingErrors = 0

  private let residency: Residency
  private let requestBeats: Counter
  private let writeBeats: Counter
  private let readBeats: Counter
  private let answerBeats: Counter
  private let contested: Counter
  private let decodeErrors: Counter

  init(
    configuration: CrossbarConfiguration, initiators: [BusTarget], targets: [BusInitiator],
    targetNames: [String], componentClass: String, site: ModuleSite, arena: Arena
  ) {
    precondition(initiators.count <= 64 && targets.count <= 64, "a crossbar has at most 64 ports")
    let width = initiators.first?.widthBytes ?? targets.first?.widthBytes ?? 4
    let stages = max(1, configuration.latency)
    inputCount = initiators.count
    outputCount = targets.count
    outstanding = configuration.outstanding
    hasStages = stages > 1
    inputs = arena.allocate(InputPort.self, count: inputCount)
    readRequests = arena.allocate(InPort<BusRequest>.self, count: inputCount)
    writeRequests = arena.allocate(InPort<BusRequest>.self, count: inputCount)
    for (index, bus) in initiators.enumerated() {
      (readRequests + index).initialize(to: bus.readRequest)
      (writeRequests + index).initialize(to: bus.writeRequest)
      (inputs + index).initialize(
        to: InputPort(
          bus: bus, readLine: DelayLine(arena: arena, stages: stages, laneBytes: width),
          answerLine: DelayLine(arena: arena, stages: stages, laneBytes: 0)))
    }
    outputs = arena.allocate(OutputPort.self, count: outputCount)
    for (index, bus) in targets.enumerated() {
      (outputs + index).initialize(
        to: OutputPort(
          bus: bus, readArbiter: Arbiter(configuration.arbitration),
          writeArbiter: Arbiter(configuration.arbitration),
          readRequests: DelayLine(arena: arena, stages: stages, laneBytes: 0),
          writeRequests: DelayLine(arena: arena, stages: stages, laneBytes: 0),
          writeData: DelayLine(arena: arena, stages: stages, laneBytes: width),
          order: Table(arena, count: max(1, inputCount * configuration.outstanding))))
    }
    windowCount = configuration.windows.count
    windows = arena.allocate(DecodedWindow.self, count: windowCount)
    windowTargets = arena.allocate(
      Int32.self, count: configuration.windows.reduce(0) { $0 + $1.targets.count })
    var next = 0
    for (index, window) in configuration.windows.enumerated() {
      windows[index] = DecodedWindow(
        base: window.base, length: window.length, firstTarget: Int32(next),
        targetCount: Int32(window.targets.count))
      for target in window.targets {
        windowTargets[next] = Int32(target)
        next += 1
      }
    }
    site.component(
      "request", class: componentClass,
      attributes: [
        "width_bits": Double(8 * width), "inputs": Double(max(1, inputCount)),
        "outputs": Double(max(1, outputCount)),
      ])
    site.component(
      "response", class: componentClass,
      attributes: [
        "width_bits": Double(8 * width), "inputs": Double(max(1, outputCount)),
        "outputs": Double(max(1, inputCount)),
      ])
    requestBeats = site.counter(
      "requests", unit: "request", "Read and write requests granted.",
      action: ("request", "beat"))
    writeBeats = site.counter(
      "write_beats", unit: "beat", "Write data beats forwarded.", action: ("request", "beat"))
    readBeats = site.counter(
      "read_beats", unit: "beat", "Read data beats forwarded.", action: ("response", "beat"))
    answerBeats = site.counter(
      "write_answers", unit: "answer", "Write responses forwarded.",
      action: ("response", "beat"))
    contested = site.counter(
      "contested_grants", unit: "grant", "Grants for which another initiator had to wait.")
    decodeErrors = site.counter(
      "decode_errors", unit: "burst", "Bursts to addresses without target (DECERR).")
    residency = site.residency(
      [.idle(), .active("transfer"), .active("latency")]
        + targetNames.map { .waiting("blocked-by-\($0)", on: $0) }
        + [.waiting("blocked-by-initiator", on: nil)])
  }

  mutating func tick(_ now: Cycle) -> Wake {
    var moved = false
    var wake = Wake.onPort
    var blocker = Self.unknown
    if hasStages { (moved, wake) = advanceStages(now) }
    // Responses first: the channels are independent, so the order within a cycle does not matter.
    var open = openOutputs
    while open != 0 {
      let index = open.trailingZeroBitCount
      open &= open &- 1
      let output = outputs + index
      if output.pointee.readsUnderWay > 0, returnRead(output, now) { moved = true }
      if output.pointee.writesUnderWay > 0 {
        if returnAnswer(output, now) { moved = true }
        if output.pointee.orderCount > 0, forwardData(output, now) { moved = true }
      }
      if output.pointee.readsUnderWay == 0, output.pointee.writesUnderWay == 0 {
        openOutputs &= ~(1 &<< UInt64(truncatingIfNeeded: index))
      }
    }
    if pendingErrors > 0 {
      for index in 0..<inputCount where answerErrors(inputs + index, now) { moved = true }
    }
    if grantReads(now, &blocker) { moved = true }
    if grantWrites(now, &blocker) { moved = true }
    if moved {
      residency.enter(State.transfer, at: now)
      return .nextCycle
    }
    if wake != .onPort {
      residency.enter(State.latency, at: now)
    } else if blocker != Self.unknown {
      residency.enter(
        blocker == Self.nobody ? State.firstBlocked &+ outputCount : State.firstBlocked &+ blocker,
        at: now)
    } else {
      residency.enter(State.idle, at: now)
    }
    return wake
  }

  // MARK: Requests

  /// The inputs whose request channel holds something, one bit each.
  @inline(__always)
  private func waitingInputs(_ ports: UnsafeMutablePointer<InPort<BusRequest>>) -> UInt64 {
    var waiting: UInt64 = 0
    for index in 0..<inputCount {
      waiting |= (ports[index].canPop ? 1 : 0) &<< UInt64(truncatingIfNeeded: index)
    }
    return waiting
  }

  private func decode(_ address: Address, bytes: UInt64, input: Int) -> Int {
    for index in 0..<windowCount {
      let window = windows[index]
      let offset = address &- window.base
      if offset < window.length, bytes <= window.length &- offset {
        let port = window.targetCount == 1 ? 0 : input % Int(window.targetCount)
        return Int(windowTargets[Int(window.firstTarget) &+ port])
      }
    }
    return Self.nobody
  }

  /// Grants at most one read request per target.
  private mutating func grantReads(_ now: Cycle, _ blocker: inout Int) -> Bool {
    var waiting = waitingInputs(readRequests)
    if waiting == 0 { return false }
    var undecided = waiting
    while undecided != 0 {
      let index = undecided.trailingZeroBitCount
      undecided &= undecided &- 1
      let input = inputs + index
      if input.pointee.readTarget == Self.unknown {
        let request = readRequests[index].front
        input.pointee.readTarget = decode(
          request.address, bytes: UInt64(request.bytes), input: index)
      }
    }
    var moved = false
    while waiting != 0 {
      let index = waiting.trailingZeroBitCount
      let target = inputs[index].readTarget
      if target == Self.nobody {
        waiting &= waiting &- 1
        let input = inputs + index
        // Answers of earlier bursts go first, so that responses stay in order.
        guard input.pointee.readsUnderWay == 0, input.pointee.errorBeats == 0 else {
          blocker = Self.nobody
          continue
        }
        input.pointee.errorBeats = Int(input.pointee.bus.readRequest.pop().beats)
        input.pointee.readTarget = Self.unknown
        pendingErrors &+= 1
        decodeErrors.add()
        moved = true
        continue
      }
      // Everybody who wants this target competes now.
      var rivals: UInt64 = 0
      var rest = waiting
      while rest != 0 {
        let other = rest.trailingZeroBitCount
        rest &= rest &- 1
        guard inputs[other].readTarget == target else { continue }
        waiting &= ~(1 &<< UInt64(truncatingIfNeeded: other))
        if mayRead(other, target) { rivals |= 1 &<< UInt64(truncatingIfNeeded: other) }
      }
      let output = outputs + target
      guard rivals != 0,
        output.pointee.readRequests.canAccept(output.pointee.bus.readRequest)
      else {
        blocker = target
        continue
      }
      let winner = output.pointee.readArbiter.choose(rivals)
      if rivals & (rivals &- 1) != 0 { contested.add() }
      let input = inputs + winner
      var request = input.pointee.bus.readRequest.pop()
      request.source = UInt16(truncatingIfNeeded: winner)
      output.pointee.readRequests.accept(
        request, data: nil, now: now, output: output.pointee.bus.readRequest)
      input.pointee.readTarget = Self.unknown
      input.pointee.readsAt = target
      input.pointee.readsUnderWay &+= 1
      output.pointee.readsUnderWay &+= 1
      openOutputs |= 1 &<< UInt64(truncatingIfNeeded: target)
      requestBeats.add()
      moved = true
    }
    return moved
  }

  @inline(__always)
  private func mayRead(_ index: Int, _ target: Int) -> Bool {
    let input = inputs + index
    return input.pointee.errorBeats == 0 && input.pointee.readsUnderWay < outstanding
      && (input.pointee.readsUnderWay == 0 || input.pointee.readsAt == target)
  }

  /// Grants at most one write request per target.
  private mutating func grantWrites(_ now: Cycle, _ blocker: inout Int) -> Bool {
    var waiting = waitingInputs(writeRequests)
    if waiting == 0 { return false }
    var undecided = waiting
    while undecided != 0 {
      let index = undecided.trailingZeroBitCount
      undecided &= undecided &- 1
      let input = inputs + index
      if input.pointee.writeTarget == Self.unknown {
        let request = writeRequests[index].front
        input.pointee.writeTarget = decode(
          request.address, bytes: UInt64(request.bytes), input: index)
      }
    }
    var moved = false
    while waiting != 0 {
      let index = waiting.trailingZeroBitCount
      let target = inputs[index].writeTarget
      if target == Self.nobody {
        waiting &= waiting &- 1
        let input = inputs + index
        guard input.pointee.writesUnderWay == 0, !input.pointee.errorWrite else {
          blocker = Self.nobody
          continue
        }
        input.pointee.bus.writeRequest.pop()
        input.pointee.errorWrite = true
        input.pointee.writeTarget = Self.unknown
        pendingErrors &+= 1
        decodeErrors.add()
        moved = true
        continue
      }
      var rivals: UInt64 = 0
      var rest = waiting
      while rest != 0 {
        let other = rest.trailingZeroBitCount
        rest &= rest &- 1
        guard inputs[other].writeTarget == target else { continue }
        waiting &= ~(1 &<< UInt64(truncatingIfNeeded: other))
        if mayWrite(other, target) { rivals |= 1 &<< UInt64(truncatingIfNeeded: other) }
      }
      let output = outputs + target
      guard rivals != 0,
        output.pointee.writeRequests.canAccept(output.pointee.bus.writeRequest)
      else {
        blocker = target
        continue
      }
      let winner = output.pointee.writeArbiter.choose(rivals)
      if rivals & (rivals &- 1) != 0 { contested.add() }
      let input = inputs + winner
      var request = input.pointee.bus.writeRequest.pop()
      request.source = UInt16(truncatingIfNeeded: winner)
      output.pointee.writeRequests.accept(
        request, data: nil, now: now, output: output.pointee.bus.writeRequest)
      let end = output.pointee.orderHead &+ output.pointee.orderCount
      let tail = end >= output.pointee.order.count ? end &- output.pointee.order.count : end
      output.pointee.order[tail] = UInt8(truncatingIfNeeded: winner)
      output.pointee.orderCount &+= 1
      input.pointee.writeTarget = Self.unknown
      input.pointee.writesAt = target
      input.pointee.writesUnderWay &+= 1
      output.pointee.writesUnderWay &+= 1
      openOutputs |= 1 &<< UInt64(truncatingIfNeeded: target)
      requestBeats.add()
      moved = true
    }
    return moved
  }

  @inline(__always)
  private func mayWrite(_ index: Int, _ target: Int) -> Bool {
    let input = inputs + index
    return !input.pointee.errorWrite && input.pointee.writesUnderWay < outstanding
      && (input.pointee.writesUnderWay == 0 || input.pointee.writesAt == target)
  }

  /// Moves a write data beat of the initiator whose burst is due at `output`.
  @inline(__always)
  private func forwardData(_ output: UnsafeMutablePointer<OutputPort>, _ now: Cycle) -> Bool {
    let input = inputs + Int(output.pointee.order[output.pointee.orderHead])
    let source = input.pointee.bus.writeData
    guard source.canPop,
      output.pointee.writeData.canAccept(output.pointee.bus.writeData)
    else { return false }
    let data = source.data
    let beat = source.pop()
    output.pointee.writeData.accept(
      beat, data: data, now: now, output: output.pointee.bus.writeData)
    writeBeats.add()
    if beat.isLast {
      let next = output.pointee.orderHead &+ 1
      output.pointee.orderHead = next == output.pointee.order.count ? 0 : next
      output.pointee.orderCount &-= 1
    }
    return true
  }

  // MARK: Responses

  @inline(__always)
  private func returnRead(_ output: UnsafeMutablePointer<OutputPort>, _ now: Cycle) -> Bool {
    let source = output.pointee.bus.readData
    guard source.canPop else { return false }
    let input = inputs + Int(source.front.source)
    guard input.pointee.readLine.canAccept(input.pointee.bus.readData) else { return false }
    let data = source.data
    let beat = source.pop()
    input.pointee.readLine.accept(beat, data: data, now: now, output: input.pointee.bus.readData)
    readBeats.add()
    if beat.isLast {
      output.pointee.readsUnderWay &-= 1
      input.pointee.readsUnderWay &-= 1
    }
    return true
  }

  @inline(__always)
  private func returnAnswer(_ output: UnsafeMutablePointer<OutputPort>, _ now: Cycle) -> Bool {
    let source = output.pointee.bus.writeResponse
    guard source.canPop else { return false }
    let input = inputs + Int(source.front.source)
    guard input.pointee.answerLine.canAccept(input.pointee.bus.writeResponse) else {
      return false
    }
    input.pointee.answerLine.accept(
      source.pop(), data: nil, now: now, output: input.pointee.bus.writeResponse)
    answerBeats.add()
    output.pointee.writesUnderWay &-= 1
    input.pointee.writesUnderWay &-= 1
    return true
  }

  /// Answers bursts that hit no target: as many DECERR read beats as were asked for, or one DECERR
  /// write response after swallowing the data.
  @inline(__always)
  private mutating func answerErrors(_ input: UnsafeMutablePointer<InputPort>, _ now: Cycle) -> Bool
  {
    var moved = false
    let bus = input.pointee.bus
    if input.pointee.errorBeats > 0, input.pointee.readLine.canAccept(bus.readData) {
      input.pointee.errorBeats &-= 1
      let beat = ReadBeat(
        response: .decodeError, isLast: input.pointee.errorBeats == 0, source: 0)
      input.pointee.readLine.accept(beat, data: nil, now: now, output: bus.readData)
      if beat.isLast { pendingErrors &-= 1 }
      moved = true
    }
    if input.pointee.errorWrite, bus.writeData.canPop,
      !bus.writeData.front.isLast || input.pointee.answerLine.canAccept(bus.writeResponse)
    {
      if bus.writeData.pop().isLast {
        input.pointee.answerLine.accept(
          WriteResponse(response: .decodeError, source: 0), data: nil, now: now,
          output: bus.writeResponse)
        input.pointee.errorWrite = false
        pendingErrors &-= 1
      }
      moved = true
    }
    return moved
  }

  /// Moves what has spent its latency inside to the output channels.
  private func advanceStages(_ now: Cycle) -> (moved: Bool, wake: Wake) {
    var moved = false
    var wake = Wake.onPort
    func note(_ result: (moved: Bool, wake: Wake)) {
      if result.moved { moved = true }
      wake = .earliest(wake, result.wake)
    }
    for index in 0..<outputCount {
      let output = outputs + index
      note(output.pointee.readRequests.advance(output.pointee.bus.readRequest, now: now))
      note(output.pointee.writeRequests.advance(output.pointee.bus.writeRequest, now: now))
      note(output.pointee.writeData.advance(output.pointee.bus.writeData, now: now))
    }
    for index in 0..<inputCount {
      let input = inputs + index
      note(input.pointee.readLine.advance(input.pointee.bus.readData, now: now))
      note(input.pointee.answerLine.advance(input.pointee.bus.writeResponse, now: now))
    }
    return (moved, wake)
  }
}
