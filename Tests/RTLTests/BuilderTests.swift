import Foundation
import RTL
import Testing

/// What needs Verilator is skipped, not passed, where it is not installed.
@Suite(
  "Building RTL", .enabled(if: Project.hasVerilator, "Verilator is not installed"))
struct BuilderTests {
  private let folder: Folder
  private let builder: RTLBuilder

  init() throws {
    folder = try Folder()
    builder = try RTLBuilder(buildFolder: "\(folder.path)/build")
  }

  private static let counter = """
    `include "width.svh"
    module counter #(parameter int STEP = 1) (
      input logic clk, input logic rst_n, output logic [`WIDTH-1:0] value);
      always_ff @(posedge clk) value <= rst_n ? value + STEP : 0;
    endmodule

    """

  private func source(
    _ text: String = counter, width: Int = 8, parameters: [RTLSource.Parameter] = []
  ) throws -> RTLSource {
    try folder.write("`define WIDTH \(width)\n", to: "width.svh")
    return RTLSource(
      top: "counter", files: [try folder.write(text, to: "counter.sv")],
      searchFolders: [folder.path], parameters: parameters)
  }

  private func error(_ source: RTLSource) -> RTLError? {
    do throws(RTLError) {
      _ = try builder.translate(source)
      return nil
    } catch {
      return error
    }
  }

