import Fabric
import Peripherals
import SimKernel
import Telemetry
import TestSupport
import Testing

private let base = DeviceBench.base
private let memoryBase: Address = 0x8000_0000

/// A device with a marker and a memory of 256 bytes for names.
private func marker(
  _ script: [BusTransaction], names: [UInt64: String] = [:], memory: [UInt8] = [],
  hertz: UInt64 = 1_000_000_000
) throws -> DeviceBench {
  var options = DeviceBench.Options()
  options.hertz = hertz
  let store = try #require(BackingStore(base: memoryBase, size: 256))
  store.write(memory, at: memoryBase)
  return try DeviceBench(options, script) { parts in
    Marker(
      path: "marker", registers: parts.registers, registry: parts.registry, names: names,
      memories: [store], site: parts.site, kernel: parts.kernel)
  }
}

@Suite("Marker")
struct MarkerTests {
  @Test("TAG charges what follows to the configured name or the number")
  func tags() throws {
    let bench = try marker(
      [
        .write(base, 7, at: 9), .write(base, 42, at: 29), .write(base, 7, at: 59),
        .read(base, at: 79),
      ],
      names: [7: "conv1"])
    #expect(bench.run() == .finished)
    let snapshot = bench.registry.snapshot()
    #expect(snapshot.tags == ["", "conv1", "42"])
    // Served in cycles 10, 30, 60; the cycle of the write is still the old tag's. The last read is
    // answered in cycle 80 and seen in 81.
    #expect(snapshot.modules[0].cycles == [11, 20 + 21, 30])
    #expect(
      snapshot.modules[0].counters.first { $0.name == "register_accesses" }?.values == [1, 2, 1])
  }

  @Test("TAG_NAME takes the name from memory")
  func names() throws {
    let text = Array("fc\0pool2".utf8)
    let bench = try marker(
      [
        .write(base + 4, memoryBase, at: 9), .write(base + 4, memoryBase + 3, at: 19),
        .write(base + 4, memoryBase + 100, at: 29), .write(base + 4, memoryBase + 256, at: 39),
        .write(base + 4, 0, at: 49),
      ], memory: text)
    #expect(bench.run() == .finished)
    #expect(bench.registry.snapshot().tags == ["", "fc", "pool2"])
    #expect(bench.responses == [.okay, .okay, .okay, .slaveError, .slaveError])
  }

  @Test("A name without end stops after 64 bytes or at the end of the memory")
  func endlessName() throws {
    let bench = try marker(
      [.write(base + 4, memoryBase, at: 9), .write(base + 4, memoryBase + 250, at: 19)],
      memory: Array(repeating: 0x61, count: 256))
    #expect(bench.run() == .finished)
    #expect(
      bench.registry.snapshot().tags
        == ["", String(repeating: "a", count: 64), String(repeating: "a", count: 6)])
  }

  @Test("WAVES reads back what was written")
  func waves() throws {
    let bench = try marker([
      .read(base + 8), .write(base + 8, 1), .read(base + 8), .write(base + 8, 2), .read(base + 8),
    ])
    #expect(bench.run() == .finished)
    #expect(bench.values == [0, 1, 0])
  }

  @Test(
    "TIME is in nanoseconds; TIME_HI belongs to the last TIME_LO", arguments: [1, 3, 1_000_000_000])
  func time(hertz: UInt64) throws {
    let bench = try marker(
      [.read(base + 0x0C, at: 99), .read(base + 0x10, at: 199), .read(base + 0x0C, at: 299)],
      hertz: hertz)
    #expect(bench.run() == .finished)
    let first = 100 * 1_000_000_000 / hertz
    let second = 300 * 1_000_000_000 / hertz
    #expect(bench.values == [first & 0xFFFF_FFFF, first >> 32, second & 0xFFFF_FFFF])
  }

  @Test("Other sizes and places are refused")
  func refusals() throws {
    let bench = try marker([
      .write(base, 1, 1), .write(base, 1, 2), .write(base, 1, 8), .read(base + 0x0C, 8),
      .read(base + 0x14), .write(base + 0x14, 0), .write(base + 0x0C, 5), .read(base + 8, 4),
    ])
    #expect(bench.run() == .finished)
    #expect(
      bench.responses == Array(repeating: .slaveError, count: 6) + [.okay, .okay])
    #expect(bench.registry.snapshot().tags == [""])
  }
}
