import Foundation
import Reports
import Telemetry
import TestSupport
import Testing

@Suite("flecsim run")
struct RunCommandTests {
  @Test("Prints the firmware's output, then the report, and stores the run")
  func text() throws {
    let tool = try Tool()
    let ending = try tool.run("run", Tool.config("hello"), "--results", "r")
    #expect(ending.code == 0, "\(ending.errors)")
    #expect(ending.errors == "")
    #expect(ending.output.hasPrefix("Hello from a simulated RISC-V core"))
    #expect(ending.output.contains("firmware exited with code 0"))
    #expect(ending.output.contains("aladdin-45nm"))
    let record = try tool.record("r")
    #expect(record.outcome.exitCode == 0)
    #expect(ending.output.hasPrefix(record.console))
    #expect(record.digest.count == 64)
    #expect(try tool.text("r/console.log") == record.console)
  }

  @Test("Quiet: only the firmware's output and the reason")
  func quiet() throws {
    let tool = try Tool()
    let ending = try tool.run("run", Tool.config("hello"), "--results", "-", "--quiet")
    #expect(ending.code == 0)
    #expect(ending.output.hasSuffix("\nfirmware exited with code 0 through tohost\n"))
    #expect(!ending.output.contains("aladdin"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: tool.folder) == [])
  }

  @Test("Without --results the folder is results/NAME")
  func defaultFolder() throws {
    let tool = try Tool()
    #expect(try tool.run("run", Tool.config("hello"), "--quiet").code == 0)
    #expect(try tool.record("results/hello").name == "hello")
  }

  @Test(
    "Every format is a form of the same run",
    arguments: ["text", "text-full", "json", "csv-actions", "csv-counters", "csv-states"])
  func formats(format: String) throws {
    let tool = try Tool()
    let run = try tool.run("run", Tool.config("hello"), "--results", "r", "--format", format)
    let report = try tool.run("report", "r", "--format", format)
    #expect(run.code == 0 && report.code == 0, "\(run.errors)\(report.errors)")
    let console = try tool.record("r").console
    #expect(run.output.hasPrefix(console))
    let body = String(run.output.dropFirst(console.count))
    #expect(body == report.output)
    if format == "json" {
      let object = try JSONSerialization.jsonObject(with: Data(body.utf8))
      #expect(object is [String: Any])
    }
    if format.hasPrefix("csv") {
      let rows = body.split(separator: "\n")
      let columns = rows[0].split(separator: ",").count
      #expect(rows.count > 10 && columns > 3)
      #expect(!rows.contains { $0.split(separator: ",").count > columns && !$0.contains("\"") })
    }
  }

  @Test("--set changes a value")
  func overrides() throws {
    let tool = try Tool()
    let ending = try tool.run(
      "run", Tool.config("hello"), "--set", "cpu.cpu_mips=40", "--set", "name=other")
    #expect(ending.code == 0)
    #expect(ending.output.contains("core of 40 MIPS"))
    #expect(try tool.record("results/other").snapshot.modules.contains { $0.hertz == 40_000_000 })
  }

  @Test("--elf runs a program on the default SoC and exits with its code", arguments: [0, 1, 42])
  func elf(code: UInt32) throws {
    let tool = try Tool()
    try tool.write(TinyProgram.exit(code), to: "program.elf")
    let ending = try tool.run("run", "--elf", "program.elf", "--quiet")
    #expect(ending.code == Int32(code))
    #expect(ending.output == "firmware exited with code \(code) through finisher\n")
  }

