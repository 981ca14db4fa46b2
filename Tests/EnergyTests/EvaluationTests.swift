import Energy
import Foundation
import Telemetry
import Testing

private typealias F = EnergyFixtures

@Suite("Evaluation of a snapshot")
struct EvaluationTests {
  /// Exercise 02 of the Accelergy tutorial as a snapshot.
  private let tutorial = Snapshot(
    ticksPerSecond: 200_000_000, ticks: 100, tags: [""],
    modules: [
      F.module(
        "design", cycles: [100],
        components: [
          F.component("glb", name: "glb"), F.component("buffer", name: "buffer"),
          F.component("mac16", name: "mac"),
        ],
        counters: [
          F.counter("glb", "read", [20]), F.counter("glb", "write", [10]),
          F.counter("buffer", "read_10", [50]), F.counter("buffer", "read_11", [20]),
          F.counter("mac", "mac_random", [30]), F.counter("mac", "mac_gated", [15]),
        ])
    ])

  @Test("The Accelergy tutorial's 219.695 pJ comes out")
  func tutorialGolden() throws {
    let table = try F.fixture("accelergy-tutorial-02")
    let report = try table.evaluate(tutorial)
    #expect(abs(report.total.totalPicojoules - 219.695) < 1e-9)
    let parts = report.modules[0].components.map(\.total.dynamicPicojoules)
    #expect(abs(parts[0] - 141.34) < 1e-9)
    #expect(abs(parts[1] - 10.81) < 1e-9)
    #expect(abs(parts[2] - 67.545) < 1e-9)
    // 219.695 pJ in 500 ns is 0.43939 mW.
    #expect(abs(report.total.averagePowerMilliwatts - 0.43939) < 1e-9)
    #expect(report.notes.count == 3)
  }

  /// Two modules in two clock domains, three tags, 1 ms.
  private func system(scale: UInt64 = 1) -> Snapshot {
    let array = F.module(
      "array", cycles: [20_000, 150_000, 30_000],
      components: [
        F.component("mac.int8", name: "pe", quantity: 64),
        F.component("register", ["width_bits": 8], name: "skew", quantity: 56),
        F.component(
          "sram", ["bytes": 4096, "width_bits": 32, "rw_ports": 1, "banks": 1], name: "buffer"),
      ],
      counters: [
        F.counter("pe", "mac", [0, 9_000_000 * scale, 1234 * scale]),
        F.counter("skew", "write", [7, 800_000, 56].map { $0 * scale }),
        F.counter("skew", "write", [1, 1, 1].map { $0 * scale }, scale: 0.5),
        F.counter("buffer", "read", [10, 20_000, 30].map { $0 * scale }),
        F.counter("buffer", "write", [11, 21_000, 31].map { $0 * scale }),
        CounterRecord(
          name: "jobs", unit: "job", help: "Costs nothing.", values: [1, 2, 3], action: nil),
      ])
    let memory = F.module(
      "dram", hertz: 100_000_000, cycles: [10_000, 75_000, 15_000],
      components: [F.component("dram", ["bytes": 1_048_576, "pj_per_bit": 12.5], name: "device")],
      counters: [
        F.counter("device", "read_bit", [8, 64_000, 0].map { $0 * scale }, scale: 8),
        F.counter("device", "write_bit", [0, 640, 3].map { $0 * scale }, scale: 8),
      ])
    return Snapshot(
      ticksPerSecond: 200_000_000, ticks: 200_000, tags: ["", "conv1", "pool1"],
      modules: [array, memory])
  }

