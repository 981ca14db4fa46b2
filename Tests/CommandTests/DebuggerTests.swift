import Foundation
import Reports
import TestSupport
import Testing

/// A GDB that knows RISC-V.
private let gdb = ChildProcess.find("gdb-multiarch") ?? ChildProcess.find("riscv64-unknown-elf-gdb")

/// A program under the control of a real GDB.
@Suite("flecsim run --gdb with GDB", .enabled(if: gdb != nil, "needs gdb-multiarch"))
struct DebuggerTests {
  /// Counts a0 down from 5 in a loop that stores it to 0x8000_0100 and loads it into a1, then exits
  /// with code 9.
  private static let countdown: [UInt32] = [
    0x0050_0513,  // 0x00: li a0, 5
    0x0000_0297,  // 0x04: auipc t0, 0
    0x0FC2_8293,  // 0x08: addi t0, t0, 0xfc
    0x00A2_A023,  // 0x0c: sw a0, 0(t0)
    0x0002_A583,  // 0x10: lw a1, 0(t0)
    0xFFF5_0513,  // 0x14: addi a0, a0, -1
    0xFE05_1AE3,  // 0x18: bnez a0, 0x0c
    0x0010_02B7,  // 0x1c: lui t0, 0x100
    0x0009_3337,  // 0x20: lui t1, 0x93
    0x3333_0313,  // 0x24: addi t1, t1, 0x333
    0x0062_A023,  // 0x28: sw t1, 0(t0)
    0x0000_006F,  // 0x2c: j .
  ]

  /// What GDB printed and how the simulator ended.
  private struct Session {
    let text: String
    let ending: ChildProcess.Ending
  }

