import Exploration
import Testing

private func metrics(
  seconds: Double = 0.01, energy: Double = 1e9, area: Double = 1e6
) -> MetricValues {
  MetricValues(cycles: 1000, seconds: seconds, energy: energy, dramEnergy: 0, area: area)
}

@Suite("Design spaces")
struct DesignSpaceTests {
  @Test("Number their designs in the order of genomes")
  func numbers() throws {
    let space = try SampleSpace.space(radices: [3, 1, 4, 2])
    #expect(space.size == 24)
    let genomes = (0..<24).map { space.design(at: $0).genome }
    #expect(genomes == genomes.sorted { $0.lexicographicallyPrecedes($1) })
    #expect(Set(genomes).count == 24)
    for index in 0..<UInt64(24) { #expect(space.index(of: space.design(at: index)) == index) }
    #expect(genomes[0] == [0, 0, 0, 0] && genomes[1] == [0, 0, 0, 1])
    #expect(genomes[23] == [2, 0, 3, 1])
  }

  @Test("Are walked through in that order, from anywhere")
  func cursor() throws {
    let space = try SampleSpace.space(radices: [3, 1, 4, 2])
    for start in 0..<UInt64(24) {
      var cursor = DesignCursor(space, at: start)
      for index in start..<24 {
        #expect(cursor.index == index)
        #expect(cursor.genome == space.design(at: index).genome)
        cursor.advance()
      }
      #expect(cursor.index == 0)
      #expect(cursor.genome == [0, 0, 0, 0])
    }
  }

  @Test("Say when they cannot be counted, or are empty")
  func failures() throws {
    var study = try SampleSpace.study(radices: [Int](repeating: 128, count: 9))
    #expect(try DesignSpace(study).size == 1 << 63)
    study.parameters[0].values += study.parameters[0].values
    #expect(throws: DesignSpace.Failure.tooLarge) { try DesignSpace(study) }
    study.parameters[1].values = []
    #expect(throws: DesignSpace.Failure.noValues(parameter: "B")) { try DesignSpace(study) }
  }

  @Test("Reject designs with the first constraint that they violate")
  func verdicts() throws {
    let space = try SampleSpace.space(
      radices: [3, 3], constraints: ["A <= B", "fps >= 30", "6 % B == 0"],
      derive: ["x": "8 / A"])
    func verdict(_ genome: [Int]) -> Verdict { space.verdict(of: Design(genome: genome)) }
    #expect(verdict([1, 1]) == .valid)
    #expect(verdict([2, 1]) == .rejected(reason: "A <= B"))
    #expect(verdict([0, 0]) == .rejected(reason: "division by zero in 6 % B == 0"))
    #expect(verdict([0, 1]) == .rejected(reason: "division by zero in x = 8 / A"))

    var counts = RejectionCounts(space)
    var valid: [[Int]] = []
    space.forEachValid(in: 0..<space.size, &counts) { _, genome in
      valid.append(genome)
      return true
    }
    #expect(valid == [[1, 1], [1, 2], [2, 2]])
    #expect(counts.total == 6)
    #expect(
      counts.reasons(space) == [
        ExplorationResult.Rejection(reason: "A <= B", count: 3),
        ExplorationResult.Rejection(reason: "division by zero in x = 8 / A", count: 2),
        ExplorationResult.Rejection(reason: "division by zero in 6 % B == 0", count: 1),
      ])
  }

  @Test("Agree with themselves about violations and verdicts")
  func violations() throws {
    let space = try SampleSpace.space(
      radices: [8, 8, 8], constraints: ["A <= B", "B * C < 20 || A == 0", "!(C == 7)"],
      derive: ["x": "8 / C"])
    var valid = 0
    for index in 0..<space.size {
      let design = space.design(at: index)
      let isValid = space.verdict(of: design) == .valid
      #expect((space.violation(of: design) == 0) == isValid)
      if isValid { valid += 1 }
    }
    #expect(valid > 0 && valid < 512)
    #expect(space.violation(of: Design(genome: [4, 2, 1])) == 0.5)
    #expect(space.violation(of: Design(genome: [4, 2, 0])) == 1.5)
  }

  @Test("Write what evaluators get")
  func overrides() throws {
    var study = try SampleSpace.study(
      parameters: """
        {
          "X": { "path": ["a.x", "b.x"], "values": [2, 3] },
          "R": { "path": "r", "values": [0.5] },
          "F": { "path": "f", "values": [true] },
          "T": { "path": "t", "values": ["700 MHz", "os", "true", "a b", "12"] },
        }
        """,
      derive: [
        "d.bus": "X * 32", "d.half": "X / 2", "d.is": "X > 2", "d.t": "X > 2 ? 'many' : 'few'",
      ])
    study.fixed = [Study.Assignment(path: "clocks.core", value: .text("1 GHz"))]
    let space = try DesignSpace(study)
    #expect(
      space.overrides(of: Design(genome: [1, 0, 0, 0])) == [
        "clocks.core=1 GHz", "a.x=3", "b.x=3", "r=0.5", "f=true", "t=700 MHz", "d.bus=96",
        "d.half=1.5", "d.is=true", "d.t=many",
      ])
    let texts = (0..<5).map { space.overrides(of: Design(genome: [0, 0, 0, $0]))[5] }
    #expect(texts == ["t=700 MHz", "t=os", "t=\"true\"", "t=\"a b\"", "t=\"12\""])
    #expect(
      space.overrides(of: Design(genome: [0, 0, 0, 0])).suffix(4) == [
        "d.bus=64", "d.half=1", "d.is=false", "d.t=few",
      ])
  }

  @Test("Judge designs by their metrics")
  func scores() throws {
    let space = try SampleSpace.space(
      radices: [4], constraints: ["fps >= 125", "area_mm2 <= A"],
      objectives: "[\"fps\", \"energy_mJ\"]")
    let design = Design(genome: [2])
    #expect(space.score(of: design, metrics()) == Score(objectives: [-100, 1], violation: 0.2))
    #expect(
      space.score(of: design, metrics(area: 4e6)) == Score(objectives: [-100, 1], violation: 0.7))
    #expect(space.score(of: design, metrics(seconds: 0.008)).isFeasible)
    #expect(space.score(of: design, nil) == .unusable)
    #expect(
      space.violatedConstraints(of: design, metrics(area: 4e6)) == ["fps >= 125", "area_mm2 <= A"])
    #expect(space.violatedConstraints(of: design, metrics(seconds: 0.001)) == [])
  }
}
