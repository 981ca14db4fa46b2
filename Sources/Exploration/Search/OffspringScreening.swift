internal import Foundation

/// Picks from many offspring those that are worth an evaluation: a surrogate, fitted to the designs
/// that were evaluated, predicts which of them are on the front (pre-selection; Jin,
/// Surrogate-assisted evolutionary computation, Swarm and Evolutionary Computation 1(2), 2011).
struct OffspringScreening {
  /// Evaluated designs that the surrogate is fitted to at most; the latest.
  private static let sampleLimit = 200
  /// Predicted violation above which a design counts as infeasible.
  private static let tolerance = 0.02

  private let surrogate: RadialSurrogate
  private let transforms: [Transform]
  /// The front so far, transformed, and the range of each objective on it.
  private let front: [[Double]]
  private let extents: [Double]

  /// Nil when there are too few evaluated designs to predict anything.
  init?(_ history: [(design: Design, score: Score)], radices: [Int]) {
    let usable = history.filter { !$0.score.objectives.isEmpty && $0.score.violation.isFinite }
      .suffix(Self.sampleLimit)
    guard let first = usable.first else { return nil }
    let dimensions = first.score.objectives.count
    transforms = (0..<dimensions).map { objective in
      Transform(usable.map { $0.score.objectives[objective] })
    }
    let transforms = transforms
    let rows = usable.map { sample in
      zip(transforms, sample.score.objectives).map { $0.apply($1) }
        + [min(sample.score.violation, 1)]
    }
    guard rows.allSatisfy({ $0.allSatisfy(\.isFinite) }) else { return nil }
    let quantities = (0...dimensions).map { quantity in rows.map { $0[quantity] } }
    guard
      let surrogate = RadialSurrogate(
        usable.map(\.design.genome), quantities, radices: radices)
    else { return nil }
    self.surrogate = surrogate
    let feasible = zip(usable, rows).filter { $0.0.score.isFeasible }.map { Array($1.dropLast()) }
    let table = ObjectiveTable(dimensions: dimensions, rows: feasible)
    let front = ParetoFront.rows(of: table).map { feasible[$0] }
    self.front = front
    extents = (0..<dimensions).map { objective in
      let values = front.map { $0[objective] }
      return (values.max() ?? 0) - (values.min() ?? 0)
    }
  }

  /// The offspring that are predicted to be on the front, the loneliest first; when these are fewer
  /// than `least`, half of the rest are those that are nearest to the front, and half are taken as
  /// they were bred, in case the predictions are wrong.
  ///
  /// - Parameters:
  ///   - count: how many are picked at most.
  ///   - least: how many are picked at least, where there are so many.
  func pick(_ offspring: [Design], count: Int, least: Int) -> [Design] {
    let dimensions = transforms.count
    let predictions = offspring.map { surrogate.predict($0.genome) }
    let isFeasible = predictions.map { $0[dimensions] <= Self.tolerance }
    var table = ObjectiveTable(dimensions: dimensions, rows: front)
    for prediction in predictions { table.append(prediction.dropLast()) }
    let ranks = Array(NonDominatedSort.ranks(table).dropFirst(front.count))
    let crowding = crowding(of: table, ranks)
    let distances = predictions.map { distance($0) }
    let order = offspring.indices.sorted { left, right in
      if isFeasible[left] != isFeasible[right] { return isFeasible[left] }
      if !isFeasible[left] {
        return (predictions[left][dimensions], left) < (predictions[right][dimensions], right)
      }
      let isFirst = (ranks[left] == 0, ranks[right] == 0)
      if isFirst.0 != isFirst.1 { return isFirst.0 }
      return isFirst.0
        ? (-crowding[left], left) < (-crowding[right], right)
        : (distances[left], left) < (distances[right], right)
    }
    let promising = offspring.indices.count { isFeasible[$0] && ranks[$0] == 0 }
    let others = max(0, min(least, count, offspring.count) - promising)
    let picked = order.prefix(min(count, promising + (others + 1) / 2))
    let unseen = Set(offspring.indices).subtracting(picked).sorted().prefix(others / 2)
    return (picked + unseen).map { offspring[$0] }
  }

  /// By how much of the front's extent a point would have to be better in all objectives so that no
  /// point of the front dominates it; negative when none does.
  private func distance(_ point: [Double]) -> Double {
    var result = -Double.infinity
    for other in front {
      var least = Double.infinity
      for (objective, extent) in extents.enumerated() where extent > 0 {
        least = min(least, (point[objective] - other[objective]) / extent)
      }
      result = max(result, least)
    }
    return result
  }

  /// Crowding distance of each offspring of rank 0 among all points of that rank.
  private func crowding(of table: ObjectiveTable, _ ranks: [Int]) -> [Double] {
    var result = [Double](repeating: 0, count: ranks.count)
    let members = ranks.indices.filter { ranks[$0] == 0 }
    var first = ObjectiveTable(dimensions: table.dimensions, rows: front)
    for member in members { first.append(table[front.count + member]) }
    let distances = CrowdingDistance.distances(first)
    for (position, member) in members.enumerated() {
      result[member] = distances[front.count + position]
    }
    return result
  }

  /// Numbers of one sign are predicted by their logarithms: latency, energy and area span orders of
  /// magnitude.
  private enum Transform {
    case logarithm(sign: Double)
    case identity

    init(_ values: [Double]) {
      if values.allSatisfy({ $0 > 0 }) {
        self = .logarithm(sign: 1)
      } else if values.allSatisfy({ $0 < 0 }) {
        self = .logarithm(sign: -1)
      } else {
        self = .identity
      }
    }

    func apply(_ value: Double) -> Double {
      switch self {
      case .logarithm(let sign): sign * log(abs(value))
      case .identity: value
      }
    }
  }
}
