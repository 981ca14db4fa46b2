import Fabric
import Interconnect
import SimKernel
import Telemetry
import TestSupport
import Testing

private let device = DMABench.dmaBase

/// Words as memory holds them.
private func bytes(of words: [UInt32]) -> [UInt8] {
  var result: [UInt8] = []
  for word in words {
    for shift in [UInt32(0), 8, 16, 24] { result.append(UInt8(truncatingIfNeeded: word >> shift)) }
  }
  return result
}

private func contiguous(_ base: Address, _ count: Int) -> TransferPattern {
  var pattern = TransferPattern()
  pattern.base = base
  pattern.count0 = count
  return pattern
}

/// A memory at every address: a byte is the low bits of its address. Records what is read.
private final class EverywhereMemory: Module {
  private(set) var requests: [BusRequest] = []
  private let bus: BusTarget
  private var beats = 0

  init(path: String, bus: BusTarget) {
    self.bus = bus
    super.init(path: path)
  }

  override func tick(_ now: Cycle) -> Wake {
    guard bus.readRequest.canPop, bus.readData.canPush else { return .onPort }
    let request = bus.readRequest.front
    let width = Address(bus.widthBytes)
    let word = (request.address & ~(width - 1)) &+ Address(beats) * width
    for lane in 0..<bus.widthBytes {
      bus.readData.data.storeBytes(
        of: UInt8(truncatingIfNeeded: word &+ Address(lane)), toByteOffset: lane, as: UInt8.self)
    }
    beats += 1
    let isLast = beats == Int(request.beats)
    bus.readData.push(ReadBeat(response: .okay, isLast: isLast, source: request.source))
    if isLast {
      bus.readRequest.pop()
      requests.append(request)
      beats = 0
    }
    return .nextCycle
  }
}

@Suite("DMA control")
struct DMAControlTests {
  @Test("A descriptor chain does all its transfers and completes once")
  func linkedDescriptors() throws {
    let chain = DMABench.sramBase + 0x8004
    let bench = try DMABench(
      DMABench.Options(),
      steps: [
        .write(device + 0x80, UInt32(chain)), .write(device, 0b11),
        .poll(device + 4, mask: 1 << 16 | 1, equals: 0), .read(device + 4), .read(device + 0x84),
      ])
    let counts = [100, 0, 33]
    for (index, count) in counts.enumerated() {
      var words = [UInt32](repeating: 0, count: 32)
      words[0] = index == 2 ? 0 : UInt32(chain) + 128 * UInt32(index + 1)
      words[2] = UInt32(DMABench.dramBase) + 1000 * UInt32(index) + 3
      words[3] = UInt32(count)
      words[4] = 1
      for word in [5, 7, 9] { words[word] = 1 }
      words[20] = UInt32(DMABench.sramBase) + 500 * UInt32(index)
      words[21] = UInt32(count)
      words[22] = 1
      for word in [23, 25, 27] { words[word] = 1 }
      bench.sram.write(bytes(of: words), at: chain + 128 * Address(index))
    }
    #expect(bench.run() == .finished)
    #expect(bench.master.values.suffix(2) == [2, 133])
    for (index, count) in counts.enumerated() {
      let copied = bench.sram.read(at: DMABench.sramBase + 500 * Address(index), count: count)
      let original = DMABench.dramBase + 1000 * Address(index) + 3
      #expect(copied == bench.dram.read(at: original, count: count))
    }
  }

  @Test("A source without target ends the job with a decode error and the channel works again")
  func decodeError() throws {
    let good = contiguous(DMABench.dramBase, 64)
    let bad = contiguous(0x2000_0000, 64)
    let target = contiguous(DMABench.sramBase, 64)
    var steps = programming(bad, at: device) + programmingDestination(target, at: device)
    steps += [
      .write(device, 1), .poll(device + 4, mask: 1, equals: 0), .read(device + 4),
      .write(device + 4, 6), .read(device + 4),
    ]
    steps += programming(good, at: device)
    steps += [
      .write(device, 1), .poll(device + 4, mask: 1 << 16 | 1, equals: 0), .read(device + 4),
    ]
    let bench = try DMABench(DMABench.Options(), steps: steps)
    let expected = bench.dram.read(at: DMABench.dramBase, count: 64)
    #expect(bench.run() == .finished)
    let reads = bench.master.values
    #expect(reads.contains(0x104), "error, code 1")
    #expect(reads.last == 2)
    #expect(bench.sram.read(at: DMABench.sramBase, count: 64) == expected)
  }

