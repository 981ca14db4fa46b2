public import Fabric
public import SimKernel

/// One transaction of a ``BusDriver``.
public struct BusTransaction: Sendable, Equatable {
  /// First byte.
  public let address: Address
  /// Bytes to move.
  public let count: Int
  /// What is written; nil for a read.
  public let data: [UInt8]?
  /// The cycle before which it is not sent.
  public let earliest: Cycle

  /// Reads `count` bytes.
  public static func read(
    _ address: Address, _ count: Int = 4, at earliest: Cycle = 0
  ) -> BusTransaction {
    BusTransaction(address: address, count: count, data: nil, earliest: earliest)
  }

  /// Writes bytes.
  public static func write(
    _ address: Address, bytes: [UInt8], at earliest: Cycle = 0
  ) -> BusTransaction {
    BusTransaction(address: address, count: bytes.count, data: bytes, earliest: earliest)
  }

  /// Writes the low `count` bytes of `value`, little endian.
  public static func write(
    _ address: Address, _ value: UInt64, _ count: Int = 4, at earliest: Cycle = 0
  ) -> BusTransaction {
    write(
      address, bytes: (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) },
      at: earliest)
  }
}

/// Ends the run when everybody who was counted has arrived.
public final class FinishLine {
  private var missing: Int
  private let controls: KernelControls

  /// Waits for `count` arrivals.
  public init(count: Int, controls: KernelControls) {
    missing = count
    self.controls = controls
  }

  func arrive() {
    missing -= 1
    if missing == 0 { controls.finish() }
  }
}

/// A bus initiator that sends a list of bursts of any size as early as it may and records when
/// every beat came, for tests.
public final class BusDriver: Module {
  /// What became of a transaction.
  public struct Answer: Sendable, Equatable {
    /// The cycle in which the request was sent.
    public var sent: Cycle = 0
    /// The cycles in which read data was taken, one per beat.
    public var beats: [Cycle] = []
    /// The cycle of the last beat or of the write response.
    public var finished: Cycle?
    /// The worst response.
    public var response = BusResponse.okay
    /// The bytes read.
    public var data: [UInt8] = []

    /// The bytes read as a little-endian number.
    public var value: UInt64 { data.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
  }

  /// One answer per transaction, in their order.
  public private(set) var answers: [Answer]

  private let bus: BusInitiator
  private let transactions: [BusTransaction]
  private let outstanding: Int
  private let finishLine: FinishLine
  private let stallPercent: Int
  private let longestStall: Cycle
  private var random: SplitMix64
  private var next = 0
  private var reads: [Int] = []
  private var writes: [Int] = []
  private var bytesLeft: ArraySlice<UInt8> = []
  private var cursor: Address = 0
  private var readyAt: Cycle = 0
  private var hasArrived = false

  /// Creates a driver.
  ///
  /// - Parameters:
  ///   - outstanding: transactions under way at a time.
  ///   - stallPercent: how often it refuses read data for 1 to `longestStall` cycles after a beat.
  public init(
    path: String, bus: BusInitiator, transactions: [BusTransaction], outstanding: Int = 1,
    stallPercent: Int = 0, longestStall: Cycle = 8, seed: UInt64 = 1, finishLine: FinishLine
  ) {
    self.bus = bus
    self.transactions = transactions
    self.outstanding = outstanding
    self.stallPercent = stallPercent
    self.longestStall = longestStall
    self.finishLine = finishLine
    random = SplitMix64(seed: seed)
    answers = Array(repeating: Answer(), count: transactions.count)
    super.init(path: path)
  }

  public override func tick(_ now: Cycle) -> Wake {
    var wake = Wake.onPort
    var progress = false
    if readyAt > now { wake = .at(readyAt) } else if takeBeat(now) { progress = true }
    if takeResponse(now) { progress = true }
    if sendBeat() { progress = true }
    if next < transactions.count, reads.count + writes.count < outstanding {
      let earliest = transactions[next].earliest
      if earliest > now {
        wake = .earliest(wake, .at(earliest))
      } else if issue(now) {
        progress = true
      }
    }
    if next == transactions.count, reads.isEmpty, writes.isEmpty, !hasArrived {
      hasArrived = true
      finishLine.arrive()
    }
    return progress ? .nextCycle : wake
  }

  private func takeBeat(_ now: Cycle) -> Bool {
    guard bus.readData.canPop, let index = reads.first else { return false }
    let transaction = transactions[index]
    let width = Address(bus.widthBytes)
    let word = transaction.address / width + Address(answers[index].beats.count)
    let lanes = bus.readData.data
    for lane in 0..<bus.widthBytes {
      let address = word * width + Address(lane)
      guard address >= transaction.address,
        address - transaction.address < Address(transaction.count)
      else { continue }
      answers[index].data.append(lanes.load(fromByteOffset: lane, as: UInt8.self))
    }
    let beat = bus.readData.pop()
    answers[index].beats.append(now)
    if beat.response != .okay { answers[index].response = beat.response }
    if beat.isLast {
      answers[index].finished = now
      reads.removeFirst()
    }
    if Int.random(in: 0..<100, using: &random) < stallPercent {
      readyAt = now + Cycle.random(in: 1...longestStall, using: &random)
    }
    return true
  }

  private func takeResponse(_ now: Cycle) -> Bool {
    guard bus.writeResponse.canPop, let index = writes.first else { return false }
    answers[index].response = bus.writeResponse.pop().response
    answers[index].finished = now
    writes.removeFirst()
    return true
  }

  private func sendBeat() -> Bool {
    guard !bytesLeft.isEmpty, bus.writeData.canPush else { return false }
    let lane = Int(cursor & Address(bus.widthBytes - 1))
    let count = min(bytesLeft.count, bus.widthBytes - lane)
    for (index, byte) in bytesLeft.prefix(count).enumerated() {
      bus.writeData.data.storeBytes(of: byte, toByteOffset: lane + index, as: UInt8.self)
    }
    bytesLeft = bytesLeft.dropFirst(count)
    cursor += Address(count)
    bus.writeData.push(WriteBeat(offset: lane, bytes: count, isLast: bytesLeft.isEmpty))
    return true
  }

  private func issue(_ now: Cycle) -> Bool {
    let transaction = transactions[next]
    let request = BusRequest(
      address: transaction.address, bytes: transaction.count, busBytes: bus.widthBytes)
    if let data = transaction.data {
      guard bytesLeft.isEmpty, bus.writeRequest.canPush, bus.writeData.canPush else { return false }
      bus.writeRequest.push(request)
      writes.append(next)
      bytesLeft = data[...]
      cursor = transaction.address
      _ = sendBeat()
    } else {
      guard bus.readRequest.canPush else { return false }
      bus.readRequest.push(request)
      reads.append(next)
    }
    answers[next].sent = now
    next += 1
    return true
  }
}
