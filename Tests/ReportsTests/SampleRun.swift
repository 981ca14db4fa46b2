import Energy
import Foundation
import Reports
import Telemetry

/// A small system with an array, two DMAs, a core and a quiet device; three layers.
enum SampleRun {
  static let tags = ["", "conv1", "fc1"]

  static func state(
    _ name: String, _ kind: StateKind, _ cycles: [UInt64], on blocker: String? = nil
  ) -> StateRecord {
    StateRecord(name: name, kind: kind, blocker: blocker, cycles: cycles)
  }

  static func counter(
    _ name: String, _ unit: String, _ values: [UInt64], action: ActionReference? = nil
  ) -> CounterRecord {
    CounterRecord(name: name, unit: unit, help: "Test.", values: values, action: action)
  }

  static func module(
    _ path: String, _ kind: String, components: [ComponentRecord] = [],
    counters: [CounterRecord] = [], states: [StateRecord]
  ) -> ModuleRecord {
    ModuleRecord(
      path: path, kind: kind, clock: "core", hertz: 100_000_000, cycles: [1_000, 150_000, 49_000],
      components: components, counters: counters, states: states)
  }

  static let array = module(
    "os_array", "OSArray",
    components: [
      ComponentRecord(
        name: "pe", componentClass: "mac.int8", attributes: [:], quantity: 64)
    ],
    counters: [
      counter(
        "macs", "MAC", [0, 4_800_000, 61_440],
        action: ActionReference(component: "pe", action: "mac", scale: 1))
    ],
    states: [
      state("idle", .idle, [1_000, 2_000, 40_000]), state("compute", .active, [0, 75_000, 1_500]),
      state("fill", .active, [0, 3_000, 500]), state("drain", .active, [0, 10_000, 1_000]),
      state("wait-in1", .waiting, [0, 10_000, 0], on: "dma_w"),
      state("wait-in2", .waiting, [0, 50_000, 6_000], on: "dma_x"),
      state("wait-out", .waiting, [0, 0, 0], on: "dma_y"),
    ])

  static func dma(_ path: String, waiting: UInt64, bytes: UInt64) -> ModuleRecord {
    module(
      path, "DMA",
      components: [
        ComponentRecord(
          name: "gather", componentClass: "byte_gather", attributes: ["width_bits": 64],
          quantity: 1)
      ],
      counters: [
        counter("bytes", "B", [0, bytes, 30_720]),
        counter(
          "bus_beats", "beat", [0, bytes / 8, 3_840],
          action: ActionReference(component: "gather", action: "beat", scale: 1)),
      ],
      states: [
        state("idle", .idle, [1_000, 0, 40_000]),
        state("active", .active, [0, 150_000 - waiting, 7_000]),
        state("wait-memory", .waiting, [0, waiting, 2_000], on: "crossbar"),
      ])
  }

  static let snapshot = Snapshot(
    ticksPerSecond: 100_000_000, ticks: 200_000, tags: tags,
    modules: [
      module(
        "cpu", "RISCV32",
        states: [
          state("run", .active, [1_000, 20_000, 45_000]),
          state("wait-device", .waiting, [0, 10_000, 1_000], on: "crossbar"),
          state("wfi", .waiting, [0, 120_000, 3_000], on: "interrupt"),
        ]),
      module(
        "crossbar", "Crossbar",
        states: [
          state("idle", .idle, [1_000, 20_000, 40_000]),
          state("transfer", .active, [0, 120_000, 8_000]),
          state("blocked-by-dram", .waiting, [0, 10_000, 1_000], on: "dram"),
        ]),
      dma("dma_w", waiting: 30_000, bytes: 150_000), dma("dma_x", waiting: 90_000, bytes: 480_000),
      array,
      module(
        "uart", "UART16550",
        states: [
          state("idle", .idle, [1_000, 150_000, 48_900]), state("serving", .active, [0, 0, 100]),
        ]),
    ])

