import Exploration
import Foundation
import SoC
import Testing

private let models = ["roofline", "soc", "cycles"]

/// Reads a study from a folder in which `soc.json` and `net.onnx` are.
private func read(_ text: String) throws -> (study: Study, warnings: [ConfigError]) {
  let folder = FileManager.default.temporaryDirectory.appending(
    path: "flecsim-study-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  for name in ["soc.json", "net.onnx"] {
    try "{}".write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
  }
  let file = folder.appending(path: "study.json")
  try text.write(to: file, atomically: true, encoding: .utf8)
  do {
    var result = try StudyReader.read(file.path, models: models)
    result.study.soc = result.study.soc.replacing(folder.path + "/", with: "")
    result.study.network = result.study.network?.replacing(folder.path + "/", with: "")
    return result
  } catch let errors {
    throw ConfigErrors(
      errors.errors.map { error in
        ConfigError(
          position: SourcePosition(
            file: "s", line: error.position.line, column: error.position.column),
          path: error.path, message: error.message.replacing(folder.path + "/", with: ""),
          expected: error.expected,
          suggestion: error.suggestion?.replacing(folder.path + "/", with: ""))
      })
  }
}

private func mistakes(_ text: String) throws -> [String] {
  let errors = try #require(throws: ConfigErrors.self) { try read(text) }
  return errors.errors.map(\.description)
}

/// A sound study with one section replaced or added.
private func study(_ section: String = "") -> String {
  let defaults = [
    ("name", "\"s\""), ("soc", "\"soc.json\""), ("parameters", "{\"X\": {\"values\": [2, 4]}}"),
    ("objectives", "[\"cycles\"]"),
  ]
  let given = section.split(separator: "\"").first.map(String.init)
  let kept = defaults.filter { $0.0 != given }.map { "\"\($0.0)\": \($0.1)" }
  return "{\n" + (section.isEmpty ? "" : section + ",\n") + kept.joined(separator: ",\n") + "}"
}

