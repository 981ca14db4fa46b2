internal import Fabric
internal import RTL
internal import SimKernel

/// A target: answers the bursts of a block's bus initiator (a DMA, an output of a crossbar) from
/// memory, after random waits, now and then with an error.
final class BusMemory: PortDriver {
  private let bus: BusTarget
  private let requests: (read: WatchedRequest, write: WatchedRequest)
  private let writeValid: Wire, writeReady: Wire, writeData: Wire, writeStrobe: Wire,
    writeLast: Wire
  private let readValid: Wire, readReady: Wire, readData: Wire, readResponse: Wire, readLast: Wire,
    readID: Wire
  private let answerValid: Wire, answerReady: Wire, answerResponse: Wire, answerID: Wire
  private let logged: SignalTable

  private struct ReadReply {
    var beat: ReadBeat
    var lanes: [UInt8]
  }
  private var moods = (
    read: Mood(), write: Mood(), data: Mood(), readData: Mood(), answer: Mood()
  )
  private var takes = (read: false, write: false, data: false)
  private var offers = (readData: false, answer: false)
  private var replies: [ReadReply] = []
  private var answers: [WriteResponse] = []
  /// Bursts whose data is awaited, and how their answer will be.
  private var openWrites: [BusRequest] = []
  private var writtenBursts = 0
  private var errors = SplitMix64(seed: 1)

  /// The byte at an address that was not written.
  var background: (Address) -> UInt8 = { UInt8(truncatingIfNeeded: $0 &* 37 &+ $0 >> 8) }
  /// What was written.
  private(set) var written: [Address: UInt8] = [:]
  /// The response for a burst; nil: answer okay.
  var failure: ((_ request: BusRequest, _ isWrite: Bool) -> BusResponse?)?
  /// The response for one beat of a read burst that does not fail as a whole; nil: okay.
  var beatFailure: ((_ request: BusRequest, _ beat: Int) -> BusResponse?)?

  /// Drives the pins `PREFIXarready`, … and the model's `bus`.
  ///
  /// - Parameter slice: which of `count` ports that share flat vectors.
  /// - Throws: ``RTLError`` when a pin is missing.
  init(
    _ prefix: String, _ bus: BusTarget, slice: Int = 0, of count: Int = 1, _ bench: LockstepBench
  ) throws {
    self.bus = bus
    func wire(_ name: String) throws -> Wire {
      try bench.wires.slice(prefix + name, slice, of: count)
    }
    let log = bench.log
    var logged: [String: Int] = [:]
    let title = count == 1 ? prefix : "\(prefix)\(slice)_"
    func declare(_ name: String, _ wire: Wire, isInput: Bool) -> Wire {
      logged[name] = log.declare(title + name, bits: wire.bits, isInput: isInput)
      return wire
    }
    requests = (
      read: try WatchedRequest("ar", title, wire, log),
      write: try WatchedRequest("aw", title, wire, log)
    )
    writeValid = declare("wvalid", try wire("wvalid"), isInput: false)
    writeReady = declare("wready", try wire("wready"), isInput: true)
    writeData = declare("wdata", try wire("wdata"), isInput: false)
    writeStrobe = declare("wstrb", try wire("wstrb"), isInput: false)
    writeLast = declare("wlast", try wire("wlast"), isInput: false)
    readValid = declare("rvalid", try wire("rvalid"), isInput: true)
    readReady = declare("rready", try wire("rready"), isInput: false)
    readData = declare("rdata", try wire("rdata"), isInput: true)
    readResponse = declare("rresp", try wire("rresp"), isInput: true)
    readLast = declare("rlast", try wire("rlast"), isInput: true)
    readID = declare("rid", try wire("rid"), isInput: true)
    answerValid = declare("bvalid", try wire("bvalid"), isInput: true)
    answerReady = declare("bready", try wire("bready"), isInput: false)
    answerResponse = declare("bresp", try wire("bresp"), isInput: true)
    answerID = declare("bid", try wire("bid"), isInput: true)
    self.logged = SignalTable(indices: logged)
  }