  @Test("Options that must not change the result do not change the digest")
  func digests() throws {
    let tool = try Tool()
    func digest(_ name: String, _ arguments: [String]) throws -> String {
      let ending = try ChildProcess.run(
        Tool.executable,
        ["run", Tool.config("gemm-os"), "--quiet", "--results", name] + arguments,
        directory: tool.folder)
      #expect(ending.code == 0, "\(ending.errors)")
      return try tool.record(name).digest
    }
    let plain = try digest("plain", [])
    #expect(try digest("registers", ["--fidelity", "registers"]) == plain)
    #expect(try digest("limits", ["--cycle-limit", "1000000000", "--wall-limit", "600"]) == plain)
    #expect(try digest("waves", ["--waves"]) == plain)
    #expect(try digest("window", ["--wave-window", "100:200"]) == plain)
    #expect(try digest("table", ["--table", "horowitz-45nm"]) == plain)
    #expect(try digest("other", ["--set", "crossbar.latency_cycles=3"]) != plain)
  }

  @Test("Waveforms: a VCD with a header, times that rise and a final state")
  func waves() throws {
    let tool = try Tool()
    #expect(try tool.run("run", Tool.config("hello"), "--results", "r", "--waves").code == 0)
    let dump = try Dump(tool.text("r/waves.vcd"))
    #expect(dump.timescale == "1ns" || dump.timescale == "10ns" || dump.timescale.hasSuffix("s"))
    #expect(dump.scopes.isSuperset(of: ["hello", "cpu", "uart"]), "\(dump.scopes)")
    #expect(dump.times == dump.times.sorted() && dump.times.first == 0)
    let record = try tool.record("r")
    #expect(dump.times.count > 100 && dump.changes > dump.times.count)
    #expect(Double(dump.times.last ?? 0) <= Double(record.snapshot.ticks + 1) * dump.unitsPerTick)
    #expect(dump.undeclared == 0)
    #expect(try tool.text("r/waves.gtkw").contains("waves.vcd"))
  }

  @Test("A window records its cycles only")
  func window() throws {
    let tool = try Tool()
    let ending = try tool.run(
      "run", Tool.config("hello"), "--results", "r", "--wave-window", "200:300")
    #expect(ending.code == 0)
    let dump = try Dump(tool.text("r/waves.vcd"))
    let inside = dump.times.filter { $0 >= Int(199 * dump.unitsPerTick) }
    #expect(!inside.isEmpty && inside.count >= dump.times.count - 2)
    let whole = try tool.run("run", Tool.config("hello"), "--results", "w", "--waves")
    #expect(whole.code == 0)
    #expect(try dump.changes < Dump(tool.text("w/waves.vcd")).changes / 2)
  }
}

/// What a VCD file says, as far as these tests look.
struct Dump {
  private(set) var timescale = ""
  private(set) var scopes: Set<String> = []
  private(set) var times: [Int] = []
  private(set) var changes = 0
  /// Changes of signals that were not declared.
  private(set) var undeclared = 0

  /// Units of the time scale in a tick of a system whose clocks are all 100 MHz.
  var unitsPerTick: Double {
    let number = Double(timescale.prefix { $0.isNumber }) ?? 1
    let units = ["ns": 10.0, "ps": 10_000, "fs": 10_000_000]
    return (units[timescale.drop { $0.isNumber }.trimmingCharacters(in: .whitespaces)] ?? 1)
      / number
  }

  init(_ text: String) throws {
    var identifiers: Set<Substring> = []
    let parts = text.split(separator: "$enddefinitions $end", maxSplits: 1)
    try #require(parts.count == 2)
    let words = parts[0].split { $0.isWhitespace }
    for (index, word) in words.enumerated() {
      switch word {
      case "$timescale":
        timescale = words[(index + 1)...].prefix { $0 != "$end" }.joined()
      case "$scope": scopes.insert(String(words[index + 2]))
      case "$var": identifiers.insert(words[index + 3])
      default: break
      }
    }
    for line in parts[1].split(separator: "\n") {
      switch line.first {
      case "#": times.append(Int(line.dropFirst()) ?? -1)
      case "$": break
      case "b", "s", "r":
        note(identifiers.contains(line.split(separator: " ").last ?? ""))
      default: note(identifiers.contains(line.dropFirst()))
      }
    }
  }

  private mutating func note(_ isDeclared: Bool) {
    changes += 1
    if !isDeclared { undeclared += 1 }
  }
}
