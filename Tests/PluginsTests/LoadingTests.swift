import Fabric
import Foundation
import Plugins
import Testing

@Suite("Loading plug-ins")
struct LoadingTests {
  private func refusal(of path: String) -> String? {
    do throws(PluginError) {
      _ = try PluginLibrary(path: path)
      return nil
    } catch {
      return error.message
    }
  }

  @Test("What a good plug-in says about itself")
  func description() throws {
    let kind = try PluginText.example("vector_add").kind
    #expect(kind.name == "VectorAdd")
    #expect(kind.category == .accelerator)
    #expect(kind.windowBytes == 4096)
    #expect(kind.hasInterrupt)
    #expect(kind.parameters.map(\.name) == ["lanes", "latency"])
    #expect(kind.parameters.map(\.range) == [1...16, 1...64])
    #expect(kind.parameters.map(\.standard) == [4, 3])
    #expect(kind.ports.map(\.name) == ["a", "b", "sum"])
    #expect(kind.ports.map(\.isInput) == [true, true, false])
    #expect(kind.registers.registers.map(\.name) == ["START", "STATUS", "COUNT"])
    #expect(kind.registers.cHeader(prefix: "VECTORADD").contains("#define VECTORADD_COUNT "))
    #expect(try PluginText.example("stopwatch").kind.category == .peripheral)
    #expect(try PluginText.example("open_row").kind.category == .memory)
  }

  @Test("A parameter whose standard value lies below its minimum must be given")
  func requiredParameter() throws {
    var text = PluginText()
    text.declarations = #"static const flecsim_parameter p[] = {{"n", "Number.", 1, 9, 0}};"#
    text.fields = ["parameters": "p", "parameter_count": "1"]
    #expect(try text.load().kind.parameters.first?.standard == nil)
  }

  @Test("A kind without classes of cycles has two")
  func standardClasses() throws {
    let bench = try PluginBench(PluginText().load())
    bench.run()
    #expect(bench.states.map(\.name) == ["idle", "active"])
  }

  @Test("Registers may lie anywhere in a larger window")
  func largeWindow() throws {
    var text = PluginText()
    text.declarations =
      #"static const flecsim_register r[] = {{"R", "Far away.", 0x8000, 4, 1, 0}};"#
    text.fields = ["window_bytes": "0x10000", "registers": "r", "register_count": "1"]
    #expect(try text.load().kind.registers.registers.first?.offset == 0x8000)
  }

  @Test("No file")
  func missing() {
    #expect(refusal(of: "/nowhere/mine.so") == "no such file")
  }

  @Test("A file that is no library")
  func noLibrary() throws {
    let folder = try Folder()
    let path = try folder.write("int main(void) { return 0; }\n", to: "mine.so")
    let message = try #require(refusal(of: path))
    #expect(message.hasPrefix("is no library that this machine can load (\(path): "))
  }

  @Test("A library that needs a function nobody has")
  func undefinedSymbol() throws {
    var text = PluginText()
    text.declarations = "int nobody_has_this(void);"
    text.tick = "return (uint64_t)nobody_has_this();"
    let message = try #require(refusal(of: try PluginText.compile(text.text)))
    #expect(message.hasPrefix("is no library that this machine can load ("))
    #expect(message.contains("undefined symbol: nobody_has_this"))
  }

