import Foundation
import Reports
import Telemetry
import TestSupport
import Testing

/// A command line that must end with a documented code.
struct BadCommand: Sendable, CustomTestStringConvertible {
  let code: Int32
  let arguments: [String]
  /// What the message must contain.
  let message: String

  init(_ code: Int32, _ arguments: [String], _ message: String) {
    self.code = code
    self.arguments = arguments
    self.message = message
  }

  var testDescription: String { "\(arguments.joined(separator: " ")) → \(code)" }

  /// `SOC`, `ELF` and so on stand for files that the test writes.
  static let all: [BadCommand] = [
    BadCommand(64, ["run"], "--elf"),
    BadCommand(64, ["frobnicate"], "frobnicate"),
    BadCommand(64, ["run", "hello.json", "--frobnicate"], "--frobnicate"),
    BadCommand(64, ["run", "hello.json", "--cycle-limit", "many"], "many"),
    BadCommand(64, ["run", "hello.json", "--wall-limit", "-1"], "--wall-limit"),
    BadCommand(64, ["run", "hello.json", "--wave-window", "9:1"], "--wave-window"),
    BadCommand(64, ["run", "hello.json", "--format", "pdf"], "pdf"),
    BadCommand(64, ["run", "hello.json", "--results", "-", "--waves"], "results"),
    BadCommand(65, ["run", "absent.json"], "absent.json"),
    BadCommand(65, ["check", "broken.json"], "broken.json:3:"),
    BadCommand(65, ["describe", "broken.json"], "broken.json:3:"),
    BadCommand(65, ["run", "broken.json"], "broken.json:3:"),
    BadCommand(65, ["run", "hello.json", "--set", "cpu.cpu_mip=1"], "cpu_mips"),
    BadCommand(65, ["run", "hello.json", "--fidelity", "slow"], "registers"),
    BadCommand(65, ["run", "hello.json", "--table", "absent"], "absent"),
    BadCommand(65, ["run", "--elf", "absent.elf"], "absent.elf"),
    BadCommand(65, ["run", "--elf", "broken.json"], "broken.json"),
    BadCommand(65, ["run", "--elf", "half.elf"], "half.elf"),
    BadCommand(65, ["report", "absent"], "absent"),
    BadCommand(65, ["report", "."], "run"),
    BadCommand(66, ["run", "uncompilable.json"], "bad.c"),
    BadCommand(74, ["run", "hello.json", "--results", "/proc/flecsim"], "/proc/flecsim"),
    BadCommand(74, ["run", "hello.json", "--results", "hello.json"], "hello.json"),
    BadCommand(74, ["describe", "hello.json", "--svg", "/proc/soc.svg"], "/proc/soc.svg"),
    BadCommand(120, ["run", "hello.json", "--cycle-limit", "100"], ""),
    BadCommand(121, ["run", "--elf", "poll.elf", "--wall-limit", "0.1"], ""),
    BadCommand(122, ["run", "--elf", "sleep.elf"], "cpu: wfi"),
    BadCommand(123, ["run", "--elf", "trap.elf"], ""),
    BadCommand(124, ["run", "mismatch.json"], ""),
    BadCommand(125, ["run", "--elf", "reset.elf"], ""),
  ]
}

