/// All designs of a study: the Cartesian product of the values of its parameters.
///
/// Designs are numbered like the digits of a number, the last parameter changing fastest, so that
/// numbers are in the order of genomes. A design is judged by the constraints that name no metric
/// before it is evaluated, and by all of them afterwards.
public struct DesignSpace: Sendable {
  /// The study.
  public let study: Study
  /// How many designs there are, invalid ones included.
  public let size: UInt64
  /// For each parameter how many values it has.
  let radices: [Int]
  /// For each parameter by how much its next value raises the number of a design.
  let strides: [UInt64]
  /// For each parameter the slot content of each value; see ``ExpressionScope``.
  let contents: [[Double]]
  /// Slots of expressions: parameters, then metrics.
  let slotCount: Int
  /// Constraints that are decided before evaluation, and those that are decided after it.
  let staticConstraints: [Study.Constraint]
  let metricConstraints: [Study.Constraint]
  /// `path=value` of the fixed keys, and for each value of each parameter.
  private let fixedTexts: [String]
  private let valueTexts: [[[String]]]

  /// Why a study has no space.
  public enum Failure: Error, Sendable, Equatable, CustomStringConvertible {
    /// A parameter has no values.
    case noValues(parameter: String)
    /// There are more than `UInt64.max` designs.
    case tooLarge

    /// What is wrong, in words.
    public var description: String {
      switch self {
      case .noValues(let parameter): "the parameter '\(parameter)' has no values"
      case .tooLarge: "the space has more than \(UInt64.max) designs"
      }
    }
  }

  /// The space of a study.
  public init(_ study: Study) throws(Failure) {
    var size: UInt64 = 1
    var strides = [UInt64](repeating: 1, count: study.parameters.count)
    for (position, parameter) in study.parameters.enumerated().reversed() {
      if parameter.values.isEmpty { throw .noValues(parameter: parameter.name) }
      strides[position] = size
      let (product, overflow) = size.multipliedReportingOverflow(
        by: UInt64(parameter.values.count))
      if overflow { throw .tooLarge }
      size = product
    }
    let scope = ExpressionScope(parameters: study.parameters, hasMetrics: true)
    self.study = study
    self.size = size
    self.strides = strides
    radices = study.parameters.map(\.values.count)
    contents = scope.contents
    slotCount = scope.slotCount
    staticConstraints = study.constraints.filter(\.isStatic)
    metricConstraints = study.constraints.filter { !$0.isStatic }
    fixedTexts = study.fixedOverrides
    valueTexts = study.parameters.map { parameter in
      parameter.values.map { value in
        parameter.paths.map { OverrideText.assignment($0, value) }
      }
    }
  }

  // MARK: Numbers of designs

  /// The design with a number below ``size``.
  public func design(at index: UInt64) -> Design {
    var genome = [Int](repeating: 0, count: radices.count)
    write(index, to: &genome)
    return Design(genome: genome)
  }

  /// The number of a design of this space.
  public func index(of design: Design) -> UInt64 {
    var index: UInt64 = 0
    for position in radices.indices {
      index += strides[position] * UInt64(design.genome[position])
    }
    return index
  }

  /// The values of a design's parameters in order.
  public func values(of design: Design) -> [ParameterValue] {
    zip(study.parameters, design.genome).map { $0.values[$1] }
  }

  func write(_ index: UInt64, to genome: inout [Int]) {
    var rest = index
    for position in radices.indices {
      genome[position] = Int(rest / strides[position])
      rest %= strides[position]
    }
  }

  // MARK: What evaluators get

  /// Texts `path=value`: fixed values, then parameters, then derived keys.
  ///
  /// A derived key without a value is left out; ``verdict(of:)`` rejects such designs.
  public func overrides(of design: Design) -> [String] {
    var result = fixedTexts
    for (position, value) in design.genome.enumerated() {
      result.append(contentsOf: valueTexts[position][value])
    }
    if !study.derived.isEmpty {
      result += derived(of: design).map { OverrideText.assignment($0.path, $0.value) }
    }
    return result
  }

  /// The derived keys of a design with their values; those without a value are left out.
  public func derived(of design: Design) -> [Study.Assignment] {
    let slots = slots(of: design)
    return study.derived.compactMap { derived in
      guard let number = try? derived.expression.evaluate(slots) else { return nil }
      let value: ParameterValue =
        switch derived.expression.type {
        case .number: ParameterValue(number: number)
        case .truth: .flag(number != 0)
        case .text: .text(derived.expression.text(of: number))
        }
      return Study.Assignment(path: derived.path, value: value)
    }
  }

  // MARK: Slots

  /// What expressions read: the parameters' values, and no metrics yet.
  func slots(of design: Design) -> [Double] {
    var slots = [Double](repeating: .nan, count: slotCount)
    for (position, value) in design.genome.enumerated() {
      slots[position] = contents[position][value]
    }
    return slots
  }
}

extension Study {
  /// Texts `path=value` that all designs have in common.
  public var fixedOverrides: [String] {
    fixed.map { OverrideText.assignment($0.path, $0.value) }
  }
}