  @Test("A destination without target, a device as source and a bad mode each report their code")
  func errorCodes() throws {
    func status(_ source: TransferPattern, _ target: TransferPattern, mode: UInt32?) throws
      -> UInt32?
    {
      var steps = programming(source, at: device) + programmingDestination(target, at: device)
      if let mode { steps.append(.write(device + 8, mode)) }
      steps += [
        .write(device, 1), .poll(device + 4, mask: 1, equals: 0), .pause(200), .read(device + 4),
      ]
      let bench = try DMABench(DMABench.Options(), steps: steps)
      #expect(bench.run() == .finished)
      return bench.master.values.last.map { $0 & 0xFF06 }
    }
    let memory = contiguous(DMABench.dramBase, 200)
    let nowhere = contiguous(0x3000_0000, 200)
    let target = contiguous(DMABench.sramBase, 200)
    let short = contiguous(DMABench.sramBase, 100)
    #expect(try status(memory, nowhere, mode: nil) == 0x104)
    #expect(try status(contiguous(device, 200), target, mode: nil) == 0x204)
    #expect(try status(memory, target, mode: 3) == 0x404)
    #expect(try status(memory, short, mode: nil) == 0x404)
  }

  @Test("Accesses of a wrong size or to no register are refused, the neighbours work")
  func registerErrors() throws {
    let bench = try DMABench(
      DMABench.Options(),
      steps: [
        .read(device + 0x88), .read(device + 0xF00), .write(device + 0xF00, 1),
        .write(device + 0x0C, 77), .read(device + 0x0C),
      ])
    #expect(bench.run() == .finished)
    #expect(bench.master.responses == [.okay, .slaveError, .slaveError, .okay, .okay])
    #expect(bench.master.values.last == 77)
  }

  @Test("Two jobs are held, a third START is an error")
  func queue() throws {
    let pattern = contiguous(DMABench.dramBase, 2000)
    let target = contiguous(DMABench.sramBase, 2000)
    var steps = programming(pattern, at: device) + programmingDestination(target, at: device)
    steps += [
      .write(device, 1), .write(device, 1), .read(device + 4), .write(device, 1),
      .read(device + 4),
    ]
    let bench = try DMABench(DMABench.Options(), steps: steps)
    #expect(bench.run() == .finished)
    #expect(bench.master.values.first == 0x2_0009)
    #expect(bench.master.values.last == 0x2_030D)
  }

