internal import Fabric
internal import RTL
internal import SimKernel

/// An initiator: sends transactions to a block's bus target (a register side, an input of a
/// crossbar).
final class BusHost: PortDriver {
  /// A burst to send.
  struct Transaction {
    /// Whether it writes.
    var isWrite: Bool
    /// First byte.
    var address: Address
    /// Bytes that count.
    var bytes: Int
    /// What is written, `bytes` of it.
    var data: [UInt8]
    /// Which initiator it comes from; returned with the answers.
    var source = 0

    /// A read.
    static func read(_ address: Address, bytes: Int) -> Transaction {
      Transaction(isWrite: false, address: address, bytes: bytes, data: [])
    }

    /// A write.
    static func write(_ address: Address, _ data: [UInt8]) -> Transaction {
      Transaction(isWrite: true, address: address, bytes: data.count, data: data)
    }

    /// A write of a 32-bit register.
    static func write(_ address: Address, _ value: UInt32) -> Transaction {
      write(address, withUnsafeBytes(of: value.littleEndian) { Array($0) })
    }
  }

  /// The initiator's end of the model's bus.
  private let bus: BusInitiator
  private let request: (read: RequestPins, write: RequestPins)
  private let writeValid: Wire, writeReady: Wire, writeData: Wire, writeStrobe: Wire,
    writeLast: Wire
  private let readValid: Wire, readReady: Wire, readData: Wire, readResponse: Wire, readLast: Wire,
    readID: Wire
  private let answerValid: Wire, answerReady: Wire, answerResponse: Wire, answerID: Wire
  private let logged: SignalTable

  private var moods = (
    read: Mood(), write: Mood(), data: Mood(), readData: Mood(), answer: Mood()
  )
  private var reads: [BusRequest] = [], writes: [BusRequest] = []
  private var dataBeats: [(beat: WriteBeat, lanes: [UInt8])] = []
  private var offers = (read: false, write: false, data: false)
  private var takes = (readData: false, answer: false)
  /// Reads under way, for the lanes that count.
  private var pending: [(request: BusRequest, beat: Int)] = []
  private let comparesAllLanes: Bool

  /// Transactions that were not begun; fill it before or during the run through ``refill``.
  var queue: [Transaction] = []
  /// Makes a further transaction when there is none; nil: nothing for now.
  var refill: ((inout SplitMix64) -> Transaction?)?
  /// The largest number of reads and writes whose requests wait here.
  var lookahead = 2
  /// Called with every answer: the transaction's first address, its response and, of a read, the
  /// beat's bytes.
  var answered: ((_ isWrite: Bool, _ response: BusResponse) -> Void)?

  /// Drives the pins `PREFIXarvalid`, … and the model's `bus`.
  ///
  /// - Parameters:
  ///   - slice: which of `count` ports that share flat vectors.
  ///   - comparesAllLanes: whether every byte of read data counts, not only the requested ones.
  /// - Throws: ``RTLError`` when a pin is missing.
  init(
    _ prefix: String, _ bus: BusInitiator, slice: Int = 0, of count: Int = 1,
    comparesAllLanes: Bool = false, _ bench: LockstepBench
  ) throws {
    self.bus = bus
    self.comparesAllLanes = comparesAllLanes
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
    request = (
      read: try RequestPins("ar", title, wire, log), write: try RequestPins("aw", title, wire, log)
    )
    writeValid = declare("wvalid", try wire("wvalid"), isInput: true)
    writeReady = declare("wready", try wire("wready"), isInput: false)
    writeData = declare("wdata", try wire("wdata"), isInput: true)
    writeStrobe = declare("wstrb", try wire("wstrb"), isInput: true)
    writeLast = declare("wlast", try wire("wlast"), isInput: true)
    readValid = declare("rvalid", try wire("rvalid"), isInput: false)
    readReady = declare("rready", try wire("rready"), isInput: true)
    readData = declare("rdata", try wire("rdata"), isInput: false)
    readResponse = declare("rresp", try wire("rresp"), isInput: false)
    readLast = declare("rlast", try wire("rlast"), isInput: false)
    readID = declare("rid", try wire("rid"), isInput: false)
    answerValid = declare("bvalid", try wire("bvalid"), isInput: false)
    answerReady = declare("bready", try wire("bready"), isInput: true)
    answerResponse = declare("bresp", try wire("bresp"), isInput: false)
    answerID = declare("bid", try wire("bid"), isInput: false)
    self.logged = SignalTable(indices: logged)
  }

