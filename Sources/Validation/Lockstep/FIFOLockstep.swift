internal import RTL
internal import SimKernel

extension LockstepBlock {
  /// The FIFO behind every port: a channel of the kernel.
  public static let fifo = LockstepBlock(
    name: "stream_fifo", kind: "Stream", scope: "both handshakes and the data of every cycle",
    configurations: FIFOSetup.all.map { setup in
      LockstepConfiguration(parameters: setup.parameters, build: setup.build)
    })
}

/// A FIFO's parameters.
struct FIFOSetup: Sendable {
  let width: Int
  let depth: Int

  static let all = [
    FIFOSetup(width: 8, depth: 2), FIFOSetup(width: 64, depth: 1), FIFOSetup(width: 13, depth: 3),
    FIFOSetup(width: 33, depth: 4), FIFOSetup(width: 1, depth: 5), FIFOSetup(width: 128, depth: 6),
    FIFOSetup(width: 521, depth: 7), FIFOSetup(width: 72, depth: 8),
  ]

  /// The parameters as the RTL takes them.
  var parameters: [RTLSource.Parameter] { [.init("WIDTH", width), .init("DEPTH", depth)] }

  func build(_ bench: LockstepBench, _ random: inout SplitMix64) throws {
    let channel = bench.kernel.channel(
      of: Bool.self, capacity: depth, laneBytes: (width + 7) / 8)
    bench.kernel.connect(channel.out, producer: bench.testbench, consumer: bench.testbench)
    // Which end acts first within an instant must not matter.
    let ends: [any PortDriver] = [
      try FIFOInput(channel.out, bench), try FIFOOutput(channel.in, bench),
    ]
    for end in random.oneIn(2) ? ends : ends.reversed() { bench.add(end) }
  }
}

/// The filling end of a FIFO.
private final class FIFOInput: PortDriver {
  private let port: OutPort<Bool>
  private let valid: Wire, ready: Wire, data: Wire
  private let logged: (valid: Int, ready: Int, data: Int)
  private var mood = Mood()
  private var isOffering = false
  private var bytes: [UInt8]

  init(_ port: OutPort<Bool>, _ bench: LockstepBench) throws {
    self.port = port
    valid = try bench.wires("in_valid")
    ready = try bench.wires("in_ready")
    data = try bench.wires("in_data")
    logged = (
      bench.log.declare("in_valid", bits: 1, isInput: true),
      bench.log.declare("in_ready", bits: 1),
      bench.log.declare("in_data", bits: data.bits, isInput: true)
    )
    bytes = Array(repeating: 0, count: port.laneBytes)
  }

  func drive(_ random: inout SplitMix64, _ log: SignalLog) {
    // An offer may be withdrawn or change: the FIFO must take what it sees at the edge.
    isOffering = mood.roll(&random)
    bytes = random.bytes(bytes.count)
    if data.bits % 8 != 0 { bytes[bytes.count - 1] &= 1 << UInt8(data.bits % 8) - 1 }
    valid.value = isOffering ? 1 : 0
    data.address.copyMemory(from: bytes, byteCount: bytes.count)
    log.drive(logged.valid, valid.value)
    log.drive(logged.data, data.address, count: bytes.count)
  }

  func compare(_ log: SignalLog) {
    log.check(logged.ready, model: port.canPush ? 1 : 0, rtl: ready.value)
  }

  func commit() {
    guard isOffering, port.canPush else { return }
    port.data.copyMemory(from: bytes, byteCount: bytes.count)
    port.push(true)
  }
}

/// The emptying end of a FIFO.
private final class FIFOOutput: PortDriver {
  private let port: InPort<Bool>
  private let valid: Wire, ready: Wire, data: Wire
  private let logged: (valid: Int, ready: Int, data: Int)
  private var mood = Mood()
  private var isTaking = false

  init(_ port: InPort<Bool>, _ bench: LockstepBench) throws {
    self.port = port
    valid = try bench.wires("out_valid")
    ready = try bench.wires("out_ready")
    data = try bench.wires("out_data")
    logged = (
      bench.log.declare("out_valid", bits: 1),
      bench.log.declare("out_ready", bits: 1, isInput: true),
      bench.log.declare("out_data", bits: data.bits)
    )
  }

  func drive(_ random: inout SplitMix64, _ log: SignalLog) {
    isTaking = mood.roll(&random)
    ready.value = isTaking ? 1 : 0
    log.drive(logged.ready, ready.value)
  }

  func compare(_ log: SignalLog) {
    log.check(logged.valid, model: port.canPop ? 1 : 0, rtl: valid.value)
    if port.canPop {
      log.check(logged.data, model: port.data, rtl: data.address, range: 0..<port.laneBytes)
    } else {
      log.ignore(logged.data, rtl: data.address)
    }
  }

  func commit() {
    if isTaking, port.canPop { port.pop() }
  }
}
