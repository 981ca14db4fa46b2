/// The genetic algorithm NSGA-II (Deb, Pratap, Agarwal and Meyarivan, A fast and elitist
/// multiobjective genetic algorithm, IEEE TEC 6(2), 2002).
///
/// Non-dominated sorting, crowding distance and constrained domination as published; operators and
/// their settings as in pymoo. What differs, because an evaluation may be a simulation:
/// - No design is asked for twice in a search: offspring that were asked for before are bred again.
/// - Offspring that constraints reject before evaluation take genes from a parent, in random order,
///   until they are valid; parents are. Constraints without metrics that are decided after
///   evaluation count like the others: no metric could make such designs feasible.
/// - Ten times as many offspring are bred as are wanted, and a surrogate picks those that promise to
///   improve the front, see ``OffspringScreening``.
/// - The search ends when no new designs are found, or when ``patience`` evaluations have not changed
///   the front.
public struct NSGA2: SearchStrategy {
  /// Times that a generation is bred to fill it up with new designs.
  static let breedingLimit = 100

  /// Offspring that are bred for each that is evaluated.
  static let screeningFactor = 10

  /// Designs that were rejected before evaluation, by reason.
  public internal(set) var rejections: RejectionCounts
  let space: DesignSpace
  let operators: GeneticOperators
  let populationSize: Int
  /// Evaluations without a change of the front after which the search ends: ten generations, or a
  /// sixth of a small space.
  public let patience: Int
  private let generations: Int
  var random: RandomDraws
  private var sampler: RandomSearch
  var population: Population
  /// Numbers of all designs that were asked for.
  var asked: Set<UInt64> = []
  /// All designs that were evaluated, in order.
  var history: [(design: Design, score: Score)] = []
  private var generation = 0
  private var front: Set<UInt64> = []
  private var archive: [(index: UInt64, score: Score)] = []
  /// Generations and evaluations since the front changed.
  private(set) var unchanged = 0
  private var fruitless = 0
  private var isFinished = false

  /// Creates a search; equal seeds and scores give equal designs.
  ///
  /// - Parameters:
  ///   - population: designs of a generation.
  ///   - generations: how many there are at most, the random first one included.
  public init(_ space: DesignSpace, population: Int, generations: Int, seed: UInt64) {
    self.space = space
    populationSize = max(2, population)
    self.generations = generations
    patience = Int(min(UInt64(10 * populationSize), max(1, space.size / 6)))
    operators = GeneticOperators(radices: space.radices)
    random = RandomDraws(seed: seed)
    sampler = RandomSearch(space, samples: .max, seed: seed, takesHopeless: false)
    self.population = Population(dimensions: space.study.objectives.count)
    rejections = RejectionCounts(space)
  }

  /// The next designs; empty when the search is finished.
  public mutating func ask() -> [Design] {
    guard !isFinished, generation < generations else { return [] }
    var designs: [Design]
    if generation == 0 {
      designs = sampler.take(populationSize)
      rejections = sampler.rejections
    } else {
      designs = population.members.isEmpty ? [] : breed()
    }
    generation += 1
    if designs.isEmpty { isFinished = true }
    for design in designs { asked.insert(space.index(of: design)) }
    return designs
  }

  /// Takes the scores of the last designs.
  public mutating func tell(_ designs: [Design], _ scores: [Score]) {
    for (design, score) in zip(designs, scores) {
      population.add(design, score)
      history.append((design, score))
    }
    population.select(populationSize)
    updateFront(designs, scores)
    if fruitless >= patience { isFinished = true }
  }

  /// Keeps the front of all designs so far and counts the generations without a change.
  private mutating func updateFront(_ designs: [Design], _ scores: [Score]) {
    for (design, score) in zip(designs, scores) where score.isFeasible {
      if archive.contains(where: { $0.score.dominates(score) }) { continue }
      archive.removeAll { score.dominates($0.score) }
      archive.append((space.index(of: design), score))
    }
    let now = Set(archive.map(\.index))
    let isUnchanged = now == front && !now.isEmpty
    unchanged = isUnchanged ? unchanged + 1 : 0
    fruitless = isUnchanged ? fruitless + designs.count : 0
    front = now
  }
}