  /// Runs the simulator and GDB with these commands.
  private func debug(
    _ tool: Tool, _ arguments: [String], _ commands: [String]
  ) throws -> Session {
    let simulator = try ChildProcess(
      Tool.executable, ["run"] + arguments + ["--gdb", "0"], directory: tool.folder,
      environment: ["FLECSIM_HOME": Tool.project])
    var port: Substring?
    let deadline = Date(timeIntervalSinceNow: 60)
    while port == nil, Date() < deadline {
      usleep(5000)
      // The whole line has to be there.
      let lines = simulator.errors.split(separator: "\n", omittingEmptySubsequences: false)
      port =
        lines.dropLast().first { $0.hasPrefix("gdb: waiting on 127.0.0.1:") }?
        .split(separator: ":").last
    }
    let number = try #require(port, "\(simulator.errors)")
    let script = ["set confirm off", "set width 0", "set pagination off"]
    let all = (script + ["target remote 127.0.0.1:\(number)"] + commands).flatMap { ["-ex", $0] }
    let ending = try ChildProcess.run(
      try #require(gdb), ["-nx", "-batch"] + all, directory: tool.folder, timeout: 100)
    return Session(text: ending.output + ending.errors, ending: simulator.wait(timeout: 60))
  }

  private func debugCountdown(_ commands: String...) throws -> Session {
    let tool = try Tool()
    try tool.write(TinyProgram.elf(Self.countdown), to: "program.elf")
    return try debug(
      tool, ["--elf", "program.elf", "--results", "-", "--quiet"],
      ["tbreak *0x80000000", "continue"] + commands)
  }

  @Test("Breakpoints, steps and registers")
  func stepping() throws {
    let session = try debugCountdown(
      "printf \"start %x\\n\", $pc", "break *0x8000000c", "continue",
      "printf \"at %x a0 %d t0 %x\\n\", $pc, $a0, $t0", "continue", "printf \"a0 %d\\n\", $a0",
      "delete", "stepi", "stepi", "printf \"pc %x a1 %d\\n\", $pc, $a1", "set var $a0 = 1",
      "hbreak *0x8000001c", "continue", "printf \"end %x a0 %d\\n\", $pc, $a0", "x/2i $pc",
      "printf \"priv %d misa %x mhartid %d\\n\", $priv, $misa, $mhartid", "info threads",
      "continue")
    for line in [
      "start 80000000", "at 8000000c a0 5 t0 80000100", "a0 4", "pc 80000014 a1 4",
      "end 8000001c a0 0", "exited with code 011",
    ] {
      #expect(session.text.contains(line), "\(line) in \(session.text)")
    }
    #expect(session.text.contains("lui\tt0,0x100"), "\(session.text)")
    #expect(session.text.contains("priv 3 misa 4"), "\(session.text)")
    #expect(session.text.contains("machine mode, run"), "\(session.text)")
    #expect(session.ending.code == 9, "\(session.ending.errors)")
    #expect(session.ending.output.hasSuffix("firmware exited with code 9 through finisher\n"))
  }

  @Test("Memory and watchpoints")
  func memory() throws {
    let session = try debugCountdown(
      "watch *(int*)0x80000100", "continue", "continue",
      "printf \"after store pc %x value %d\\n\", $pc, *(int*)0x80000100", "delete",
      "rwatch *(int*)0x80000100", "continue", "printf \"after load pc %x\\n\", $pc", "delete",
      "set {int}0x80000200 = 0x12345678", "x/1xw 0x80000200", "x/4xb 0x80000200",
      "print *(int*)0x10000000", "set {int}0x80000014 = 0x00000513", "break *0x8000001c",
      "continue", "printf \"patched a0 %d\\n\", $a0", "kill")
    for line in [
      "Old value = 0", "New value = 5", "Old value = 5", "New value = 4",
      "after store pc 80000010 value 4", "after load pc 80000014", "0x12345678",
      "0x78\t0x56\t0x34\t0x12", "Cannot access memory at address 0x10000000", "patched a0 0",
    ] {
      #expect(session.text.contains(line), "\(line) in \(session.text)")
    }
    #expect(session.ending.code == 130)
    #expect(session.ending.output == "ended by the debugger\n")
  }

  @Test("Monitor commands show the hardware")
  func monitor() throws {
    let session = try debugCountdown(
      "monitor modules", "monitor waits", "monitor module uart", "monitor registers",
      "monitor run-for 10 cycles", "monitor time", "monitor frobnicate", "monitor reset",
      "maintenance flush register-cache", "printf \"again %x\\n\", $pc", "continue")
    for line in [
      "clint", "UART16550", "no module waits",
      "stopped at 0x800000", "core (reference)", "unknown command 'frobnicate'",
      "stands before its first instruction", "again 1000", "exited with code 011",
    ] {
      #expect(session.text.contains(line), "\(line) in \(session.text)")
    }
    #expect(session.text.contains("pc    0x80000000  machine mode"), "\(session.text)")
    #expect(session.ending.code == 9)
  }

  @Test("Every hart is a thread")
  func harts() throws {
    let tool = try Tool()
    try tool.write(TinyProgram.elf(Self.countdown), to: "program.elf")
    let session = try debug(
      tool, ["--elf", "program.elf", "--results", "-", "--quiet", "--harts", "2"],
      [
        "info threads", "break *0x80000014", "continue",
        "printf \"first hart %d a0 %d\\n\", $mhartid, $a0", "continue",
        "printf \"hart %d a0 %d\\n\", $mhartid, $a0", "thread 1",
        "printf \"hart %d pc %x\\n\", $mhartid, $pc", "stepi",
        "printf \"hart %d pc %x\\n\", $mhartid, $pc", "delete", "continue",
      ])
    for line in [
      "\"cpu0\"", "\"cpu1\"", "first hart 0 a0 5", "hart 1 a0 5", "hart 0 pc 800000",
      "exited with code 011",
    ] {
      #expect(session.text.contains(line), "\(line) in \(session.text)")
    }
    #expect(session.ending.code == 9)
  }

  @Test("An unhandled trap can be looked at before the end")
  func trap() throws {
    let tool = try Tool()
    try tool.write(TinyProgram.trap, to: "program.elf")
    let session = try debug(
      tool, ["--elf", "program.elf", "--results", "-", "--quiet"],
      ["continue", "printf \"cause %d\\n\", $mcause", "continue"])
    #expect(session.text.contains("SIGSEGV"), "\(session.text)")
    #expect(session.text.contains("illegal instruction"), "\(session.text)")
    #expect(session.text.contains("cause 2"), "\(session.text)")
    #expect(session.text.contains("exited with code 0173"), "\(session.text)")
    #expect(session.ending.code == 123)
  }

  @Test("A detached run and a debugged run have the digest of a plain one")
  func digest() throws {
    let tool = try Tool()
    #expect(try tool.run("run", Tool.config("hello"), "--results", "plain").code == 0)
    let debugged = try debug(
      tool, [Tool.config("hello"), "--results", "debugged"],
      [
        "break *0x80000040", "continue", "stepi 100", "monitor modules", "watch *(int*)$sp",
        "continue", "continue", "delete", "continue",
      ])
    #expect(debugged.ending.code == 0, "\(debugged.text)\(debugged.ending.errors)")
    #expect(debugged.text.contains("exited normally"), "\(debugged.text)")
    let detached = try debug(
      tool, [Tool.config("hello"), "--results", "detached"], ["stepi 50", "detach"])
    #expect(detached.ending.code == 0)
    let plain = try tool.record("plain")
    for name in ["debugged", "detached"] {
      let record = try tool.record(name)
      #expect(record.digest == plain.digest, "\(name)")
      #expect(record.snapshot == plain.snapshot, "\(name)")
      #expect(record.console == plain.console, "\(name)")
    }
  }

  @Test("A run that waits for a debugger can be interrupted")
  func interruption() throws {
    let tool = try Tool()
    try tool.write(TinyProgram.spin, to: "program.elf")
    let simulator = try tool.start(
      "run", "--elf", "program.elf", "--results", "-", "--quiet", "--gdb", "0")
    while !simulator.errors.contains("gdb: waiting") { usleep(5000) }
    simulator.send(SIGINT)
    let ending = simulator.wait(timeout: 60)
    #expect(ending.code == 130)
    #expect(ending.output == "interrupted by the user\n")
  }
}
