internal import Fabric
internal import RTL
internal import SimKernel

/// The pins of an address channel (AR, AW) of one port of several.
struct AddressChannelPins {
  private let valid: Wire, ready: Wire, address: Wire, bytes: Wire, length: Wire, source: Wire
  private let logged: (valid: Int, ready: Int, address: Int, bytes: Int, length: Int, source: Int)

  /// - Parameters:
  ///   - name: with the port's prefix, for example `s_ar`.
  ///   - isInput: whether the testbench sends requests here.
  init(
    _ name: String, _ index: Int, of count: Int, isInput: Bool, _ bench: LockstepBench
  ) throws {
    func wire(_ suffix: String) throws -> Wire {
      try bench.wires.slice(name + suffix, index, of: count)
    }
    valid = try wire("valid")
    ready = try wire("ready")
    address = try wire("addr")
    bytes = try wire("user")
    length = try wire("len")
    source = try wire("id")
    func signal(_ suffix: String, _ wire: Wire, _ isInput: Bool) -> Int {
      bench.log.declare("\(name)\(suffix)[\(index)]", bits: wire.bits, isInput: isInput)
    }
    logged = (
      signal("valid", valid, isInput), signal("ready", ready, !isInput),
      signal("addr", address, isInput), signal("user", bytes, isInput),
      signal("len", length, isInput), signal("id", source, isInput)
    )
  }

  /// Offers a request, or junk without VALID.
  func offer(_ request: BusRequest?, _ random: inout SplitMix64, _ log: SignalLog) {
    valid.value = request == nil ? 0 : 1
    address.value = request?.address ?? random.next()
    bytes.value = request.map { UInt64($0.bytes) } ?? random.next()
    length.value = request.map { UInt64($0.beats &- 1) } ?? random.next()
    source.value = request.map { UInt64($0.source) } ?? random.next()
    log.drive(logged.valid, valid.value)
    log.drive(logged.address, address.value)
    log.drive(logged.bytes, bytes.value)
    log.drive(logged.length, length.value)
    log.drive(logged.source, source.value)
  }

  func accept(_ isReady: Bool, _ log: SignalLog) {
    ready.value = isReady ? 1 : 0
    log.drive(logged.ready, ready.value)
  }

  func check(_ port: OutPort<BusRequest>, _ log: SignalLog) {
    log.check(logged.ready, model: port.canPush ? 1 : 0, rtl: ready.value)
  }

  func check(_ port: InPort<BusRequest>, _ log: SignalLog) {
    log.check(logged.valid, model: port.canPop ? 1 : 0, rtl: valid.value)
    guard port.canPop else {
      for (signal, wire) in [
        (logged.address, address), (logged.bytes, bytes), (logged.length, length),
        (logged.source, source),
      ] { log.ignore(signal, rtl: wire.value) }
      return
    }
    let request = port.front
    log.check(logged.address, model: request.address, rtl: address.value)
    log.check(logged.bytes, model: UInt64(request.bytes), rtl: bytes.value)
    log.check(logged.length, model: UInt64(request.beats &- 1), rtl: length.value)
    log.check(logged.source, model: UInt64(request.source), rtl: source.value)
  }
}

/// The pins of a data channel (W, R) of one port of several; R has a response and a source where W
/// has strobes.
struct DataChannelPins {
  private let valid: Wire, ready: Wire, data: Wire, last: Wire
  private let strobe: Wire?
  private let response: Wire?, source: Wire?
  private let logged: (valid: Int, ready: Int, data: Int, last: Int)
  private let loggedStrobe: Int, loggedResponse: Int, loggedSource: Int

  init(
    _ name: String, _ index: Int, of count: Int, isWrite: Bool, isInput: Bool,
    _ bench: LockstepBench
  ) throws {
    func wire(_ suffix: String) throws -> Wire {
      try bench.wires.slice(name + suffix, index, of: count)
    }
    valid = try wire("valid")
    ready = try wire("ready")
    data = try wire("data")
    last = try wire("last")
    strobe = isWrite ? try wire("strb") : nil
    response = isWrite ? nil : try wire("resp")
    source = isWrite ? nil : try wire("id")
    func signal(_ suffix: String, _ wire: Wire?, _ isInput: Bool) -> Int {
      guard let wire else { return -1 }
      return bench.log.declare("\(name)\(suffix)[\(index)]", bits: wire.bits, isInput: isInput)
    }
    logged = (
      signal("valid", valid, isInput), signal("ready", ready, !isInput),
      signal("data", data, isInput), signal("last", last, isInput)
    )
    loggedStrobe = signal("strb", strobe, isInput)
    loggedResponse = signal("resp", response, isInput)
    loggedSource = signal("id", source, isInput)
  }

  /// Offers a beat, or junk without VALID.
  private func offer(
    _ bytes: [UInt8]?, isLast: Bool, _ random: inout SplitMix64, _ log: SignalLog
  ) {
    valid.value = bytes == nil ? 0 : 1
    for (index, byte) in (bytes ?? random.bytes(data.byteCount)).enumerated() {
      data.bytes[index] = byte
    }
    last.value = isLast ? 1 : 0
    log.drive(logged.valid, valid.value)
    log.drive(logged.data, data.address, count: data.byteCount)
    log.drive(logged.last, last.value)
  }

