import Exploration
import Foundation
import SimKernel

/// A space of which all objectives are known.
struct TableProblem: Sendable, CustomStringConvertible {
  let description: String
  let radices: [Int]
  /// Objectives of all designs in the order of their numbers, to be minimised.
  let rows: [[Double]]
  /// How far each design is from fulfilling the constraints that are decided after evaluation.
  let violations: [Double]
  /// Slightly worse than the worst design in all objectives.
  let reference: [Double]
  /// Size of generations, and evaluations that are allowed.
  let population: Int
  let budget: Int

  init(
    _ description: String, _ radices: [Int], population: Int, budget: Int,
    _ evaluate: ([Int]) -> (objectives: [Double], violation: Double)
  ) {
    self.description = description
    self.radices = radices
    self.population = population
    self.budget = budget
    var rows: [[Double]] = []
    var violations: [Double] = []
    for index in 0..<radices.reduce(1, *) {
      var rest = index
      var genome = [Int](repeating: 0, count: radices.count)
      for position in radices.indices.reversed() {
        genome[position] = rest % radices[position]
        rest /= radices[position]
      }
      let (objectives, violation) = evaluate(genome)
      rows.append(objectives)
      violations.append(violation)
    }
    self.rows = rows
    self.violations = violations
    reference = (0..<rows[0].count).map { objective in
      let worst = rows.reduce(-Double.infinity) { max($0, $1[objective]) }
      return worst + 0.01 * abs(worst) + 0.01
    }
  }

  func index(of design: Design) -> Int {
    zip(radices, design.genome).reduce(0) { $0 * $1.0 + $1.1 }
  }

  /// Rows of the front of the designs that fulfil the constraints.
  var front: [Int] {
    let feasible = rows.indices.filter { violations[$0] == 0 }
    let table = ObjectiveTable(dimensions: rows[0].count, rows: feasible.map { rows[$0] })
    return ParetoFront.rows(of: table).map { feasible[$0] }
  }

  func volume(_ indices: [Int]) -> Double {
    let feasible = indices.filter { violations[$0] == 0 }.map { rows[$0] }
    let table = ObjectiveTable(dimensions: rows[0].count, rows: feasible)
    return Hypervolume.volume(table, reference: reference) ?? 0
  }

  /// What our NSGA-II asks for, in order.
  func search(
    seed: UInt64, generations: Int = 1000, limit: Int = .max
  ) throws -> [Design] {
    let metrics = ["latency_ms", "energy_mJ", "area_mm2"].prefix(rows[0].count)
    let space = try SampleSpace.space(
      radices: radices, objectives: "[\(metrics.map { "\"\($0)\"" }.joined(separator: ", "))]")
    var search = NSGA2(space, population: population, generations: generations, seed: seed)
    return run(&search, limit: limit) { design in
      let index = index(of: design)
      return Score(objectives: rows[index], violation: violations[index])
    }
  }
}

extension TableProblem {
  static let all = [array, arrayWithEnergy, feasibleArray, rough, zdt1, zdt3]

  /// Array dimensions and bus width of an output-stationary systolic array that runs the layers of
  /// LeNet-5 as matrix products: 6 · 6 · 6 = 216 designs; cycles against area.
  static let array = TableProblem("array", [6, 6, 6], population: 20, budget: 80) { genome in
    let (cycles, area, _) = systolicArray(genome)
    return ([cycles, area], 0)
  }

  static let arrayWithEnergy = TableProblem(
    "array with energy", [6, 6, 6], population: 20, budget: 80
  ) { genome in
    let (cycles, area, energy) = systolicArray(genome)
    return ([cycles, area, energy], 0)
  }

  /// Only fast and small systems count.
  static let feasibleArray = TableProblem(
    "array with constraints", [6, 6, 6], population: 20, budget: 80
  ) { genome in
    let (cycles, area, energy) = systolicArray(genome)
    return ([cycles, energy], max(0, area / 12 - 1) + max(0, cycles / 12_000 - 1))
  }

  /// A trend with noise, as far from smooth as can be.
  static let rough = TableProblem("rough", [6, 6, 6], population: 20, budget: 80) { genome in
    var random = SplitMix64(seed: UInt64((genome[0] * 6 + genome[1]) * 6 + genome[2]))
    let sum = Double(genome.reduce(0, +))
    let first = 20 - sum + 3 * Double.random(in: 0..<1, using: &random)
    let second = Double(genome[0] * genome[1] + 2 * genome[2])
    return ([first, second + 3 * Double.random(in: 0..<1, using: &random)], 0)
  }

  /// ZDT1 and ZDT3 (Zitzler, Deb and Thiele, Evolutionary Computation 8(2), 2000) on a grid.
  static let zdt1 = TableProblem("ZDT1", [12, 12, 12], population: 20, budget: 120) { genome in
    let (first, rest) = zdt(genome)
    return ([first, rest * (1 - (first / rest).squareRoot())], 0)
  }

  static let zdt3 = TableProblem("ZDT3", [40, 10, 10], population: 20, budget: 120) { genome in
    let (first, rest) = zdt(genome, [40, 10, 10])
    let share = first / rest
    return ([first, rest * (1 - share.squareRoot() - share * sin(10 * .pi * first))], 0)
  }

  private static func zdt(
    _ genome: [Int], _ radices: [Int] = [12, 12, 12]
  ) -> (first: Double, rest: Double) {
    let x = zip(genome, radices).map { Double($0) / Double($1 - 1) }
    return (x[0], 1 + 9 * x.dropFirst().reduce(0, +) / Double(x.count - 1))
  }

  /// Rows, columns and inner dimension of the five layers' products.
  private static let products: [(m: Double, k: Double, n: Double)] = [
    (576, 25, 6), (64, 150, 16), (1, 256, 120), (1, 120, 84), (1, 84, 10),
  ]

  private static func systolicArray(
    _ genome: [Int]
  ) -> (cycles: Double, area: Double, energy: Double) {
    let (x, y, bus) = (Double(2 << genome[0]), Double(2 << genome[1]), Double(64 << genome[2]))
    var (cycles, traffic, work) = (0.0, 0.0, 0.0)
    for (m, k, n) in products {
      let (across, down) = ((m / x).rounded(.up), (n / y).rounded(.up))
      let words = m * k * down + k * n * across + m * n
      cycles += max(across * down * (k + x + y), words * 32 / bus) + 300
      traffic += words
      work += across * down * x * y * k
    }
    let area = x * y * 0.012 + bus * 0.004 + (x + y) * 0.02 + 1
    return (cycles, area, traffic * 4 + work * 0.4 + cycles * area * 0.05)
  }
}
