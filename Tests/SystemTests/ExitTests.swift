import SoC
import Telemetry
import TestSupport
import Testing

@Suite("How a run ends")
struct ExitTests {
  @Test("The test finisher passes, fails with a code, or resets")
  func finisher() throws {
    let pass = try BareMetalProgram(["finisher.S"], defines: ["FINISH=0x5555"]).run()
    #expect(pass.end.kind == .exited && pass.end.firmwareCode == 0 && pass.end.exitCode == 0)
    #expect(pass.end.reason == "firmware exited with code 0 through finisher")
    let reset = try BareMetalProgram(["finisher.S"], defines: ["FINISH=0x7777"]).run()
    #expect(reset.end.kind == .reset && reset.end.exitCode == ProcessExit.reset.rawValue)
    #expect(reset.end.reason.contains("reset"))
  }

  @Test("The finisher's code is the exit code", arguments: [1, 42, 255])
  func finisherCodes(code: Int) throws {
    let end = try BareMetalProgram(["finisher.S"], defines: ["FINISH=(\(code) << 16 | 0x3333)"])
      .run().end
    #expect(end.kind == .exited && end.firmwareCode == code && end.exitCode == code)
  }

  @Test("A failure is never reported as success: codes whose low byte is 0", arguments: [256, 512])
  func codesBeyondAByte(code: Int) throws {
    let finisher = try BareMetalProgram(
      ["finisher.S"], defines: ["FINISH=(\(code) << 16 | 0x3333)"]
    ).run().end
    #expect(finisher.firmwareCode == code)
    #expect(finisher.exitCode != 0, "\(finisher.reason)")
    let tohost = try BareMetalProgram(
      ["tohost.S"], defines: ["TOHOST=(\(code) << 1 | 1)", "BOTH_WORDS=1"]
    ).run().end
    #expect(tohost.firmwareCode == code)
    #expect(tohost.exitCode != 0, "\(tohost.reason)")
  }

  @Test("tohost ends the run with its code", arguments: [0, 1, 7, 127], [true, false])
  func tohost(code: Int, writesBothWords: Bool) throws {
    let end = try BareMetalProgram(
      ["tohost.S"],
      defines: ["TOHOST=(\(code) << 1 | 1)", "BOTH_WORDS=\(writesBothWords ? 1 : 0)"]
    ).run(Circumstances(limits: RunLimits(cycles: 100_000))).end
    #expect(end.kind == .exited, "\(end.reason)")
    #expect(end.firmwareCode == code && end.exitCode == code)
    #expect(end.reason == "firmware exited with code \(code) through tohost")
  }

  @Test("A program that sleeps for ever is a deadlock, and says who waits")
  func deadlock() throws {
    let end = try BareMetalProgram(["sleep.S"]).run().end
    #expect(end.kind == .deadlock && end.exitCode == ProcessExit.deadlock.rawValue)
    #expect(end.reason.hasPrefix("deadlock"))
    #expect(end.waits.contains { $0.hasPrefix("cpu: wfi") }, "\(end.waits)")
  }

  @Test("A trap that cannot be handled says where", arguments: [true, false])
  func unhandledTrap(isEager: Bool) throws {
    let end = try BareMetalProgram(["trap.S"]).run(Circumstances(isEager: isEager)).end
    #expect(end.kind == .unhandledTrap && end.exitCode == ProcessExit.unhandledTrap.rawValue)
    #expect(end.reason.contains("faulty") || end.reason.contains("0x40000000"), "\(end.reason)")
  }

  @Test("The cycle limit ends the run in exactly that cycle", arguments: [1, 2, 1000, 123_456])
  func cycleLimit(cycles: UInt64) throws {
    let result = try BareMetalProgram(["spin.S"]).run(
      Circumstances(limits: RunLimits(cycles: cycles)))
    #expect(result.end.kind == .cycleLimit)
    #expect(result.end.exitCode == ProcessExit.cycleLimit.rawValue)
    #expect(result.end.reason == "cycle limit of \(cycles) cycles (core) reached")
    for module in result.snapshot.modules {
      #expect(module.cycles == [cycles], "\(module.path)")
      #expect(module.states.reduce(0) { $0 + $1.cycles[0] } == cycles, "\(module.path)")
    }
    #expect(result.total("instructions") == cycles)
  }

  @Test("Programs that end before the cycle limit are not cut off")
  func cycleLimitNotReached() throws {
    let whole = try BareMetalProgram(["finisher.S"], defines: ["FINISH=0x5555"]).run()
    let cycles = try #require(whole.module("finisher")).cycles[0]
    let exact = try BareMetalProgram(["finisher.S"], defines: ["FINISH=0x5555"])
      .run(Circumstances(limits: RunLimits(cycles: cycles)))
    #expect(exact.end.kind == .exited)
    let short = try BareMetalProgram(["finisher.S"], defines: ["FINISH=0x5555"])
      .run(Circumstances(limits: RunLimits(cycles: cycles - 1)))
    #expect(short.end.kind == .cycleLimit)
  }

  @Test("The wall limit ends a program that never does")
  func wallLimit() throws {
    let end = try BareMetalProgram(["spin.S"]).run(
      Circumstances(limits: RunLimits(wallSeconds: 0.2))
    ).end
    #expect(end.kind == .wallLimit && end.exitCode == ProcessExit.wallLimit.rawValue)
    #expect(end.reason == "wall-clock limit of 0.2 s reached")
  }

  @Test("The user's interruption ends the run")
  func interruption() throws {
    let end = try BareMetalProgram(["spin.S"]).run(progress: { _ in false }).end
    #expect(end.kind == .interrupted && end.exitCode == ProcessExit.interrupted.rawValue)
  }
}

@Suite("The same program elsewhere")
struct EmulatorTests {
  static let emulator = ChildProcess.find("qemu-system-riscv32")

  @Test(
    "QEMU prints the same and exits with the same code",
    .enabled(if: emulator != nil, "qemu-system-riscv32 is not installed"),
    arguments: [0, 1, 77])
  func sameOutput(code: Int) throws {
    let program = try BareMetalProgram(["start.S", "primes.c"], defines: ["RESULT=\(code)"])
    let emulated = try ChildProcess.run(
      try #require(Self.emulator),
      [
        "-machine", "virt", "-bios", "none", "-display", "none", "-monitor", "none", "-serial",
        "stdio", "-kernel", program.path,
      ], timeout: 60)
    let simulated = try program.run()
    #expect(!emulated.timedOut)
    #expect(simulated.console.hasPrefix("2 2\n3 6\n5 30\n7 210\n"))
    #expect(simulated.console == emulated.output.replacing("\r\n", with: "\n"))
    #expect(simulated.end.kind == .exited)
    #expect(simulated.end.exitCode == emulated.code)
  }
}
