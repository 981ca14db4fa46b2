import Energy
import Foundation
import Reports
import TestSupport
import Testing

@Suite("flecsim report, check, describe, schema, help")
struct OtherCommandTests {
  @Test("Another table and node change the energy, not the run")
  func report() throws {
    let tool = try Tool()
    #expect(try tool.run("run", Tool.config("hello"), "--results", "r", "--quiet").code == 0)
    let before = try tool.record("r")
    let plain = try tool.run("report", "r")
    let other = try tool.run("report", "r", "--table", "horowitz-45nm")
    let scaled = try tool.run("report", "r", "--node", "7")
    #expect(plain.code == 0 && other.code == 0 && scaled.code == 0, "\(scaled.errors)")
    #expect(plain.output.contains("aladdin-45nm") && other.output.contains("horowitz-45nm"))
    #expect(scaled.output.contains("7 nm"))
    #expect(try tool.record("r") == before)
    #expect(
      try tool.run("report", "r", "--table", "horowitz-45nm", "--store").code == 0)
    let after = try tool.record("r")
    #expect(after.digest == before.digest && after.snapshot == before.snapshot)
    #expect(after.energy?.table == "horowitz-45nm")
    #expect(after.energy?.total != before.energy?.total)
  }

  @Test("The stored configuration gives the same run again")
  func effectiveConfiguration() throws {
    let tool = try Tool()
    #expect(try tool.run("run", Tool.config("dma-copy"), "--results", "r", "--quiet").code == 0)
    let record = try tool.record("r")
    // Relative paths are relative to the file, so the copy lies where the original did.
    let described = try tool.run("describe", Tool.config("dma-copy"), "--effective")
    #expect(described.code == 0)
    #expect(
      described.output.trimmingCharacters(in: .newlines)
        == record.configuration.trimmingCharacters(in: .newlines))
  }

  @Test("Every example passes the check", arguments: Tool.systems)
  func check(name: String) throws {
    let ending = try Tool().run("check", "\(Tool.project)/Configs/\(name)")
    #expect(ending.code == 0 && ending.errors == "", "\(ending.errors)")
    #expect(ending.output.contains(": ok"))
  }

  @Test("A description names every module and draws it", arguments: Tool.systems)
  func describe(name: String) throws {
    let tool = try Tool()
    let ending = try tool.run("describe", "\(Tool.project)/Configs/\(name)", "--svg", "soc.svg")
    #expect(ending.code == 0 && ending.errors == "")
    for word in ["cpu", "crossbar", "uart", "0x1000_0000", "100 MHz"] {
      #expect(ending.output.contains(word), "\(word)")
    }
    let drawing = try tool.text("soc.svg")
    #expect(drawing.contains("<svg") && drawing.contains("crossbar"))
    guard let python = ChildProcess.find("python3") else { return }
    let parsed = try ChildProcess.run(
      python,
      ["-c", "import sys, xml.dom.minidom as m; m.parse(sys.argv[1])", "\(tool.folder)/soc.svg"])
    #expect(parsed.code == 0, "\(parsed.errors)")
  }

  @Test("The schema is a JSON Schema that every example conforms to")
  func schema() throws {
    let tool = try Tool()
    let ending = try tool.run("schema")
    #expect(ending.code == 0)
    let schema = try #require(
      try JSONSerialization.jsonObject(with: Data(ending.output.utf8)) as? [String: Any])
    #expect((schema["$schema"] as? String)?.contains("json-schema.org") == true)
    let sections = try #require(schema["$defs"] as? [String: [String: Any]])
    let properties = try #require(sections["SoC"]?["properties"] as? [String: Any])
    try tool.write(ending.output, to: "schema.json")
    for name in Tool.systems {
      let effective = try tool.run("describe", "\(Tool.project)/Configs/\(name)", "--effective")
      let object = try #require(
        try JSONSerialization.jsonObject(with: Data(effective.output.utf8)) as? [String: Any])
      #expect(Set(object.keys).isSubset(of: properties.keys), "\(name)")
      try tool.write(effective.output, to: name)
    }
    guard let python = ChildProcess.find("python3"),
      try ChildProcess.run(python, ["-c", "import jsonschema"]).code == 0
    else { return }
    let script = """
      import json, sys, jsonschema
      schema = json.load(open("schema.json"))
      jsonschema.validators.validator_for(schema).check_schema(schema)
      for name in sys.argv[1:]:
        jsonschema.validate(json.load(open(name)), schema)
      bad = json.load(open(sys.argv[1])); bad["memorys"] = {}
      try:
        jsonschema.validate(bad, schema)
      except jsonschema.ValidationError:
        sys.exit(0)
      sys.exit("an unknown key conforms")
      """
    let validated = try ChildProcess.run(
      python, ["-c", script] + Tool.systems, directory: tool.folder)
    #expect(validated.code == 0, "\(validated.errors)")
  }

  @Test("The table of keys is Markdown")
  func keyTable() throws {
    let ending = try Tool().run("schema", "--table")
    #expect(ending.code == 0)
    #expect(ending.output.contains("| ") && ending.output.contains("cpu_mips"))
  }

  @Test("The help shows examples and the table of exit codes")
  func help() throws {
    let ending = try Tool().run("--help")
    #expect(ending.code == 0)
    #expect(ending.output.contains("EXAMPLES") && ending.output.contains("EXIT CODES"))
    for code in ["0", "64", "65", "66", "74", "120", "121", "122", "123", "124", "125", "130"] {
      let isListed = ending.output.split(separator: "\n").contains {
        $0.split(separator: " ").first.map(String.init) == code
      }
      #expect(isListed, "exit code \(code)")
    }
    for command in ["run", "report", "check", "describe", "schema"] {
      #expect(ending.output.contains("\n  \(command) "), "\(command)")
      let own = try Tool().run(command, "--help")
      #expect(own.code == 0 && own.output.contains("USAGE: flecsim \(command)"))
    }
    #expect(try Tool().run("--version").output.hasPrefix("flecsim "))
  }
}
