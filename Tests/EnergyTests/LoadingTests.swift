import Energy
import Foundation
import Testing

private typealias F = EnergyFixtures

@Suite("Loading of tables")
struct LoadingTests {
  /// A small correct table; tests break it by replacing text.
  private let good = """
    {
      "format": "flecsim-energy-table/1", "name": "small", "title": "For tests", "node_nm": 45,
      "sources": { "paper": {"author": "A", "title": "T", "version": "2020"} },
      "entries": {
        "adder.energy": {"unit": "pJ", "node_nm": 45, "width_bits": 32, "period_ns": [1, 5],
          "value": [0.2, 0.1], "source": {"cite": "paper", "location": "table 1"}},
        "adder.area": {"unit": "um2", "node_nm": 45, "width_bits": 32, "value": 179,
          "source": {"cite": "paper", "location": "table 2"}, "confidence": "low"},
        "adder.leakage": {"unit": "uW", "node_nm": 45, "width_bits": 32, "value": 2.4,
          "source": {"cite": "paper", "location": "table 3"}}
      },
      "components": {
        "adder": {"actions": {"add": [{"primitive": "adder", "width_bits": "width_bits"}]},
          "hardware": [{"primitive": "adder", "width_bits": "width_bits"}]}
      }
    }
    """

  private func load(_ text: String) throws -> EnergyTable {
    try EnergyTable(
      document: try EnergyTable.parseJSON(Data(text.utf8), file: "small.json"), file: "small.json",
      loadSweep: { _ in try F.sweep() }, loadScaling: { _ in try F.scaling() })
  }

  private func problems(_ text: String) throws -> [String] {
    try #require(throws: EnergyTableRefusal.self) { _ = try load(text) }
      .problems.map(\.description)
  }

  @Test("A correct table loads and converts units")
  func correct() throws {
    let table = try load(good)
    let price = try table.price(
      of: F.component("adder", ["width_bits": 16]), hertz: 200_000_000
    ).get()
    #expect(price.actions["add"]?.value == 0.05)
    #expect(price.leakage.value == 0.0012)
    #expect(price.area.value == 89.5)
  }

  @Test("Comments, trailing commas and hexadecimal numbers are allowed")
  func relaxed() throws {
    let text = good.replacing("\"value\": 179,", with: "\"value\": 0xB3, // 179\n")
    #expect(try load(text).entries["adder.area"]?.points.first?.value == 179)
  }

  @Test(
    "A broken table is refused with file, entry and what was expected",
    arguments: [
      ("\"unit\": \"pJ\", ", "", "entries.adder.energy: the mandatory 'unit' is missing"),
      (
        "\"unit\": \"um2\", \"node_nm\": 45", "\"unit\": \"um2\"",
        "entries.adder.area: the mandatory 'node_nm' is missing"
      ),
      (
        ", \"source\": {\"cite\": \"paper\", \"location\": \"table 1\"}", "",
        "entries.adder.energy: the mandatory 'source' is missing"
      ),
      ("\"location\": \"table 1\"", "\"location\": \" \"", "expected a non-empty string"),
      (
        "\"cite\": \"paper\", \"location\": \"table 2\"",
        "\"cite\": \"papper\", \"location\": \"x\"",
        "unknown source 'papper'; known are paper"
      ),
      ("\"unit\": \"pJ\"", "\"unit\": \"kWh\"", "'kWh' is no unit of energy; expected one of fJ"),
      ("\"unit\": \"um2\"", "\"unit\": \"pJ\"", "'pJ' is no unit of area"),
      ("[0.2, 0.1]", "[0.2, -0.1]", "entries.adder.energy.value[1]: expected a positive"),
      ("[0.2, 0.1]", "[0.2, 1e999]", "small.json"),
      ("[0.2, 0.1]", "[0.2, 2e6]", "is not believable"),
      ("[0.2, 0.1]", "[0.2]", "expected 2 values, found 1"),
      ("[0.2, 0.1]", "\"0.2\"", "expected a list, found a string"),
      ("[1, 5]", "[5, 1]", "must be increasing"),
      ("\"value\": 179", "\"value\": 0", "expected a positive finite number, found 0"),
      ("\"value\": 179", "\"value\": null", "expected a number, found null"),
      ("\"confidence\": \"low\"", "\"confidence\": \"sure\"", "expected high, medium or low"),
      ("\"confidence\": \"low\"", "\"colour\": \"low\"", "entries.adder.area.colour: unknown key"),
      ("adder.leakage\"", "adder.leak\"", "quantity one of energy, idle, leakage"),
      ("adder.leakage\"", "other.leakage\"", "no leakage: one of the entries 'adder.leakage'"),
      (
        "adder.leakage\": {\"unit\": \"uW\"", "adder.idle\": {\"unit\": \"pJ/cycle\"",
        "an idle energy needs period_ns"
      ),
      (
        "\"add\": [{\"primitive\": \"adder\"", "\"add\": [{\"primitive\": \"addr\"",
        "components.adder.actions.add[0]: there is no entry 'addr.energy'"
      ),
      (
        "\"add\": [{\"primitive\": \"adder\", \"width_bits\": \"width_bits\"}]",
        "\"add\": [{\"primitive\": \"adder\"}]", "width_bits is missing"
      ),
      (
        "\"add\": [{\"primitive\": \"adder\", \"width_bits\": \"width_bits\"}]", "\"add\": []",
        "costs nothing: the class needs a 'note'"
      ),
      (
        "\"width_bits\": \"width_bits\"}]},", "\"width_bits\": \"2*width\"}]},",
        "expected a number, an attribute or ceil_log2(attribute)"
      ),
      ("energy-table/1", "energy-table/9", "expected \"flecsim-energy-table/1\""),
      ("\"node_nm\": 45,\n", "\"node_nm\": 0.2,\n", "node_nm: expected 1 to 1000 nm"),
      ("\"author\": \"A\", ", "", "sources.paper: the key 'author' is missing"),
      ("\"paper\": {", "\"configuration\": {", "the name is reserved"),
    ])
  func broken(find: String, replace: String, expected: String) throws {
    let text = good.replacing(find, with: replace)
    #expect(text != good)
    let found = try problems(text)
    #expect(found.contains { $0.contains(expected) }, "\(found)")
    #expect(found.allSatisfy { $0.hasPrefix("small.json: ") })
  }

