import Energy
import SimKernel
import SoC
import Telemetry
import Testing

/// An array that streams into a vector unit, as one system with firmware.
@Suite("Array and vector unit in one system")
struct VectorUnitSystemTests {
  private static let path = "\(Project.root)/Tests/SystemTests/Fixtures/vector.json"

  private static func run(
    _ circumstances: Circumstances = Circumstances()
  ) throws -> SimulationResult {
    let description = try SoCDescription.load(
      path, overrides: circumstances.overrides, options: LoadOptions(requiresCPU: true)
    ).description
    return try simulate(description, try Example.firmware(of: description), circumstances)
  }

  @Test("The firmware finds what it expects in memory")
  func values() throws {
    let result = try Self.run()
    #expect(result.end.firmwareCode == 0, "\(result.end.reason)")
    let vector = try #require(result.module("vector"))
    #expect(vector.total("in_beats") == 64)
    #expect(vector.total("side_beats") == 64)
    #expect(vector.total("out_beats") == 16)
    #expect(vector.total("jobs") == 1)
    #expect(vector.states.first { $0.name == "wait-in" }?.blocker == "array")
    #expect(vector.states.first { $0.name == "wait-out" }?.blocker == "dma_out")
    let array = try #require(result.module("array"))
    #expect(array.states.first { $0.name == "wait-out" }?.blocker == "vector")
    for module in [vector, array] {
      let sum = module.states.reduce(0) { $0 + $1.cycles.reduce(0, +) }
      #expect(sum == module.cycles.reduce(0, +))
    }
  }

  @Test("Nothing that must not matter matters", arguments: Irrelevance.all)
  func invariance(irrelevance: Irrelevance) throws {
    let plain = try Self.run()
    let other = try Self.run(irrelevance.circumstances)
    #expect(other.end.firmwareCode == 0)
    #expect(other.snapshot.modules == plain.snapshot.modules)
  }

  @Test("Every table has energy and area for every part", arguments: Project.tableNames)
  func energy(table: String) throws {
    for type in ["int8", "fp32"] {
      for lanes in [1, 8, 48, 256] {
        let text = """
          {
            "memories": { "sram": { "module_address": 0x80000000, "length": 65536 } },
            "accelerators": { "vector": {
              "accelerator": "VectorUnit", "module_address": 0x50000000,
              "fixed_args": { "LANES": \(lanes), "data_type": "\(type)", "MAX_WIDTH": 16 } } }
          }
          """
        let description = try SoCDescription.load(
          text: text, file: "vector.json", options: LoadOptions(requiresCPU: false)
        ).description
        let system = try SystemBuilder(description, program: nil).build()
        let energy = try EnergyTable.load(file: "\(Project.tables)/\(table).json")
        #expect(energy.missing(for: system.registry.inventory()).map(\.description) == [])
        let report = try energy.evaluate(system.registry.snapshot())
        let vector = try #require(report.modules.first { $0.path == "vector" })
        #expect(vector.total.areaSquareMicrometres > 1000)
      }
    }
  }
}
