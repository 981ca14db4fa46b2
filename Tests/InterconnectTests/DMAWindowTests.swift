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

private func randomOptions(_ random: inout SplitMix64) -> DMABench.Options {
  var options = DMABench.Options()
  options.direction = .toStream
  options.busBytes = [4, 8, 16, 32].randomElement(using: &random) ?? 16
  options.portBytes = [1, 2, 4, 8, 16, 24, 32].randomElement(using: &random) ?? 16
  options.latency = Cycle.random(in: 1...3, using: &random)
  options.readDelay = Cycle.random(in: 1...4, using: &random)
  options.outstanding = Int.random(in: 1...6, using: &random)
  options.stallPercent = [0, 30, 80].randomElement(using: &random) ?? 0
  options.periods = [(1, 1), (2, 3), (3, 1)].randomElement(using: &random) ?? (1, 1)
  options.seed = random.next()
  return options
}

/// The beats that a transfer shall give.
private func expectedBeats(
  _ pattern: TransferPattern, portBytes: Int, marks: Bool, _ bench: DMABench
) -> [(bytes: [UInt8], isLast: Bool)] {
  let groups =
    pattern.kind == .window ? groups(of: pattern, portBytes: portBytes) : rowGroups(of: pattern)
  var beats: [(bytes: [UInt8], isLast: Bool)] = []
  for group in groups {
    let pieces = group.map { piece in
      piece.map { $0.map { bench.dram.read(at: $0, count: 1)[0] } ?? pattern.convolution.padding }
    }
    if pattern.isTurned {
      beats += transposed(pieces, elementBytes: pattern.elementBytes).map { ($0, false) }
      if marks { beats[beats.count - 1].isLast = true }
    } else {
      beats += pieces.map { ($0, marks) }
    }
  }
  if !beats.isEmpty { beats[beats.count - 1].isLast = true }
  return beats
}

/// Runs one transfer and compares every beat.
private func compare(
  _ pattern: TransferPattern, marks: Bool, _ options: DMABench.Options
) throws {
  let bench = try DMABench(
    options,
    steps: programming(pattern, at: device, lastEachRow: marks) + finish + [.pause(400)])
  #expect(bench.run() == .finished)
  #expect(bench.master.values.last == 2, "done, no error")
  let expected = expectedBeats(pattern, portBytes: options.portBytes, marks: marks, bench)
  let beats = try #require(bench.recorder).beats
  #expect(beats.map(\.bytes) == expected.map(\.bytes))
  #expect(beats.map(\.isLast) == expected.map(\.isLast))
  for module in bench.registry.snapshot().modules {
    #expect(module.states.reduce(0) { $0 + $1.cycles[0] } == module.cycles[0])
  }
}

@Suite("DMA windows and turned transfers")
struct DMAWindowTests {
  @Test(
    "Any window gives the pieces that the obvious loops give, also turned",
    arguments: 1...200 as ClosedRange<UInt64>)
  func windows(seed: UInt64) throws {
    var random = SplitMix64(seed: seed &* 7717)
    let options = randomOptions(&random)
    let pattern = randomWindow(
      in: DMABench.dramBase, size: DMABench.size, portBytes: options.portBytes,
      isTurned: seed % 2 == 0, using: &random)
    try compare(pattern, marks: Bool.random(using: &random), options)
  }

  @Test(
    "Any group of strided rows leaves transposed", arguments: 1...100 as ClosedRange<UInt64>)
  func turnedRows(seed: UInt64) throws {
    var random = SplitMix64(seed: seed &* 5309)
    let options = randomOptions(&random)
    var pattern = TransferPattern()
    pattern.isTurned = true
    pattern.elementBytes =
      [1, 1, 2, 4, 8].filter { $0 <= options.portBytes }.randomElement(using: &random) ?? 1
    let rows = options.portBytes / pattern.elementBytes
    pattern.base = DMABench.dramBase + Address(Int.random(in: 9000...20_000, using: &random))
    pattern.count0 = Int.random(in: 1...rows, using: &random)
    pattern.stride0 =
      Bool.random(using: &random) ? pattern.elementBytes : Int.random(in: -40...40, using: &random)
    pattern.count1 = Int.random(in: 1...rows, using: &random)
    pattern.stride1 = Int.random(in: -99...99, using: &random)
    pattern.count2 = Int.random(in: 1...4, using: &random)
    pattern.stride2 = Int.random(in: -300...300, using: &random)
    pattern.count3 = Int.random(in: 1...3, using: &random)
    pattern.stride3 = Int.random(in: -900...900, using: &random)
    try compare(pattern, marks: Bool.random(using: &random), options)
  }