  /// Puts bytes into the memory.
  func load(_ bytes: [UInt8], at address: Address) {
    for (index, byte) in bytes.enumerated() { written[address + Address(index)] = byte }
  }

  /// The byte at an address.
  subscript(address: Address) -> UInt8 { written[address] ?? background(address) }

  // MARK: Stimulus

  func drive(_ random: inout SplitMix64, _ log: SignalLog) {
    takes.read = moods.read.roll(&random) && replies.count < 64
    takes.write = moods.write.roll(&random) && openWrites.count < 8
    // Data is taken only for bursts that are known, as every memory here does.
    takes.data = moods.data.roll(&random) && !openWrites.isEmpty
    offers.readData = moods.readData.roll(&random) && !replies.isEmpty || offers.readData
    offers.answer = moods.answer.roll(&random) && !answers.isEmpty || offers.answer
    requests.read.drive(ready: takes.read, log)
    requests.write.drive(ready: takes.write, log)
    writeReady.value = takes.data ? 1 : 0
    let reply = offers.readData ? replies.first : nil
    readValid.value = reply == nil ? 0 : 1
    readData.bytes.copyBytes(from: reply?.lanes ?? random.bytes(readData.byteCount))
    readResponse.value = UInt64(reply?.beat.response.rawValue ?? 0)
    readLast.value = reply.map { $0.beat.isLast ? 1 : 0 } ?? random.next() & 1
    readID.value = reply.map { UInt64($0.beat.source) } ?? 0
    let answer = offers.answer ? answers.first : nil
    answerValid.value = answer == nil ? 0 : 1
    answerResponse.value = UInt64(answer?.response.rawValue ?? 0)
    answerID.value = answer.map { UInt64($0.source) } ?? 0
    log.drive(logged["wready"], writeReady.value)
    log.drive(logged["rvalid"], readValid.value)
    log.drive(logged["rdata"], readData.address, count: readData.byteCount)
    log.drive(logged["rresp"], readResponse.value)
    log.drive(logged["rlast"], readLast.value)
    log.drive(logged["rid"], readID.value)
    log.drive(logged["bvalid"], answerValid.value)
    log.drive(logged["bresp"], answerResponse.value)
    log.drive(logged["bid"], answerID.value)
  }

  // MARK: Comparison

  func compare(_ log: SignalLog) {
    requests.read.check(bus.readRequest, log)
    requests.write.check(bus.writeRequest, log)
    let hasData = bus.writeData.canPop
    log.check(logged["wvalid"], model: hasData ? 1 : 0, rtl: writeValid.value)
    if hasData {
      let beat = bus.writeData.front
      let (offset, count) = (Int(beat.offset), Int(beat.bytes))
      var strobe = [UInt8](repeating: 0, count: (writeStrobe.bits + 7) / 8)
      for bit in offset..<offset + count { strobe[bit / 8] |= 1 << (bit % 8) }
      let shown =
        writeStrobe.bits % 8 == 0
        ? Array(writeStrobe.bytes)
        : withUnsafeBytes(of: writeStrobe.value.littleEndian) { Array($0.prefix(strobe.count)) }
      log.check(logged["wstrb"], model: strobe, rtl: shown)
      log.check(
        logged["wdata"], model: bus.writeData.data, rtl: writeData.address,
        range: offset..<offset + count)
      log.check(logged["wlast"], model: beat.isLast ? 1 : 0, rtl: writeLast.value)
    } else {
      log.ignore(logged["wdata"], rtl: writeData.address)
      log.ignore(logged["wstrb"], rtl: writeStrobe.value)
      log.ignore(logged["wlast"], rtl: writeLast.value)
    }
    log.check(logged["rready"], model: bus.readData.canPush ? 1 : 0, rtl: readReady.value)
    log.check(logged["bready"], model: bus.writeResponse.canPush ? 1 : 0, rtl: answerReady.value)
  }

