/// Energy and area of a run: what every module, component, action and tag cost, and on which
/// sources the numbers rest.
///
/// Sums are exact: every smallest part (one action under one tag, or one component's leakage
/// under one tag) is rounded to a multiple of a power of two so small (`energyQuantum`, below the
/// last digit of the total) that floating-point addition of the parts loses nothing. Actions sum
/// to components, components to modules, modules to the total, and tags to each of them, in any
/// order. The same holds for areas with `areaQuantum`.
///
/// The coding keys carry the units: `_pJ`, `_mW`, `_um2`, `_nm`, `_s`.
public struct EnergyReport: Codable, Sendable, Equatable {
  /// Name of the table used.
  public var table: String
  /// Title of the table used.
  public var tableTitle: String
  /// Process node in nm.
  public var nodeNanometres: Double
  /// Simulated time in s.
  public var simulatedSeconds: Double
  /// Every energy is a multiple of this many pJ; 0 when all are zero.
  public var energyQuantum: Double
  /// Every area is a multiple of this many µm²; 0 when all are zero.
  public var areaQuantum: Double
  /// The whole system.
  public var total: EnergyTotals
  /// The whole system per tag, in the order of the snapshot's tags.
  public var tags: [TagEnergy]
  /// Per module, in the order of the snapshot.
  public var modules: [ModuleEnergy]
  /// What the total rests on, per source, largest energy first.
  public var sources: [SourceShare]
  /// Assumptions that a reader has to know: extrapolations, scaling between nodes, clocks without
  /// a row.
  public var warnings: [String]
  /// What the table leaves out, from its rules.
  public var notes: [String]

  enum CodingKeys: String, CodingKey {
    case table
    case tableTitle = "table_title"
    case nodeNanometres = "node_nm"
    case simulatedSeconds = "simulated_time_s"
    case energyQuantum = "energy_quantum_pJ"
    case areaQuantum = "area_quantum_um2"
    case total, tags, modules, sources, warnings, notes
  }
}

/// Energies, power and area of one part of the system.
public struct EnergyTotals: Codable, Sendable, Equatable {
  /// Energy of actions, in pJ.
  public var dynamicPicojoules: Double
  /// Energy of leakage over the simulated time, in pJ.
  public var leakagePicojoules: Double
  /// Sum of both, in pJ.
  public var totalPicojoules: Double
  /// The sum over the simulated time, in mW; 0 when no time passed.
  public var averagePowerMilliwatts: Double
  /// Silicon area in µm².
  public var areaSquareMicrometres: Double

  enum CodingKeys: String, CodingKey {
    case dynamicPicojoules = "dynamic_pJ"
    case leakagePicojoules = "leakage_pJ"
    case totalPicojoules = "total_pJ"
    case averagePowerMilliwatts = "average_power_mW"
    case areaSquareMicrometres = "area_um2"
  }
}

/// Energy under one tag.
public struct TagEnergy: Codable, Sendable, Equatable {
  /// The tag; empty before the first marker.
  public var tag: String
  /// Energy of actions, in pJ.
  public var dynamicPicojoules: Double
  /// Energy of leakage during the module's cycles under the tag, in pJ.
  public var leakagePicojoules: Double
  /// Sum of both, in pJ.
  public var totalPicojoules: Double

  enum CodingKeys: String, CodingKey {
    case tag
    case dynamicPicojoules = "dynamic_pJ"
    case leakagePicojoules = "leakage_pJ"
    case totalPicojoules = "total_pJ"
  }
}

/// One module's part of the report.
public struct ModuleEnergy: Codable, Sendable, Equatable {
  /// Path of the module.
  public var path: String
  /// Catalog name of its type.
  public var kind: String
  /// The module's components together.
  public var total: EnergyTotals
  /// The same per tag.
  public var tags: [TagEnergy]
  /// The components, in the order of the snapshot.
  public var components: [ComponentEnergy]
}

/// One component's part of the report; all instances together.
public struct ComponentEnergy: Codable, Sendable, Equatable {
  /// Name within the module.
  public var name: String
  /// Class in the table.
  public var componentClass: String
  /// How many instances.
  public var quantity: UInt64
  /// Leakage power of all instances, in mW.
  public var leakageMilliwatts: Double
  /// All instances together.
  public var total: EnergyTotals
  /// The same per tag.
  public var tags: [TagEnergy]
  /// The actions that were counted, in the order in which counters name them.
  public var actions: [ActionEnergy]
  /// Keys of the sources of leakage and area.
  public var hardwareSources: [String]

  enum CodingKeys: String, CodingKey {
    case name
    case componentClass = "class"
    case quantity
    case leakageMilliwatts = "leakage_mW"
    case total, tags, actions
    case hardwareSources = "hardware_sources"
  }
}

/// One action's part of the report.
public struct ActionEnergy: Codable, Sendable, Equatable {
  /// Name of the action.
  public var action: String
  /// How many took place.
  public var count: Double
  /// Price of one, in pJ, before rounding to the report's quantum.
  public var picojoulesPerAction: Double
  /// Energy of all, in pJ.
  public var picojoules: Double
  /// How many took place, per tag.
  public var countByTag: [Double]
  /// Energy in pJ, per tag.
  public var picojoulesByTag: [Double]
  /// Keys of the sources of the price.
  public var sources: [String]

  enum CodingKeys: String, CodingKey {
    case action, count
    case picojoulesPerAction = "energy_per_action_pJ"
    case picojoules = "energy_pJ"
    case countByTag = "count_by_tag"
    case picojoulesByTag = "energy_by_tag_pJ"
    case sources
  }
}

/// How much of the total rests on one source.
public struct SourceShare: Codable, Sendable, Equatable {
  /// The publication; key `configuration` for values given in the design itself.
  public var citation: Citation
  /// Energy in pJ priced from this source.
  public var picojoules: Double
  /// The same as a fraction of the total, 0 to 1.
  public var energyShare: Double
  /// Area in µm² priced from this source.
  public var areaSquareMicrometres: Double
  /// The same as a fraction of the total, 0 to 1.
  public var areaShare: Double

  enum CodingKeys: String, CodingKey {
    case citation
    case picojoules = "energy_pJ"
    case energyShare = "energy_share"
    case areaSquareMicrometres = "area_um2"
    case areaShare = "area_share"
  }
}
