internal import Fabric
internal import Interconnect
internal import SimKernel

/// What an episode asks of a DMA channel: register accesses, jobs, stream beats, bus errors.
final class DMATraffic {
  private let direction: DMADirection
  private let base: Address
  private let patterns: DMAPatterns
  private let portBytes: Int
  private var random: SplitMix64
  /// What the registers from MODE to DST_STRIDE3 hold.
  private var block = DMAPatterns.resetWords
  private var steps: [Step] = []
  private let chain: [Address]
  /// One burst in this many fails; 0: none.
  private let failureRate: Int
  /// One beat in this many is not full; 0: none.
  private let partialRate: Int
  /// Cycles for which the input stream has nothing more.
  private var drought = 0

  private enum Step {
    case access(BusHost.Transaction)
    case pause(Int)
  }

  init(direction: DMADirection, busBytes: Int, portBytes: Int, base: Address, seed: UInt64) {
    self.direction = direction
    self.base = base
    self.portBytes = portBytes
    random = SplitMix64(seed: seed)
    patterns = DMAPatterns(direction: direction, busBytes: busBytes, portBytes: portBytes)
    failureRate = random.choose([0, 0, 3, 10, 40])
    partialRate = random.choose([0, 2, 8])
    var places: [Address] = []
    for index in 0..<6 {
      // Some of them at odd addresses, some across a 4 KiB boundary.
      let place = Address(0x20_0000 + 0x1000 * index + random.choose([0, 4, 3969, 4032, 2049]))
      places.append(place)
    }
    chain = places
  }

  // MARK: Memory

  /// Linked descriptors, each with its address.
  func descriptors() -> [(Address, [UInt8])] {
    var words = block
    return chain.map { address in
      var next: UInt32 = 0
      if random.oneIn(2) { next = UInt32(random.choose(chain)) }
      if random.oneIn(12) { next = DMAPatterns.nowhere }
      words = patterns.words(changing: words, &random)
      let all = [next] + words + [UInt32(truncatingIfNeeded: random.next())]
      return (address, all.flatMap { word in withUnsafeBytes(of: word.littleEndian, Array.init) })
    }
  }

  /// The response for a burst; nil: okay.
  func failure(_ request: BusRequest, isWrite: Bool) -> BusResponse? {
    if request.address >> 28 == Address(DMAPatterns.nowhere >> 28) { return .decodeError }
    guard failureRate > 0, random.oneIn(failureRate) else { return nil }
    return random.oneIn(2) ? .slaveError : .decodeError
  }

  /// The response for one beat of a read burst; nil: okay.
  func beatFailure() -> BusResponse? {
    guard failureRate > 0, random.oneIn(8 * failureRate) else { return nil }
    return random.oneIn(2) ? .slaveError : .decodeError
  }

  /// The next beat of the input stream; some are not full, some are empty. Nil: none for now.
  func beat(_ random: inout SplitMix64) -> StreamFeeder.Beat? {
    if drought == 0, random.oneIn(10) { drought = random.pick(1...50) }
    if drought > 0 {
      drought -= 1
      return nil
    }
    var kept = portBytes
    if partialRate > 0, random.oneIn(partialRate) { kept = random.pick(0...portBytes) }
    return StreamFeeder.Beat(
      bytes: random.bytes(portBytes), kept: kept, isLast: random.oneIn(4))
  }

  // MARK: Registers

  /// The next register access; nil: none in this cycle.
  func access(_ random: inout SplitMix64) -> BusHost.Transaction? {
    if steps.isEmpty { plan(&random) }
    switch steps[0] {
    case .access(let transaction):
      steps.removeFirst()
      return transaction
    case .pause(let cycles):
      if cycles > 1 { steps[0] = .pause(cycles - 1) } else { steps.removeFirst() }
      return nil
    }
  }

