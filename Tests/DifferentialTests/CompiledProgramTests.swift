import RISCV
import Testing

@Suite("Compiled C programs on QEMU and on every engine")
struct CompiledProgramTests {
  @Test(
    "sorts, hashes, numerical methods and text programs print what they print on QEMU",
    .enabled(
      if: UserModeQEMU.isInstalled && CompiledProgram.compiler != nil,
      "qemu-user, clang or ld.lld is not installed"),
    arguments: ["sorting", "integers", "floats", "texts"],
    [(XLEN.rv32, "-O0"), (.rv32, "-O3"), (.rv64, "-Os"), (.rv64, "-O2")])
  func againstQEMU(name: String, variant: (xlen: XLEN, optimisation: String)) throws {
    let (xlen, optimisation) = variant
    let program = try CompiledProgram(name, xlen: xlen, optimisation: optimisation)
    let oracle = try #require(UserModeQEMU(xlen: xlen))
    let expected = try oracle.run(program.file)
    #expect(expected.isGood)
    #expect(expected.output.count > 200)
    var counts: [[[UInt64]]] = []
    for engine in Engine.allCases {
      let outcome = try HartMachine(
        program.memory, at: CompiledProgram.start, entry: program.entry, xlen: xlen,
        engine: engine
      ).run()
      #expect(outcome.ending == .exited, "\(engine)")
      let text = String(decoding: outcome.output, as: UTF8.self)
      #expect(text == String(decoding: expected.output, as: UTF8.self), "\(engine)")
      counts.append(outcome.counts)
    }
    #expect(Set(counts).count == 1, "cycles and instructions of the engines: \(counts)")
  }
}
