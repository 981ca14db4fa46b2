internal import Fabric
internal import Interconnect
internal import RTL
internal import SimKernel

/// What the ports of a crossbar in lockstep have in common.
struct CrossbarShape {
  let initiators: Int
  let targets: Int
  let busBytes: Int
  let windows: [AddressWindow]

  /// A request of up to `longest` beats: most often inside a window, otherwise at or beyond its
  /// edges or anywhere.
  func request(
    near window: AddressWindow, longest: Int, _ random: inout SplitMix64
  ) -> BusRequest {
    var bytes = random.oneIn(3) ? random.pick(1...8) : random.pick(1...busBytes * longest)
    if random.oneIn(4) { bytes = (bytes + busBytes - 1) / busBytes * busBytes }
    let count = UInt64(bytes)
    let room = window.length > count ? window.length - count : 0
    let address: Address
    switch random.pick(0...15) {
    case 0: address = window.base &+ room
    case 1: address = window.base &+ room &+ 1
    case 2: address = window.base &+ window.length &- random.next() % count
    case 3: address = window.base &- random.next() % 16
    case 4: address = random.next() >> UInt64(random.pick(0...63))
    case 5: address = 0 &- random.next() % (2 * count)
    default: address = window.base &+ random.next() % (room + 1)
    }
    return BusRequest(
      address: address, bytes: bytes, busBytes: busBytes,
      source: Int(random.next() & 0xFFFF))
  }
}

/// One initiator of a crossbar in lockstep: sends bursts of all kinds and takes the responses.
final class CrossbarInitiator: PortDriver {
  private let bus: BusInitiator
  private let shape: CrossbarShape
  private let read: AddressChannelPins, write: AddressChannelPins, writeData: DataChannelPins
  private let readData: DataChannelPins, answer: AnswerChannelPins
  private var moods = (read: Mood(), write: Mood(), data: Mood(), take: Mood(), answer: Mood())
  private var offered: (read: BusRequest?, write: BusRequest?)
  private var isOfferingData = false
  private var taking = (read: false, answer: false)
  /// The data of the write requests made so far, not sent yet; the oldest last.
  private var beats: [(header: WriteBeat, bytes: [UInt8])] = []
  /// The windows accesses go to for a while.
  private var favourites: (read: AddressWindow, write: AddressWindow)
  private let longest: Int

  init(
    _ index: Int, _ bus: BusInitiator, _ shape: CrossbarShape, longest: Int,
    _ bench: LockstepBench
  ) throws {
    self.bus = bus
    self.shape = shape
    self.longest = longest
    favourites = (shape.windows[0], shape.windows[0])
    let count = shape.initiators
    read = try AddressChannelPins("s_ar", index, of: count, isInput: true, bench)
    write = try AddressChannelPins("s_aw", index, of: count, isInput: true, bench)
    writeData = try DataChannelPins("s_w", index, of: count, isWrite: true, isInput: true, bench)
    readData = try DataChannelPins("s_r", index, of: count, isWrite: false, isInput: false, bench)
    answer = try AnswerChannelPins("s_b", index, of: count, isInput: false, bench)
  }

  func drive(_ random: inout SplitMix64, _ log: SignalLog) {
    // What is offered stands until it is taken.
    if moods.read.roll(&random), offered.read == nil {
      if random.oneIn(5) { favourites.read = random.choose(shape.windows) }
      offered.read = shape.request(near: favourites.read, longest: longest, &random)
    }
    if moods.write.roll(&random), offered.write == nil, beats.count < 4 * longest {
      if random.oneIn(5) { favourites.write = random.choose(shape.windows) }
      let request = shape.request(near: favourites.write, longest: longest, &random)
      offered.write = request
      beats.insert(contentsOf: data(of: request, &random).reversed(), at: 0)
    }
    // Data may come before its request.
    if moods.data.roll(&random), !beats.isEmpty { isOfferingData = true }
    taking = (moods.take.roll(&random), moods.answer.roll(&random))
    read.offer(offered.read, &random, log)
    write.offer(offered.write, &random, log)
    writeData.offer(isOfferingData ? beats.last : nil, &random, log)
    readData.accept(taking.read, log)
    answer.accept(taking.answer, log)
  }

  private func data(
    of request: BusRequest, _ random: inout SplitMix64
  ) -> [(header: WriteBeat, bytes: [UInt8])] {
    (0..<Int(request.beats)).map { index in
      let offset = random.pick(0...shape.busBytes - 1)
      let bytes = random.pick(1...shape.busBytes - offset)
      return (
        WriteBeat(offset: offset, bytes: bytes, isLast: index + 1 == Int(request.beats)),
        random.bytes(shape.busBytes)
      )
    }
  }

  func compare(_ log: SignalLog) {
    read.check(bus.readRequest, log)
    write.check(bus.writeRequest, log)
    writeData.checkReady(bus.writeData.canPush, log)
    readData.check(bus.readData, log)
    answer.check(bus.writeResponse, log)
  }