  @Test(
    "Jobs from one stream take their own beats only, queued or linked", arguments: [false, true])
  func streamOfSeveralJobs(isLinked: Bool) throws {
    var options = DMABench.Options()
    options.direction = .fromStream
    let (counts, chain) = ([100, 9, 64], DMABench.sramBase + 0x8000)
    var sent: [UInt8] = []
    var beats: [(bytes: [UInt8], isLast: Bool)] = []
    for (index, count) in counts.enumerated() {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ index) }
      sent += bytes
      for start in stride(from: 0, to: count, by: options.portBytes) {
        beats.append((Array(bytes[start..<min(count, start + options.portBytes)]), false))
      }
    }
    let targets = counts.indices.map {
      contiguous(DMABench.dramBase + 256 * Address($0), counts[$0])
    }
    var steps: [RegisterMaster.Step] = []
    if isLinked {
      steps = [.write(device + 0x80, UInt32(chain)), .write(device, 0b11)]
    } else {
      for (index, target) in targets.enumerated() {
        if index == 2 { steps.append(.poll(device + 4, mask: 8, equals: 0)) }
        steps += programming(target, at: device) + [.write(device, 1)]
      }
    }
    steps += [.poll(device + 4, mask: 1 << 16 | 1, equals: 0), .read(device + 4)]
    let bench = try DMABench(options, steps: steps, input: beats)
    for (index, target) in targets.enumerated() {
      var words = [UInt32](repeating: 0, count: 32)
      words[0] = index == 2 ? 0 : UInt32(chain) + 128 * UInt32(index + 1)
      words[2] = UInt32(target.base)
      words[3] = UInt32(target.count0)
      words[4] = 1
      for word in [5, 7, 9] { words[word] = 1 }
      bench.sram.write(bytes(of: words), at: chain + 128 * Address(index))
    }
    #expect(bench.run() == .finished)
    #expect(bench.master.values.last == 2, "done, no error")
    let written = targets.flatMap { bench.dram.read(at: $0.base, count: $0.count0) }
    #expect(written == sent)
  }

  @Test("A descriptor that could not be read does not spoil a later job from the stream")
  func errorOfAnEarlierFetch() throws {
    var options = DMABench.Options()
    options.direction = .fromStream
    var steps: [RegisterMaster.Step] = [
      .write(device + 0x80, 0x2000_0000), .write(device, 0b11),
      .poll(device + 4, mask: 1, equals: 0), .read(device + 4), .write(device + 4, 4),
    ]
    steps += programming(contiguous(DMABench.sramBase, 8), at: device)
    steps += [
      .write(device, 1), .poll(device + 4, mask: 1 << 16 | 1, equals: 0), .read(device + 4),
    ]
    let bench = try DMABench(
      options, steps: steps, input: [(bytes: [1, 2, 3, 4, 5, 6, 7, 8], isLast: true)])
    #expect(bench.run() == .finished)
    #expect(bench.master.values.contains(0x104), "error, code 1")
    #expect(bench.master.values.last == 2, "done, no error")
    #expect(bench.sram.read(at: DMABench.sramBase, count: 8) == [1, 2, 3, 4, 5, 6, 7, 8])
  }

  @Test("Any number of empty rows moves nothing and completes")
  func emptyRows() throws {
    var steps = programming(contiguous(0, 0), at: device)
    steps += programmingDestination(contiguous(0, 0), at: device)
    for offset in [0x18, 0x20, 0x28, 0x60, 0x68, 0x70] as [Address] {
      steps.append(.write(device + offset, .max))
    }
    steps += [
      .write(device, 1), .poll(device + 4, mask: 1 << 16 | 1, equals: 0), .read(device + 4),
      .read(device + 0x84),
    ]
    let bench = try DMABench(DMABench.Options(), steps: steps)
    #expect(bench.run() == .finished)
    #expect(bench.master.values.suffix(2) == [2, 0], "done, no error, no bytes")
  }

  @Test("Rows below address 0 lie at the end of the address space, and their bursts end there")
  func rowsBelowZero() throws {
    let kernel = Kernel(plan: ClockPlan(periods: [("system", 1)], ticksPerSecond: 1_000_000_000))
    let registry = Registry(kernel: kernel)
    let (registers, bus) = (
      BusLink(kernel: kernel, widthBytes: 8), BusLink(kernel: kernel, widthBytes: 8)
    )
    let stream = StreamLink(kernel: kernel, widthBytes: 8, probed: nil)
    let dma = DMA(
      path: "dma",
      configuration: DMAConfiguration(
        direction: .toStream, portBytes: 8, maximumBurstBeats: 16, outstanding: 4, source: "a",
        destination: "b"),
      registers: RegisterPort(bus: registers.target, base: device), bus: bus.initiator,
      input: nil, output: stream.source, interrupt: nil,
      site: registry.module("dma", kind: "DMA", domain: kernel.domains[0]), arena: kernel.arena)
    var rows = contiguous(4, 40)
    (rows.count1, rows.stride1) = (3, -100)
    let master = RegisterMaster(
      path: "master", bus: registers.initiator,
      steps: programming(rows, at: device) + [
        .write(device, 1), .poll(device + 4, mask: 1, equals: 0), .pause(100), .read(device + 4),
      ], controls: kernel.controls)
    let memory = EverywhereMemory(path: "memory", bus: bus.target)
    let recorder = StreamRecorder(path: "recorder", input: stream.sink, seed: 1, stallPercent: 0)
    for module in [dma, master, memory, recorder] { kernel.add(module, to: kernel.domains[0]) }
    registers.connect(kernel: kernel, initiator: master, target: dma)
    bus.connect(kernel: kernel, initiator: dma, target: memory)
    stream.connect(kernel: kernel, sender: dma, receiver: recorder)
    #expect(kernel.run(until: 10_000) == .finished)
    #expect(master.values.last == 2, "done, no error")
    #expect(
      memory.requests == [
        BusRequest(address: 4, bytes: 40, busBytes: 8),
        BusRequest(address: 0 &- 96, bytes: 40, busBytes: 8),
        BusRequest(address: 0 &- 196, bytes: 40, busBytes: 8),
      ])
    let places = (0..<3).flatMap { row in
      (0..<40).map { UInt8(truncatingIfNeeded: 4 - 100 * row + $0) }
    }
    #expect(recorder.bytes == places)
  }

  @Test("A contiguous copy streams one port width per cycle, whatever the alignment")
  func throughput() throws {
    for (portBytes, offset) in [(16, 0), (16, 5), (8, 3), (4, 1)] as [(Int, Address)] {
      var options = DMABench.Options()
      options.direction = .toStream
      options.portBytes = portBytes
      options.outstanding = 8
      let bench = try DMABench(
        options,
        steps: programming(contiguous(DMABench.sramBase + offset, 8192), at: device) + [
          .write(device, 1), .poll(device + 4, mask: 1, equals: 0),
        ])
      #expect(bench.run() == .finished)
      let beats = try #require(bench.recorder).beats
      let first = try #require(beats.first).cycle
      let last = try #require(beats.last).cycle
      let ideal = 8192 / portBytes
      #expect(Int(last - first) + 1 <= ideal + ideal / 16 + 4, "port \(portBytes) + \(offset)")
    }
  }
}
