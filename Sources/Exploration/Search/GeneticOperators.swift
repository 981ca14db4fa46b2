internal import Foundation

/// Crossover and mutation of genomes: positions in lists of values, treated as real numbers and
/// rounded.
struct GeneticOperators: Sendable {
  /// Distribution index and probability of simulated binary crossover, and the probability that a
  /// gene takes part.
  static let crossoverIndex = 15.0
  static let crossoverProbability = 0.9
  static let geneCrossoverProbability = 0.5
  /// Distribution index of polynomial mutation, and the probability that a genome is mutated; a
  /// gene is with 1 / number of genes, at most 0.5.
  static let mutationIndex = 20.0
  static let mutationProbability = 0.9

  /// How many values each gene has.
  let radices: [Int]

  /// Simulated binary crossover (Deb and Agrawal, Complex Systems 9, 1995; with bounds as in Deb's
  /// NSGA-II code).
  func cross(
    _ first: [Int], _ second: [Int], _ random: inout RandomDraws
  ) -> (first: [Int], second: [Int]) {
    var (one, two) = (first, second)
    guard random.happens(Self.crossoverProbability) else { return (one, two) }
    for gene in radices.indices where random.happens(Self.geneCrossoverProbability) {
      guard first[gene] != second[gene] else { continue }
      let low = Double(min(first[gene], second[gene]))
      let high = Double(max(first[gene], second[gene]))
      let last = Double(radices[gene] - 1)
      let draw = random.unit()
      let below = spread(1 + 2 * low / (high - low), draw)
      let above = spread(1 + 2 * (last - high) / (high - low), draw)
      var children = (
        0.5 * (low + high - below * (high - low)), 0.5 * (low + high + above * (high - low))
      )
      if random.happens(0.5) { swap(&children.0, &children.1) }
      one[gene] = position(children.0, gene)
      two[gene] = position(children.1, gene)
    }
    return (one, two)
  }

  /// The spread factor β_q of simulated binary crossover for a draw from 0 to 1.
  private func spread(_ beta: Double, _ draw: Double) -> Double {
    let exponent = Self.crossoverIndex + 1
    let alpha = 2 - pow(beta, -exponent)
    return draw <= 1 / alpha
      ? pow(draw * alpha, 1 / exponent) : pow(1 / (2 - draw * alpha), 1 / exponent)
  }

  /// Polynomial mutation (Deb and Goyal, Computer Science and Informatics 26(4), 1996). A mutation
  /// that is less than half a position moves the gene by one position, where there is one:
  /// rounding would undo nearly all mutations of short lists.
  func mutate(_ genome: inout [Int], _ random: inout RandomDraws) {
    guard random.happens(Self.mutationProbability) else { return }
    let probability = min(0.5, 1 / Double(radices.count))
    for gene in radices.indices where random.happens(probability) {
      guard radices[gene] > 1 else { continue }
      let last = Double(radices[gene] - 1)
      let share = Double(genome[gene]) / last
      let exponent = Self.mutationIndex + 1
      let draw = random.unit()
      let delta: Double
      if draw <= 0.5 {
        let value = 2 * draw + (1 - 2 * draw) * pow(1 - share, exponent)
        delta = pow(value, 1 / exponent) - 1
      } else {
        let value = 2 * (1 - draw) + 2 * (draw - 0.5) * pow(share, exponent)
        delta = 1 - pow(value, 1 / exponent)
      }
      let moved = position(Double(genome[gene]) + delta * last, gene)
      let step = draw <= 0.5 ? -1 : 1
      genome[gene] =
        moved == genome[gene] ? min(max(moved + step, 0), radices[gene] - 1) : moved
    }
  }

  private func position(_ value: Double, _ gene: Int) -> Int {
    guard value.isFinite else { return 0 }
    return min(max(Int(value.rounded()), 0), radices[gene] - 1)
  }
}
