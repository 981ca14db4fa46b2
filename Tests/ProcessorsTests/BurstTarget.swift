import Fabric
import SimKernel

/// A memory behind a bus that takes bursts, one at a time and a beat per cycle, and can be made to
/// refuse a beat.
final class BurstTarget: Module {
  private let bus: BusTarget
  private let base: Address
  /// The beat of every burst that is refused.
  private let failingBeat: Int?
  private var bytes: [UInt8]
  private var beat = 0
  private var hasFailed = false
  /// The beats of each burst.
  private(set) var bursts: [Int] = []

  init(path: String, bus: BusTarget, base: Address, failingBeat: Int? = nil) {
    self.bus = bus
    self.base = base
    self.failingBeat = failingBeat
    bytes = (0..<256).map { UInt8(truncatingIfNeeded: 0x10 + 7 * $0) }
    super.init(path: path)
  }

  override func tick(_ now: Cycle) -> Wake {
    if bus.readRequest.canPop, bus.readData.canPush {
      read()
    } else if bus.writeRequest.canPop, bus.writeData.canPop, bus.writeResponse.canPush {
      write()
    } else {
      return .onPort
    }
    return .nextCycle
  }

  /// The first byte of the present beat's word, as an offset.
  private func word(_ request: BusRequest) -> Int {
    let width = bus.widthBytes
    return (Int(request.address - base) / width + beat) * width
  }

  private func read() {
    let request = bus.readRequest.front
    let start = word(request)
    for lane in 0..<bus.widthBytes {
      bus.readData.data.storeBytes(of: bytes[start + lane], toByteOffset: lane, as: UInt8.self)
    }
    let isLast = beat + 1 == request.beats
    bus.readData.push(
      ReadBeat(
        response: beat == failingBeat ? .slaveError : .okay, isLast: isLast,
        source: request.source))
    advance(isLast, request)
    if isLast { bus.readRequest.pop() }
  }

  private func write() {
    let request = bus.writeRequest.front
    let start = word(request)
    let data = bus.writeData.front
    for lane in Int(data.offset)..<Int(data.offset + data.bytes) {
      bytes[start + lane] = bus.writeData.data.load(fromByteOffset: lane, as: UInt8.self)
    }
    bus.writeData.pop()
    if beat == failingBeat { hasFailed = true }
    if data.isLast {
      bus.writeRequest.pop()
      bus.writeResponse.push(
        WriteResponse(response: hasFailed ? .slaveError : .okay, source: request.source))
      hasFailed = false
    }
    advance(data.isLast, request)
  }

  private func advance(_ isLast: Bool, _ request: BusRequest) {
    if isLast { bursts.append(Int(request.beats)) }
    beat = isLast ? 0 : beat + 1
  }
}
