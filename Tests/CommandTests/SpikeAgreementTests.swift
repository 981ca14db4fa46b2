import Foundation
import TestSupport
import Testing

/// A program with Spike's log of it, from the fixtures of the instruction set's tests.
struct SpikeProgram: Sendable, CustomTestStringConvertible {
  private static let folder = "\(Tool.project)/Tests/RISCVTests/Fixtures/spike-logs"

  let name: String
  let instructionSet: String
  /// Lines of the log.
  let lines: Int

  var testDescription: String { name }

  /// Programs from every area, all with a complete log: computing, memory, traps, interrupts of
  /// CLINT and PLIC, translation, protection, compiled code.
  static let all: [SpikeProgram] = [
    "amo_rv32", "branch_rv64", "counters_rv64", "csr_rv32", "fcsr_rv64", "fencei_rv32",
    "illegal_rv64", "intr_clint_rv32", "jmisalign_rv64", "lrsc_rv64", "medeleg_rv64",
    "misal_rv64", "plic_rv32", "pmp_vm_rv64", "rvc_ill_rv32", "sv_adu_rv64", "sv_user_rv32",
    "trap_nested_rv64", "vectored_rv64", "wfi_rv64",
  ].compactMap(SpikeProgram.init)

  private init?(_ name: String) {
    let manifest = try? String(contentsOfFile: "\(Self.folder)/manifest.csv", encoding: .utf8)
    // The columns before the quoted one have no commas, nor have those behind it.
    guard let row = manifest?.split(separator: "\n").first(where: { $0.hasPrefix(name + ",") }),
      let lines = row.split(separator: ",", omittingEmptySubsequences: false).dropLast(9).last,
      let count = Int(lines)
    else { return nil }
    self.name = name
    instructionSet = String(row.split(separator: ",", omittingEmptySubsequences: false)[4])
    self.lines = count
  }

  /// Unpacks a file of the program.
  func unpack(_ file: String, into tool: Tool, as target: String) throws {
    let ending = try ChildProcess.run(
      "/bin/sh", ["-c", "gzip -dc \"$0\" > \"$1\"", "\(Self.folder)/\(file).gz", target],
      directory: tool.folder)
    try #require(ending.code == 0, "\(ending.errors)")
  }
}

@Suite("Agreement with Spike as a command")
struct SpikeAgreementTests {
  @Test("There are the programs")
  func programs() { #expect(SpikeProgram.all.count == 20) }

  @Test(
    "Log and signature equal Spike's to the last byte, with Spike's own options",
    arguments: SpikeProgram.all)
  func program(_ program: SpikeProgram) throws {
    let tool = try Tool()
    try program.unpack("elf/\(program.name).elf", into: tool, as: "program.elf")
    try program.unpack("log/\(program.name).log", into: tool, as: "expected.log")
    try program.unpack("sig/\(program.name).sig", into: tool, as: "expected.sig")
    let ending = try tool.run(
      "run", "--elf", "program.elf", "--isa", program.instructionSet, "--memory", "16 MiB",
      "--misaligned", "trapped", "-l", "--log-commits", "--log", "our.log", "--signature",
      "our.sig", "--signature-granularity", program.name.hasSuffix("64") ? "8" : "4",
      "--results", "-", "--quiet")
    #expect(ending.code == 0, "\(ending.output)\(ending.errors)")
    #expect(try tool.text("our.sig") == tool.text("expected.sig"))
    // The reference begins within the boot ROM and ends with the store to `tohost`.
    let expected = try tool.text("expected.log").split(separator: "\n")
    let ours = try tool.text("our.log").split(separator: "\n")
    let start = try #require(ours.firstIndex { $0 == expected[0] })
    #expect(expected.count == program.lines)
    #expect(start <= 10)
    let difference = zip(ours[start...], expected).enumerated().first {
      $0.element.0 != $0.element.1
    }
    #expect(difference == nil, "line \((difference?.offset ?? 0) + 1)")
    #expect(ours.count - start >= expected.count)
  }
}