  func commit() {
    if let request = offered.read, bus.readRequest.canPush {
      bus.readRequest.push(request)
      offered.read = nil
    }
    if let request = offered.write, bus.writeRequest.canPush {
      bus.writeRequest.push(request)
      offered.write = nil
    }
    if isOfferingData, let beat = beats.last, bus.writeData.canPush {
      bus.writeData.data.copyMemory(from: beat.bytes, byteCount: beat.bytes.count)
      bus.writeData.push(beat.header)
      beats.removeLast()
      isOfferingData = false
    }
    if taking.read, bus.readData.canPop { bus.readData.pop() }
    if taking.answer, bus.writeResponse.canPop { bus.writeResponse.pop() }
  }
}

/// One target of a crossbar in lockstep: answers every burst, in the order of the requests or, of
/// different sources, in any order and mixed.
final class CrossbarTarget: PortDriver {
  private struct Burst {
    let source: UInt16
    var beatsLeft: Int
  }

  private let bus: BusTarget
  private let mixes: Bool
  private let read: AddressChannelPins, write: AddressChannelPins, writeData: DataChannelPins
  private let readData: DataChannelPins, answer: AnswerChannelPins
  private var moods = (read: Mood(), write: Mood(), data: Mood(), send: Mood(), answer: Mood())
  private var taking = (read: false, write: false, data: false)
  private var reads: [Burst] = []
  /// Sources of the writes requested, and of those whose data is here, too.
  private var writes: [UInt16] = []
  private var complete: [UInt16] = []
  private var burstsOfData = 0
  private var offeredRead: (place: Int, beat: (header: ReadBeat, bytes: [UInt8]))?
  private var offeredAnswer: (place: Int, answer: WriteResponse)?

  init(
    _ index: Int, _ bus: BusTarget, _ shape: CrossbarShape, mixes: Bool, _ bench: LockstepBench
  ) throws {
    self.bus = bus
    self.mixes = mixes
    let count = shape.targets
    read = try AddressChannelPins("m_ar", index, of: count, isInput: false, bench)
    write = try AddressChannelPins("m_aw", index, of: count, isInput: false, bench)
    writeData = try DataChannelPins("m_w", index, of: count, isWrite: true, isInput: false, bench)
    readData = try DataChannelPins("m_r", index, of: count, isWrite: false, isInput: true, bench)
    answer = try AnswerChannelPins("m_b", index, of: count, isInput: true, bench)
  }

  func drive(_ random: inout SplitMix64, _ log: SignalLog) {
    taking = (moods.read.roll(&random), moods.write.roll(&random), moods.data.roll(&random))
    if moods.send.roll(&random), offeredRead == nil, !reads.isEmpty {
      // The oldest burst of some source: bursts of one source stay in order.
      let source = mixes ? random.choose(reads).source : reads[0].source
      let place = reads.firstIndex { $0.source == source } ?? 0
      offeredRead = (
        place,
        (
          ReadBeat(
            response: response(&random), isLast: reads[place].beatsLeft == 1, source: source),
          random.bytes(bus.widthBytes)
        )
      )
    }
    if moods.answer.roll(&random), offeredAnswer == nil, !complete.isEmpty {
      let place = mixes ? random.pick(0...complete.count - 1) : 0
      offeredAnswer = (place, WriteResponse(response: response(&random), source: complete[place]))
    }
    read.accept(taking.read, log)
    write.accept(taking.write, log)
    writeData.accept(taking.data, log)
    readData.offer(offeredRead?.beat, &random, log)
    answer.offer(offeredAnswer?.answer, &random, log)
  }

  private func response(_ random: inout SplitMix64) -> BusResponse {
    random.oneIn(8) ? (random.oneIn(4) ? .decodeError : .slaveError) : .okay
  }

  func compare(_ log: SignalLog) {
    read.check(bus.readRequest, log)
    write.check(bus.writeRequest, log)
    writeData.check(bus.writeData, log)
    readData.checkReady(bus.readData.canPush, log)
    answer.check(bus.writeResponse, log)
  }

  func commit() {
    if let offer = offeredRead, bus.readData.canPush {
      bus.readData.data.copyMemory(from: offer.beat.bytes, byteCount: offer.beat.bytes.count)
      bus.readData.push(offer.beat.header)
      reads[offer.place].beatsLeft -= 1
      if offer.beat.header.isLast { reads.remove(at: offer.place) }
      offeredRead = nil
    }
    if let offer = offeredAnswer, bus.writeResponse.canPush {
      bus.writeResponse.push(offer.answer)
      complete.remove(at: offer.place)
      offeredAnswer = nil
    }
    if taking.read, bus.readRequest.canPop {
      let request = bus.readRequest.pop()
      reads.append(Burst(source: request.source, beatsLeft: Int(request.beats)))
    }
    if taking.write, bus.writeRequest.canPop { writes.append(bus.writeRequest.pop().source) }
    if taking.data, bus.writeData.canPop, bus.writeData.pop().isLast { burstsOfData += 1 }
    while burstsOfData > 0, !writes.isEmpty {
      burstsOfData -= 1
      complete.append(writes.removeFirst())
    }
  }
}