  private func plan(_ random: inout SplitMix64) {
    switch random.pick(0...19) {
    case 0...8: planJob(&random)
    case 9...11: planWait(&random)
    case 12: random.oneIn(2) ? planStorm(&random) : steps.append(.pause(random.pick(1...80)))
    case 13: write(0x00, control(&random) & 0b1110)
    case 14: write(0x04, UInt32(random.pick(0...15)))
    case 15: read(0x84)
    case 16: read(4 * Address(random.pick(0...36)))
    case 17: write(0x80, chainStart(&random))
    case 18: planOddAccess(&random)
    default:
      // Back to back: the queue holds two jobs.
      for _ in 0..<random.pick(1...4) { write(0x00, control(&random) | 1) }
    }
  }

  private func planJob(_ random: inout SplitMix64) {
    if random.oneIn(4) {
      write(0x80, chainStart(&random))
      write(0x00, control(&random) | 0b11)
    } else {
      let words =
        random.oneIn(3)
        ? patterns.movedWords(block, &random) : patterns.words(changing: block, &random)
      for (index, word) in words.enumerated() where word != block[index] {
        write(0x08 + 4 * Address(index), word)
        if random.oneIn(24) { read(0x04) }
      }
      write(0x00, control(&random) & ~2 | 1)
    }
    if random.oneIn(2) { planWait(&random) }
  }

  /// Reads and clears STATUS in many cycles, so that some meet the end of a job.
  private func planWait(_ random: inout SplitMix64) {
    let clears = random.oneIn(2)
    for _ in 0..<random.pick(1...40) {
      read(0x04)
      if clears, random.oneIn(3) { write(0x04, UInt32(random.pick(2...7))) }
      if random.oneIn(4) { steps.append(.pause(random.pick(1...6))) }
    }
  }

  /// STARTs, clears and reads in every cycle: some meet the cycle between two jobs.
  private func planStorm(_ random: inout SplitMix64) {
    for _ in 0..<random.pick(10...40) {
      switch random.pick(0...3) {
      case 0, 1: write(0x00, 0b1100 | (random.oneIn(6) ? 2 : 0) | 1)
      case 2: write(0x04, UInt32(random.choose([2, 4, 6])))
      default: read(random.oneIn(4) ? 0x00 : 0x04)
      }
    }
  }

  private func planOddAccess(_ random: inout SplitMix64) {
    let offset = base + Address(random.choose([0x00, 0x04, 0x08, 0x10, 0x7C, 0x80, 0x8C, 0x800]))
    let size = random.choose([1, 2, 3, 4, 4, 8, 12])
    let place = offset + Address(random.choose([0, 0, 0, 1, 2, 0x90]))
    steps.append(
      .access(
        random.oneIn(2)
          ? .read(place, bytes: size) : .write(place, random.bytes(size).map { $0 & 0xFC })))
    // An access that was refused changed nothing; one that was not did.
    if random.oneIn(2) { read(0x08 + 4 * Address(random.pick(0...31))) }
    resynchronize()
  }

  /// Writes the whole block, whatever it holds.
  private func resynchronize() {
    for (index, word) in block.enumerated() where [0, 1, 2, 29].contains(index) {
      write(0x08 + 4 * Address(index), word)
    }
  }

  private func control(_ random: inout SplitMix64) -> UInt32 {
    UInt32(random.choose([0b1100, 0b1100, 0b0100, 0b1000, 0])) | (random.oneIn(4) ? 2 : 0)
  }

  private func chainStart(_ random: inout SplitMix64) -> UInt32 {
    if random.oneIn(10) { return 0 }
    return random.oneIn(12) ? DMAPatterns.nowhere : UInt32(random.choose(chain))
  }

  private func read(_ offset: Address) {
    steps.append(.access(.read(base + offset, bytes: 4)))
  }

  private func write(_ offset: Address, _ value: UInt32) {
    if (0x08..<0x80).contains(offset) { block[Int(offset - 0x08) / 4] = value }
    steps.append(.access(.write(base + offset, value)))
  }
}
