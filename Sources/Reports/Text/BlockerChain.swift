import Telemetry

/// Follows the longest waits from module to module: A waits for B, which waits for C, which works.
enum BlockerChain {
  /// The links, joined by arrows; nil when there is nothing to follow.
  static func text(from path: String, in snapshot: Snapshot) -> String? {
    let modules = Dictionary(
      snapshot.modules.map { ($0.path, $0) }, uniquingKeysWith: { first, _ in first })
    var visited: Set<String> = []
    var links: [String] = []
    var current = path
    while let module = modules[current], visited.insert(current).inserted {
      let total = module.totalCycles
      guard total > 0 else { break }
      func percent(_ cycles: UInt64) -> String {
        let tenths = (UInt128(cycles) * 1000 + UInt128(total) / 2) / UInt128(total)
        return Quantity.percent(tenths: Int(tenths))
      }
      let waits = module.states.filter { $0.kind == .waiting && $0.total > 0 }
      let active = module.states.filter { $0.kind == .active }.reduce(0) { $0 + $1.total }
      let longest = waits.max { ($0.total, $1.name) < ($1.total, $0.name) }
      let isFirst = links.isEmpty
      guard let longest, isFirst || longest.total * 4 > active else {
        if !isFirst { links.append("\(current) is active \(percent(active))") }
        break
      }
      links.append("\(current) \(longest.label) \(percent(longest.total))")
      guard let blocker = longest.blocker else { break }
      current = blocker
    }
    return links.count < 2 ? nil : links.joined(separator: " → ")
  }
}
