import SoC
import Testing

@Suite("Hostile programs on the default SoC")
struct HostileProgramTests {
  @Test(
    "Accesses of every kind at every border of the address map only trap",
    arguments: ["RISCV32", "RISCV64"], ["supported", "trapped"])
  func everywhere(processor: String, misaligned: String) throws {
    let program = try BareMetalProgram(
      ["everywhere.S"], isa: processor == "RISCV64" ? "rv64ima_zicsr" : "rv32ima_zicsr")
    defer { program.remove() }
    var results: [SimulationResult] = []
    for engine in ["fast", "reference"] {
      let soc = SoCDescription.defaultBareMetal(type: try CPUType(parsing: processor))
      let description = try SoCDescription.load(
        text: soc.effectiveJSON(), file: "soc.json",
        overrides: ["cpu.misaligned=\(misaligned)", "cpu.engine=\(engine)"]
      ).description
      results.append(
        try simulate(
          description, try Program(path: program.path),
          Circumstances(limits: RunLimits(cycles: 5_000_000))))
    }
    #expect(results[0].end.kind == .exited, "\(results[0].end.reason)")
    #expect(results[0].end.firmwareCode == 0)
    expectEqual(results[1], results[0], "reference engine")
  }
}
