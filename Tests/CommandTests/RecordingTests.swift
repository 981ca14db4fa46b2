import Foundation
import Reports
import Telemetry
import TestSupport
import Testing

/// Commands whose logs and profiles are looked at.
private struct Recording {
  let tool: Tool

  init() throws { tool = try Tool() }

  /// Runs an example system with further arguments.
  func run(
    _ system: String, _ arguments: [String], results: String = "r"
  ) throws -> ChildProcess.Ending {
    try ChildProcess.run(
      Tool.executable, ["run", Tool.config(system), "--quiet", "--results", results] + arguments,
      directory: tool.folder, environment: ["FLECSIM_HOME": Tool.project])
  }

  /// Runs an executable on the default SoC.
  func run(elf arguments: [String]) throws -> ChildProcess.Ending {
    try tool.write(TinyProgram.exit(0), to: "program.elf")
    return try ChildProcess.run(
      Tool.executable, ["run", "--elf", "program.elf", "--quiet"] + arguments,
      directory: tool.folder, environment: ["FLECSIM_HOME": Tool.project])
  }

  /// The cycles of the chains of calls in a file.
  func chains(_ name: String) throws -> [String: UInt64] {
    try tool.text(name).split(separator: "\n").reduce(into: [:]) { chains, line in
      let space = try #require(line.lastIndex(of: " "))
      chains[String(line[..<space])] = UInt64(line[line.index(after: space)...])
    }
  }
}

@Suite("Logs and profiles of a run")
struct RecordingTests {
  @Test("They change neither the digest nor a count", arguments: ["hello", "gemm-ws"])
  func digests(system: String) throws {
    let recording = try Recording()
    let plain = try recording.run(system, [], results: "plain")
    let recorded = try recording.run(
      system, ["-l", "--log-commits", "--log", "log", "--profile", "profile"],
      results: "recorded")
    #expect(plain.code == 0 && recorded.code == 0, "\(recorded.errors)")
    #expect(plain.output == recorded.output && recorded.errors == "")
    let (first, second) = (
      try recording.tool.record("plain"), try recording.tool.record("recorded")
    )
    #expect(first.digest == second.digest)
    #expect(first.snapshot == second.snapshot)
    #expect(first.profile == nil && second.profile != nil)
  }

  @Test(
    "The cycles of all functions and of all chains are those of the run",
    arguments: ["hello", "gemm-os", "lenet5"])
  func sums(system: String) throws {
    let recording = try Recording()
    #expect(try recording.run(system, ["--profile", "profile"]).code == 0)
    let record = try recording.tool.record("r")
    let profile = try #require(record.profile)
    let cpu = try #require(record.snapshot.modules.first { $0.path == "cpu" })
    let cycles = cpu.cycles.reduce(0, +)
    #expect(profile.cycles == cycles)
    #expect(profile.functions.reduce(0) { $0 + $1.selfCycles } == cycles)
    let chains = try recording.chains("profile")
    #expect(chains.values.reduce(0, +) == cycles)
    #expect(chains.keys.allSatisfy { $0.hasPrefix("_start") })
    let main = try #require(profile.functions.first { $0.name == "main" })
    #expect(main.calls == 1 && main.totalCycles > cycles / 2)
    #expect(
      main.totalCycles
        == chains.filter { ";\($0.key);".contains(";main;") }.values.reduce(0, +))
    #expect(try recording.tool.text("r/report.txt").contains("\nFunctions  where the "))
  }

  @Test("What is logged: instructions, what they write, or both")
  func contents() throws {
    let recording = try Recording()
    func log(_ arguments: [String]) throws -> [Substring] {
      let ending = try recording.run(elf: arguments + ["--log", "log", "--pc", "0x80000000"])
      #expect(ending.code == 0, "\(ending.errors)")
      return try recording.tool.text("log").split(separator: "\n")
    }
    let instruction = "core   0: 0x80000000 (0x001002b7) lui     t0, 0x100"
    let commit = "core   0: 3 0x80000000 (0x001002b7) x5  0x00100000"
    for arguments in [[], ["-l"], ["--log-instructions"]] {
      let lines = try log(arguments)
      #expect(lines.contains { $0 == instruction } && !lines.contains { $0 == commit })
    }
    let commits = try log(["--log-commits"])
    #expect(!commits.contains { $0 == instruction } && commits.contains { $0 == commit })
    let both = try log(["-l", "--log-commits"])
    let place = try #require(both.firstIndex { $0 == instruction })
    #expect(both[place + 1] == commit)
  }

  @Test("Without --log the log goes to standard error; '-' is standard output")
  func streams() throws {
    let recording = try Recording()
    let errors = try recording.run(elf: ["-l"])
    #expect(errors.errors.hasPrefix("core   0: 0x00001000 (0x00000297) auipc   t0, 0x0\n"))
    #expect(errors.output == "firmware exited with code 0 through finisher\n")
    let output = try recording.run(elf: ["-l", "--log", "-"])
    #expect(output.errors == "")
    #expect(output.output == errors.errors + errors.output)
  }

  @Test("Every hart has its own lines and chains")
  func harts() throws {
    let recording = try Recording()
    let ending = try recording.run(elf: [
      "--harts", "2", "--log", "log", "--log-commits", "--profile", "profile",
    ])
    #expect(ending.code == 0, "\(ending.errors)")
    let lines = try recording.tool.text("log").split(separator: "\n")
    #expect(lines.contains { $0.hasPrefix("core   0: 3 0x") })
    #expect(lines.contains { $0.hasPrefix("core   1: 3 0x") })
    let chains = try recording.chains("profile")
    #expect(Set(chains.keys) == ["cpu0;[unknown]", "cpu1;[unknown]"])
  }

  @Test(
    "A file that cannot be written: exit code 74 and no simulation",
    arguments: ["--log", "--profile"])
  func unwritable(option: String) throws {
    let recording = try Recording()
    for path in ["/proc/flecsim", "absent/file", "."] {
      let ending = try recording.run("hello", [option, path])
      #expect(ending.code == 74, "\(ending.errors)")
      #expect(ending.errors.hasPrefix("error: \(path): cannot write: "), "\(ending.errors)")
      #expect(ending.output == "")
    }
  }

  @Test(
    "A full disk: exit code 74, and the run is stored",
    .enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "there is no /dev/full"),
    arguments: ["--log", "--profile"])
  func fullDisk(option: String) throws {
    let recording = try Recording()
    let ending = try recording.run("hello", [option, "/dev/full"])
    #expect(ending.code == 74)
    #expect(ending.errors == "error: /dev/full: cannot write: No space left on device\n")
    #expect(ending.output.hasPrefix("Hello from a simulated RISC-V core"))
    #expect(try recording.tool.record("r").outcome.exitCode == 74)
  }

  @Test("A reader of the log that has seen enough is no failure")
  func closedPipe() throws {
    let recording = try Recording()
    let ending = try ChildProcess.run(
      "/bin/sh",
      [
        "-c",
        "\"$0\" run \"$1\" --quiet --results r --log - | head -n 1; \"$0\" report r > report",
        Tool.executable, Tool.config("hello"),
      ], directory: recording.tool.folder, environment: ["FLECSIM_HOME": Tool.project])
    #expect(ending.output.hasPrefix("core   0: "))
    #expect(try recording.tool.record("r").outcome.exitCode == 0)
  }

  @Test("Files of a run are different ones")
  func samePath() throws {
    let ending = try Recording().run("hello", ["--log", "x", "--profile", "x"])
    #expect(ending.code == 64 && ending.errors.contains("different files"))
  }
}