  @Test(
    "Eager, lazy, reversed and shuffled runs of turned windows show the same in every cycle",
    arguments: 1...20 as ClosedRange<UInt64>)
  func schedulesAgree(seed: UInt64) throws {
    struct Observation: Equatable {
      let outcome: Outcome
      let snapshot: Snapshot
      let beats: [StreamRecorder.Beat]
      let finished: [Cycle]
    }
    func observe(_ change: (inout DMABench.Options) -> Void) throws -> Observation {
      var random = SplitMix64(seed: seed &* 4211)
      var options = randomOptions(&random)
      change(&options)
      let pattern = randomWindow(
        in: DMABench.dramBase, size: DMABench.size, portBytes: options.portBytes, isTurned: true,
        using: &random)
      let bench = try DMABench(
        options, steps: programming(pattern, at: device) + finish + [.pause(300)])
      return Observation(
        outcome: bench.run(), snapshot: bench.registry.snapshot(),
        beats: bench.recorder?.beats ?? [], finished: bench.master.finished)
    }
    let lazy = try observe { _ in }
    #expect(lazy.outcome == .finished)
    #expect(try observe { $0.isEager = true } == lazy)
    #expect(try observe { $0.order = .reversed } == lazy)
    #expect(try observe { $0.order = .shuffled(seed: seed) } == lazy)
  }

  @Test(
    "Pieces of one bus word stream at one per cycle, turned ones too", arguments: [false, true])
  func throughput(isTurned: Bool) throws {
    var options = DMABench.Options()
    options.direction = .toStream
    options.portBytes = 16
    var pattern = TransferPattern()
    pattern.kind = .window
    pattern.isTurned = isTurned
    pattern.base = DMABench.sramBase
    pattern.count0 = 12 * 16
    (pattern.count2, pattern.count3) = (16, 0)
    var view = TransferPattern.Convolution()
    (view.height, view.width, view.channels) = (12, 16, 64)
    (view.channelPitch, view.rowPitch) = (64, 16 * 64)
    (view.kernelHeight, view.kernelWidth, view.top, view.left) = (3, 3, 1, 1)
    view.outputWidth = 16
    pattern.convolution = view
    let bench = try DMABench(
      options,
      steps: programming(pattern, at: device) + [
        .write(device, 1), .poll(device + 4, mask: 1, equals: 0),
      ])
    #expect(bench.run() == .finished)
    let beats = try #require(bench.recorder).beats
    let first = try #require(beats.first).cycle
    let last = try #require(beats.last).cycle
    // 12 · 16 pixels, 9 kernel places, 4 blocks of 16 channels.
    let pieces = 12 * 16 * 9 * 4
    #expect(beats.count == pieces)
    #expect(Int(last - first) + 1 == pieces)
    // From START to the first beat: a round trip to the memory, turned also 16 pieces.
    let start = bench.master.finished[bench.master.finished.count - 2]
    #expect(Int(first - start) <= (isTurned ? 30 : 14))
  }