  @Test("The pins of a module, of every width")
  func pins() throws {
    let text = """
      module counter (
        input logic clk, input logic [7:0] a, input logic [8:0] b, input logic [31:0] c,
        input logic [32:0] d, input logic [64:0] e, input logic [3:0][4:0] f,
        output logic [199:0] sum, output wire [15:4] part);
        assign sum = 200'(a) + 200'(b) + 200'(c) + 200'(d) + 200'(e) + 200'(f) + 200'(clk);
        assign part = sum[15:4];
      endmodule

      """
    let pins = try builder.translate(try source(text)).pins
    #expect(
      Set(pins.map { "\($0.direction) \($0.name) \($0.bits)" }) == [
        "input clk 1", "input a 8", "input b 9", "input c 32", "input d 33", "input e 65",
        "input f 20", "output sum 200", "output part 12",
      ])
  }

  @Test("Parameters change the module")
  func parameters() throws {
    let text =
      "module counter #(parameter int W = 4) (input logic clk, output logic [W-1:0] q);\n"
      + "always_ff @(posedge clk) q <= q + 1'b1;\nendmodule\n"
    let narrow = try builder.translate(try source(text))
    let wide = try builder.translate(try source(text, parameters: [.init("W", 70)]))
    #expect(narrow.pins.last?.bits == 4)
    #expect(wide.pins.last?.bits == 70)
    #expect(wide.source.title == "counter W=70")
    #expect(narrow.fingerprint != wide.fingerprint)
  }

  @Test("Made once; again when an include file changes; found again when it changes back")
  func cache() throws {
    let source = try source()
    let first = try builder.translate(source)
    #expect(try builder.translate(source).fingerprint == first.fingerprint)
    try folder.write("`define WIDTH 9\n", to: "width.svh")
    let second = try builder.translate(source)
    #expect(second.fingerprint != first.fingerprint)
    #expect(second.pins.last?.bits == 9)
    try folder.write("`define WIDTH 8\n", to: "width.svh")
    #expect(try builder.translate(source).fingerprint == first.fingerprint)
    let made = try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/build")
    #expect(made.filter { !$0.contains(".") }.count == 2, "\(made)")
  }

  @Test("A library is compiled once, and another builder finds it")
  func library() throws {
    let translation = try builder.translate(try source())
    let path = try builder.compile(translation)
    func date() throws -> Date? {
      try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
    }
    let made = try date()
    let other = try RTLBuilder(buildFolder: "\(folder.path)/build")
    #expect(try other.compile(other.translate(translation.source)) == path)
    #expect(try date() == made)
    let model = try VerilatedModel(translation, library: path)
    let clock = try #require(model.pin("clk"))
    let reset = try #require(model.pin("rst_n"))
    let value = try #require(model.pin("value"))
    #expect(model.pin("valu") == nil)
    model.clock(clock)
    reset.value = 1
    for _ in 0..<5 {
      model.settle()
      model.clock(clock)
    }
    #expect(value.value == 5)
  }

  @Test("Syntax errors come with Verilator's own words")
  func syntaxError() throws {
    let error = try #require(error(try source("module counter;\n  asign x = 1;\nendmodule\n")))
    #expect(error.message == "counter is not accepted by Verilator")
    #expect(error.diagnostics.contains("%Error: \(folder.path)/counter.sv:2:"))
    #expect(error.diagnostics.contains("syntax error"))
    #expect(error.description.hasSuffix("error: counter is not accepted by Verilator"))
  }

  @Test("A module, an include file or a parameter that is not there")
  func missingParts() throws {
    let unknown = try source("module counter(input logic clk); nothing x(.clk); endmodule\n")
    #expect(error(unknown)?.diagnostics.contains("Cannot find file containing module") == true)
    let include = try source("`include \"none.svh\"\nmodule counter; endmodule\n")
    #expect(error(include)?.diagnostics.contains("none.svh") == true)
    let parameter = try source(parameters: [.init("STEPS", 3)])
    #expect(error(parameter)?.diagnostics.contains("STEPS") == true)
  }

  @Test("A source that is not there")
  func missingFile() {
    let source = RTLSource(top: "top", files: ["\(folder.path)/top.sv"])
    #expect(error(source)?.message == "cannot read \(folder.path)/top.sv")
    #expect(error(source)?.diagnostics == "")
  }

  @Test("A failed translation leaves nothing behind")
  func cleansUp() throws {
    _ = error(try source("module counter\n"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/build") == [])
  }

  @Test(
    "Ports that cannot be connected",
    arguments: [
      ("inout wire pad", "bidirectional port"), ("input logic a[3]", "unpacked array"),
    ])
  func unusablePorts(port: String, message: String) throws {
    let text = "module counter(input logic clk, \(port)); endmodule\n"
    let error = try #require(error(try source(text)))
    #expect(error.message.contains(message), "\(error)")
  }
}

@Suite("Tools for RTL")
struct ToolTests {
  private func message(searchPath: String, _ folder: Folder) -> String? {
    do throws(RTLError) {
      _ = try RTLBuilder(buildFolder: folder.path + "/build", searchPath: searchPath)
      return nil
    } catch {
      return error.message
    }
  }

  /// A folder with scripts that stand for tools.
  private func tools(_ scripts: [String: String]) throws -> Folder {
    let folder = try Folder()
    for (name, text) in scripts {
      let path = try folder.write("#!/bin/sh\n\(text)\n", to: name)
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }
    return folder
  }

  @Test("No Verilator")
  func noVerilator() throws {
    let folder = try Folder()
    #expect(
      message(searchPath: folder.path, folder)
        == "'verilator' was not found, and running RTL needs it; install it (Debian: apt-get install "
        + "verilator) or put its folder on PATH")
  }

  @Test("No compiler")
  func noCompiler() throws {
    let folder = try tools(["verilator": "echo Verilator 5.006 2023-01-22"])
    #expect(message(searchPath: folder.path, folder)?.hasPrefix("no C++ compiler") == true)
  }

  @Test("A Verilator that is too old, silent or broken")
  func unusableVerilator() throws {
    var folder = try tools(["verilator": "echo Verilator 4.038 2020-07-11", "g++": ""])
    #expect(
      message(searchPath: folder.path, folder)
        == "\(folder.path)/verilator is version 4.038; version 5 or later is needed")
    folder = try tools(["verilator": "echo what", "g++": ""])
    #expect(
      message(searchPath: folder.path, folder)
        == "\(folder.path)/verilator does not say which version it is: 'what'")
    folder = try tools(["verilator": "exit 3", "g++": ""])
    #expect(message(searchPath: folder.path, folder) == "\(folder.path)/verilator --version fails")
    folder = try tools(["verilator": "echo Verilator 5.006; exit 0", "g++": ""])
    #expect(
      message(searchPath: folder.path, folder)?.hasPrefix("Verilator's sources are not in") == true)
  }
}
