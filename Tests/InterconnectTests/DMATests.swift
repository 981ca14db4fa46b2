import Fabric
import Interconnect
import SimKernel
import Telemetry
import TestSupport
import Testing

private let device = DMABench.dmaBase
private let finish: [RegisterMaster.Step] = [
  .write(device, 1), .poll(device + 4, mask: 1 << 16 | 1, equals: 0), .read(device + 4),
]

private func randomOptions(_ seed: UInt64, _ direction: DMADirection) -> DMABench.Options {
  var random = SplitMix64(seed: seed)
  var options = DMABench.Options()
  options.direction = direction
  options.busBytes = [4, 8, 16, 32].randomElement(using: &random) ?? 16
  options.portBytes =
    [1, 2, 4, 8, 16, 32].filter { $0 <= options.busBytes }
    .randomElement(using: &random) ?? 1
  options.latency = Cycle.random(in: 1...4, using: &random)
  options.readDelay = Cycle.random(in: 1...6, using: &random)
  options.dramBits = [8, 24, 64, 512].randomElement(using: &random) ?? 64
  options.banks = [1, 2, 4].randomElement(using: &random) ?? 1
  options.ports = Int.random(in: 1...2, using: &random)
  options.outstanding = Int.random(in: 1...6, using: &random)
  options.stallPercent = [0, 30, 80].randomElement(using: &random) ?? 0
  options.periods = [(1, 1), (2, 3), (3, 2), (5, 1)].randomElement(using: &random) ?? (1, 1)
  options.seed = seed
  return options
}

/// Everything a run shows, for comparisons.
private struct Observation: Equatable {
  let outcome: Outcome
  let snapshot: Snapshot
  let sram: [UInt8]
  let dram: [UInt8]
  let beats: [StreamRecorder.Beat]
  let finished: [Cycle]
  let values: [UInt32]

  init(_ bench: DMABench) {
    outcome = bench.run()
    snapshot = bench.registry.snapshot()
    sram = bench.sram.read(at: bench.sram.base, count: DMABench.size)
    dram = bench.dram.read(at: bench.dram.base, count: DMABench.size)
    beats = bench.recorder?.beats ?? []
    finished = bench.master.finished
    values = bench.master.values
  }
}

private func expectSumsOfStates(_ snapshot: Snapshot) {
  for module in snapshot.modules {
    #expect(
      module.states.reduce(0) { $0 + $1.cycles.reduce(0, +) } == module.cycles.reduce(0, +),
      "classes of \(module.path) do not sum to its cycles")
  }
}

@Suite("DMA through the crossbar")
struct DMATests {
  @Test(
    "Any pattern read to a stream gives the bytes that the obvious loops give",
    arguments: 1...120 as ClosedRange<UInt64>)
  func memoryToStream(seed: UInt64) throws {
    var random = SplitMix64(seed: seed &* 77)
    let options = randomOptions(seed, .toStream)
    let kind: TransferPattern.Kind = seed % 2 == 0 ? .strided : .im2col
    let base = seed % 3 == 0 ? DMABench.sramBase : DMABench.dramBase
    let pattern = randomPattern(in: base, size: DMABench.size, kind: kind, using: &random)
    let (align, marks) = (Bool.random(using: &random), Bool.random(using: &random))
    let bench = try DMABench(
      options,
      steps: programming(pattern, at: device, rowAlign: align, lastEachRow: marks) + finish
        + [.pause(400)])
    #expect(bench.run() == .finished)
    #expect(bench.master.responses.allSatisfy { $0 == .okay })
    #expect(bench.master.values.last == 2, "done, no error")
    let store = base == DMABench.sramBase ? bench.sram : bench.dram
    let rows = addresses(of: pattern).map { row in
      row.map { $0.map { store.read(at: $0, count: 1)[0] } ?? pattern.convolution.padding }
    }
    let recorder = try #require(bench.recorder)
    #expect(recorder.bytes == Array(rows.joined()))
    #expect(
      recorder.beats.dropLast().allSatisfy { marks || !$0.isLast },
      "last marks the end of the transfer")
    if !rows.joined().isEmpty { #expect(recorder.beats.last?.isLast == true) }
    if align || marks {
      let perRow = (rows.first?.count ?? 0 + options.portBytes - 1)
      let beats = (perRow + options.portBytes - 1) / options.portBytes
      #expect(recorder.beats.count == beats * rows.count)
    }
    expectSumsOfStates(bench.registry.snapshot())
  }