  @Test("What the descriptor cannot mean is refused")
  func badDescriptors() throws {
    func status(
      _ direction: DMADirection = .toStream, _ change: (inout TransferPattern) -> Void
    ) throws -> UInt32? {
      var pattern = TransferPattern()
      pattern.kind = .window
      pattern.base = DMABench.dramBase
      (pattern.count0, pattern.count2, pattern.count3) = (16, 8, 8)
      var view = TransferPattern.Convolution()
      (view.height, view.width, view.channels) = (4, 4, 16)
      (view.channelPitch, view.rowPitch, view.outputWidth) = (16, 64, 4)
      pattern.convolution = view
      change(&pattern)
      var options = DMABench.Options()
      options.direction = direction
      let bench = try DMABench(
        options,
        steps: programming(pattern, at: device) + [
          .write(device + 0x58, 256), .write(device, 1), .pause(800), .read(device + 4),
        ])
      #expect(bench.run() == .finished)
      return bench.master.values.last
    }
    func strided(_ pattern: inout TransferPattern) {
      pattern = TransferPattern()
      (pattern.base, pattern.count0, pattern.count1) = (DMABench.dramBase, 8, 8)
      (pattern.stride1, pattern.isTurned) = (8, true)
    }
    let (done, bad): (UInt32, UInt32) = (2, 0x404)
    #expect(try status { _ in } == done)
    #expect(try status { $0.isTurned = true } == done)
    #expect(try status { strided(&$0) } == done)
    // A block is wider than the port, or a run cannot be merged.
    #expect(try status { $0.count3 = 9 } == bad)
    #expect(try status { $0.stride3 = 1 } == done)
    #expect(try status { ($0.stride3, $0.convolution.dilationX) = (1, 2) } == bad)
    #expect(try status { ($0.stride3, $0.convolution.channelPitch) = (1, 17) } == bad)
    for field: WritableKeyPath<TransferPattern.Convolution, Int> in [
      \.outputWidth, \.strideX, \.strideY, \.dilationX, \.dilationY,
    ] {
      #expect(try status { $0.convolution[keyPath: field] = 0 } == bad)
    }
    // A group or a row does not fit in the turn buffer, or a block ends within an element.
    #expect(try status { ($0.isTurned, $0.count2) = (true, 9) } == bad)
    #expect(try status { ($0.isTurned, $0.count2) = (true, 0) } == bad)
    #expect(try status { ($0.isTurned, $0.count2, $0.count0) = (true, 0, 8) } == done)
    #expect(try status { ($0.isTurned, $0.count2, $0.elementBytes) = (true, 4, 4) } == bad)
    #expect(try status { ($0.isTurned, $0.count2, $0.elementBytes) = (true, 2, 4) } == done)
    #expect(
      try status { ($0.isTurned, $0.count2, $0.elementBytes, $0.count3) = (true, 2, 4, 6) } == bad)
    #expect(
      try status {
        strided(&$0)
        $0.count0 = 9
      } == bad)
    #expect(
      try status {
        strided(&$0)
        $0.count1 = 9
      } == bad)
    // Only memory that is read to a stream.
    #expect(try status { ($0.isTurned, $0.kind) = (true, .im2col) } == bad)
    for direction: DMADirection in [.fromStream, .memoryToMemory] {
      #expect(try status(direction) { _ in } == bad)
      #expect(try status(direction) { strided(&$0) } == bad)
    }
    // Nothing to move is no mistake.
    #expect(try status { $0.count0 = 0 } == done)
    #expect(try status { $0.count1 = 0 } == done)
    #expect(try status { $0.convolution.channels = 0 } == done)
    #expect(try status { $0.convolution.kernelWidth = 0 } == done)
  }

  @Test("A turned transfer that fails leaves nothing behind for the next one")
  func errorWhileTurning() throws {
    var options = DMABench.Options()
    options.direction = .toStream
    var pattern = TransferPattern()
    pattern.isTurned = true
    (pattern.base, pattern.count0, pattern.count1, pattern.stride1) = (DMABench.dramBase, 8, 8, 8)
    pattern.count2 = 2
    var bad = pattern
    // The second group leaves the memory in its middle.
    bad.base = DMABench.dramBase + Address(DMABench.size) - 96
    bad.stride2 = 64
    let bench = try DMABench(
      options,
      steps: programming(bad, at: device) + [
        .write(device, 1), .pause(600), .read(device + 4), .write(device + 4, 4),
      ] + programming(pattern, at: device) + finish + [.pause(100)])
    #expect(bench.run() == .finished)
    #expect(bench.master.values.first == 0x104, "decode error")
    #expect(bench.master.values.last == 2, "done, no error")
    let beats = try #require(bench.recorder).beats.suffix(16)
    #expect(
      beats.map(\.bytes)
        == expectedBeats(pattern, portBytes: 8, marks: false, bench).map(\.bytes))
  }
}
