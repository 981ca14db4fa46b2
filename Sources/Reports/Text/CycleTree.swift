public import Telemetry

/// Why something took as long as it took: every node's cycles are exactly the sum of its
/// children's.
public struct CycleTree: Sendable, Equatable {
  /// What a node stands for.
  public enum Kind: Sendable, Equatable {
    /// A module, over the whole run.
    case module
    /// A layer or phase.
    case layer
    /// All state classes of one kind.
    case kind(StateKind)
    /// One state class.
    case state(StateKind)
    /// Cycles that no state class claims: a defect of the model.
    case unaccounted
  }

  /// Name of the module, layer, kind or state; a waiting state names its blocker after an arrow.
  public var label: String
  /// What the node stands for.
  public var kind: Kind
  /// Clock cycles of the module.
  public var cycles: UInt64
  /// What the cycles consist of; empty for a leaf.
  public var children: [CycleTree]

  /// Splits a module's cycles into active, waiting and idle ones and these into state classes,
  /// largest first; what took no cycle is left out.
  public init(_ module: ModuleRecord) {
    self.init(
      label: module.path, kind: .module,
      children: CycleTree.split(module, tags: Array(module.cycles.indices)))
  }

  /// Splits a module's cycles into layers, in the order of `tags`, and these into kinds and states.
  ///
  /// - Parameter tags: the snapshot's tags.
  public init(_ module: ModuleRecord, byLayersOf tags: [String]) {
    self.init(
      label: module.path, kind: .module,
      children: tags.indices.filter { module.cycles.indices.contains($0) }.map {
        CycleTree(
          label: LayerTable.label(tags[$0]), kind: .layer,
          children: CycleTree.split(module, tags: [$0]))
      }.filter { $0.cycles > 0 })
  }

  private init(label: String, kind: Kind, children: [CycleTree]) {
    self.label = label
    self.kind = kind
    self.children = children
    cycles = children.reduce(0) { $0 + $1.cycles }
  }

  private init(label: String, kind: Kind, cycles: UInt64) {
    self.label = label
    self.kind = kind
    self.cycles = cycles
    children = []
  }

  private static func split(_ module: ModuleRecord, tags: [Int]) -> [CycleTree] {
    func sum(_ values: [UInt64]) -> UInt64 {
      tags.reduce(0) { values.indices.contains($1) ? $0 + values[$1] : $0 }
    }
    var result: [CycleTree] = []
    for kind in StateKind.allCases {
      let states = module.states.filter { $0.kind == kind }
        .map { CycleTree(label: $0.label, kind: .state(kind), cycles: sum($0.cycles)) }
        .filter { $0.cycles > 0 }
        .sorted { ($1.cycles, $0.label) < ($0.cycles, $1.label) }
      if states.isEmpty { continue }
      result.append(CycleTree(label: kind.rawValue, kind: .kind(kind), children: states))
    }
    let claimed = result.reduce(0) { $0 + $1.cycles }
    let elapsed = sum(module.cycles)
    if claimed < elapsed {
      result.append(
        CycleTree(label: "unaccounted", kind: .unaccounted, cycles: elapsed - claimed))
    }
    return result
  }

  /// The tree as lines: cycles, share of the root, and the name at the end of its branch.
  func lines(_ style: TextStyle) -> [String] {
    var table = TextTable(columns: [
      .init(title: ""), .init(title: ""), .init(title: "", alignment: .left, minimum: 20),
    ])
    append(to: &table, share: 1000, prefix: "", branch: "", isRoot: true)
    return table.lines(style)
  }

  private func append(
    to table: inout TextTable, share: Int, prefix: String, branch: String, isRoot: Bool
  ) {
    // A kind with one state takes one line.
    var node = self
    if case .kind(let kind) = node.kind, let only = children.first, children.count == 1 {
      node = only
      if only.label != kind.rawValue { node.label += " (\(kind.rawValue))" }
    }
    table.rows.append(
      TextTable.Row(
        cells: [
          .text(Quantity.exact(node.cycles)), .text(Quantity.percent(tenths: share)),
          .text(branch + TextStyle.printable(node.label)),
        ], role: isRoot ? .heading : node.kind == .unaccounted ? .bad : .plain))
    let shares = Shares.tenths(node.children.map(\.cycles), of: share)
    for (index, child) in node.children.enumerated() {
      let isLast = index == node.children.count - 1
      child.append(
        to: &table, share: shares[index], prefix: prefix + (isLast ? "   " : "│  "),
        branch: prefix + (isLast ? "└─ " : "├─ "), isRoot: false)
    }
  }
}

extension StateRecord {
  /// Name, and the blocker of a waiting state: `wait-in1 ← dma_x`.
  var label: String {
    blocker.map { "\(name) ← \($0)" } ?? name
  }

  /// Cycles over all tags.
  var total: UInt64 { cycles.reduce(0, +) }
}

extension ModuleRecord {
  /// Cycles over all tags.
  var totalCycles: UInt64 { cycles.reduce(0, +) }

  /// Cycles per kind of state, in the order of `StateKind.allCases`.
  func cyclesByKind(tag: Int? = nil) -> [UInt64] {
    StateKind.allCases.map { kind in
      states.filter { $0.kind == kind }.reduce(0) { sum, state in
        guard let tag else { return sum + state.total }
        return state.cycles.indices.contains(tag) ? sum + state.cycles[tag] : sum
      }
    }
  }
}
