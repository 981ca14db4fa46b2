import Fabric
import Interconnect
import SimKernel
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
