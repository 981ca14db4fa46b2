/// Names of which each is given once.
struct UniqueNames {
  private var taken: Set<String> = []
  private var next: [String: Int] = [:]

  /// Marks a name as taken.
  mutating func insert(_ name: String) { taken.insert(name) }

  /// The name itself when it is free, else with the first free number: `conv_2`, `conv_3`.
  mutating func claim(_ name: String) -> String {
    if taken.insert(name).inserted { return name }
    var number = next[name] ?? 2
    while !taken.insert("\(name)_\(number)").inserted { number += 1 }
    next[name] = number + 1
    return "\(name)_\(number)"
  }
}
