public import Telemetry

/// Prices for components: entries with their sources, and rules that build components from them.
///
/// A table is read from a data file with `load(file:)`; the format is described in this module's
/// README. It is complete in itself: the memory sweep and the node scaling it names are loaded
/// with it.
public struct EnergyTable: Sendable, Equatable {
  /// Name, the file name without extension, for example `aladdin-45nm`.
  public let name: String
  /// One line for reports.
  public let title: String
  /// Node in nm for which the table is meant when none is asked for.
  public let nodeNanometres: Double
  /// The publications that entries refer to, by key.
  public let citations: [String: Citation]
  /// The entries, by name: `<primitive>.<quantity>`.
  public let entries: [String: EnergyEntry]
  /// The rules, by component class.
  public let rules: [String: ComponentRule]
  /// Memory sweeps, by file name.
  public let sweeps: [String: SRAMSweep]
  /// Factors between nodes; nil when the table names none, and then only its own nodes work.
  public let scaling: NodeScaling?

  /// Key under which reports list energy from a component's own attribute instead of a source.
  public static let configurationSource = "configuration"

  /// The classes that the table prices, sorted.
  public var classes: [String] { rules.keys.sorted() }

  /// What a design needs and the table does not give.
  ///
  /// - Parameters:
  ///   - components: the components of a module.
  ///   - actions: the actions counted, referring to the components by name.
  ///   - module: the module's path, for messages.
  ///   - hertz: frequency of the module's clock.
  ///   - node: node in nm to evaluate at; the table's own by default.
  /// - Returns: what is missing, in the order of the arguments; empty when all can be priced.
  public func missing(
    for components: [ComponentRecord], actions: [ActionReference] = [], module: String = "",
    hertz: UInt64 = 100_000_000, node: Double? = nil
  ) -> [MissingEntry] {
    var found: [MissingEntry] = []
    var prices: [String: ComponentPrice] = [:]
    for component in components {
      switch price(of: component, hertz: hertz, node: node) {
      case .success(let price): prices[component.name] = price
      case .failure(let failure):
        found += failure.reasons.map {
          MissingEntry(
            module: module, component: component.name, componentClass: component.componentClass,
            action: nil, reason: $0)
        }
      }
    }
    var reported: Set<String> = []
    for action in actions {
      let component = components.first { $0.name == action.component }
      let className = component?.componentClass ?? "?"
      var reason: String?
      if component == nil {
        reason = "the module has no component '\(action.component)'"
      } else if let price = prices[action.component], price.actions[action.action] == nil {
        let known = price.actions.keys.sorted().joined(separator: ", ")
        reason = "table \(name) has no such action for the class; known are \(known)"
      } else if !action.scale.isFinite || action.scale < 0 {
        reason = "the scale \(action.scale) is not a finite number of at least 0"
      }
      if let reason, reported.insert("\(action.component)/\(action.action)/\(reason)").inserted {
        found.append(
          MissingEntry(
            module: module, component: action.component, componentClass: className,
            action: action.action, reason: reason))
      }
    }
    return found
  }

  /// What a design needs and the table does not give, for every module of a snapshot.
  ///
  /// A snapshot taken before the first cycle serves: counts do not matter.
  public func missing(for snapshot: Snapshot, node: Double? = nil) -> [MissingEntry] {
    snapshot.modules.flatMap { module in
      missing(
        for: module.components, actions: module.counters.compactMap(\.action), module: module.path,
        hertz: module.hertz, node: node)
    }
  }
}