@Suite("Exit codes")
struct ExitCodeTests {
  @Test("Every way to fail has its documented code and one message", arguments: BadCommand.all)
  func codes(command: BadCommand) throws {
    let tool = try Tool()
    try Self.prepare(tool)
    let ending = try ChildProcess.run(
      Tool.executable, command.arguments, directory: tool.folder,
      environment: ["FLECSIM_HOME": Tool.project])
    #expect(!ending.wasSignalled && !ending.timedOut)
    #expect(ending.code == command.code, "\(ending.output)\(ending.errors)")
    if !command.message.isEmpty {
      #expect(ending.errors.contains(command.message), "\(ending.errors)")
    }
    if command.code < 100 { #expect(ending.errors != "") }
    #expect(!ending.errors.contains("Fatal error"))
  }

  static func prepare(_ tool: Tool) throws {
    let hello = try String(contentsOfFile: Tool.config("hello"), encoding: .utf8)
    let firmware = "\(Tool.project)/Firmware/hello/hello.c"
    let system = hello.replacing("../Firmware/hello/hello.c", with: firmware)
    try tool.write(system, to: "hello.json")
    try tool.write("{\n \"name\": \"x\",\n \"memories\": { 5 }\n}\n", to: "broken.json")
    try tool.write(system.replacing(firmware, with: "bad.c"), to: "uncompilable.json")
    try tool.write("int main(void) { return nothing; }\n", to: "bad.c")
    try tool.write(Data([1, 2, 3, 4]), to: "golden.bin")
    let check = """
      "files": { "golden": { "file": "golden.bin", "data_type": "uint8", "address": 0x80080000,
        "memory": "dram", "operation": "compare" } },
      "memories"
      """
    try tool.write(system.replacing("\"memories\"", with: check), to: "mismatch.json")
    try tool.write(TinyProgram.sleep, to: "sleep.elf")
    try tool.write(TinyProgram.poll, to: "poll.elf")
    try tool.write(TinyProgram.trap, to: "trap.elf")
    try tool.write(TinyProgram.finisher(0x7777), to: "reset.elf")
    try tool.write(TinyProgram.exit(0).prefix(70), to: "half.elf")
  }

  @Test("A mismatch is named and stored")
  func mismatch() throws {
    let tool = try Tool()
    try Self.prepare(tool)
    let ending = try tool.run("run", "mismatch.json", "--results", "r")
    #expect(ending.code == 124)
    #expect(ending.output.contains("golden"))
    let verification = try tool.record("r").verification
    #expect(verification.count == 1 && verification[0].matched == 0)
    #expect(verification[0].firstMismatch?.expected == "1")
  }

  @Test("A limit still stores what was simulated")
  func limitsStore() throws {
    let tool = try Tool()
    #expect(
      try tool.run("run", Tool.config("hello"), "--cycle-limit", "500", "--results", "r").code
        == 120)
    let record = try tool.record("r")
    #expect(record.outcome.exitCode == 120 && record.outcome.reason.contains("500 cycles"))
  }
}

@Suite("Interrupted runs")
struct InterruptionTests {
  /// Waits until the simulation has begun, which is soon after the results folder is prepared.
  private static func waitUntilRunning(_ tool: Tool, file: String = "r") {
    for _ in 0..<600 where !FileManager.default.fileExists(atPath: "\(tool.folder)/\(file)") {
      Thread.sleep(forTimeInterval: 0.1)
    }
    Thread.sleep(forTimeInterval: 0.5)
  }

  @Test("Ctrl-C ends the run with 130 and stores it", arguments: [SIGINT, SIGTERM])
  func interrupt(signal: Int32) throws {
    let tool = try Tool()
    try tool.write(TinyProgram.poll, to: "poll.elf")
    let process = try tool.start("run", "--elf", "poll.elf", "--results", "r")
    Self.waitUntilRunning(tool)
    process.send(signal)
    let ending = process.wait(timeout: 60)
    #expect(ending.code == 130 && !ending.wasSignalled && !ending.timedOut, "\(ending.errors)")
    let record = try tool.record("r")
    #expect(record.outcome.exitCode == 130)
    #expect(record.outcome.reason.contains("interrupted"))
    #expect(record.snapshot.ticks > 0)
  }

  @Test("A run killed half-way leaves no half-written result", arguments: [false, true])
  func killed(hasEarlierRun: Bool) throws {
    let tool = try Tool()
    try tool.write(TinyProgram.poll, to: "poll.elf")
    if hasEarlierRun {
      try tool.write(TinyProgram.exit(0), to: "exit.elf")
      #expect(try tool.run("run", "--elf", "exit.elf", "--results", "r").code == 0)
    }
    let process = try tool.start("run", "--elf", "poll.elf", "--results", "r", "--waves")
    Self.waitUntilRunning(tool, file: "r/waves.vcd")
    process.send(SIGKILL)
    #expect(process.wait().wasSignalled)
    do {
      let record = try tool.record("r")
      #expect(hasEarlierRun && record.outcome.exitCode == 0)
    } catch is ResultsFolderError {
      // No run, or an unfinished one: said so, not misread.
    }
    // The folder can be used again.
    try tool.write(TinyProgram.exit(0), to: "exit.elf")
    #expect(try tool.run("run", "--elf", "exit.elf", "--results", "r").code == 0)
    #expect(try tool.record("r").outcome.exitCode == 0)
  }
}