  // MARK: Stimulus

  private func begin(_ transaction: Transaction) {
    let width = bus.widthBytes
    let request = BusRequest(
      address: transaction.address, bytes: transaction.bytes, busBytes: width,
      source: transaction.source)
    guard transaction.isWrite else {
      reads.append(request)
      return
    }
    writes.append(request)
    var sent = 0
    var lane = Int(transaction.address & Address(width - 1))
    while sent < transaction.bytes {
      let count = min(width - lane, transaction.bytes - sent)
      var lanes = [UInt8](repeating: 0xA5, count: width)
      lanes.replaceSubrange(lane..<lane + count, with: transaction.data[sent..<sent + count])
      sent += count
      dataBeats.append(
        (
          WriteBeat(offset: lane, bytes: count, isLast: sent == transaction.bytes), lanes
        ))
      lane = 0
    }
  }

  func drive(_ random: inout SplitMix64, _ log: SignalLog) {
    if reads.count + writes.count < lookahead {
      if !queue.isEmpty {
        begin(queue.removeFirst())
      } else if let transaction = refill?(&random) {
        begin(transaction)
      }
    }
    offers.read = moods.read.roll(&random) && !reads.isEmpty || offers.read
    offers.write = moods.write.roll(&random) && !writes.isEmpty || offers.write
    offers.data = moods.data.roll(&random) && !dataBeats.isEmpty || offers.data
    takes.readData = moods.readData.roll(&random)
    takes.answer = moods.answer.roll(&random)
    request.read.drive(offers.read ? reads.first : nil, &random, log)
    request.write.drive(offers.write ? writes.first : nil, &random, log)
    writeValid.value = offers.data ? 1 : 0
    let beat = offers.data ? dataBeats.first : nil
    writeData.bytes.copyBytes(from: beat?.lanes ?? random.bytes(writeData.byteCount))
    writeStrobe.setOnes(offset: Int(beat?.beat.offset ?? 0), count: Int(beat?.beat.bytes ?? 1))
    writeLast.value = beat.map { $0.beat.isLast ? 1 : 0 } ?? random.next() & 1
    readReady.value = takes.readData ? 1 : 0
    answerReady.value = takes.answer ? 1 : 0
    log.drive(logged["wvalid"], writeValid.value)
    log.drive(logged["wdata"], writeData.address, count: writeData.byteCount)
    log.drive(logged["wstrb"], writeStrobe.value)
    log.drive(logged["wlast"], writeLast.value)
    log.drive(logged["rready"], readReady.value)
    log.drive(logged["bready"], answerReady.value)
  }

  // MARK: Comparison

  func compare(_ log: SignalLog) {
    request.read.check(ready: bus.readRequest.canPush, log)
    request.write.check(ready: bus.writeRequest.canPush, log)
    log.check(logged["wready"], model: bus.writeData.canPush ? 1 : 0, rtl: writeReady.value)
    let hasRead = bus.readData.canPop
    log.check(logged["rvalid"], model: hasRead ? 1 : 0, rtl: readValid.value)
    if hasRead {
      let beat = bus.readData.front
      log.check(
        logged["rresp"], model: UInt64(beat.response.rawValue), rtl: readResponse.value)
      log.check(logged["rlast"], model: beat.isLast ? 1 : 0, rtl: readLast.value)
      log.check(logged["rid"], model: UInt64(beat.source), rtl: readID.value)
      log.check(
        logged["rdata"], model: bus.readData.data, rtl: readData.address,
        range: beat.response == .okay ? countingLanes : 0..<0)
    } else {
      log.ignore(logged["rresp"], rtl: readResponse.value)
      log.ignore(logged["rlast"], rtl: readLast.value)
      log.ignore(logged["rid"], rtl: readID.value)
      log.ignore(logged["rdata"], rtl: readData.address)
    }
    let hasAnswer = bus.writeResponse.canPop
    log.check(logged["bvalid"], model: hasAnswer ? 1 : 0, rtl: answerValid.value)
    if hasAnswer {
      let answer = bus.writeResponse.front
      log.check(
        logged["bresp"], model: UInt64(answer.response.rawValue), rtl: answerResponse.value)
      log.check(logged["bid"], model: UInt64(answer.source), rtl: answerID.value)
    } else {
      log.ignore(logged["bresp"], rtl: answerResponse.value)
      log.ignore(logged["bid"], rtl: answerID.value)
    }
  }