  func commit() {
    if takes.read, bus.readRequest.canPop { reply(to: bus.readRequest.pop()) }
    if takes.write, bus.writeRequest.canPop { openWrites.append(bus.writeRequest.pop()) }
    if takes.data, bus.writeData.canPop { store() }
    if offers.readData, bus.readData.canPush {
      let reply = replies.removeFirst()
      bus.readData.data.copy(reply.lanes)
      bus.readData.push(reply.beat)
      offers.readData = false
    }
    if offers.answer, bus.writeResponse.canPush {
      bus.writeResponse.push(answers.removeFirst())
      offers.answer = false
    }
  }

  private func reply(to request: BusRequest) {
    let width = bus.widthBytes
    let response = failure?(request, false)
    let first = request.address & ~Address(width - 1)
    for beat in 0..<Int(request.beats) {
      let lanes = (0..<width).map { self[first &+ Address(beat * width + $0)] }
      replies.append(
        ReadReply(
          beat: ReadBeat(
            response: response ?? beatFailure?(request, beat) ?? .okay,
            isLast: beat + 1 == Int(request.beats), source: request.source),
          lanes: lanes))
    }
  }

  private func store() {
    let data = bus.writeData.data
    let beat = bus.writeData.front
    let request = openWrites[0]
    let width = bus.widthBytes
    let word = request.address & ~Address(width - 1) &+ Address(writtenBursts * width)
    for lane in Int(beat.offset)..<Int(beat.offset) + Int(beat.bytes) {
      written[word &+ Address(lane)] = data.load(fromByteOffset: lane, as: UInt8.self)
    }
    bus.writeData.pop()
    writtenBursts += 1
    guard beat.isLast else { return }
    writtenBursts = 0
    openWrites.removeFirst()
    answers.append(
      WriteResponse(response: failure?(request, true) ?? .okay, source: request.source))
  }
}

/// The pins of a request channel that the block drives.
private struct WatchedRequest {
  let valid: Wire, ready: Wire, address: Wire, user: Wire, length: Wire, id: Wire
  let logged: (valid: Int, ready: Int, address: Int, user: Int, length: Int, id: Int)

  init(
    _ channel: String, _ title: String, _ wire: (String) throws -> Wire, _ log: SignalLog
  ) throws {
    valid = try wire(channel + "valid")
    ready = try wire(channel + "ready")
    address = try wire(channel + "addr")
    user = try wire(channel + "user")
    length = try wire(channel + "len")
    id = try wire(channel + "id")
    let name = title + channel
    logged = (
      log.declare(name + "valid", bits: 1), log.declare(name + "ready", bits: 1, isInput: true),
      log.declare(name + "addr", bits: address.bits), log.declare(name + "user", bits: user.bits),
      log.declare(name + "len", bits: length.bits), log.declare(name + "id", bits: id.bits)
    )
  }

  func drive(ready isReady: Bool, _ log: SignalLog) {
    ready.value = isReady ? 1 : 0
    log.drive(logged.ready, ready.value)
  }

  func check(_ port: InPort<BusRequest>, _ log: SignalLog) {
    log.check(logged.valid, model: port.canPop ? 1 : 0, rtl: valid.value)
    guard port.canPop else {
      log.ignore(logged.address, rtl: address.value)
      log.ignore(logged.user, rtl: user.value)
      log.ignore(logged.length, rtl: length.value)
      log.ignore(logged.id, rtl: id.value)
      return
    }
    let request = port.front
    log.check(logged.address, model: request.address, rtl: address.value)
    log.check(logged.user, model: UInt64(request.bytes), rtl: user.value)
    log.check(logged.length, model: UInt64(request.beats) &- 1, rtl: length.value)
    log.check(logged.id, model: UInt64(request.source), rtl: id.value)
  }
}
