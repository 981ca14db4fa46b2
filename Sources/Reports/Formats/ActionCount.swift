import Telemetry

/// The actions of one component, summed over counters and tags.
struct ActionCount {
  struct Action {
    var name: String
    var count: Double

    /// Without a fraction when the count is whole.
    var text: String {
      count == count.rounded() && abs(count) < 0x1p53 ? String(Int64(count)) : "\(count)"
    }
  }

  var name: String
  var componentClass: String
  var actions: [Action]

  /// The components of a module that have counted actions, in order of declaration.
  static func all(of module: ModuleRecord) -> [ActionCount] {
    module.components.compactMap { component in
      var actions: [Action] = []
      for counter in module.counters {
        guard let reference = counter.action, reference.component == component.name else {
          continue
        }
        let count = Double(counter.values.reduce(0, +)) * reference.scale
        if let index = actions.firstIndex(where: { $0.name == reference.action }) {
          actions[index].count += count
        } else {
          actions.append(Action(name: reference.action, count: count))
        }
      }
      return actions.isEmpty
        ? nil
        : ActionCount(
          name: component.name, componentClass: component.componentClass, actions: actions)
    }
  }
}