  func offer(
    _ beat: (header: WriteBeat, bytes: [UInt8])?, _ random: inout SplitMix64, _ log: SignalLog
  ) {
    offer(
      beat?.bytes, isLast: beat?.header.isLast ?? random.oneIn(2), &random, log)
    strobe?.value = beat.map { Self.strobe($0.header) } ?? random.next()
    log.drive(loggedStrobe, strobe?.value ?? 0)
  }

  func offer(
    _ beat: (header: ReadBeat, bytes: [UInt8])?, _ random: inout SplitMix64, _ log: SignalLog
  ) {
    offer(
      beat?.bytes, isLast: beat?.header.isLast ?? random.oneIn(2), &random, log)
    response?.value = beat.map { UInt64($0.header.response.rawValue) } ?? random.next()
    source?.value = beat.map { UInt64($0.header.source) } ?? random.next()
    log.drive(loggedResponse, response?.value ?? 0)
    log.drive(loggedSource, source?.value ?? 0)
  }

  func accept(_ isReady: Bool, _ log: SignalLog) {
    ready.value = isReady ? 1 : 0
    log.drive(logged.ready, ready.value)
  }

  func checkReady(_ canPush: Bool, _ log: SignalLog) {
    log.check(logged.ready, model: canPush ? 1 : 0, rtl: ready.value)
  }

  func check(_ port: InPort<WriteBeat>, _ log: SignalLog) {
    log.check(logged.valid, model: port.canPop ? 1 : 0, rtl: valid.value)
    guard port.canPop else {
      log.ignore(logged.data, rtl: data.address)
      log.ignore(logged.last, rtl: last.value)
      log.ignore(loggedStrobe, rtl: strobe?.value ?? 0)
      return
    }
    log.check(logged.data, model: port.data, rtl: data.address, range: 0..<data.byteCount)
    log.check(logged.last, model: port.front.isLast ? 1 : 0, rtl: last.value)
    log.check(loggedStrobe, model: Self.strobe(port.front), rtl: strobe?.value ?? 0)
  }

  func check(_ port: InPort<ReadBeat>, _ log: SignalLog) {
    log.check(logged.valid, model: port.canPop ? 1 : 0, rtl: valid.value)
    guard port.canPop else {
      log.ignore(logged.data, rtl: data.address)
      log.ignore(logged.last, rtl: last.value)
      log.ignore(loggedResponse, rtl: response?.value ?? 0)
      log.ignore(loggedSource, rtl: source?.value ?? 0)
      return
    }
    let beat = port.front
    // The data of a refused read means nothing.
    if beat.response == .decodeError {
      log.ignore(logged.data, rtl: data.address)
    } else {
      log.check(logged.data, model: port.data, rtl: data.address, range: 0..<data.byteCount)
    }
    log.check(logged.last, model: beat.isLast ? 1 : 0, rtl: last.value)
    log.check(loggedResponse, model: UInt64(beat.response.rawValue), rtl: response?.value ?? 0)
    log.check(loggedSource, model: UInt64(beat.source), rtl: source?.value ?? 0)
  }

  private static func strobe(_ beat: WriteBeat) -> UInt64 {
    let ones: UInt64 = beat.bytes >= 64 ? ~0 : 1 << UInt64(beat.bytes) - 1
    return ones << UInt64(beat.offset)
  }
}

/// The pins of a write answer channel (B) of one port of several.
struct AnswerChannelPins {
  private let valid: Wire, ready: Wire, response: Wire, source: Wire
  private let logged: (valid: Int, ready: Int, response: Int, source: Int)

  init(
    _ name: String, _ index: Int, of count: Int, isInput: Bool, _ bench: LockstepBench
  ) throws {
    func wire(_ suffix: String) throws -> Wire {
      try bench.wires.slice(name + suffix, index, of: count)
    }
    valid = try wire("valid")
    ready = try wire("ready")
    response = try wire("resp")
    source = try wire("id")
    func signal(_ suffix: String, _ wire: Wire, _ isInput: Bool) -> Int {
      bench.log.declare("\(name)\(suffix)[\(index)]", bits: wire.bits, isInput: isInput)
    }
    logged = (
      signal("valid", valid, isInput), signal("ready", ready, !isInput),
      signal("resp", response, isInput), signal("id", source, isInput)
    )
  }

  func offer(_ answer: WriteResponse?, _ random: inout SplitMix64, _ log: SignalLog) {
    valid.value = answer == nil ? 0 : 1
    response.value = answer.map { UInt64($0.response.rawValue) } ?? random.next()
    source.value = answer.map { UInt64($0.source) } ?? random.next()
    log.drive(logged.valid, valid.value)
    log.drive(logged.response, response.value)
    log.drive(logged.source, source.value)
  }

  func accept(_ isReady: Bool, _ log: SignalLog) {
    ready.value = isReady ? 1 : 0
    log.drive(logged.ready, ready.value)
  }

  func check(_ port: OutPort<WriteResponse>, _ log: SignalLog) {
    log.check(logged.ready, model: port.canPush ? 1 : 0, rtl: ready.value)
  }

  func check(_ port: InPort<WriteResponse>, _ log: SignalLog) {
    log.check(logged.valid, model: port.canPop ? 1 : 0, rtl: valid.value)
    guard port.canPop else {
      log.ignore(logged.response, rtl: response.value)
      log.ignore(logged.source, rtl: source.value)
      return
    }
    log.check(
      logged.response, model: UInt64(port.front.response.rawValue), rtl: response.value)
    log.check(logged.source, model: UInt64(port.front.source), rtl: source.value)
  }
}
