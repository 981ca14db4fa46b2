import Reports
import Telemetry
import Testing

/// SplitMix64, so that failures repeat.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

@Suite("Shares and trees")
struct CycleTreeTests {
  private func sumsExactly(_ tree: CycleTree) -> Bool {
    tree.children.isEmpty
      || tree.children.reduce(0) { $0 + $1.cycles } == tree.cycles
        && tree.children.allSatisfy { sumsExactly($0) }
  }

  private func randomModule(_ seed: UInt64, tags: Int) -> ModuleRecord {
    var generator = SeededGenerator(state: seed)
    let states = (0..<Int.random(in: 0...9, using: &generator)).map { index in
      StateRecord(
        name: "s\(index)", kind: StateKind.allCases.randomElement(using: &generator) ?? .idle,
        blocker: Bool.random(using: &generator) ? "b" : nil,
        cycles: (0..<tags).map { _ in
          Bool.random(using: &generator) ? 0 : UInt64.random(in: 0...1 << 40, using: &generator)
        })
    }
    // Some modules elapse more cycles than their states claim.
    let extra = seed.isMultiple(of: 3) ? UInt64(17) : 0
    let cycles = (0..<tags).map { tag in states.reduce(extra) { $0 + $1.cycles[tag] } }
    return ModuleRecord(
      path: "m", kind: "Test", clock: "core", hertz: 1, cycles: cycles, components: [],
      counters: [], states: states)
  }

  @Test(
    "trees sum exactly to the module's cycles, also when states leave some out", arguments: 1...60)
  func sums(seed: UInt64) {
    let module = randomModule(seed, tags: 4)
    let total = module.cycles.reduce(0, +)
    let byState = CycleTree(module)
    let byLayer = CycleTree(module, byLayersOf: ["", "a", "b", "c"])
    #expect(byState.cycles == total)
    #expect(sumsExactly(byState))
    #expect(byLayer.cycles == total)
    #expect(sumsExactly(byLayer))
  }

  @Test("cycles that no state claims are shown as unaccounted")
  func unaccounted() {
    var module = SampleRun.array
    module.cycles[1] += 5
    let tree = CycleTree(module)
    #expect(tree.children.last?.kind == .unaccounted)
    #expect(tree.children.last?.cycles == 5)
  }

  @Test("shares are tenths of a percent that sum to 100 %", arguments: 1...60)
  func shares(seed: UInt64) {
    var generator = SeededGenerator(state: seed)
    let values = (0..<Int.random(in: 1...20, using: &generator)).map { _ in
      UInt64.random(in: 0...(seed.isMultiple(of: 2) ? 9 : .max), using: &generator)
    }
    let tenths = Shares.tenths(values)
    let total = values.reduce(0.0) { $0 + Double($1) }
    if total == 0 {
      #expect(tenths.allSatisfy { $0 == 0 })
    } else {
      #expect(tenths.reduce(0, +) == 1000)
      for (value, share) in zip(values, tenths) {
        #expect(abs(Double(value) / total * 1000 - Double(share)) <= 1.001)
      }
    }
    let amounts = Shares.tenths(values.map { Double($0) })
    #expect([0, 1000].contains(amounts.reduce(0, +)))
  }

  @Test("shares of nothing are 0")
  func nothing() {
    #expect(Shares.tenths([UInt64]()) == [])
    #expect(Shares.tenths([0, 0] as [UInt64]) == [0, 0])
    #expect(Shares.tenths([.nan, 1]) == [0, 0])
    #expect(Shares.tenths([1, 1, 1] as [UInt64]) == [334, 333, 333])
  }

  @Test("the layer table counts cycles, MACs, bytes and energy per tag and in total")
  func layers() {
    let table = LayerTable(SampleRun.snapshot, energy: SampleRun.energy)
    #expect(table.clock == "core")
    #expect(table.rows.map(\.name) == ["(untagged)", "conv1", "fc1"])
    #expect(table.rows.map(\.cycles).reduce(0, +) == table.total.cycles)
    #expect(table.rows.map(\.dmaBytes) == [0, 630_000, 61_440])
    #expect(table.rows[1].utilisation == 0.5)
    #expect(table.rows[1].seconds == 0.0015)
    #expect(table.rows[1].topWait == "wait-in2 ← dma_x 33.3 %")
    #expect(table.rows[2].topWait == "idle; cpu active 91.8 %")
    #expect(table.rows.compactMap(\.picojoules).reduce(0, +) == table.total.picojoules)
  }

  @Test("a system without arrays has a layer table without utilisation")
  func noArray() {
    var snapshot = SampleRun.snapshot
    snapshot.modules.removeAll { $0.path == "os_array" }
    let table = LayerTable(snapshot)
    #expect(table.total.utilisation == nil)
    #expect(table.total.picojoules == nil)
    #expect(table.rows[1].topWait == "cpu wfi ← interrupt 80.0 %")
  }
}
