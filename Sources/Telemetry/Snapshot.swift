/// The registry of a run as values: everything that reports, energy and area are computed from.
///
/// A snapshot holds no reference to a live module, so that it can be stored with the run and read
/// again later. Arrays described as "per tag" have one entry for every element of `tags`, in the
/// same order; their sum is the total over the run.
public struct Snapshot: Codable, Sendable, Equatable {
  /// Base ticks in one second of simulated time.
  public var ticksPerSecond: UInt64
  /// Simulated time, in base ticks.
  public var ticks: UInt64
  /// Names of the layers or phases; tag 0 is the empty name: before the firmware's first marker.
  public var tags: [String]
  /// One record per module, sorted by path.
  public var modules: [ModuleRecord]

  /// Creates a snapshot from its parts.
  public init(
    ticksPerSecond: UInt64, ticks: UInt64, tags: [String], modules: [ModuleRecord]
  ) {
    self.ticksPerSecond = ticksPerSecond
    self.ticks = ticks
    self.tags = tags
    self.modules = modules
  }
}

/// What one module is made of and what it did.
public struct ModuleRecord: Codable, Sendable, Equatable {
  /// Unique place in the module tree, for example `accelerators.os_array`.
  public var path: String
  /// Catalog name of the module's type, for example `OSArray`.
  public var kind: String
  /// Name of the clock domain.
  public var clock: String
  /// Frequency of the clock domain, in hertz.
  public var hertz: UInt64
  /// Clock cycles of this module's domain that elapsed, per tag.
  public var cycles: [UInt64]
  /// Hardware the module is built of, for energy and area.
  public var components: [ComponentRecord]
  /// Actions and other events, counted.
  public var counters: [CounterRecord]
  /// State classes; each cycle of the module belongs to exactly one of them.
  public var states: [StateRecord]

  /// Creates a record from its parts.
  public init(
    path: String, kind: String, clock: String, hertz: UInt64, cycles: [UInt64],
    components: [ComponentRecord], counters: [CounterRecord], states: [StateRecord]
  ) {
    self.path = path
    self.kind = kind
    self.clock = clock
    self.hertz = hertz
    self.cycles = cycles
    self.components = components
    self.counters = counters
    self.states = states
  }
}

/// A number of identical pieces of hardware, of a class that energy tables know.
public struct ComponentRecord: Codable, Sendable, Equatable {
  /// Name within the module, for example `pe`.
  public var name: String
  /// Class in the energy tables, for example `mac.int8` or `sram`.
  public var componentClass: String
  /// Attributes of the class, the unit in the key's name, for example `width_bits`.
  public var attributes: [String: Double]
  /// How many of them the module has.
  public var quantity: UInt64

  /// Creates a record from its parts.
  public init(
    name: String, componentClass: String, attributes: [String: Double], quantity: UInt64
  ) {
    self.name = name
    self.componentClass = componentClass
    self.attributes = attributes
    self.quantity = quantity
  }
}

/// One counter of a module.
public struct CounterRecord: Codable, Sendable, Equatable {
  /// Name within the module, for example `macs`.
  public var name: String
  /// Unit of the values, for example `MAC` or `byte`.
  public var unit: String
  /// What is counted, in one sentence.
  public var help: String
  /// Counts, per tag.
  public var values: [UInt64]
  /// The component action that a count stands for; nil when the count costs no energy.
  public var action: ActionReference?

  /// Creates a record from its parts.
  public init(
    name: String, unit: String, help: String, values: [UInt64], action: ActionReference?
  ) {
    self.name = name
    self.unit = unit
    self.help = help
    self.values = values
    self.action = action
  }
}

/// Says which action of which component of the same module a counter stands for.
public struct ActionReference: Codable, Sendable, Equatable {
  /// Name of the component within the module.
  public var component: String
  /// Action of the component's class, for example `read`.
  public var action: String
  /// Actions per count: a counter's value × `scale` actions took place.
  public var scale: Double

  /// Creates a reference from its parts.
  public init(component: String, action: String, scale: Double) {
    self.component = component
    self.action = action
    self.scale = scale
  }
}

/// Whether a state class does work, waits for somebody else, or has nothing to do.
public enum StateKind: String, Codable, Sendable, Equatable, CaseIterable {
  /// The module does useful work.
  case active
  /// The module has work and waits for another module.
  case waiting
  /// The module has no work.
  case idle
}

/// Cycles that a module spent in one state class.
public struct StateRecord: Codable, Sendable, Equatable {
  /// Name within the module, for example `compute` or `wait-A`.
  public var name: String
  /// What the class means for utilisation.
  public var kind: StateKind
  /// Who is waited for; nil unless the class waits.
  public var blocker: String?
  /// Clock cycles of the module's domain, per tag.
  public var cycles: [UInt64]

  /// Creates a record from its parts.
  public init(name: String, kind: StateKind, blocker: String?, cycles: [UInt64]) {
    self.name = name
    self.kind = kind
    self.blocker = blocker
    self.cycles = cycles
  }
}
