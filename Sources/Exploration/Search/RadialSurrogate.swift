internal import Foundation

/// Predicts quantities of designs from those of evaluated ones: interpolation by cubic radial basis
/// functions with a linear tail (Regis and Shoemaker, INFORMS Journal on Computing 19(4), 2007).
///
/// Genes are scaled to 0 ... 1; those that all samples share are left out.
struct RadialSurrogate {
  private let genes: [Int]
  private let scales: [Double]
  /// Scaled genes, sample by sample.
  private let samples: [Double]
  private let count: Int
  /// For each quantity the weights of the samples, the constant, and the slopes of the genes.
  private let weights: [[Double]]

  /// Fits the quantities of samples; nil when the samples do not determine them.
  ///
  /// - Parameters:
  ///   - genomes: distinct.
  ///   - quantities: for each quantity its value of each sample.
  init?(_ genomes: [[Int]], _ quantities: [[Double]], radices: [Int]) {
    let genes = radices.indices.filter { gene in
      genomes.contains { $0[gene] != genomes[0][gene] }
    }
    let scales = genes.map { 1 / Double(radices[$0] - 1) }
    let size = genomes.count + genes.count + 1
    guard genomes.count > genes.count + 1 else { return nil }
    self.genes = genes
    self.scales = scales
    count = genomes.count
    samples = genomes.flatMap { genome in zip(genes, scales).map { Double(genome[$0]) * $1 } }
    var matrix = [Double](repeating: 0, count: size * size)
    for row in 0..<count {
      for column in 0..<row {
        let value = Self.kernel(samples, row, samples, column, genes.count)
        matrix[row * size + column] = value
        matrix[column * size + row] = value
      }
      for column in 0...genes.count {
        let value = column == 0 ? 1 : samples[row * genes.count + column - 1]
        matrix[row * size + count + column] = value
        matrix[(count + column) * size + row] = value
      }
    }
    let sides = quantities.map { $0 + [Double](repeating: 0, count: genes.count + 1) }
    guard let weights = LinearEquations.solve(matrix, sides) else { return nil }
    self.weights = weights
  }

  /// The predicted quantities of a design.
  func predict(_ genome: [Int]) -> [Double] {
    let point = zip(genes, scales).map { Double(genome[$0]) * $1 }
    let kernels = (0..<count).map { Self.kernel(samples, $0, point, 0, genes.count) }
    return weights.map { weights in
      var sum = weights[count]
      for sample in 0..<count { sum += weights[sample] * kernels[sample] }
      for gene in genes.indices { sum += weights[count + 1 + gene] * point[gene] }
      return sum
    }
  }

  /// The cube of the distance of two points.
  private static func kernel(
    _ left: [Double], _ leftRow: Int, _ right: [Double], _ rightRow: Int, _ dimensions: Int
  ) -> Double {
    var squares = 0.0
    for dimension in 0..<dimensions {
      let difference =
        left[leftRow * dimensions + dimension] - right[rightRow * dimensions + dimension]
      squares += difference * difference
    }
    return squares * squares.squareRoot()
  }
}

/// Systems of linear equations.
enum LinearEquations {
  /// Solves matrix × x = side for several sides by elimination with partial pivoting; nil when the
  /// matrix is singular.
  static func solve(_ matrix: [Double], _ sides: [[Double]]) -> [[Double]]? {
    let size = sides.first?.count ?? 0
    let width = size + sides.count
    var rows = [Double](repeating: 0, count: size * width)
    for row in 0..<size {
      for column in 0..<size { rows[row * width + column] = matrix[row * size + column] }
      for side in sides.indices { rows[row * width + size + side] = sides[side][row] }
    }
    let isSolved = rows.withUnsafeMutableBufferPointer { eliminate($0, size, width) }
    guard isSolved else { return nil }
    return sides.indices.map { side in (0..<size).map { rows[$0 * width + size + side] } }
  }

  /// Turns the left part of the rows into the unit matrix (Gauss and Jordan, from the triangle up).
  private static func eliminate(
    _ rows: UnsafeMutableBufferPointer<Double>, _ size: Int, _ width: Int
  ) -> Bool {
    for column in 0..<size {
      var pivot = column
      for row in column..<size
      where abs(rows[row * width + column]) > abs(rows[pivot * width + column]) {
        pivot = row
      }
      guard abs(rows[pivot * width + column]) > 1e-12 else { return false }
      if pivot != column {
        for other in column..<width {
          rows.swapAt(pivot * width + other, column * width + other)
        }
      }
      for row in column + 1..<size {
        let factor = rows[row * width + column] / rows[column * width + column]
        if factor != 0 { subtract(rows, row * width, column * width, factor, column..<width) }
      }
    }
    for column in (0..<size).reversed() {
      for side in size..<width { rows[column * width + side] /= rows[column * width + column] }
      for row in 0..<column {
        subtract(rows, row * width, column * width, rows[row * width + column], size..<width)
      }
    }
    return true
  }

  private static func subtract(
    _ rows: UnsafeMutableBufferPointer<Double>, _ target: Int, _ source: Int, _ factor: Double,
    _ columns: Range<Int>
  ) {
    var column = columns.lowerBound
    while column < columns.upperBound {
      rows[target + column] -= factor * rows[source + column]
      column += 1
    }
  }
}
