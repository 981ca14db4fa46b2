internal import Estimation
internal import Telemetry

extension Snapshot {
  /// The registry as a run would leave it, had it gone as `estimate` says.
  ///
  /// Layers follow each other; every module is idle in cycles that no class of the estimate claims.
  ///
  /// - Parameters:
  ///   - start: what modules do before the first layer.
  ///   - referenceHertz: frequency of the clock that the estimate counts in.
  /// - Precondition: this is an inventory, without counts.
  func filled(
    with estimate: NetworkEstimate, start: [String: ModuleActivity] = [:], referenceHertz: UInt64
  ) -> Snapshot {
    var result = self
    result.tags = [""]
    var tagOfLayer: [Int] = []
    var known: [String: Int] = ["": 0]
    for layer in estimate.layers {
      let tag = known[layer.name] ?? result.tags.count
      if tag == result.tags.count {
        known[layer.name] = tag
        result.tags.append(layer.name)
      }
      tagOfLayer.append(tag)
    }
    // Boundaries of layers, so that rounding to another clock never adds up.
    var boundaries = [UInt64(max(0, estimate.startCycles))]
    for layer in estimate.layers {
      boundaries.append((boundaries.last ?? 0) + UInt64(max(0, layer.cycles)))
    }
    result.ticks = Self.scaled(boundaries.last ?? 0, by: ticksPerSecond, over: referenceHertz)
    for index in result.modules.indices {
      result.modules[index].clear(tags: result.tags.count)
      let hertz = modules[index].hertz
      var past = Self.scaled(boundaries[0], by: hertz, over: referenceHertz)
      result.modules[index].cycles[0] = past
      if let activity = start[modules[index].path] {
        result.modules[index].add(activity, tag: 0)
      }
      for (position, layer) in estimate.layers.enumerated() {
        let end = Self.scaled(boundaries[position + 1], by: hertz, over: referenceHertz)
        let tag = tagOfLayer[position]
        result.modules[index].cycles[tag] += end - past
        past = end
        if let activity = layer.activity[modules[index].path] {
          result.modules[index].add(activity, tag: tag)
        }
      }
      result.modules[index].settle()
    }
    return result
  }

  /// `value` · `factor` / `divisor`, rounded down.
  private static func scaled(_ value: UInt64, by factor: UInt64, over divisor: UInt64) -> UInt64 {
    guard factor != divisor, divisor > 0 else { return value }
    let product = value.multipliedFullWidth(by: factor)
    // Beyond 64 bits there is no such time.
    guard product.high < divisor else { return .max }
    return divisor.dividingFullWidth(product).quotient
  }
}

extension ModuleRecord {
  /// Sets all counts to zero.
  fileprivate mutating func clear(tags: Int) {
    let zeros = [UInt64](repeating: 0, count: tags)
    cycles = zeros
    for index in counters.indices { counters[index].values = zeros }
    for index in states.indices { states[index].cycles = zeros }
  }

  /// Adds what an estimate expects; names that the module does not have are of no interest.
  fileprivate mutating func add(_ activity: ModuleActivity, tag: Int) {
    for index in counters.indices {
      counters[index].values[tag] += activity.counters[counters[index].name] ?? 0
    }
    var seen: Set<String> = []
    // Classes may share a name, one for each blocker: the first stands for all.
    for index in states.indices where seen.insert(states[index].name).inserted {
      states[index].cycles[tag] += activity.states[states[index].name] ?? 0
    }
  }

  /// Makes the classes of every tag sum to its cycles: what nobody claims is idle; what is claimed
  /// beyond the cycles is taken from waiting classes first.
  fileprivate mutating func settle() {
    guard !states.isEmpty else { return }
    let rest =
      states.firstIndex { $0.kind == .idle } ?? states.lastIndex { $0.kind == .waiting } ?? 0
    let order = StateKind.allCases.reversed().flatMap { kind in
      states.indices.filter { states[$0].kind == kind }
    }
    for tag in cycles.indices {
      let claimed = states.reduce(0) { $0 + $1.cycles[tag] }
      if claimed <= cycles[tag] {
        states[rest].cycles[tag] += cycles[tag] - claimed
        continue
      }
      var excess = claimed - cycles[tag]
      for index in order where excess > 0 {
        let part = min(excess, states[index].cycles[tag])
        states[index].cycles[tag] -= part
        excess -= part
      }
    }
  }
}