  @Test(
    "Any stream written to a pattern ends up where the obvious loops put it",
    arguments: 1...120 as ClosedRange<UInt64>)
  func streamToMemory(seed: UInt64) throws {
    var random = SplitMix64(seed: seed &* 991)
    let options = randomOptions(seed, .fromStream)
    let base = seed % 3 == 0 ? DMABench.sramBase : DMABench.dramBase
    let pattern = randomPattern(in: base, size: DMABench.size, kind: .strided, using: &random)
    let targets = addresses(of: pattern).joined().compactMap { $0 }
    var bytes = targets.map { _ in UInt8.random(in: 0...255, using: &random) }
    var beats: [(bytes: [UInt8], isLast: Bool)] = []
    let all = bytes
    while !bytes.isEmpty {
      let count = Int.random(in: 1...min(options.portBytes, bytes.count), using: &random)
      beats.append((Array(bytes.prefix(count)), count == bytes.count))
      bytes.removeFirst(count)
    }
    let bench = try DMABench(
      options, steps: programming(pattern, at: device) + finish, input: beats)
    let store = base == DMABench.sramBase ? bench.sram : bench.dram
    var expected = store.read(at: base, count: DMABench.size)
    for (address, byte) in zip(targets, all) { expected[Int(address - base)] = byte }
    #expect(bench.run() == .finished)
    #expect(bench.master.values.last == 2, "done, no error")
    #expect(store.read(at: base, count: DMABench.size) == expected)
    expectSumsOfStates(bench.registry.snapshot())
  }

  @Test(
    "A copy between memories equals the obvious loops",
    arguments: 1...100 as ClosedRange<UInt64>)
  func memoryToMemory(seed: UInt64) throws {
    var random = SplitMix64(seed: seed &* 31337)
    let options = randomOptions(seed, .memoryToMemory)
    let kind: TransferPattern.Kind = seed % 2 == 0 ? .strided : .im2col
    let source = randomPattern(
      in: DMABench.dramBase, size: DMABench.size, kind: kind, using: &random)
    var destination = TransferPattern()
    destination.elementBytes = source.elementBytes
    let total = source.byteCount / source.elementBytes
    destination.count0 = total
    destination.stride0 = source.elementBytes
    if total % 3 == 0, total > 0 {
      destination.count0 = total / 3
      destination.count1 = 3
      destination.stride1 = total / 3 * source.elementBytes + 7
    }
    destination.base = DMABench.sramBase + 5
    let bench = try DMABench(
      options,
      steps: programming(source, at: device) + programmingDestination(destination, at: device)
        + finish)
    var expected = bench.sram.read(at: DMABench.sramBase, count: DMABench.size)
    let bytes = addresses(of: source).joined().map {
      $0.map { bench.dram.read(at: $0, count: 1)[0] } ?? source.convolution.padding
    }
    for (address, byte) in zip(addresses(of: destination).joined().compactMap { $0 }, bytes) {
      expected[Int(address - DMABench.sramBase)] = byte
    }
    #expect(bench.run() == .finished)
    #expect(bench.master.values.last == 2, "done, no error")
    #expect(bench.sram.read(at: DMABench.sramBase, count: DMABench.size) == expected)
  }

  @Test(
    "Eager, lazy, reversed and shuffled runs show the same in every cycle",
    arguments: 1...60 as ClosedRange<UInt64>)
  func schedulesAgree(seed: UInt64) throws {
    let direction: DMADirection = [.toStream, .fromStream, .memoryToMemory][Int(seed % 3)]
    func observe(_ change: (inout DMABench.Options) -> Void) throws -> Observation {
      var random = SplitMix64(seed: seed &* 4242)
      var options = randomOptions(seed, direction)
      change(&options)
      var source = randomPattern(
        in: DMABench.dramBase, size: DMABench.size, kind: .strided, using: &random)
      if source.byteCount == 0 { source.count1 = 1 }
      var destination = TransferPattern()
      destination.elementBytes = source.elementBytes
      destination.count0 = source.byteCount / source.elementBytes
      destination.stride0 = source.elementBytes
      destination.base = DMABench.sramBase + 3
      let bytes = (0..<source.byteCount).map { UInt8(truncatingIfNeeded: $0 &* 7) }
      let beats = stride(from: 0, to: bytes.count, by: options.portBytes).map {
        (
          bytes: Array(bytes[$0..<min(bytes.count, $0 + options.portBytes)]), isLast: false
        )
      }
      return Observation(
        try DMABench(
          options,
          steps: programming(source, at: device)
            + programmingDestination(destination, at: device) + finish + [.pause(300)],
          input: beats))
    }
    let lazy = try observe { _ in }
    #expect(lazy.outcome == .finished)
    #expect(try observe { $0.isEager = true } == lazy)
    #expect(try observe { $0.order = .reversed } == lazy)
    #expect(try observe { $0.order = .shuffled(seed: seed) } == lazy)
  }
}
