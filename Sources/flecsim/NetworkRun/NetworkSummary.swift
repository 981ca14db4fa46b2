internal import Foundation
internal import Mapping
internal import Networks
internal import Telemetry

/// What a run says about its network: per layer how busy the array was and what it waited for, then the outputs.
struct NetworkSummary {
  private let mapped: MappedNetwork
  private let snapshot: Snapshot
  private let outputs: [(name: String, tensor: Tensor)]

  init(
    _ mapped: MappedNetwork, _ snapshot: Snapshot, _ outputs: [(name: String, tensor: Tensor)]
  ) {
    self.mapped = mapped
    self.snapshot = snapshot
    self.outputs = outputs
  }

  var text: String {
    var text = ""
    let engines = Set(mapped.layers.compactMap(\.choice.engine)).subtracting(["core"])
    for engine in engines.sorted() {
      guard let module = snapshot.modules.first(where: { $0.path == engine }) else { continue }
      text += "\nLayers on \(engine)\n" + layers(on: engine, module)
    }
    if !outputs.isEmpty {
      text += "\nOutputs\n"
      for output in outputs {
        text += "  \(output.name)  \(TensorSummary(output.tensor).text)\n"
      }
    }
    return text
  }

  private func layers(on engine: String, _ module: ModuleRecord) -> String {
    let cells =
      module.components.first { $0.name == "pe" }.map { Double($0.quantity) } ?? 1
    var table = PlainTable(["layer", "MACs", "cycles", "MAC slots busy", "what the array did else"])
    var (macs, cycles) = (0, UInt64(0))
    var others: [String: UInt64] = [:]
    for layer in mapped.layers where layer.choice.engine == engine {
      guard let tag = snapshot.tags.firstIndex(of: layer.name), tag < module.cycles.count else {
        continue
      }
      let spent = module.cycles[tag]
      macs += layer.macs
      cycles += spent
      var own: [String: UInt64] = [:]
      for state in module.states where state.name != "compute" && tag < state.cycles.count {
        let name = state.blocker.map { "\(state.name) (\($0))" } ?? state.name
        own[name, default: 0] += state.cycles[tag]
        others[name, default: 0] += state.cycles[tag]
      }
      table.add([
        layer.name, PlainTable.grouped(layer.macs), PlainTable.grouped(Int(spent)),
        Self.share(Double(layer.macs), Double(spent) * cells), Self.list(own, spent),
      ])
    }
    guard cycles > 0 else { return "" }
    table.add([
      "all", PlainTable.grouped(macs), PlainTable.grouped(Int(cycles)),
      Self.share(Double(macs), Double(cycles) * cells), Self.list(others, cycles),
    ])
    return table.text(rightFrom: 1).split(separator: "\n").map { "  \($0)\n" }.joined()
  }

  private static func share(_ part: Double, _ whole: Double) -> String {
    whole > 0 ? String(format: "%.1f %%", 100 * part / whole) : ""
  }

  private static func list(_ states: [String: UInt64], _ whole: UInt64) -> String {
    states.filter { $0.value * 200 > whole }.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
      .prefix(4).map { "\($0.key) \(share(Double($0.value), Double(whole)))" }
      .joined(separator: ", ")
  }
}