  @Test("A library that is no plug-in")
  func noEntry() throws {
    let path = try PluginText.compile("int answer(void) { return 42; }\n")
    #expect(
      refusal(of: path)
        == "does not export flecsim_plugin_entry, so it is no plug-in (see flecsim_plugin.h)")
  }

  @Test("An entry that is hidden is none")
  func hiddenEntry() throws {
    let path = try PluginText.compile(
      """
      __attribute__((visibility("hidden"))) const void *flecsim_plugin_entry(unsigned abi) {
        return abi ? "" : 0;
      }

      """)
    #expect(refusal(of: path)?.hasPrefix("does not export flecsim_plugin_entry") == true)
  }

  @Test("A later version with a longer description is read as far as it is known")
  func longerDescription() throws {
    var text = PluginText()
    text.fields["struct_bytes"] = "sizeof(flecsim_plugin) + 64"
    #expect(try text.refusal() == nil)
  }

  /// A description that cannot be, and what is said of it.
  struct Mistake: Sendable, CustomTestStringConvertible {
    var fields: [String: String] = [:]
    var declarations = ""
    var entry = "return &plugin;"
    let message: String
    var testDescription: String { message }

    /// A list of entries with a wrong one.
    static func list(
      _ name: String, _ count: String, _ type: String, _ entries: String, _ message: String,
      _ more: [String: String] = [:]
    ) -> Mistake {
      Mistake(
        fields: [name: "list", count: "sizeof list / sizeof *list"].merging(more) { $1 },
        declarations: "static const flecsim_\(type) list[] = {\(entries)};", message: message)
    }

    static func ports(_ entries: String, _ message: String) -> Mistake {
      list("ports", "port_count", "port", entries, message)
    }

    static func registers(_ entries: String, _ message: String) -> Mistake {
      list("registers", "register_count", "register", entries, message)
    }

    static func parameters(_ entries: String, _ message: String) -> Mistake {
      list("parameters", "parameter_count", "parameter", entries, message)
    }

    static func counters(_ entries: String, _ message: String) -> Mistake {
      list("counters", "counter_count", "counter", entries, message)
    }

    static func states(_ entries: String, _ message: String) -> Mistake {
      list("states", "state_count", "state", entries, message)
    }
  }

  static let mistakes: [Mistake] = [
    Mistake(
      entry: "return NULL;",
      message:
        "does not speak version 1 of the plug-in interface: flecsim_plugin_entry(1) returned NULL"),
    Mistake(
      fields: ["abi": "7"],
      message:
        "was compiled for version 7 of the plug-in interface, this tool speaks version 1; compile it "
        + "again with this tool's flecsim_plugin.h"),
    Mistake(
      fields: ["struct_bytes": "24"],
      message:
        "has a description of 24 bytes, 136 are needed: set struct_bytes to sizeof(flecsim_plugin)"),
    Mistake(
      fields: ["category": "9"],
      message:
        "says it is of category 9; there are 1 (accelerator), 2 (peripheral) and 3 (memory)"),
    Mistake(fields: ["name": "NULL"], message: "has no name"),
    Mistake(
      fields: ["name": #""my kind""#],
      message: "has the name 'my kind'; it may have letters, digits and _ only"),
    Mistake(fields: ["summary": #""""#], message: "has no summary"),
    Mistake(fields: ["create": "NULL"], message: "has no function create or destroy"),
    Mistake(fields: ["destroy": "NULL"], message: "has no function create or destroy"),
    Mistake(fields: ["tick": "NULL"], message: "is an accelerator without function tick"),
    Mistake(
      fields: ["tick": "NULL", "category": "FLECSIM_PERIPHERAL"],
      message: "is a peripheral without function tick"),
    Mistake(
      fields: ["access": "NULL", "category": "FLECSIM_MEMORY"],
      message: "is a memory without function access"),
    Mistake(
      fields: ["window_bytes": "5000"],
      message: "has a window of 5000 bytes; it is a power of two from 4096 on"),
    Mistake(
      fields: ["window_bytes": "2048"],
      message: "has a window of 2048 bytes; it is a power of two from 4096 on"),
    Mistake(fields: ["port_count": "2"], message: "has 2 ports, but the list is NULL"),
    Mistake(fields: ["state_count": "100000"], message: "has 100000 classes of cycles"),
    .list(
      "ports", "port_count", "port", #"{"in", FLECSIM_INPUT, 8}"#,
      "is no accelerator but has stream ports", ["category": "FLECSIM_PERIPHERAL"]),
    .ports(#"{"", FLECSIM_INPUT, 8}"#, "has no name of a port"),
    .ports(#"{"in", 5, 8}"#, "has a port 'in' of direction 5"),
    .ports(#"{"in", FLECSIM_INPUT, 0}"#, "has a port 'in' of 0 bits and no function port_bits"),
    .ports(
      #"{"in", FLECSIM_INPUT, 8}, {"in", FLECSIM_OUTPUT, 8}"#, "has two ports named 'in'"),
    .parameters(
      #"{"n", "Number.", 5, 3, 3}"#, "has a parameter 'n' with minimum 5 above maximum 3"),
    .parameters(
      #"{"n", "Number.", 1, 3, 4}"#,
      "has a parameter 'n' whose standard value is above its maximum"),
    .parameters(#"{"n", NULL, 1, 3, 2}"#, "has no help of parameter 'n'"),
    .parameters(
      #"{"n", "Number.", 1, 3, 2}, {"n", "Another.", 1, 3, 2}"#, "has two parameters named 'n'"),
    .registers(
      #"{"R", "A register.", 0, 3, 1, 0}"#,
      "has a register 'R' of 3 bytes at 0; a register has 1, 2, 4 or 8 bytes and lies at a multiple "
        + "of that"),
    .registers(
      #"{"R", "A register.", 2, 4, 1, 0}"#,
      "has a register 'R' of 4 bytes at 2; a register has 1, 2, 4 or 8 bytes and lies at a multiple "
        + "of that"),
    .registers(
      #"{"R", "A register.", 0, 4, 2, 0}, {"S", "Another.", 4, 4, 1, 0}"#,
      "has a register 'S' that overlaps the one before; sort by offset"),
    .registers(
      #"{"R", "A register.", 4092, 4, 2, 0}"#,
      "has a register 'R' that ends behind the window of 4096 bytes"),
    .registers(
      #"{"R", "A register.", 0, 4, 1, 0}, {"R", "Another.", 4, 4, 1, 0}"#,
      "has two registers named 'R'"),
    .registers(
      #"{"R-1", "A register.", 0, 4, 1, 0}"#,
      "has the name of a register 'R-1'; it may have letters, digits and _ only"),
    .counters(
      #"{"adds", "addition", "Additions.", "adder", NULL}"#,
      "has a counter 'adds' with only one of component and action"),
    .counters(#"{"adds", NULL, "Additions.", NULL, NULL}"#, "has no unit of counter 'adds'"),
    .counters(
      #"{"adds", "a", "A.", NULL, NULL}, {"adds", "a", "A.", NULL, NULL}"#,
      "has two counters named 'adds'"),
    .states(
      #"{"work", FLECSIM_ACTIVE, -1}"#,
      "has 'work' as first class of cycles; that one is for idle cycles"),
    .states(
      #"{"idle", FLECSIM_IDLE, -1}, {"wait-in", FLECSIM_WAITING, 3}"#,
      "has a class of cycles 'wait-in' that waits for port 3"),
    .states(
      #"{"idle", FLECSIM_IDLE, -1}, {"work", 7, -1}"#, "has a class of cycles 'work' of type 7"),
    .states(
      #"{"idle", FLECSIM_IDLE, -1}, {"idle", FLECSIM_ACTIVE, -1}"#,
      "has two classes of cycles named 'idle'"),
  ]

  @Test("Each mistake gives one sentence", arguments: mistakes)
  func refuses(_ mistake: Mistake) throws {
    let text = PluginText(
      declarations: mistake.declarations, fields: mistake.fields, entry: mistake.entry)
    #expect(try text.refusal() == mistake.message)
  }

  @Test("A port whose width depends on parameters", arguments: [0, 4, 12, 65544])
  func impossibleWidth(bits: Int) throws {
    var text = PluginText()
    text.declarations = """
      static const flecsim_port list[] = {{"in", FLECSIM_INPUT, 0}};
      static uint32_t bits(uint32_t port, const int64_t *values) { (void)port; return (uint32_t)values[0]; }
      static const flecsim_parameter p[] = {{"n", "Bits.", 0, 100000, 8}};
      """
    text.fields = [
      "ports": "list", "port_count": "1", "port_bits": "bits", "parameters": "p",
      "parameter_count": "1",
    ]
    let library = try text.load()
    #expect(try library.bits(ofPort: 0, parameters: [64]) == 64)
    let expected = PluginError(
      "gives port 'in' \(bits) bits; a port has a multiple of 8 from 8 to 65536")
    #expect(throws: expected) { try library.bits(ofPort: 0, parameters: [Int64(bits)]) }
  }

  @Test("create() says why it cannot")
  func createFails() throws {
    var text = PluginText()
    text.create = #"snprintf(error, error_bytes, "lanes is %d", 7); return NULL;"#
    let expected = PluginError("cannot be created: lanes is 7")
    #expect(throws: expected) { try PluginBench(text.load()) }
    text.create = "return NULL;"
    let silent = PluginError("cannot be created: create() returned NULL")
    #expect(throws: silent) { try PluginBench(text.load()) }
  }

  @Test("A sentence that fills the room given to create() is cut")
  func longSentence() throws {
    var text = PluginText()
    text.create = "memset(error, 'x', error_bytes); return NULL;"
    #expect(throws: PluginError("cannot be created: " + String(repeating: "x", count: 511))) {
      try PluginBench(text.load())
    }
  }
}
