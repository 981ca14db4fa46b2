import Foundation

/// Where a published value was found.
public struct Citation: Codable, Sendable, Equatable {
  /// Short name that entries refer to, for example `aladdin-plug-in`.
  public var key: String
  /// Who published it.
  public var author: String
  /// Title of the publication, program or data set.
  public var title: String
  /// Year, commit, volume and pages: whatever makes it findable.
  public var version: String

  /// Creates a citation from its parts.
  public init(key: String, author: String, title: String, version: String) {
    self.key = key
    self.author = author
    self.title = title
    self.version = version
  }
}

/// A reference from an entry to its source: which publication, and where in it.
public struct SourceReference: Sendable, Equatable {
  /// Key of the citation in the table's `sources`.
  public var citation: String
  /// Table, file or page.
  public var location: String

  /// Creates a reference from its parts.
  public init(citation: String, location: String) {
    self.citation = citation
    self.location = location
  }
}

/// One published quantity: a value, or values over the clock period or over the operand width.
public struct EnergyEntry: Sendable, Equatable {
  /// What the values are listed over.
  public enum Axis: Sendable, Equatable {
    /// A single value.
    case none
    /// Clock period in ns that the circuit was synthesised for.
    case period
    /// Operand width in bits.
    case width
  }

  /// One listed value.
  public struct Point: Sendable, Equatable {
    /// Position on the axis; 0 for a single value.
    public var position: Double
    /// The value in the canonical unit of the quantity.
    public var value: Double
  }

  /// Name of the primitive, for example `adder`.
  public let primitive: String
  /// What is measured.
  public let quantity: MeasuredQuantity
  /// Process node in nm.
  public let nodeNanometres: Double
  /// False for values that do not follow the logic process, such as off-chip memory.
  public let scalesWithNode: Bool
  /// What the values are listed over.
  public let axis: Axis
  /// Listed values, sorted by position.
  public let points: [Point]
  /// Width that a value without a width axis stands for; nil when width does not matter.
  public let referenceWidth: Double?
  /// Growth with width beyond what is listed: 1 for an adder, 2 for a multiplier.
  public let widthExponent: Double
  /// Where the values come from.
  public let source: SourceReference
  /// `high`, `medium` or `low`; nil when not judged.
  public let confidence: String?
  /// How the values were obtained or derived; nil when they are printed in the source.
  public let method: String?

  /// True when a term using this entry has to give a width.
  var needsWidth: Bool { referenceWidth != nil || axis == .width }

  /// A value looked up in the entry.
  struct Lookup {
    var value: Double
    /// Period of the row used, in ns; nil without a period axis.
    var period: Double?
    /// The clock is faster than the fastest row.
    var isTooFast = false
  }

  /// The row for a circuit clocked with this period: the slowest one that still meets the clock.
  ///
  /// A circuit synthesised for a shorter period works at a longer one, not the other way round.
  func lookup(width: Double?, clockPeriod: Double) -> Lookup {
    switch axis {
    case .none:
      return Lookup(value: points[0].value * widthFactor(width))
    case .period:
      let tolerance = 1e-9 * clockPeriod  // a period of 1 / hertz is rounded
      let row = points.last { $0.position <= clockPeriod + tolerance }
      let used = row ?? points[0]
      return Lookup(
        value: used.value * widthFactor(width), period: used.position, isTooFast: row == nil)
    case .width:
      return Lookup(value: interpolate(width: width ?? points[0].position))
    }
  }

  private func widthFactor(_ width: Double?) -> Double {
    guard let width, let referenceWidth, width != referenceWidth else { return 1 }
    return width <= 0 ? 0 : pow(width / referenceWidth, widthExponent)
  }

  /// Exact at listed widths, a power law between two of them, the entry's exponent outside.
  private func interpolate(width: Double) -> Double {
    guard width > 0 else { return 0 }
    if let exact = points.first(where: { $0.position == width }) { return exact.value }
    guard let above = points.firstIndex(where: { $0.position > width }) else {
      let last = points[points.count - 1]
      return last.value * pow(width / last.position, widthExponent)
    }
    guard above > 0 else {
      return points[0].value * pow(width / points[0].position, widthExponent)
    }
    let low = points[above - 1]
    let high = points[above]
    let exponent = log(high.value / low.value) / log(high.position / low.position)
    return low.value * pow(width / low.position, exponent)
  }
}
