internal import SimKernel

/// Crossbar and memories, cycle by cycle, without data.
struct BeatFabric {
  /// The initiators' buses.
  let buses: UnsafeMutablePointer<BeatBus>
  let inputs: UnsafeMutablePointer<BeatInput>
  let inputCount: Int
  let ports: UnsafeMutablePointer<BeatPort>
  let portCount: Int
  let memories: UnsafeMutablePointer<BeatMemory>
  let memoryCount: Int
  /// For each initiator and memory the port.
  let targets: UnsafeMutablePointer<Int>
  /// Bursts under way of an initiator at most.
  let outstanding: Int
  let isRoundRobin: Bool
  let hasStages: Bool
  let wordShift: Int
  let wordBits: Int
  /// Ports with bursts under way, one bit each.
  var open: UInt64 = 0

  /// - Parameter initiators: for each bus its place among the initiators of the SoC.
  init(_ system: SystemTiming, initiators: [Int], arena: Arena) {
    wordShift = system.busBytes.trailingZeroBitCount
    wordBits = 8 * system.busBytes
    outstanding = system.crossbarOutstanding
    isRoundRobin = system.isRoundRobin
    let stages = max(1, system.crossbarLatency)
    hasStages = stages > 1
    inputCount = initiators.count
    buses = arena.allocate(BeatBus.self, count: inputCount)
    buses.initialize(repeating: BeatBus(), count: inputCount)
    inputs = arena.allocate(BeatInput.self, count: inputCount)
    for index in 0..<inputCount {
      (inputs + index).initialize(to: BeatInput(stages: stages, arena: arena))
    }
    memoryCount = system.memories.count
    memories = arena.allocate(BeatMemory.self, count: memoryCount)
    targets = arena.allocate(Int.self, count: inputCount * memoryCount)
    portCount = system.memories.reduce(0) { $0 + max(1, $1.ports) }
    precondition(portCount <= 64, "a crossbar has at most 64 ports")
    ports = arena.allocate(BeatPort.self, count: portCount)
    var next = 0
    for (index, timing) in system.memories.enumerated() {
      let memory = BeatMemory(timing, busBytes: system.busBytes, firstPort: next, arena: arena)
      (memories + index).initialize(to: memory)
      for (input, initiator) in initiators.enumerated() {
        targets[input * memoryCount + index] = next + initiator % memory.portCount
      }
      for _ in 0..<memory.portCount {
        (ports + next).initialize(
          to: BeatPort(
            stages: stages, depth: memory.depth, orderCapacity: max(1, inputCount) * outstanding,
            arena: arena))
        next += 1
      }
    }
  }

  /// The last cycle in which something was sent or taken.
  var lastUse: Int {
    var last = -1
    for index in 0..<inputCount { last = max(last, buses[index].lastUse) }
    for index in 0..<portCount { last = max(last, ports[index].bus.lastUse) }
    return last
  }

  /// A cycle.
  ///
  /// - Parameters:
  ///   - reads: buses whose read requests wait, one bit each.
  ///   - writes: those whose write requests do.
  @inline(__always)
  mutating func tick(_ now: Int, reads: UInt64, writes: UInt64) {
    if hasStages { advanceStages(now) }
    var rest = open
    while rest != 0 {
      let index = rest.trailingZeroBitCount
      rest &= rest &- 1
      transfer(ports + index, now)
      if ports[index].isIdle { open &= ~(1 &<< UInt64(truncatingIfNeeded: index)) }
    }
    if reads != 0 { grantReads(reads, now) }
    if writes != 0 { grantWrites(writes, now) }
    for index in 0..<memoryCount where open & memories[index].mask != 0 {
      serve(memories + index, now)
    }
  }
}