  @Test(
    "What refers to a mistake is not reported again",
    arguments: [
      ("\"unit\": \"pJ\", ", ""), ("[0.2, 0.1]", "[0.2, -0.1]"), ("\"author\": \"A\", ", ""),
      ("adder.leakage\"", "adder.leak\""), ("\"title\": \"For", "\"titel\": \"For"),
      ("\"location\": \"table 3\"", "\"place\": \"table 3\", \"location\": \"x\""),
    ])
  func once(find: String, replace: String) throws {
    let found = try problems(good.replacing(find, with: replace))
    #expect(found.count == 1, "\(found)")
  }

  @Test("All mistakes of a table are reported in one go")
  func together() throws {
    let text = good.replacing("\"unit\": \"pJ\", ", with: "")
      .replacing("\"value\": 179", with: "\"value\": -1")
      .replacing("\"title\": \"For tests\", ", with: "")
    #expect(try problems(text).count >= 3)
  }

  @Test("A parser that knows positions gets them into the message")
  func positions() throws {
    let document = TableNode(
      .object([TableNode.Member(key: "colour", node: TableNode(.bool(true), line: 7, column: 3))]))
    let refusal = try #require(throws: EnergyTableRefusal.self) {
      _ = try EnergyTable(
        document: document, file: "t.json", loadSweep: { _ in try F.sweep() },
        loadScaling: { _ in try F.scaling() })
    }
    #expect(refusal.problems[0].description.hasPrefix("t.json:7:3: error: colour: unknown key"))
  }

  @Test("Files that are missing, empty, no JSON or no object are refused without a crash")
  func files() throws {
    for text in ["", "{", "[]", "7", "null", "{\"a\":", "\u{0}\u{1}", "{}"] {
      #expect(try problems(text).isEmpty == false)
    }
    let refusal = try #require(throws: EnergyTableRefusal.self) {
      _ = try EnergyTable.load(file: "/nonexistent/table.json")
    }
    #expect(refusal.description == "/nonexistent/table.json: error: the file cannot be read")
  }

  @Test("A scaling file is refused with everything that is wrong with it")
  func scaling() throws {
    let text = """
      {"format": "flecsim-node-scaling/1", "title": "t", "voltage_v": 0.8,
        "source": {"author": "a", "title": "t", "version": "v"}, "nodes_nm": [45, 32, 1e300],
        "area": {"45": [1, 0.46], "28": [1, 1, 1]},
        "energy": {"45": {"a": 1, "b": 0, "c": 0}, "32": {"a": -1, "b": 0, "c": 0}}}
      """
    let document = try EnergyTable.parseJSON(Data(text.utf8), file: "n.json")
    let refusal = try #require(throws: EnergyTableRefusal.self) {
      _ = try NodeScaling(document: document, file: "n.json")
    }
    for expected in [
      "area.45: expected 3 factors, found 2", "area.28: the key is not one of nodes_nm",
      "energy.32: the polynomial is not positive at 0.8 V", "node 1e+300 has no polynomial",
    ] {
      #expect(refusal.problems.contains { $0.description.contains(expected) }, "\(refusal)")
    }
  }

  @Test("A sweep without the flavour asked for is refused")
  func flavour() throws {
    let rule = """
      "sram": {"sweep": {"file": "s.csv", "cell": "itrs-xxx",
        "source": {"cite": "paper", "location": "all"}}},
      "adder": {"actions
      """
    let text = good.replacing("\"adder\": {\"actions", with: rule)
    #expect(try problems(text).first?.contains("has no flavour 'itrs-xxx'") == true)
  }
}
