import Telemetry

/// A registry as a flat list of numbers: `module.class.name.tag` → count.
struct Metrics: Sendable, Equatable {
  private(set) var values: [String: Double] = [:]

  /// Everything that a run counted; zeros are left out, which an absent metric means.
  init(_ snapshot: Snapshot) {
    values["ticks"] = Double(snapshot.ticks)
    for module in snapshot.modules {
      add(module.cycles, "\(module.path).cycles", snapshot.tags)
      for counter in module.counters {
        add(counter.values, "\(module.path).counters.\(counter.name)", snapshot.tags)
      }
      for state in module.states {
        add(state.cycles, "\(module.path).states.\(state.name)", snapshot.tags)
      }
    }
  }

  private mutating func add(_ counts: [UInt64], _ path: String, _ tags: [String]) {
    for (count, tag) in zip(counts, tags) where count != 0 {
      values["\(path).\(tag.isEmpty ? "-" : tag)"] = Double(count)
    }
  }
}

/// The difference of two lists of numbers, for people.
enum MetricDifference {
  /// One line per number that changed: path, old, new, percent; sorted by path.
  static func lines(from old: [String: Double], to new: [String: Double]) -> [String] {
    Set(old.keys).union(new.keys).sorted().compactMap { key in
      let (before, after) = (old[key] ?? 0, new[key] ?? 0)
      guard before != after else { return nil }
      return "\(key): \(text(before)) → \(text(after)) (\(percent(before, after)))"
    }
  }

  private static func text(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }

  private static func percent(_ before: Double, _ after: Double) -> String {
    guard before != 0 else { return "new" }
    let change = ((after - before) / before * 1000).rounded() / 10
    return (change > 0 ? "+" : "") + "\(change) %"
  }
}