  /// The lanes of the beat at hand that were asked for.
  private var countingLanes: Range<Int> {
    let width = bus.widthBytes
    guard !comparesAllLanes, let (request, beat) = pending.first else { return 0..<width }
    let lead = Int(request.address & Address(width - 1))
    let first = max(0, lead - beat * width)
    let end = min(width, lead + Int(request.bytes) - beat * width)
    return first..<max(first, end)
  }

  func commit() {
    if offers.read, bus.readRequest.canPush {
      bus.readRequest.push(reads[0])
      pending.append((reads.removeFirst(), 0))
      offers.read = false
    }
    if offers.write, bus.writeRequest.canPush {
      bus.writeRequest.push(writes.removeFirst())
      offers.write = false
    }
    if offers.data, bus.writeData.canPush {
      let (beat, lanes) = dataBeats.removeFirst()
      bus.writeData.data.copy(lanes)
      bus.writeData.push(beat)
      offers.data = false
    }
    if takes.readData, bus.readData.canPop {
      let beat = bus.readData.pop()
      if !pending.isEmpty { pending[0].beat += 1 }
      if beat.isLast, !pending.isEmpty { pending.removeFirst() }
      answered?(false, beat.response)
    }
    if takes.answer, bus.writeResponse.canPop {
      let answer = bus.writeResponse.pop()
      answered?(true, answer.response)
    }
  }
}

/// The pins of a request channel that the testbench drives.
private struct RequestPins {
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
      log.declare(name + "valid", bits: 1, isInput: true), log.declare(name + "ready", bits: 1),
      log.declare(name + "addr", bits: address.bits, isInput: true),
      log.declare(name + "user", bits: user.bits, isInput: true),
      log.declare(name + "len", bits: length.bits, isInput: true),
      log.declare(name + "id", bits: id.bits, isInput: true)
    )
  }

  func drive(_ request: BusRequest?, _ random: inout SplitMix64, _ log: SignalLog) {
    valid.value = request == nil ? 0 : 1
    address.value = request?.address ?? random.next()
    user.value = request.map { UInt64($0.bytes) } ?? random.next()
    length.value = request.map { UInt64($0.beats) &- 1 } ?? random.next()
    id.value = request.map { UInt64($0.source) } ?? random.next()
    log.drive(logged.valid, valid.value)
    log.drive(logged.address, address.value)
    log.drive(logged.user, user.value)
    log.drive(logged.length, length.value)
    log.drive(logged.id, id.value)
  }

  func check(ready model: Bool, _ log: SignalLog) {
    log.check(logged.ready, model: model ? 1 : 0, rtl: ready.value)
  }
}

extension Wire {
  /// Sets `count` bits from bit `offset` on and clears the others.
  func setOnes(offset: Int, count: Int) {
    if bits <= 57 {
      value = (1 << UInt64(count) - 1) << UInt64(offset)
      return
    }
    for index in 0..<byteCount {
      var byte: UInt8 = 0
      for bit in 0..<8 where (offset..<offset + count).contains(8 * index + bit) {
        byte |= 1 << bit
      }
      address.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
    }
  }
}
