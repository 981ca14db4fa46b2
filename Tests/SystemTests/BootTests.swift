import Foundation
import Peripherals
import SimKernel
import SoC
import Telemetry
import Testing

@Suite("Start of the harts")
struct BootTests {
  @Test(
    "As on Spike the boot ROM passes hart number and device tree; software interrupts wake harts",
    arguments: [1, 2, 8], [("RISCV32", "rv32ima_zicsr"), ("RISCV64", "rv64ima_zicsr")])
  func bootROM(harts: Int, type: (name: String, isa: String)) throws {
    let program = try BareMetalProgram(["boot.S"], defines: ["HARTS=\(harts)"], isa: type.isa)
    defer { program.remove() }
    for engine in ["fast", "reference"] {
      let soc = SoCDescription.defaultBareMetal(
        type: try CPUType(parsing: type.name), harts: harts)
      let description = try SoCDescription.load(
        text: soc.effectiveJSON(), file: "s.json", overrides: ["cpu.engine=\(engine)"]
      ).description
      let result = try simulate(
        description, try Program(path: program.path),
        Circumstances(limits: RunLimits(cycles: 100_000)))
      #expect(result.end.kind == .exited && result.end.firmwareCode == 0, "\(result.end.reason)")
      let names = harts == 1 ? ["cpu"] : (0..<harts).map { "cpu\($0)" }
      for name in names {
        let core = try #require(result.module(name))
        #expect(core.kind == type.name && core.total("instructions") > 20)
      }
      #expect(result.total("wakeups") == UInt64(harts - 1))
      #expect(result.module("boot_rom")?.total("direct_loads") ?? 0 >= UInt64(harts))
    }
  }

  @Test("Harts that run together do so whatever the order of the modules")
  func order() throws {
    let program = try BareMetalProgram(["boot.S"], defines: ["HARTS=4"], isa: "rv64ima_zicsr")
    defer { program.remove() }
    let soc = SoCDescription.defaultBareMetal(type: .riscv64, harts: 4)
    let runs = try [
      Circumstances(), Circumstances(isEager: true), Circumstances(order: .reversed),
    ].map { try simulate(soc, try Program(path: program.path), $0) }
    #expect(runs.allSatisfy { $0.end == runs[0].end })
  }

  @Test("Without a boot ROM the first instruction is the program's own")
  func entry() throws {
    let program = try BareMetalProgram(["boot.S"], isa: "rv64ima_zicsr")
    defer { program.remove() }
    let soc = SoCDescription.defaultBareMetal(type: .riscv64)
    let description = try SoCDescription.load(
      text: soc.effectiveJSON(), file: "s.json", overrides: ["cpu.boot=entry"]
    ).description
    let result = try simulate(description, try Program(path: program.path))
    // a0 is the hart's number, t0 is zero.
    #expect(result.end.firmwareCode == 2)
    #expect(result.module("boot_rom") == nil)
  }

  @Test("The signature is text, a granule per line, the highest byte first")
  func signature() throws {
    let program = try BareMetalProgram(["boot.S"], isa: "rv32ima_zicsr")
    defer { program.remove() }
    let system = try SystemBuilder(
      SoCDescription.defaultBareMetal(), program: try Program(path: program.path)
    ).build()
    #expect(
      try system.signature(granularity: 4)
        == "03020100\n07060504\n0b0a0908\n0f0e0d0c\n00001110\n")
    #expect(
      try system.signature(granularity: 16)
        == "0f0e0d0c0b0a09080706050403020100\n00000000000000000000000000001110\n")
    let other = try BareMetalProgram(["spin.S"])
    defer { other.remove() }
    let bare = try SystemBuilder(
      SoCDescription.defaultBareMetal(), program: try Program(path: other.path)
    ).build()
    #expect {
      try bare.signature(granularity: 4)
    } throws: {
      "\($0)".contains("no symbol 'begin_signature'")
    }
  }
}

@Suite("OpenSBI")
struct FirmwareInterfaceTests {
  private static let firmware = "/usr/lib/riscv64-linux-gnu/opensbi/generic/fw_jump.elf"
  private static let isInstalled = FileManager.default.isReadableFile(atPath: firmware)

  @Test(
    "Boots by the device tree and serves a program in supervisor mode",
    .enabled(if: isInstalled, "OpenSBI (package opensbi) is not installed"), arguments: [1, 3])
  func boot(harts: Int) throws {
    #if DEBUG
      // Without optimisation a hart is enough to wait for.
      if harts > 1 { return }
    #endif
    let payload = try BareMetalProgram(
      ["supervisor.S"], defines: ["HARTS=\(harts)"], isa: "rv64ima_zicsr_zicntr",
      script: "payload.ld")
    defer { payload.remove() }
    let description = try SoCDescription.load(
      "\(Project.configs)/platforms/virt.json", overrides: ["cpu.harts=\(harts)"],
      options: LoadOptions(requiresCPU: true, energyTables: Project.tableNames))
    #expect(description.warnings.map(\.description) == [])
    let system = try SystemBuilder(
      description.description, program: try Program(path: Self.firmware),
      payload: try Program(path: payload.path)
    ).build()
    let end = system.run(limits: RunLimits(cycles: 200_000_000))
    let text = String(decoding: system.console.output, as: UTF8.self)
      .replacing("\r\n", with: "\n")
    for line in [
      "OpenSBI v", "Platform Name             : flecsim,virt\n",
      "Platform HART Count       : \(harts)\n",
      "Platform Timer Device     : aclint-mtimer @ 10000000Hz\n",
      "Platform Console Device   : uart8250\n", "Boot HART PMP Count       : 16\n",
      "Domain0 Next Address      : 0x0000000080200000\n",
    ] {
      #expect(text.contains(line), "\(text)")
    }
    #expect(text.hasSuffix("supervisor mode\ntimer\n\(harts) harts\n"), "\(text)")
    #expect(end.kind == .exited && end.firmwareCode == 0, "\(end.reason)")
    #expect(end.reason == "firmware exited with code 0 through test")
  }
}
