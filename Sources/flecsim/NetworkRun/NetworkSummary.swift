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
    for module in arrays {
      text += "\nLayers on \(module.path)\n" + layers(on: module.path, module)
    }
    if !outputs.isEmpty {
      text += "\nOutputs\n"
      for output in outputs {
        text += "  \(output.name)  \(TensorSummary(output.tensor).text)\n"
      }
    }
    return text
  }

  private struct Use {
    var macs = 0
    var cycles: UInt64 = 0
    /// Cycles in which operands entered.
    var working: UInt64 = 0
    /// Cycles of all other classes, by name.
    var others: [String: UInt64] = [:]
  }

  private func layers(on engine: String, _ module: ModuleRecord) -> String {
    let cells =
      module.components.first { $0.name == "pe" }.map { Double($0.quantity) } ?? 1
    var table = PlainTable(["layer", "MACs", "cycles", "MAC slots busy", "the other slots"])
    var all = Use()
    for layer in mapped.layers where layer.choice.engine == engine {
      guard let tag = snapshot.tags.firstIndex(of: layer.name), tag < module.cycles.count else {
        continue
      }
      var use = Use(macs: layer.macs, cycles: module.cycles[tag])
      for state in module.states where tag < state.cycles.count {
        add(state, state.cycles[tag], to: &use)
      }
      all.macs += use.macs
      all.cycles += use.cycles
      all.working += use.working
      all.others.merge(use.others, uniquingKeysWith: +)
      if isAlone { table.add(row(layer.name, use, cells)) }
    }
    if !isAlone {
      // Layers run side by side: the current layer says nothing about each array.
      all = Use(macs: all.macs, cycles: module.cycles.reduce(0, +))
      for state in module.states { add(state, state.cycles.reduce(0, +), to: &all) }
      let idle = all.others.removeValue(forKey: "idle") ?? 0
      all.cycles -= min(idle, all.cycles)
    }
    guard all.cycles > 0 else { return "" }
    table.add(row(isAlone ? "all" : "all, while not idle", all, cells))
    return table.text(rightFrom: 1, to: 3).split(separator: "\n").map { "  \($0)\n" }.joined()
  }

  /// The arrays that compute products.
  private var arrays: [ModuleRecord] {
    let names = Set(mapped.layers.filter { $0.macs > 0 }.compactMap(\.choice.engine))
    return snapshot.modules.filter { module in
      names.contains(module.path) && module.components.contains { $0.name == "pe" }
    }
  }

  /// Whether one array does everything.
  private var isAlone: Bool { arrays.count == 1 }

  private func add(_ state: StateRecord, _ cycles: UInt64, to use: inout Use) {
    if state.name == "compute" || state.name == "fill" {
      use.working += cycles
    } else {
      let name = state.blocker.map { "\(state.name) (\($0))" } ?? state.name
      use.others[name, default: 0] += cycles
    }
  }

  private func row(_ name: String, _ use: Use, _ cells: Double) -> [String] {
    let slots = Double(use.cycles) * cells
    var rest = use.others.mapValues { Double($0) * cells }
    // Operands enter, but not for every row, column or step.
    rest["tiles not full"] = Double(use.working) * cells - Double(use.macs)
    let list = rest.filter { $0.value > 0.005 * slots }.sorted {
      ($1.value, $0.key) < ($0.value, $1.key)
    }.prefix(4).map { "\($0.key) \(Self.share($0.value, slots))" }
    return [
      name, PlainTable.grouped(use.macs), PlainTable.grouped(Int(use.cycles)),
      Self.share(Double(use.macs), slots), list.joined(separator: ", "),
    ]
  }

  private static func share(_ part: Double, _ whole: Double) -> String {
    whole > 0 ? String(format: "%.1f %%", 100 * part / whole) : ""
  }
}
