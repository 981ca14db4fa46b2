import Exploration
import Foundation
import Testing

/// A result small enough to be written out.
private func tiny() -> ExplorationResult {
  func design(
    _ values: [ParameterValue], _ cycles: Double, _ area: Double, _ type: DesignClass,
    _ optima: [Metric] = []
  ) -> ReportedDesign {
    let metrics = MetricValues(
      cycles: cycles, seconds: cycles / 1e8, energy: 2e6, dramEnergy: 5e5, area: area)
    return ReportedDesign(
      values: values, metrics: metrics.numbers, model: "cycles", classification: type,
      isOnFront: type == .best, optimumOf: optima)
  }
  return ExplorationResult(
    name: "tiny", title: "Two by two",
    parameters: [
      .init(name: "DIM", values: [.integer(2), .integer(4)]),
      .init(name: "KIND", values: [.text("plain"), .text("a \"b\", c")]),
    ],
    objectives: [
      .init(metric: .cycles, isMaximised: false, weight: 1),
      .init(metric: .area, isMaximised: false, weight: 3),
    ],
    constraints: ["area_mm2 < 1"], model: "cycles", errorBar: "exact", table: "table:1",
    designs: [
      design([.integer(2), .text("plain")], 4000, 1e5, .best, [.area]),
      design([.integer(2), .text("a \"b\", c")], 5000, 2e5, .feasible),
      design([.integer(4), .text("plain")], 1000, 4e5, .best, [.cycles]),
      design([.integer(4), .text("a \"b\", c")], 900, 2e6, .rejected),
    ],
    weightedBest: 0,
    stages: [
      .init(
        model: "cycles", given: 4, stored: 1, evaluated: 3, invalid: 0, failed: 0, kept: 4,
        seconds: 1234.5)
    ],
    spaceSize: 12_345, rejections: [.init(reason: "DIM < 4", count: 12_341)],
    sensitivity: [
      .init(parameter: "DIM", metric: .cycles, share: 0.75, means: [4500, 950]),
      .init(parameter: "KIND", metric: .cycles, share: 0.25, means: [nil, 2950]),
    ],
    comparisons: [
      .init(what: "fastest", theirs: "4×4", ours: "4×4", agrees: true, remark: "same"),
      .init(what: "smallest", theirs: "2 µm²", ours: "1 µm²", agrees: nil, remark: ""),
    ])
}

@Suite("Exploration as CSV")
struct ExplorationCSVTests {
  @Test("Every design has a line after RFC 4180")
  func lines() {
    let text = ExplorationCSV.text(tiny())
    let expected = [
      "DIM,KIND,cycles,latency_ms,fps,energy_mJ,dram_energy_mJ,power_mW,area_mm2,edp_uJs,"
        + "class,on_front,optimum_of,model",
      "2,plain,4000,0.04,25000,0.002,0.0005,50,0.1,8e-05,best,true,area_mm2,cycles",
      "2,\"a \"\"b\"\", c\",5000,0.05,20000,0.002,0.0005,40,0.2,0.0001,feasible,false,,cycles",
    ]
    let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false).map(String.init)
    #expect(lines.count == 6)
    #expect(lines.last == "")
    func values(_ line: String) -> [String] {
      line.split(separator: ",", omittingEmptySubsequences: false).map { field in
        // The last digits depend on the order of multiplications.
        Double(field).map { String(format: "%.10g", $0) } ?? String(field)
      }
    }
    for (line, wanted) in zip(lines, expected) { #expect(values(line) == values(wanted)) }
  }

  @Test("Numbers lose no digit")
  func digits() throws {
    let result = SampleExploration.resnet(300)
    let lines = ExplorationCSV.text(result).split(separator: "\r\n").dropFirst()
    #expect(lines.count == 300)
    for (line, design) in zip(lines, result.designs) {
      let fields = line.split(separator: ",", omittingEmptySubsequences: false)
      #expect(fields[5..<13].compactMap { Double($0) } == design.metrics)
    }
  }

  @Test("Line breaks and quotation marks in names are quoted")
  func quoting() {
    var result = tiny()
    result.parameters[0].name = "a\r\nb"
    result.parameters[1].name = "say \"x\""
    #expect(ExplorationCSV.text(result).hasPrefix("\"a\r\nb\",\"say \"\"x\"\"\",cycles,"))
  }
}

