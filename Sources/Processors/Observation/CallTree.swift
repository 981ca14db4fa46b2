/// The chains of calls of a program and what was spent in each: one node per chain.
public struct CallTree: Sendable {
  /// A chain of calls, by its last function.
  public struct Node: Sendable {
    /// Index of the chain without its last function; nil for a chain of one.
    public let parent: Int?
    /// The last function of the chain, an index into ``FunctionProfile/names``.
    public let function: Int
    /// Cycles spent in the last function itself.
    public internal(set) var cycles: UInt64 = 0
    /// How often the last function was entered.
    public internal(set) var calls: UInt64 = 0
    /// The child that was looked for last.
    var recentFunction = -1
    var recentChild = 0
  }

  private struct Edge: Hashable {
    let parent: Int
    let function: Int
  }

  /// The nodes; a parent comes before its children.
  public internal(set) var nodes: [Node] = []
  private var children: [Edge: Int] = [:]

  /// An empty tree.
  public init() {}

  /// The node for `function` called by the chain `parent`, made when there is none.
  mutating func node(of function: Int, under parent: Int?) -> Int {
    let index = parent ?? -1
    if index >= 0, nodes[index].recentFunction == function { return nodes[index].recentChild }
    let edge = Edge(parent: index, function: function)
    let child: Int
    if let known = children[edge] {
      child = known
    } else {
      child = nodes.count
      nodes.append(Node(parent: parent, function: function))
      children[edge] = child
    }
    if index >= 0 {
      nodes[index].recentFunction = function
      nodes[index].recentChild = child
    }
    return child
  }

  /// Cycles of all chains.
  public var cycles: UInt64 { nodes.reduce(0) { $0 + $1.cycles } }
}