  /// Priced by hand: 1 pJ per MAC, 0.25 pJ per DMA beat, 1 mW of leakage in the array.
  static let energy: EnergyReport = {
    func totals(_ dynamic: Double, _ leakage: Double, _ area: Double) -> String {
      """
      {"dynamic_pJ": \(dynamic), "leakage_pJ": \(leakage), "total_pJ": \(dynamic + leakage),
       "average_power_mW": \((dynamic + leakage) / 2e-3 * 1e-9), "area_um2": \(area)}
      """
    }
    func tag(_ index: Int, _ dynamic: Double, _ leakage: Double) -> String {
      """
      {"tag": "\(tags[index])", "dynamic_pJ": \(dynamic), "leakage_pJ": \(leakage),
       "total_pJ": \(dynamic + leakage)}
      """
    }
    let arrayTags = [(0.0, 10_000.0), (4_800_000, 1_500_000), (61_440, 490_000)]
    let dmaTags = [(0.0, 0.0), (19_687.5, 0), (1_920, 0)]
    let json = """
      {"table": "sample-45nm", "table_title": "Sample prices", "node_nm": 45,
       "simulated_time_s": 0.002, "energy_quantum_pJ": 0.0078125, "area_quantum_um2": 0.5,
       "total": \(totals(4_883_047.5, 2_000_000, 130_000)),
       "tags": [\((0..<3).map {
         tag($0, arrayTags[$0].0 + dmaTags[$0].0, arrayTags[$0].1)
       }.joined(separator: ","))],
       "modules": [
         {"path": "os_array", "kind": "OSArray", "total": \(totals(4_861_440, 2_000_000, 128_000)),
          "tags": [\((0..<3).map { tag($0, arrayTags[$0].0, arrayTags[$0].1) }
            .joined(separator: ","))],
          "components": [
            {"name": "pe", "class": "mac.int8", "quantity": 64, "leakage_mW": 1,
             "total": \(totals(4_861_440, 2_000_000, 128_000)), "tags": [],
             "actions": [{"action": "mac", "count": 4861440, "energy_per_action_pJ": 1,
               "energy_pJ": 4861440, "count_by_tag": [0, 4800000, 61440],
               "energy_by_tag_pJ": [0, 4800000, 61440], "sources": ["sample"]}],
             "hardware_sources": ["sample"]}]},
         {"path": "dma_w", "kind": "DMA", "total": \(totals(6_607.5, 0, 1_000)),
          "tags": [], "components": []},
         {"path": "dma_x", "kind": "DMA", "total": \(totals(15_000, 0, 1_000)),
          "tags": [], "components": []}],
       "sources": [
         {"citation": {"key": "sample", "author": "A. Author", "title": "Prices",
           "version": "2014"}, "energy_pJ": 6883047.5, "energy_share": 1,
          "area_um2": 130000, "area_share": 1}],
       "warnings": ["os_array.pe: entries scaled from 40 to 45 nm"],
       "notes": ["mac.int8: accumulates in 32 bits"]}
      """
    do {
      return try JSONDecoder().decode(EnergyReport.self, from: Data(json.utf8))
    } catch {
      preconditionFailure("the sample does not decode: \(error)")
    }
  }()

  static let record = RunRecord(
    tool: "flecsim 0.1", name: "lenet5",
    outcome: RunOutcome(reason: "firmware exited with 0", exitCode: 0),
    configuration: "{\n  \"name\": \"lenet5\"\n}\n", snapshot: snapshot, energy: energy,
    console: "digit 7\n",
    verification: [
      VerificationResult(name: "conv1", file: "golden/conv1.bin", matched: 4_704, total: 4_704),
      VerificationResult(name: "fc1", file: "golden/fc1.bin", matched: 120, total: 120),
    ],
    conventions: [
      ConventionRow(
        module: "os_array", jobs: 98, ours: 87_500, convention: "scalesim", cycles: 85_100,
        explanation: "Counts no drain and numbers cycles from 0.")
    ],
    inputs: [InputFile(path: "lenet5.c", sha256: "00ff")], digest: "abc123",
    host: HostRecord(wallSeconds: 0.04, system: "Linux x86_64", build: "release"))

  static let empty = RunRecord(
    tool: "flecsim 0.1", name: "empty", outcome: RunOutcome(reason: "cycle limit", exitCode: 3),
    configuration: "{}\n",
    snapshot: Snapshot(
      ticksPerSecond: 1, ticks: 0, tags: [""],
      modules: [
        ModuleRecord(
          path: "m", kind: "SRAM", clock: "core", hertz: 100, cycles: [0], components: [],
          counters: [], states: [state("idle", .idle, [0]), state("access", .active, [0])])
      ]))
}
