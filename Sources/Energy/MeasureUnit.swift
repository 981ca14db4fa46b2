/// What an entry of an energy table measures; the last part of the entry's name.
public enum MeasuredQuantity: String, Sendable, CaseIterable {
  /// Dynamic energy of one action.
  case energy
  /// Energy of one clock cycle without an action; divided by its row's period it gives leakage.
  case idle
  /// Leakage power.
  case leakage
  /// Leakage power per area; times the primitive's area it gives leakage.
  case leakageDensity = "leakage_density"
  /// Silicon area.
  case area

  /// Largest believable value in the canonical unit; more is taken for a slip of units.
  var limit: Double {
    switch self {
    case .energy, .idle: 1e6
    case .leakage: 1e5
    case .leakageDensity: 1
    case .area: 1e9
    }
  }

  /// The unit every value is converted to.
  var canonicalUnit: String {
    switch self {
    case .energy, .idle: "pJ"
    case .leakage: "mW"
    case .leakageDensity: "mW/um2"
    case .area: "um2"
    }
  }
}

/// A unit that tables may use.
public struct MeasureUnit: Sendable, Equatable {
  /// The unit as tables write it, for example `pJ/bit`.
  public let symbol: String
  /// Factor to the canonical unit of the quantity (pJ, mW, mW/um2, um2).
  public let factor: Double
  /// Quantities it can measure.
  public let quantities: Set<MeasuredQuantity>

  /// Every unit that the loader knows.
  public static let all: [MeasureUnit] = {
    var units: [MeasureUnit] = []
    for (prefix, factor) in [("fJ", 1e-3), ("pJ", 1), ("nJ", 1e3)] {
      units.append(MeasureUnit(symbol: prefix, factor: factor, quantities: [.energy]))
      for per in ["bit", "instruction"] {
        units.append(MeasureUnit(symbol: "\(prefix)/\(per)", factor: factor, quantities: [.energy]))
      }
      units.append(MeasureUnit(symbol: "\(prefix)/cycle", factor: factor, quantities: [.idle]))
    }
    for (symbol, factor) in [("nW", 1e-6), ("uW", 1e-3), ("mW", 1)] {
      units.append(MeasureUnit(symbol: symbol, factor: factor, quantities: [.leakage]))
      units.append(
        MeasureUnit(symbol: "\(symbol)/um2", factor: factor, quantities: [.leakageDensity]))
    }
    units.append(MeasureUnit(symbol: "um2", factor: 1, quantities: [.area]))
    units.append(MeasureUnit(symbol: "mm2", factor: 1e6, quantities: [.area]))
    return units
  }()

  /// The unit with this symbol, or nil.
  public static func named(_ symbol: String) -> MeasureUnit? {
    all.first { $0.symbol == symbol }
  }
}
