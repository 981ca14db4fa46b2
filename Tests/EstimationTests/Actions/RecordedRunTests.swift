import Estimation
import Foundation
import Mapping
import Testing

@Suite("Counts against a recorded run")
struct RecordedRunTests {
  private struct Row: Hashable {
    let module: String
    let counter: String
    let total: UInt64
  }

  private static func recorded() throws -> [Row] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent()
      .appending(path: "Fixtures/actions/os-fp32-16x16-tiny-darknet.csv")
    let text = try String(contentsOf: file, encoding: .utf8)
    return try text.split(separator: "\n").dropFirst().map { line in
      let cells = line.split(separator: ",")
      try #require(cells.count == 3)
      return Row(
        module: String(cells[0]), counter: String(cells[1]),
        total: try #require(UInt64(cells[2])))
    }
  }

  @Test("Tiny-Darknet in binary32: every counter that the plan determines, to the last one")
  func tinyDarknet() throws {
    let mapped = try PlannedWork.mapped()
    let counts = ActionCounts.count(
      mapped.work, shape: PlannedWork.shape, layers: mapped.layers.count)
    let recorded = try Self.recorded()
    #expect(recorded.count > 100)
    let total = counts.total
    for row in recorded {
      #expect(
        total[row.module]?.counters[row.counter, default: 0] ?? 0 == row.total,
        "\(row.module) \(row.counter)")
    }
    // Nothing is counted that the run does not know.
    let known = Set(recorded.map { "\($0.module) \($0.counter)" })
    for (module, activity) in total {
      for counter in activity.counters.keys { #expect(known.contains("\(module) \(counter)")) }
    }
  }

  @Test("Layers: the array's multiplications are those of the network")
  func layers() throws {
    let mapped = try PlannedWork.mapped()
    let counts = ActionCounts.count(
      mapped.work, shape: PlannedWork.shape, layers: mapped.layers.count)
    #expect(counts.layers.count == mapped.layers.count)
    for (layer, activities) in zip(mapped.layers, counts.layers)
    where layer.choice.engine == "array" {
      #expect(activities["array"]?.counters["macs"] == UInt64(layer.macs), "\(layer.name)")
    }
  }

  @Test("Interrupts given by a model of time replace one per command")
  func interrupts() throws {
    let mapped = try PlannedWork.mapped()
    let layers = mapped.layers.count
    let none = ActionCounts.count(
      mapped.work, shape: PlannedWork.shape, layers: layers,
      interrupts: mapped.work.map { _ in Array(repeating: 0, count: layers) })
    let each = ActionCounts.count(mapped.work, shape: PlannedWork.shape, layers: layers)
    let commands = mapped.work.reduce(0) { $0 + ($1.kind == .core ? 0 : $1.commands.count) }
    #expect(none.total["plic"]?.counters["claims"] == 0)
    #expect(each.total["plic"]?.counters["claims"] == UInt64(commands))
    #expect(each.total["vec"]?.counters["macs"] == nil)
    for module in ["array", "dma_in"] {
      let few = none.total[module]?.counters ?? [:]
      let many = each.total[module]?.counters ?? [:]
      for (name, value) in few where name != "register_accesses" {
        #expect(many[name] == value)
      }
    }
  }
}
