internal import Fabric
internal import RISCV
internal import SimKernel
internal import Telemetry

/// A load or store of a device.
struct CoreAccess {
  var address: Address = 0
  var bytes = 0
  var isStore = false
  /// What is stored, or what has been loaded so far.
  var value: UInt64 = 0
  /// Bytes that have been sent or received.
  var done = 0
  /// Whether a beat of the answer was an error.
  var hasFailed = false
}

/// Device accesses: bus transactions, of several beats when the bus is narrower than the access.
extension Core {
  func beginAccess(_ now: Cycle) -> Wake {
    residency.enter(State.device, at: now)
    if access.done == 0 {
      let request = BusRequest(
        address: access.address, bytes: access.bytes, busBytes: bus.widthBytes)
      if access.isStore {
        guard bus.writeRequest.canPush, bus.writeData.canPush else { return .onPort }
        bus.writeRequest.push(request)
      } else {
        guard bus.readRequest.canPush else { return .onPort }
        bus.readRequest.push(request)
      }
      deviceAccesses.add()
    }
    if !access.isStore {
      phase = .waitingForLoad
      return .onPort
    }
    while access.done < access.bytes {
      guard bus.writeData.canPush else { return .onPort }
      let (lane, count) = nextBeat
      for index in 0..<count {
        bus.writeData.data.storeBytes(
          of: UInt8(truncatingIfNeeded: access.value >> UInt64(8 * (access.done + index))),
          toByteOffset: lane + index, as: UInt8.self)
      }
      access.done += count
      bus.writeData.push(
        WriteBeat(offset: lane, bytes: count, isLast: access.done == access.bytes))
    }
    phase = .waitingForStore
    return .onPort
  }

  /// First lane and number of bytes of the next beat.
  private var nextBeat: (lane: Int, count: Int) {
    let width = bus.widthBytes
    let lane = Int((access.address &+ UInt64(access.done)) & Address(width - 1))
    return (lane, min(width - lane, access.bytes - access.done))
  }

  func finishLoad(_ now: Cycle) -> Wake {
    while true {
      guard bus.readData.canPop else { return .onPort }
      let (lane, count) = nextBeat
      for index in 0..<count {
        let byte = bus.readData.data.load(fromByteOffset: lane + index, as: UInt8.self)
        access.value |= UInt64(byte) << UInt64(8 * (access.done + index))
      }
      let beat = bus.readData.pop()
      access.done += count
      if beat.response != .okay { access.hasFailed = true }
      // What follows an error must not be taken for the answer to the next load.
      guard beat.isLast || access.done >= access.bytes else { continue }
      return resume(
        access.hasFailed ? .trapped(hart.failAccess()) : hart.completeLoad(access.value), now)
    }
  }

  func finishStore(_ now: Cycle) -> Wake {
    guard bus.writeResponse.canPop else { return .onPort }
    let response = bus.writeResponse.pop().response
    return resume(
      response == .okay ? hart.completeStore() : .trapped(hart.failAccess()), now)
  }

  /// The access was answered in cycle `now`, the instruction's last; the next one runs in the cycle
  /// after.
  private func resume(_ step: Step, _ now: Cycle) -> Wake {
    phase = .running
    // A retired instruction has counted one cycle itself.
    switch step {
    case .retired, .retiredAndStopped: hart.addStallCycles(now &- position)
    case .trapped, .stopped: hart.addStallCycles(now &+ 1 &- position)
    }
    note(step, at: now)
    position = now &+ 1
    countInstructions()
    showProgramCounter()
    switch step {
    case .retired, .trapped: return .nextCycle
    case .retiredAndStopped(_, let exit), .stopped(let exit): return act(on: exit, now)
    }
  }
}