  @Test("A small system agrees with the calculation by hand")
  func byHand() throws {
    let report = try F.shipped("aladdin-45nm").evaluate(system())
    #expect(report.table == "aladdin-45nm" && report.nodeNanometres == 45)
    #expect(report.simulatedSeconds == 1e-3)
    let mac = 8.63 / 16 + 0.0857
    let pe = report.modules[0].components[0]
    #expect(F.near(pe.total.dynamicPicojoules, 9_001_234 * mac, 1e-9))
    #expect(F.near(pe.actions[0].picojoulesPerAction, mac))
    #expect(pe.actions[0].count == 9_001_234)
    #expect(F.near(pe.leakageMilliwatts, 64 * (0.24 / 16 + 0.0119) / 5))
    // mW times 1 ms, in pJ
    #expect(F.near(pe.total.leakagePicojoules, pe.leakageMilliwatts * 1e6, 1e-9))
    #expect(F.near(pe.total.areaSquareMicrometres, 64 * (4600.0 / 16 + 179), 1e-9))
    let skew = report.modules[0].components[1]
    #expect(skew.actions.count == 1)
    #expect(skew.actions[0].count == 800_063 + 1.5)
    #expect(F.near(skew.total.dynamicPicojoules, 800_064.5 * 8 * 0.009, 1e-6))
    let buffer = report.modules[0].components[2]
    #expect(
      F.near(buffer.total.dynamicPicojoules, 20_040 * 2.86168 + 21_042 * 3.73221, 1e-6))
    #expect(F.near(buffer.total.leakagePicojoules, 0.000828412 * 1e6, 1e-6))
    let dram = report.modules[1]
    #expect(F.near(dram.total.dynamicPicojoules, (64_008 + 643) * 8 * 12.5, 1e-9))
    #expect(dram.total.leakagePicojoules == 0 && dram.total.areaSquareMicrometres == 0)
    // Leakage follows the module's cycles: 75 % of them were under conv1.
    #expect(F.near(pe.tags[1].leakagePicojoules, 0.75 * pe.total.leakagePicojoules, 1e-9))
    #expect(
      F.near(
        report.total.averagePowerMilliwatts, report.total.totalPicojoules / 1e6, 1e-12))
  }

  @Test("Actions, components, modules, tags and sources sum exactly")
  func exactSums() throws {
    for name in F.shippedNames {
      for node in [45.0, 28, 16] {
        let report = try F.shipped(name).evaluate(system(), node: node)
        expectExactSums(report)
      }
    }
  }

  private func expectExactSums(_ report: EnergyReport) {
    func expectTags(_ tags: [TagEnergy], _ total: EnergyTotals) {
      #expect(tags.reduce(0) { $0 + $1.dynamicPicojoules } == total.dynamicPicojoules)
      #expect(tags.reversed().reduce(0) { $0 + $1.leakagePicojoules } == total.leakagePicojoules)
      #expect(tags.reduce(0) { $0 + $1.totalPicojoules } == total.totalPicojoules)
    }
    expectTags(report.tags, report.total)
    #expect(
      report.modules.reversed().reduce(0) { $0 + $1.total.totalPicojoules }
        == report.total.totalPicojoules)
    #expect(
      report.modules.reduce(0) { $0 + $1.total.areaSquareMicrometres }
        == report.total.areaSquareMicrometres)
    for module in report.modules {
      expectTags(module.tags, module.total)
      #expect(
        module.components.reversed().reduce(0) { $0 + $1.total.totalPicojoules }
          == module.total.totalPicojoules)
      for component in module.components {
        expectTags(component.tags, component.total)
        #expect(
          component.actions.reduce(0) { $0 + $1.picojoules } == component.total.dynamicPicojoules)
        for action in component.actions {
          #expect(action.picojoulesByTag.reversed().reduce(0, +) == action.picojoules)
        }
      }
    }
    #expect(report.sources.reduce(0) { $0 + $1.picojoules } == report.total.totalPicojoules)
    #expect(
      report.sources.reduce(0) { $0 + $1.areaSquareMicrometres }
        == report.total.areaSquareMicrometres)
    #expect(F.near(report.sources.reduce(0) { $0 + $1.energyShare }, 1))
  }

  @Test("The report says on which sources its total rests")
  func provenance() throws {
    let report = try F.shipped("aladdin-45nm").evaluate(system())
    let shares = Dictionary(
      uniqueKeysWithValues: report.sources.map { ($0.citation.key, $0) })
    #expect(Set(shares.keys) == ["aladdin-plug-in", "cacti-7", "configuration"])
    #expect(
      try #require(shares["configuration"]).picojoules
        == report.modules[1].total.dynamicPicojoules)
    #expect(
      try #require(shares["cacti-7"]).picojoules
        == report.modules[0].components[2].total.totalPicojoules)
    #expect(report.sources == report.sources.sorted { $0.picojoules > $1.picojoules })
    let mixed = try F.shipped("horowitz-45nm").evaluate(system())
    let pe = mixed.modules[0].components[0]
    #expect(pe.actions[0].sources == ["horowitz-2014"])
    #expect(pe.hardwareSources == ["aladdin-plug-in", "dally-2015"])
  }

  @Test("Dynamic energy is linear in the counts")
  func linear() throws {
    let table = try F.shipped("aladdin-45nm")
    let one = try table.evaluate(system()).total
    for factor: UInt64 in [2, 3, 7, 1000] {
      let many = try table.evaluate(system(scale: factor)).total
      #expect(F.near(many.dynamicPicojoules, Double(factor) * one.dynamicPicojoules, 1e-12))
      #expect(F.near(many.leakagePicojoules, one.leakagePicojoules, 1e-9))
    }
  }

  @Test("Random systems are additive over modules and over tags, and sum exactly")
  func additive() throws {
    var generator = SplitMix(state: 42)
    let table = try F.shipped("aladdin-45nm")
    for _ in 0..<20 {
      let tags = Int(generator.next() % 5) + 1
      func random(_ limit: UInt64) -> [UInt64] { (0..<tags).map { _ in generator.next() % limit } }
      let cycles = random(1_000_000).map { $0 + 1 }
      let modules = (0..<4).map { index in
        F.module(
          "m\(index)", cycles: cycles,
          components: [
            F.component("adder", ["width_bits": 32], name: "a", quantity: generator.next() % 99),
            F.component("hart", ["xlen": 32], name: "h"),
          ],
          counters: [
            F.counter("a", "add", random(1 << 40)), F.counter("h", "instruction", random(1000)),
          ])
      }
      func snapshot(_ modules: [ModuleRecord], tags: [String]) -> Snapshot {
        Snapshot(
          ticksPerSecond: 200_000_000, ticks: cycles.reduce(0, +), tags: tags, modules: modules)
      }
      let names = (0..<tags).map { $0 == 0 ? "" : "t\($0)" }
      let whole = try table.evaluate(snapshot(modules, tags: names))
      expectExactSums(whole)
      let alone = try modules.map { try table.evaluate(snapshot([$0], tags: names)).total }
      #expect(
        F.near(
          alone.reduce(0) { $0 + $1.totalPicojoules }, whole.total.totalPicojoules, 1e-12))
      let merged = modules.map { module in
        var module = module
        module.cycles = [module.cycles.reduce(0, +)]
        for index in module.counters.indices {
          module.counters[index].values = [module.counters[index].values.reduce(0, +)]
        }
        return module
      }
      let untagged = try table.evaluate(snapshot(merged, tags: [""]))
      #expect(
        F.near(untagged.total.totalPicojoules, whole.total.totalPicojoules, 1e-12))
    }
  }

  @Test("Equal inputs give equal reports, and a report survives coding with units in its keys")
  func coding() throws {
    let table = try F.shipped("aladdin-45nm")
    let report = try table.evaluate(system(), node: 28)
    #expect(try table.evaluate(system(), node: 28) == report)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let data = try encoder.encode(report)
    #expect(try JSONDecoder().decode(EnergyReport.self, from: data) == report)
    let text = String(decoding: data, as: UTF8.self)
    for key in [
      "dynamic_pJ", "leakage_pJ", "total_pJ", "average_power_mW", "area_um2", "node_nm",
      "simulated_time_s", "energy_by_tag_pJ",
    ] {
      #expect(text.contains("\"\(key)\""))
    }
    #expect(report.warnings.contains { $0.contains("interpolated between nodes") })
  }

  @Test("An empty run costs nothing and divides by nothing")
  func empty() throws {
    let table = try F.shipped("aladdin-45nm")
    var snapshot = system()
    snapshot.ticks = 0
    for module in snapshot.modules.indices {
      snapshot.modules[module].cycles = [0, 0, 0]
      for counter in snapshot.modules[module].counters.indices {
        snapshot.modules[module].counters[counter].values = [0, 0, 0]
      }
    }
    let report = try table.evaluate(snapshot)
    #expect(report.total.totalPicojoules == 0 && report.total.averagePowerMilliwatts == 0)
    #expect(report.total.areaSquareMicrometres > 0)
    snapshot.modules = []
    #expect(try table.evaluate(snapshot).total.areaSquareMicrometres == 0)
  }

  @Test("A design that the table does not cover and a contradictory snapshot are refused")
  func refusals() throws {
    let table = try F.shipped("aladdin-45nm")
    var unknown = system()
    unknown.modules[0].components[0].componentClass = "mac.int7"
    let missing = try #require(throws: EnergyEvaluationError.self) {
      _ = try table.evaluate(unknown)
    }
    #expect(missing.description.contains("array.pe (mac.int7)"))
    #expect(table.missing(for: unknown).count == 1)
    var short = system()
    short.modules[1].counters[0].values = [1]
    var twice = system()
    twice.modules[0].components[1].name = "pe"
    var timeless = system()
    timeless.ticksPerSecond = 0
    for snapshot in [short, twice, timeless] {
      let error = try #require(throws: EnergyEvaluationError.self) {
        _ = try table.evaluate(snapshot)
      }
      #expect(error.description.hasPrefix("malformed snapshot: "))
    }
  }
}

/// A small deterministic generator.
private struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