@Suite("Exploration as JSON")
struct ExplorationJSONTests {
  @Test("Reading gives back what was written", arguments: [0, 1, 2])
  func roundTrip(_ which: Int) throws {
    let result = [tiny(), SampleExploration.lenet(), SampleExploration.resnet(200)][which]
    let text = try ExplorationJSON.text(result)
    let read = try ExplorationJSON.read(text)
    #expect(read.designs == result.designs)
    #expect(read.parameters == result.parameters)
    #expect(read.objectives == result.objectives)
    #expect(read.stages == result.stages)
    #expect(read.rejections == result.rejections)
    #expect(read.sensitivity == result.sensitivity)
    #expect(read.comparisons == result.comparisons)
    #expect(read.constraints == result.constraints)
    #expect(
      [read.name, read.title, read.model, read.errorBar, read.table]
        == [result.name, result.title, result.model, result.errorBar, result.table])
    #expect(read.spaceSize == result.spaceSize)
    #expect(try ExplorationJSON.text(read) == text)
  }

  @Test("The head says what it is and what the numbers mean; every design has a line")
  func layout() throws {
    let lines = try ExplorationJSON.text(tiny()).split(separator: "\n").map(String.init)
    #expect(
      lines[0...3] == [
        "{", "  \"format\": \"flecsim-exploration\",", "  \"version\": 1,", "  \"metrics\": [",
      ])
    #expect(
      lines[5]
        == "    {\"isBetterLarger\":false,\"name\":\"latency_ms\",\"title\":\"latency\",\"unit\":\"ms\"},"
    )
    #expect(lines.count { $0.contains("\"classification\":") } == 4)
  }

  @Test("Numbers that JSON cannot hold and foreign files are refused")
  func refusals() throws {
    var result = tiny()
    result.designs[1].metrics[3] = .infinity
    #expect(throws: ExplorationJSON.Failure.self) { try ExplorationJSON.text(result) }
    let text = try ExplorationJSON.text(tiny())
    let later = text.replacing("\"version\": 1", with: "\"version\": 2")
    #expect { try ExplorationJSON.read(later) } throws: {
      "\($0)" == "the version is 2, expected 1"
    }
    #expect {
      try ExplorationJSON.read(text.replacing("flecsim-exploration", with: "other"))
    } throws: { "\($0)" == "the format is other, expected flecsim-exploration" }
    #expect(throws: ExplorationJSON.Failure.self) { try ExplorationJSON.read("[1, 2]") }
    #expect(throws: ExplorationJSON.Failure.self) {
      try ExplorationJSON.read(text.replacing("\"best\"", with: "\"fine\""))
    }
  }
}

@Suite("Exploration as text")
struct ExplorationTextTests {
  @Test("The report of a small study")
  func whole() {
    let expected = """
      tiny – Two by two
        designs  12_345 in the space · 4 reported · 3 feasible · 2 on the front
        model    cycles (exact)
        energy   table:1

      Stages
        stage   given  from store  evaluated  invalid  failed  kept         time
        cycles      4           1          3        0       0     4  20 min 35 s

      Rejected designs
        12_341  DIM < 4

      Pareto front
        DIM   KIND  cycles  area_mm2
          4  plain   1_000       0.4
          2  plain   4_000       0.1

      Optima
                         DIM   KIND  cycles  area_mm2
        least cycles       4  plain   1_000       0.4
        least area_mm2     2  plain   4_000       0.1
        best by weights    2  plain   4_000       0.1

      Sensitivity (share of the variance that a parameter alone explains)
        objective  parameter  share            means over its values
        cycles     DIM         75 %  ███████▌  █▁
                   KIND        25 %  ██▌        ▁

      Theirs and ours
                  theirs  ours   trend  remark
        fastest   4×4     4×4    same   same
        smallest  2 µm²   1 µm²  –      –

      """
    var result = tiny()
    result.comparisons[1].remark = "–"
    let text = ExplorationText().text(result).replacing("\u{202F}", with: "_")
    #expect(text == expected)
    let ascii = ExplorationText(usesUnicode: false).text(result)
    #expect(ascii.allSatisfy { $0.isASCII })
    #expect(ascii.contains("#######"))
    #expect(
      ascii.split(separator: "\n").filter { $0.contains("plain") }.map(\.count)
        == text.split(separator: "\n").filter { $0.contains("plain") }.map(\.count))
  }

  @Test("Long fronts are cut and counted")
  func longFront() {
    let result = SampleExploration.lenet()
    let lines = ExplorationText().text(result).split(separator: "\n")
    #expect(lines.contains("  and \(result.front.count - 20) more"))
    let cut = ExplorationText(frontLimit: 5).text(result).split(separator: "\n")
    #expect(lines.count - cut.count == 15)
  }

  @Test("A study without a feasible design says so; control characters stay out")
  func nothingFeasible() {
    var result = tiny()
    for index in result.designs.indices {
      result.designs[index].classification = .rejected
      result.designs[index].isOnFront = false
      result.designs[index].optimumOf = []
    }
    result.weightedBest = nil
    result.name = "evil\u{1B}[31m"
    let text = ExplorationText().text(result)
    #expect(text.contains("no design fulfils all constraints"))
    #expect(!text.contains("Optima"))
    #expect(!text.contains("\u{1B}"))
    #expect(text.hasPrefix("evil?[31m"))
  }

  @Test(
    "Numbers are shown with four digits",
    arguments: [
      (0.0, "0"), (1234.5, "1_235"), (999.96, "1_000"), (99.996, "100"), (12.344, "12.34"),
      (0.99999, "1"), (0.12344, "0.1234"), (0.0012344, "0.001234"), (1.5e-7, "1.5e-7"),
      (-2.5, "-2.5"), (2.5e18, "2.5e18"), (1_840_000, "1_840_000"), (.nan, "–"),
      (9.9999e-5, "1e-4"),
    ])
  func numbers(_ value: Double, _ shown: String) {
    var result = tiny()
    result.designs[2].metrics[0] = value
    result.designs[2].optimumOf = []
    let text = ExplorationText().text(result).replacing("\u{202F}", with: "_")
    #expect(text.contains("plain  ") && text.contains(" \(shown)  "))
  }
}

@Suite("Picks of a result")
struct PicksTests {
  @Test("The front comes best first by the first objective")
  func front() {
    let result = SampleExploration.resnet(400)
    let energies = result.front.map { result.designs[$0].metrics[Metric.energy.index] }
    #expect(energies == energies.sorted())
    var fast = result
    fast.objectives = [.init(metric: .fps, isMaximised: true, weight: 1)]
    let rates = fast.front.map { fast.designs[$0].metrics[Metric.fps.index] }
    #expect(rates == rates.sorted(by: >))
    #expect(rates.count == result.designs.count(where: \.isOnFront))
  }
}
