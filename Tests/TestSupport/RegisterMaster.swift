public import Fabric
public import SimKernel

/// A bus initiator that executes a script of register accesses, one at a time, for tests.
public final class RegisterMaster: Module {
  /// One step of the script.
  public enum Step: Sendable {
    /// Write 32 bits.
    case write(Address, UInt32)
    /// Read 32 bits and record the value.
    case read(Address)
    /// Read until `value & mask == expected`.
    case poll(Address, mask: UInt32, equals: UInt32)
    /// Do nothing for a number of cycles.
    case pause(Cycle)
  }

  /// The values of ``Step/read(_:)`` steps and of the last poll, in order.
  public private(set) var values: [UInt32] = []
  /// The responses of all accesses, in order; polls count once, when they succeed.
  public private(set) var responses: [BusResponse] = []
  /// The cycle in which each step was finished.
  public private(set) var finished: [Cycle] = []

  private let bus: BusInitiator
  private let steps: [Step]
  private var position = 0
  private var isWaiting = false
  private var pauseEnd: Cycle?
  private let controls: KernelControls

  /// Creates a master that ends the run after its last step.
  public init(path: String, bus: BusInitiator, steps: [Step], controls: KernelControls) {
    self.bus = bus
    self.steps = steps
    self.controls = controls
    super.init(path: path)
  }

  public override func tick(_ now: Cycle) -> Wake {
    guard position < steps.count else {
      controls.finish()
      return .onPort
    }
    switch steps[position] {
    case .write(let address, let value):
      guard isWaiting else {
        send(write: value, to: address)
        return .onPort
      }
      guard bus.writeResponse.canPop else { return .onPort }
      responses.append(bus.writeResponse.pop().response)
    case .read(let address):
      guard isWaiting else {
        send(readFrom: address)
        return .onPort
      }
      guard let value = receive(address) else { return .onPort }
      values.append(value)
    case .poll(let address, let mask, let expected):
      guard isWaiting else {
        send(readFrom: address)
        return .onPort
      }
      guard let value = receive(address) else { return .onPort }
      guard value & mask == expected else {
        responses.removeLast()
        isWaiting = false
        return .nextCycle
      }
      values.append(value)
    case .pause(let cycles):
      let end = pauseEnd ?? now + cycles
      pauseEnd = end
      guard now >= end else { return .at(end) }
      pauseEnd = nil
    }
    isWaiting = false
    finished.append(now)
    position += 1
    return .nextCycle
  }

  private func send(write value: UInt32, to address: Address) {
    guard bus.writeRequest.canPush, bus.writeData.canPush else { return }
    let lane = Int(address & Address(bus.widthBytes - 1))
    bus.writeData.data.storeBytes(of: value, toByteOffset: lane, as: UInt32.self)
    bus.writeRequest.push(BusRequest(address: address, bytes: 4, busBytes: bus.widthBytes))
    bus.writeData.push(WriteBeat(offset: lane, bytes: 4, isLast: true))
    isWaiting = true
  }

  private func send(readFrom address: Address) {
    guard bus.readRequest.canPush else { return }
    bus.readRequest.push(BusRequest(address: address, bytes: 4, busBytes: bus.widthBytes))
    isWaiting = true
  }

  private func receive(_ address: Address) -> UInt32? {
    guard bus.readData.canPop else { return nil }
    let lane = Int(address & Address(bus.widthBytes - 1))
    let value = bus.readData.data.loadUnaligned(fromByteOffset: lane, as: UInt32.self)
    responses.append(bus.readData.pop().response)
    return value
  }
}
