import Foundation
import HostTools
import SoC
import Telemetry
import Testing

/// The machine that the tests run on.
private enum Host {
  static let hasVerilator = ToolFolders().locate("verilator") != nil
}

/// Systems with modules that are not ours. RTL ones are skipped where Verilator is missing.
@Suite("Examples with RTL and plug-ins")
struct ExternalExampleTests {
  @Test(
    "LeNet-5 with the array in RTL has the outputs and the cycles of the model, layer by layer",
    .enabled(if: Host.hasVerilator, "Verilator is not installed"),
    arguments: [("rtl/lenet5-os", "lenet5"), ("rtl/lenet5-ws", "lenet5-ws")])
  func lenet(rtl: String, model: String) async throws {
    let theirs = try Example(rtl).run()
    let ours = try await PlainRuns.shared.result(of: Example(model))
    #expect(theirs.end.exitCode == 0, "\(theirs.end.reason)")
    #expect(theirs.verifications.count == 7)
    let different = theirs.verifications.filter { !$0.isEqual }
    #expect(different.isEmpty)
    #expect(theirs.outputDigest != nil)
    #expect(theirs.outputDigest == ours.outputDigest)
    #expect(theirs.snapshot.ticks == ours.snapshot.ticks)
    #expect(theirs.snapshot.tags == ours.snapshot.tags)
    #expect(theirs.console == ours.console)
    // Every module but the array itself has the same counts in the same classes and layers.
    for record in ours.snapshot.modules where record.path != "array" {
      let other = theirs.module(record.path)
      #expect(other == record)
    }
    let array = try #require(ours.module("array"))
    let watched = try #require(theirs.module("array"))
    #expect(array.total("macs") > 0)
    for counter in ["macs", "skew_register_writes", "jobs"] {
      #expect(watched.total(counter) == array.total(counter), "\(counter)")
    }
  }

  @Test(
    "RTL sleeps without anybody noticing: the same with every module ticked in every cycle",
    .enabled(if: Host.hasVerilator, "Verilator is not installed"))
  func eager() throws {
    let lazy = try Example("rtl/vector-scale").run()
    let eager = try Example("rtl/vector-scale").run(Circumstances(isEager: true))
    #expect(eager.snapshot == lazy.snapshot)
    #expect(eager.end == lazy.end)
  }

  @Test(
    "RTL that shadows the model changes nothing and finds nothing",
    .enabled(if: Host.hasVerilator, "Verilator is not installed"))
  func shadow() async throws {
    let watched = try Example("rtl/lenet5-shadow").run()
    let plain = try await PlainRuns.shared.result(of: Example("lenet5"))
    #expect(watched.end == plain.end)
    #expect(watched.snapshot == plain.snapshot)
  }

  @Test(
    "A shadow that behaves differently ends the run with signals and cycle",
    .enabled(if: Host.hasVerilator, "Verilator is not installed"),
    arguments: [
      // A row leaves the output stage a cycle later; sums do not start from zero; DONE does not interrupt.
      ("output_stage.sv", "|| moves;", ";"), ("os_pe.sv", "clears ? '0 : sum", "sum"),
      ("array_registers.sv", "(done_next || error_next)", "error_next"),
    ])
  func differentShadow(file: String, old: String, new: String) throws {
    let folder = NSTemporaryDirectory() + "flecsim-shadow-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.copyItem(atPath: Project.root + "/Tests/RTL", toPath: folder)
    let path = "\(folder)/\(file)"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    let changed = text.replacingOccurrences(of: old, with: new)
    try #require(changed != text)
    try changed.write(toFile: path, atomically: true, encoding: .utf8)
    let result = try Example("rtl/lenet5-shadow").run(
      Circumstances(overrides: [
        "accelerators.array.shadow.sources=[\"\(folder)/os_array_core.sv\"]",
        "accelerators.array.shadow.search=[\"\(folder)\"]",
      ]))
    #expect(result.end.kind == .moduleFault)
    #expect(result.end.exitCode == 119)
    #expect(result.end.reason.contains("array: model and RTL differ in cycle"))
  }

  @Test("Plug-ins in C compute what they should", arguments: ["plugins/vector-add"])
  func plugins(name: String) throws {
    let result = try Example(name).run()
    #expect(result.end.exitCode == 0, "\(result.end.reason)\n\(result.console)")
    let equal = result.verifications.filter(\.isEqual)
    #expect(!equal.isEmpty && equal.count == result.verifications.count)
  }

  @Test(
    "The accelerator in SystemVerilog computes what it should",
    .enabled(if: Host.hasVerilator, "Verilator is not installed"))
  func vectorScale() throws {
    let result = try Example("rtl/vector-scale").run()
    #expect(result.end.exitCode == 0, "\(result.end.reason)\n\(result.console)")
    let equal = result.verifications.filter(\.isEqual)
    #expect(!equal.isEmpty && equal.count == result.verifications.count)
  }
}
