public import SimKernel

/// One access of the processor to a device register.
public enum RegisterAccess: BitwiseCopyable, Sendable, Equatable {
  /// A read of `bytes` bytes at `offset` from the device's base.
  case read(offset: UInt64, bytes: Int)
  /// A write of the low `bytes` bytes of `value` at `offset`.
  case write(offset: UInt64, bytes: Int, value: UInt64)
}

/// The register side of a device (AXI4-Lite like): one single-beat access at a time, answered in
/// the cycle it is taken.
///
/// Call ``next()``, act, and answer with exactly one of the `complete` methods in the same tick.
public struct RegisterPort: BitwiseCopyable {
  @usableFromInline let bus: BusTarget
  private let base: Address

  /// Creates the port of a device whose window starts at `base`.
  public init(bus: BusTarget, base: Address) {
    self.bus = bus
    self.base = base
  }

  /// Whether a request waits; a quick test before ``next()``.
  @inlinable @inline(__always)
  public var mayHaveAccess: Bool {
    bus.writeRequest.canPop || bus.readRequest.canPop
  }

  /// The waiting access, if there is one and its answer can be sent in this cycle.
  ///
  /// Bursts and accesses wider than 8 bytes are refused here with SLVERR, until an access is left
  /// that the device can serve: after nil, only a port can bring something new. A write goes before
  /// a read that arrived in the same cycle.
  public func next() -> RegisterAccess? {
    while bus.writeRequest.canPop, bus.writeData.canPop, bus.writeResponse.canPush {
      guard isServable(bus.writeRequest.front) else {
        refuseWriteBeat()
        continue
      }
      return waitingWrite
    }
    while bus.readRequest.canPop, bus.readData.canPush {
      let request = bus.readRequest.front
      guard isServable(request) else {
        bus.readRequest.pop()
        bus.readData.push(
          ReadBeat(response: .slaveError, isLast: true, source: request.source))
        continue
      }
      return .read(offset: request.address &- base, bytes: Int(request.bytes))
    }
    return nil
  }

  private func isServable(_ request: BusRequest) -> Bool {
    request.beats == 1 && request.bytes <= 8
  }

  private var waitingWrite: RegisterAccess {
    let beat = bus.writeData.front
    var value: UInt64 = 0
    for index in (0..<Int(beat.bytes)).reversed() {
      let byte = bus.writeData.data.load(
        fromByteOffset: Int(beat.offset) + index, as: UInt8.self)
      value = value << 8 | UInt64(byte)
    }
    return .write(
      offset: bus.writeRequest.front.address &- base, bytes: Int(beat.bytes), value: value)
  }

  /// Watches the slots of the next answers, for checkers.
  public var watch: (read: SlotWatch<ReadBeat>, write: SlotWatch<WriteResponse>) {
    (bus.readData.watch, bus.writeResponse.watch)
  }

  /// The bus address of a byte of the device's window.
  public func address(ofOffset offset: UInt64) -> Address { base &+ offset }

  /// Bytes of a data beat of the bus.
  public var widthBytes: Int { bus.widthBytes }

  /// Answers the read returned by ``next()``.
  public func complete(read value: UInt64, ok: Bool = true) {
    let request = bus.readRequest.pop()
    let lane = Int(request.address & Address(bus.widthBytes - 1))
    for index in 0..<Int(request.bytes) {
      bus.readData.data.storeBytes(
        of: UInt8(truncatingIfNeeded: value >> UInt64(8 * index)), toByteOffset: lane + index,
        as: UInt8.self)
    }
    bus.readData.push(
      ReadBeat(response: ok ? .okay : .slaveError, isLast: true, source: request.source))
  }

  /// Answers the write returned by ``next()``.
  public func completeWrite(ok: Bool = true) {
    let request = bus.writeRequest.pop()
    bus.writeData.pop()
    bus.writeResponse.push(
      WriteResponse(response: ok ? .okay : .slaveError, source: request.source))
  }

  /// Drops a beat of the first write burst and answers after the last one.
  private func refuseWriteBeat() {
    let isLast = bus.writeData.pop().isLast
    guard isLast else { return }
    let request = bus.writeRequest.pop()
    bus.writeResponse.push(WriteResponse(response: .slaveError, source: request.source))
  }
}
