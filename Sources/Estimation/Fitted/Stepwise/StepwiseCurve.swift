/// Time as a function of one extent, as Blackthorn assumes it (Lechner, Jantsch: IEEE Access 9, 2021):
/// constant, linear or a staircase, because parallel resources are finite.
public enum StepwiseCurve: Sendable, Hashable, Codable {
  /// f(x) = value.
  case constant(Double)
  /// f(x) = slope · x + offset.
  case linear(slope: Double, offset: Double)
  /// f(x) = offset + ⌊(x − 1) / width⌋ · height.
  case step(offset: Double, width: Int, height: Double)

  /// The curve's value at an extent of at least 1.
  public func value(at extent: Int) -> Double {
    switch self {
    case .constant(let value): value
    case .linear(let slope, let offset): slope * Double(extent) + offset
    case .step(let offset, let width, let height):
      offset + Double((extent - 1) / width) * height
    }
  }

  /// The width of a staircase's steps; nil for other curves.
  public var stepWidth: Int? {
    if case .step(_, let width, _) = self { width } else { nil }
  }

  /// The line through two points.
  public static func line(through first: CurvePoint, _ second: CurvePoint) -> StepwiseCurve {
    let slope = (second.value - first.value) / Double(second.extent - first.extent)
    return .linear(slope: slope, offset: first.value - slope * Double(first.extent))
  }

  /// The staircase of a given width through two points: with a = ⌊(x0 − 1)/w⌋ and c = ⌊(x1 − 1)/w⌋,
  /// d = (y1·a − y0·c) / (a − c) and h = (y0 − y1) / (a − c). nil when both lie on the same step.
  public static func staircase(
    width: Int, through first: CurvePoint, _ second: CurvePoint
  ) -> StepwiseCurve? {
    let a = Double((first.extent - 1) / width)
    let c = Double((second.extent - 1) / width)
    guard a != c else { return nil }
    return .step(
      offset: (second.value * a - first.value * c) / (a - c), width: width,
      height: (first.value - second.value) / (a - c))
  }
}

/// A measured point of a curve.
public struct CurvePoint: BitwiseCopyable, Sendable, Hashable, Codable {
  /// The extent.
  public let extent: Int
  /// What was measured.
  public let value: Double

  /// Creates a point.
  public init(extent: Int, value: Double) {
    self.extent = extent
    self.value = value
  }
}
