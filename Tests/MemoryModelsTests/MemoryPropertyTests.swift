import Fabric
import MemoryModels
import SimKernel
import Telemetry
import TestSupport
import Testing

/// Random traffic of several initiators on few addresses.
private struct Traffic {
  var options = MemoryBench.Options()
  var scripts: [[BusTransaction]] = []

  init(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    options.seed = seed
    options.kind =
      seed % 2 == 0
      ? .sram(banks: [1, 2, 4, 8].randomElement(using: &random) ?? 1)
      : .dram(bitsPerCycle: [5, 16, 40, 64, 300].randomElement(using: &random) ?? 8)
    options.readDelay = Cycle.random(in: 1...6, using: &random)
    options.writeDelay = Cycle.random(in: 1...6, using: &random)
    options.busBytes = [4, 8, 16, 32].randomElement(using: &random) ?? 4
    options.stallPercent = [0, 20, 70].randomElement(using: &random) ?? 0
    options.outstanding = Int.random(in: 1...3, using: &random)
    options.periods = [(1, 1), (2, 3), (5, 1), (1, 4)].randomElement(using: &random) ?? (1, 1)
    let range = [16, 64, 256].randomElement(using: &random) ?? 64
    scripts = (0..<Int.random(in: 1...4, using: &random)).map { _ in
      var time: Cycle = 0
      return (0..<40).map { _ in
        if Int.random(in: 0..<4, using: &random) == 0 {
          time += Cycle.random(in: 1...60, using: &random)
        }
        let count = Int.random(in: 1...min(range, 40), using: &random)
        let address =
          MemoryBench.base + Address.random(in: 0...Address(range - count), using: &random)
        guard Bool.random(using: &random) else { return .read(address, count, at: time) }
        return .write(
          address, bytes: (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) },
          at: time)
      }
    }
  }
}

/// Everything a run shows.
private struct Observation: Equatable {
  let outcome: Outcome
  let snapshot: Snapshot
  let bytes: [UInt8]
  let answers: [[BusDriver.Answer]]

  init(_ bench: MemoryBench) {
    outcome = bench.run()
    snapshot = bench.registry.snapshot()
    bytes = bench.store.read(at: MemoryBench.base, count: bench.store.size)
    answers = bench.drivers.map(\.answers)
  }
}

/// A write as a byte sees it: it takes effect at some moment between sending and answer.
private struct ByteWrite {
  let sent: Cycle
  let finished: Cycle
  let value: UInt8
}

@Suite("Memories under random traffic")
struct MemoryPropertyTests {
  @Test(
    "Every byte read is one that a write could have left there at that time",
    arguments: 1...60 as ClosedRange<UInt64>)
  func coherence(seed: UInt64) throws {
    let traffic = Traffic(seed: seed)
    let bench = try MemoryBench(traffic.options, traffic.scripts)
    #expect(bench.run() == .finished)
    var writes: [Address: [ByteWrite]] = [:]
    for (script, driver) in zip(traffic.scripts, bench.drivers) {
      for (transaction, answer) in zip(script, driver.answers) {
        #expect(answer.response == .okay)
        guard let data = transaction.data else { continue }
        for (index, value) in data.enumerated() {
          writes[transaction.address + Address(index), default: []].append(
            ByteWrite(sent: answer.sent, finished: answer.finished ?? .max, value: value))
        }
      }
    }
    /// What a look at `address` that began at `start` and ended at `end` may see.
    func candidates(_ address: Address, _ start: Cycle, _ end: Cycle) -> Set<UInt8> {
      let known = writes[address] ?? []
      let latestStart = known.filter { $0.finished <= start }.map(\.sent).max()
      var values = Set(
        known.filter { $0.sent < end && $0.finished > (latestStart ?? 0) }.map(\.value))
      if latestStart == nil { values.insert(0) }
      return values
    }
    for (script, driver) in zip(traffic.scripts, bench.drivers) {
      for (transaction, answer) in zip(script, driver.answers) where transaction.data == nil {
        try #require(answer.data.count == transaction.count)
        for (index, value) in answer.data.enumerated() {
          let address = transaction.address + Address(index)
          #expect(
            candidates(address, answer.sent, answer.finished ?? .max).contains(value),
            "address \(address), cycles \(answer.sent) to \(answer.finished ?? 0)")
        }
      }
    }
    for (index, value) in bench.store.read(at: MemoryBench.base, count: 256).enumerated() {
      let address = MemoryBench.base + Address(index)
      #expect(candidates(address, .max, .max).contains(value), "address \(address) at the end")
    }
  }

  @Test(
    "An initiator alone reads exactly what it wrote last",
    arguments: 1...30 as ClosedRange<UInt64>)
  func reference(seed: UInt64) throws {
    var traffic = Traffic(seed: seed)
    traffic.options.outstanding = 1
    traffic.scripts = [traffic.scripts[0]]
    let bench = try MemoryBench(traffic.options, traffic.scripts)
    #expect(bench.run() == .finished)
    var reference = Array(repeating: UInt8(0), count: bench.store.size)
    for (transaction, answer) in zip(traffic.scripts[0], bench.drivers[0].answers) {
      let start = Int(transaction.address - MemoryBench.base)
      if let data = transaction.data {
        reference.replaceSubrange(start..<start + data.count, with: data)
      } else {
        #expect(answer.data == Array(reference[start..<start + transaction.count]))
      }
    }
    #expect(bench.store.read(at: MemoryBench.base, count: bench.store.size) == reference)
  }

  @Test(
    "Skipped cycles and module order change nothing; classes of cycles sum to the cycles",
    arguments: 1...60 as ClosedRange<UInt64>)
  func invariance(seed: UInt64) throws {
    let traffic = Traffic(seed: seed)
    let plain = Observation(try MemoryBench(traffic.options, traffic.scripts))
    #expect(plain.outcome == .finished)
    for (isEager, order) in [
      (true, .registration), (false, .reversed), (true, .shuffled(seed: seed)),
    ] as [(Bool, ModuleOrder)] {
      var options = traffic.options
      (options.isEager, options.order) = (isEager, order)
      #expect(Observation(try MemoryBench(options, traffic.scripts)) == plain)
    }
    for module in plain.snapshot.modules {
      #expect(
        module.states.reduce(0) { $0 + $1.cycles.reduce(0, +) } == module.cycles.reduce(0, +))
    }
    // Every access is a cycle of access; several ports may share one.
    let record = plain.snapshot.modules[0]
    func total(_ name: String) -> UInt64 {
      record.counters.first { $0.name == name }?.values.reduce(0, +) ?? 0
    }
    let access = record.states.first { $0.name == "access" }?.cycles.reduce(0, +) ?? 0
    #expect(access <= total("reads") + total("writes"))
    #expect(access * UInt64(traffic.scripts.count) >= total("reads") + total("writes"))
    #expect(total("bursts") == UInt64(40 * traffic.scripts.count))
  }
}
