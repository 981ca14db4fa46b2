/// The profiles of the harts of a run, put together.
public struct ProfileSummary: Sendable {
  /// What one function has cost.
  public struct Function: Sendable, Equatable {
    /// As in the symbol table.
    public let name: String
    /// Cycles of the function itself.
    public internal(set) var selfCycles: UInt64 = 0
    /// Cycles of the function and what it has called; those of recursive calls count once.
    public internal(set) var totalCycles: UInt64 = 0
    /// How often it was entered: by calls, tail calls, traps, and when the hart started there.
    public internal(set) var calls: UInt64 = 0
  }

  /// The functions that were executed, by cycles of their own; those called alike are one.
  public let functions: [Function]
  /// Cycles of all harts.
  public let cycles: UInt64
  /// One line `main;convolve;multiply 1234` for each chain of calls in which cycles were spent: the
  /// input of tools that draw flame graphs. With several harts a line begins with the hart's name.
  public let foldedStacks: String

  /// Puts profiles together.
  ///
  /// - Parameter profiles: the names of the harts and their profiles.
  public init(_ profiles: [(hart: String, profile: FunctionProfile)]) {
    var costs: [String: Function] = [:]
    var chains: [String: UInt64] = [:]
    for (hart, profile) in profiles {
      Self.add(profile, to: &costs)
      Self.add(profile, prefix: profiles.count > 1 ? hart + ";" : "", to: &chains)
    }
    functions = costs.values.sorted { first, second in
      if first.selfCycles != second.selfCycles { return first.selfCycles > second.selfCycles }
      if first.totalCycles != second.totalCycles { return first.totalCycles > second.totalCycles }
      return first.name < second.name
    }
    cycles = profiles.reduce(0) { $0 + $1.profile.tree.cycles }
    foldedStacks = chains.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)\n" }.joined()
  }

  private static func add(_ profile: FunctionProfile, to costs: inout [String: Function]) {
    let nodes = profile.tree.nodes
    let names = nodes.map { profile.name(of: $0.function) }
    // With the cycles of all that was called; parents come before their children.
    var whole = nodes.map(\.cycles)
    for index in nodes.indices.reversed() {
      if let parent = nodes[index].parent { whole[parent] += whole[index] }
    }
    for (index, node) in nodes.enumerated() {
      var cost = costs[names[index]] ?? Function(name: names[index])
      cost.selfCycles += node.cycles
      cost.calls += node.calls
      var above = node.parent
      while let parent = above, names[parent] != names[index] { above = nodes[parent].parent }
      if above == nil { cost.totalCycles += whole[index] }
      costs[names[index]] = cost
    }
  }

  private static func add(
    _ profile: FunctionProfile, prefix: String, to chains: inout [String: UInt64]
  ) {
    var names: [String] = []
    for node in profile.tree.nodes {
      let name = frameName(profile.name(of: node.function))
      let chain = node.parent.map { names[$0] + ";" + name } ?? prefix + name
      names.append(chain)
      if node.cycles > 0 { chains[chain, default: 0] += node.cycles }
    }
  }

  /// A name without what separates frames and lines.
  private static func frameName(_ name: String) -> String {
    guard name.utf8.contains(where: { $0 < 0x21 || $0 == 0x3b }) else { return name }
    return String(
      decoding: name.utf8.map { $0 == 0x3b ? 0x3a : $0 < 0x21 ? 0x5f : $0 }, as: UTF8.self)
  }
}
