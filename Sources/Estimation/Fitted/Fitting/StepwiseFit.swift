/// Fits nested staircases to a machine, extent by extent, with the adaptive sampler.
///
/// The curve over the first extent is sampled with the others at their base; its coefficients are
/// then functions of the other extents that can be measured through it: d is the time at extent 1, h
/// the mean rise over as many steps as the range holds. Each is fitted in the same way.
struct StepwiseFit {
  private let order: [StepwiseModel.Extent]
  private let settings: SamplerSettings
  private let bases: [Int]
  private var machine: CountedMachine

  /// - Parameters:
  ///   - order: extents, the outermost curve's first.
  ///   - settings: range and candidates of every extent.
  ///   - base: extents that are not swept yet.
  static func run(
    order: [StepwiseModel.Extent], settings: SamplerSettings, base: Int,
    machine: inout CountedMachine
  ) throws -> StepwiseModel {
    var fit = StepwiseFit(
      order: order, settings: settings, bases: order.map { _ in base }, machine: machine)
    defer { machine = fit.machine }
    let root = try fit.node(at: 0) { fit, extents in
      var product = MatrixProduct(rows: 1, depth: 1, columns: 1)
      for (extent, value) in zip(order, extents) {
        switch extent {
        case .rows: product.rows = value
        case .depth: product.depth = value
        case .columns: product.columns = value
        }
      }
      return try fit.machine.cycles(
        of: .product(rows: product.rows, depth: product.depth, columns: product.columns))
    }
    return StepwiseModel(order: order, root: root)
  }

  /// A quantity that depends on the extents from some level on.
  private typealias Quantity = (inout StepwiseFit, [Int]) throws -> Double

  /// The curve of `quantity` over the extent of `level`; extents before it are at 1.
  private mutating func node(
    at level: Int, _ quantity: @escaping Quantity
  ) throws -> StepwiseModel.Node {
    guard level < order.count else { return .number(try quantity(&self, bases)) }
    var extents = bases
    let curve = try AdaptiveSampler.run(settings) { extent in
      extents[level] = extent
      return try quantity(&self, extents)
    }.curve
    func value(_ fit: inout StepwiseFit, _ extents: [Int], at extent: Int) throws -> Double {
      var extents = extents
      extents[level] = extent
      return try quantity(&fit, extents)
    }
    let isLast = level + 1 == order.count
    switch curve {
    case .constant(let number):
      if isLast { return .constant(.number(number)) }
      let middle = settings.limit / 2
      return .constant(
        try node(at: level + 1) { try value(&$0, $1, at: middle) })
    case .linear(let slope, let offset):
      if isLast { return .linear(slope: .number(slope), offset: .number(offset)) }
      let (low, high) = (settings.startLow, settings.startHigh)
      func rise(_ fit: inout StepwiseFit, _ extents: [Int]) throws -> Double {
        let first = try value(&fit, extents, at: low)
        return (try value(&fit, extents, at: high) - first) / Double(high - low)
      }
      return .linear(
        slope: try node(at: level + 1) { try rise(&$0, $1) },
        offset: try node(at: level + 1) { fit, extents in
          let first = try value(&fit, extents, at: low)
          return first - (try rise(&fit, extents)) * Double(low)
        })
    case .step(let offset, let width, let height):
      if isLast { return .step(offset: .number(offset), width: width, height: .number(height)) }
      let steps = max(1, (settings.limit - 1) / width)
      return .step(
        offset: try node(at: level + 1) { try value(&$0, $1, at: 1) }, width: width,
        height: try node(at: level + 1) { fit, extents in
          let first = try value(&fit, extents, at: 1)
          return (try value(&fit, extents, at: 1 + steps * width) - first) / Double(steps)
        })
    }
  }
}
