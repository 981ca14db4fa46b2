import Energy
import Foundation
import Telemetry
import Testing

/// Files and records that the tests of this target share.
enum EnergyFixtures {
  private static let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()

  static let configurations =
    here.deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Configs/energy")

  static let shippedNames = ["aladdin-45nm", "horowitz-45nm"]

  static func shipped(_ name: String) throws -> EnergyTable {
    try EnergyTable.load(file: configurations.appendingPathComponent("\(name).json").path)
  }

  static func fixture(_ name: String) throws -> EnergyTable {
    try EnergyTable.load(file: here.appendingPathComponent("Fixtures/\(name).json").path)
  }

  static func sweep() throws -> SRAMSweep {
    let url = configurations.appendingPathComponent("cacti-sram.csv")
    return try SRAMSweep(csv: String(contentsOf: url, encoding: .utf8), file: "cacti-sram.csv")
  }

  static func scaling() throws -> NodeScaling {
    let url = configurations.appendingPathComponent("stillmaker-baas-2017.json")
    return try NodeScaling(
      document: try EnergyTable.parseJSON(try Data(contentsOf: url), file: "scaling.json"),
      file: "scaling.json")
  }

  /// Relative agreement of two numbers.
  static func near(_ a: Double, _ b: Double, _ tolerance: Double = 1e-12) -> Bool {
    abs(a - b) <= tolerance * max(abs(a), abs(b))
  }

  static func component(
    _ componentClass: String, _ attributes: [String: Double] = [:], name: String = "c",
    quantity: UInt64 = 1
  ) -> ComponentRecord {
    ComponentRecord(
      name: name, componentClass: componentClass, attributes: attributes, quantity: quantity)
  }

  /// A component of a class of the vocabulary, with plausible attributes.
  static func example(of componentClass: ComponentClass) -> ComponentRecord {
    let plausible: [String: Double] = [
      "width_bits": 64, "bytes": 16384, "rw_ports": 1, "banks": 2, "inputs": 3, "outputs": 5,
      "depth": 4, "xlen": 32, "registers": 64,
    ]
    return component(
      componentClass.name,
      plausible.filter { componentClass.attributes.contains($0.key) })
  }

  static func counter(
    _ component: String, _ action: String, _ values: [UInt64], scale: Double = 1
  ) -> CounterRecord {
    CounterRecord(
      name: "\(component)_\(action)", unit: "action", help: "Counted for the test.", values: values,
      action: ActionReference(component: component, action: action, scale: scale))
  }

  static func module(
    _ path: String, hertz: UInt64 = 200_000_000, cycles: [UInt64],
    components: [ComponentRecord], counters: [CounterRecord]
  ) -> ModuleRecord {
    ModuleRecord(
      path: path, kind: "Test", clock: "core", hertz: hertz, cycles: cycles, components: components,
      counters: counters, states: [])
  }
}
