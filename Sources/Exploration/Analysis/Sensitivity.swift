extension ExplorationResult.Sensitivity {
  /// How strongly each parameter moves each objective, parameter by parameter.
  ///
  /// The share is the first-order sensitivity index: the variance of the metric's means for each
  /// value of the parameter, in proportion to the variance of the metric (Sobol', Mathematics and
  /// Computers in Simulation 55, 2001). On a complete grid it is exact; on other sets of designs it
  /// is the correlation ratio, which takes dependences between parameters for effects.
  public static func all(
    of table: DesignTable, in space: DesignSpace
  ) -> [ExplorationResult.Sensitivity] {
    let genes = genes(of: table, in: space)
    let parameters = space.study.parameters
    let effects = space.study.objectives.map { objective in
      let values = (0..<table.count).map { table.value(objective.metric, $0) }
      let spread = Spread(values)
      return parameters.indices.map { position in
        spread.effect(of: genes[position], count: parameters[position].values.count)
      }
    }
    return parameters.indices.flatMap { position in
      zip(space.study.objectives, effects).map { objective, effects in
        ExplorationResult.Sensitivity(
          parameter: parameters[position].name, metric: objective.metric,
          share: effects[position].share, means: effects[position].means)
      }
    }
  }

  /// For each parameter the position of its value in each row.
  private static func genes(of table: DesignTable, in space: DesignSpace) -> [[Int32]] {
    var genes = [[Int32]](
      repeating: [Int32](repeating: 0, count: table.count), count: space.radices.count)
    var cursor = DesignCursor(space)
    for row in 0..<table.count {
      cursor.move(to: table.indices[row])
      for position in genes.indices { genes[position][row] = Int32(cursor.genome[position]) }
    }
    return genes
  }
}

/// A metric of many designs with its mean and variance; values that are no finite numbers do not
/// count.
private struct Spread {
  private let values: [Double]
  private let mean: Double
  /// Sum of squared deviations.
  private let squares: Double

  init(_ values: [Double]) {
    self.values = values
    var sum = 0.0
    var count = 0.0
    for value in values where value.isFinite {
      sum += value
      count += 1
    }
    let mean = count > 0 ? sum / count : 0
    var squares = 0.0
    for value in values where value.isFinite { squares += (value - mean) * (value - mean) }
    self.mean = mean
    // What is left by rounding is no variance.
    self.squares = squares > count * (mean * 1e-12) * (mean * 1e-12) ? squares : 0
  }

  /// Share of the variance that `genes` explain, and the mean of the rows with each gene.
  func effect(of genes: [Int32], count: Int) -> (share: Double, means: [Double?]) {
    var sums = [Double](repeating: 0, count: count)
    var counts = [Double](repeating: 0, count: count)
    for (row, value) in values.enumerated() where value.isFinite {
      sums[Int(genes[row])] += value - mean
      counts[Int(genes[row])] += 1
    }
    var explained = 0.0
    for gene in 0..<count where counts[gene] > 0 {
      explained += sums[gene] / counts[gene] * sums[gene]
    }
    let means = (0..<count).map { counts[$0] > 0 ? mean + sums[$0] / counts[$0] : nil }
    return (squares > 0 ? min(1, explained / squares) : 0, means)
  }
}