@Suite("Study files")
struct StudyReaderTests {
  @Test("Are read with everything in them")
  func everything() throws {
    let (study, warnings) = try read(
      """
      {
        // Comments and trailing commas are allowed.
        "name": "lenet5-dimension-bus", "title": "A title",
        "soc": "soc.json", "network": "lenet5",
        "set": { "clocks.core": "700 MHz", "cpu.count": 1 },
        "parameters": {
          "XDIM": { "path": "accelerators.array.fixed_args.XDIM", "powers_of_two": [2, 64] },
          "YDIM": { "path": ["a.y", "b.y"], "values": [2, 4, 8] },
          "ACT": { "path": "memories.act.length", "range": ["64 KiB", "256 KiB"], "step": 65536 },
          "GROW": { "path": "g", "range": [3, 100], "factor": 3 },
          "REAL": { "path": "r", "range": [0, 0.5], "step": 0.1 },
          "SHORT": ["a", "b"],
          "FLAG": { "path": "f", "values": [true, false] },
        },
        "derive": { "dmas.dma_in.port_size": "XDIM * 32", "k": "SHORT == 'a' ? 'x' : 'y'" },
        "constraints": ["XDIM >= YDIM", "fps >= 30"],
        "objectives": { "latency_ms": "minimise", "fps": "maximize",
          "energy_mJ": { "direction": "minimize", "weight": 2.5 } },
        "search": { "nsga2": { "population": 12, "generations": 7, "seed": 3 } },
        "stages": ["roofline", { "model": "soc", "keep": 500, "error": 0.05 }, "cycles"],
      }
      """)
    #expect(warnings.isEmpty)
    #expect(study.name == "lenet5-dimension-bus" && study.title == "A title")
    #expect(study.soc == "soc.json" && study.network == "lenet5")
    #expect(
      study.fixed == [
        Study.Assignment(path: "clocks.core", value: .text("700 MHz")),
        Study.Assignment(path: "cpu.count", value: .integer(1)),
      ])
    #expect(
      study.parameters == [
        Study.Parameter(
          name: "XDIM", paths: ["accelerators.array.fixed_args.XDIM"],
          values: [2, 4, 8, 16, 32, 64].map(ParameterValue.integer)),
        Study.Parameter(
          name: "YDIM", paths: ["a.y", "b.y"], values: [.integer(2), .integer(4), .integer(8)]),
        Study.Parameter(
          name: "ACT", paths: ["memories.act.length"],
          values: [1, 2, 3, 4].map { .integer($0 * 65536) }),
        Study.Parameter(
          name: "GROW", paths: ["g"], values: [3, 9, 27, 81].map(ParameterValue.integer)),
        Study.Parameter(
          name: "REAL", paths: ["r"],
          values: [.integer(0), .real(0.1), .real(0.2), .real(0.3), .real(0.4), .real(0.5)]),
        Study.Parameter(name: "SHORT", paths: [], values: [.text("a"), .text("b")]),
        Study.Parameter(name: "FLAG", paths: ["f"], values: [.flag(true), .flag(false)]),
      ])
    #expect(study.derived.map(\.path) == ["dmas.dma_in.port_size", "k"])
    #expect(study.constraints.map(\.isStatic) == [true, false])
    #expect(
      study.objectives == [
        Study.Objective(metric: .latency, isMaximised: false),
        Study.Objective(metric: .fps, isMaximised: true),
        Study.Objective(metric: .energy, isMaximised: false, weight: 2.5),
      ])
    #expect(study.search == .nsga2(population: 12, generations: 7, seed: 3))
    #expect(
      study.stages == [
        Study.Stage(model: "roofline"), Study.Stage(model: "soc", keep: 500, error: 0.05),
        Study.Stage(model: "cycles"),
      ])
  }

  @Test("Need only name, SoC, parameters and objectives")
  func defaults() throws {
    let (result, _) = try read(study())
    #expect(result.search == .exhaustive)
    #expect(result.stages == [Study.Stage(model: "cycles")])
    #expect(result.network == nil && result.title.isEmpty)
    #expect(result.objectives == [Study.Objective(metric: .cycles, isMaximised: false)])
  }

  @Test("Name a network in a file beside them, or one that comes with the tool")
  func networks() throws {
    #expect(try read(study("\"network\": \"net.onnx\"")).study.network == "net.onnx")
    #expect(try read(study("\"network\": \"resnet34\"")).study.network == "resnet34")
  }

  @Test("Have all their mistakes reported at once, each with its place")
  func allAtOnce() throws {
    let found = try mistakes(
      """
      {
        "soc": "sco.json",
        "titel": "x",
        "parameters": {
          "X": { "path": "a.b", "values": [] },
          "fps": { "path": "a.b", "values": [1, 1.0] },
        },
        "constraints": ["X <= Y", "X + 1"],
        "objectives": { "latency": "minimise", "cycles": { "weight": 0 } },
        "stages": ["sock"]
      }
      """)
    #expect(
      found == [
        "s:1:1: error: 'name' is missing",
        "s:2:10: error: soc: no such file: sco.json; did you mean 'soc.json'?",
        "s:3:3: error: titel: unknown key 'titel'; expected one of name, title, soc, network, "
          + "quantise, set, parameters, derive, constraints, objectives, search, stages, references; "
          + "did you mean 'title'?",
        "s:5:37: error: parameters.X.values: no values; expected at least one",
        "s:6:5: error: parameters.fps: 'fps' is the name of a metric; expected another name",
        "s:6:22: error: parameters.fps.path: a.b is set a second time; "
          + "expected one place for each key; the first is line 5",
        "s:6:43: error: parameters.fps.values[1]: the value 1.0 stands here twice",
        "s:8:25: error: constraints[0]: no parameter or metric 'Y'; expected one of X, fps, cycles,"
          + " latency_ms, fps, energy_mJ, dram_energy_mJ, power_mW, area_mm2, edp_uJs; "
          + "did you mean 'X'?",
        "s:8:30: error: constraints[1]: 'X + 1' is a number; expected a condition",
        "s:9:19: error: objectives.latency: no metric 'latency'; expected one of cycles, latency_ms,"
          + " fps, energy_mJ, dram_energy_mJ, power_mW, area_mm2, edp_uJs; did you mean "
          + "'latency_ms'?",
        "s:9:64: error: objectives.cycles.weight: the weight is 0; expected a number above 0",
        "s:10:14: error: stages[0]: no model 'sock'; expected one of roofline, soc, cycles; "
          + "did you mean 'soc'?",
      ])
  }

  @Test(
    "Have each mistake reported",
    arguments: [
      ("\"parameters\": {}", "parameters: no parameters; expected at least one"),
      ("\"parameters\": 3", "parameters: found 3; expected an object of parameters by their names"),
      (
        "\"parameters\": {\"2X\": [1]}",
        "parameters.2X: '2X' cannot be used in expressions; expected a letter or '_' and then "
          + "letters, digits and '_'"
      ),
      (
        "\"parameters\": {\"min\": [1]}",
        "parameters.min: 'min' is the name of a function; expected another name"
      ),
      (
        "\"parameters\": {\"X\": {\"path\": \"a\"}}",
        "parameters.X: no values; expected one of values, range, powers_of_two"
      ),
      (
        "\"parameters\": {\"X\": {\"values\": [1], \"range\": [1, 2]}}",
        "parameters.X: the values are given 2 times; expected one of values, range, powers_of_two"
      ),
      (
        "\"parameters\": {\"X\": {\"values\": [1], \"step\": 2}}",
        "parameters.X.step: 'step' belongs to a range; expected 'range' beside it"
      ),
      (
        "\"parameters\": {\"X\": {\"values\": [1, null]}}",
        "parameters.X.values[1]: found null; expected a number, text, true or false"
      ),
      (
        "\"parameters\": {\"X\": {\"values\": [1024, \"1 KiB\"]}}",
        "parameters.X.values[1]: the value 1 KiB stands here twice"
      ),
      (
        "\"parameters\": {\"X\": {\"powers_of_two\": [3, 8]}}",
        "parameters.X.powers_of_two[0]: 3 is no power of two; "
          + "expected a power of two from 1 to 2^52"
      ),
      (
        "\"parameters\": {\"X\": {\"range\": [8, 3]}}",
        "parameters.X.range[1]: the last value is less than the first; expected at least 8"
      ),
      (
        "\"parameters\": {\"X\": {\"range\": [1, 1000000]}}",
        "parameters.X.range: the range has 1000000 values; "
          + "expected at most 65536; a larger step or factor"
      ),
      (
        "\"parameters\": {\"X\": {\"range\": [1, 8], \"step\": 0}}",
        "parameters.X.step: the values would not grow; expected a step above 0"
      ),
      (
        "\"parameters\": {\"X\": {\"range\": [0, 8], \"factor\": 2}}",
        "parameters.X.range: the values would not grow; expected a first value above 0"
      ),
      (
        "\"parameters\": {\"X\": {\"range\": [1, 8], \"factor\": 1}}",
        "parameters.X.factor: the values would not grow; expected a factor above 1"
      ),
      (
        "\"parameters\": {\"X\": {\"path\": \"a..b\", \"values\": [1]}}",
        "parameters.X.path: \"a..b\" is no path of a key; "
          + "expected keys with points between them, such as \"memories.act.length\""
      ),
      (
        "\"constraints\": \"X > 2\"",
        "constraints: found the text \"X > 2\"; expected a list of conditions"
      ),
      (
        "\"constraints\": [\"X > 2\", \"X > 2\"]",
        "constraints[1]: the constraint \"X > 2\" stands here twice"
      ),
      (
        "\"derive\": {\"a.b\": \"fps * 2\"}",
        "derive.a.b: 'fps' is a metric, which is known only after evaluation; expected parameters"
      ),
      (
        "\"set\": {\"a.b\": 1, \"c\": {}}",
        "set.c: found an object; expected a number, text, true or false"
      ),
      ("\"objectives\": []", "objectives: no objectives; expected at least one metric"),
      (
        "\"objectives\": [\"fps\", \"fps\"]",
        "objectives[1]: the objective 'fps' stands here twice"
      ),
      (
        "\"objectives\": {\"fps\": \"maximice\"}",
        "objectives.fps: found the text \"maximice\"; expected \"minimise\" or \"maximise\"; "
          + "did you mean 'maximise'?"
      ),
      (
        "\"search\": \"genetic\"",
        "search: no search 'genetic'; "
          + "expected \"exhaustive\", { \"random\": … } or { \"nsga2\": … }"
      ),
      ("\"search\": {\"random\": {}}", "search.random: 'samples' is missing"),
      (
        "\"search\": {\"nsga2\": {\"population\": 2}}",
        "search.nsga2.population: found 2; expected a whole number from 4 to 100000"
      ),
      (
        "\"search\": {\"nsga2\": {\"sed\": 2}}",
        "search.nsga2.sed: unknown key 'sed'; expected one of population, generations, seed; "
          + "did you mean 'seed'?"
      ),
      ("\"stages\": []", "stages: no stages; expected at least one model"),
      (
        "\"stages\": [\"soc\", \"soc\"]",
        "stages[1]: the model 'soc' is a stage twice"
      ),
      ("\"stages\": [{\"keep\": 3}]", "stages[0]: 'model' is missing"),
      (
        "\"stages\": [{\"model\": \"soc\", \"error\": 5}]",
        "stages[0].error: the error is 5; expected a share from 0 to below 1; 0.05 is 5 %"
      ),
      (
        "\"name\": \"../x\"",
        "name: the name \"../x\" cannot name a folder; expected letters, digits, '-', '_' and '.'"
      ),
    ])
  func each(section: String, expected: String) throws {
    let found = try mistakes(study(section))
    #expect(found.count == 1)
    #expect(found.first?.hasSuffix("error: " + expected) == true, "\(found)")
  }

  @Test("Point into the text of an expression")
  func expressionColumn() throws {
    let found = try mistakes(study("\"constraints\": [\"X >= 2 && Z\"]"))
    #expect(found.first?.hasPrefix("s:2:28: ") == true, "\(found)")
  }

  @Test("May not have more designs than can be counted")
  func tooLarge() throws {
    let list = "[" + (1...200).map(String.init).joined(separator: ",") + "]"
    let parameters = (0..<9).map { "\"P\($0)\": {\"path\": \"p\($0)\", \"values\": \(list)}" }
    let found = try mistakes(study("\"parameters\": {\(parameters.joined(separator: ","))}"))
    #expect(found.count == 1)
    #expect(found.first?.contains("more than 18446744073709551615 designs") == true)
  }

  @Test("Are warned about when something in them has no effect")
  func warnings() throws {
    let (_, warnings) = try read(study("\"stages\": [{\"model\": \"soc\", \"keep\": 3}]"))
    #expect(
      warnings.map(\.message) == [
        "keep has no effect in the last stage",
        "the parameter has no path and no expression uses it: it changes nothing",
      ])
  }
}
