import Foundation
import Reports
import Telemetry
import TestSupport
import Testing

/// The options of `flecsim run` for bare-metal programs.
@Suite("flecsim run: harts, limits, signature")
struct HartOptionTests {
  /// Hart 0 exits with 0, the others stay where they are.
  private static let firstOfMany: [UInt32] = [
    0x0005_1C63,  // bnez a0, end
    0x0010_02B7,  // lui t0, 0x100
    0x0000_5337,  // lui t1, 0x5
    0x5553_0313,  // addi t1, t1, 0x555
    0x0062_A023,  // sw t1, (t0)
    0x0000_006F,  // j .
    0x0000_006F,  // end: j .
  ]

  /// An executable of the given width with `code` at the start of the DRAM and, if given, symbols.
  private static func elf(
    _ code: [UInt32], bits: Int, padding: Int = 0, symbols: [(String, UInt64)] = []
  ) -> Data {
    var data = Data()
    let isWide = bits == 64
    func put(_ value: UInt64, _ bytes: Int) {
      for index in 0..<bytes { data.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
    }
    func word(_ value: UInt64) { put(value, isWide ? 8 : 4) }
    let base: UInt64 = 0x8000_0000
    let header = isWide ? 64 : 52
    let programHeader = isWide ? 56 : 32
    let start = UInt64(header + programHeader)
    let size = UInt64(4 * code.count + padding)
    let names = symbols.reduce("\0") { $0 + $1.0 + "\0" }
    let table = start + size
    let entryBytes = isWide ? 24 : 16
    let strings = table + UInt64(entryBytes * symbols.count)
    let sections = strings + UInt64(names.utf8.count)
    data.append(
      contentsOf: [0x7F, 0x45, 0x4C, 0x46, isWide ? 2 : 1, 1, 1] + [UInt8](repeating: 0, count: 9))
    put(2, 2)
    put(243, 2)
    put(1, 4)
    word(base)
    word(UInt64(header))
    word(symbols.isEmpty ? 0 : sections)
    put(0, 4)
    put(UInt64(header), 2)
    put(UInt64(programHeader), 2)
    put(1, 2)
    put(isWide ? 64 : 40, 2)
    put(symbols.isEmpty ? 0 : 2, 2)
    put(0, 2)
    put(1, 4)
    if isWide { put(7, 4) }
    word(start)
    word(base)
    word(base)
    word(size)
    word(size)
    if !isWide { put(7, 4) }
    word(4)
    for word in code { put(UInt64(word), 4) }
    for index in 0..<padding { put(UInt64(index), 1) }
    guard !symbols.isEmpty else { return data }
    var offset: UInt64 = 1
    for (name, address) in symbols {
      put(offset, 4)
      if isWide {
        put(0x10, 1)
        put(0, 1)
        put(0xFFF1, 2)
        put(address, 8)
        put(0, 8)
      } else {
        put(address, 4)
        put(0, 4)
        put(0x10, 1)
        put(0, 1)
        put(0xFFF1, 2)
      }
      offset += UInt64(name.utf8.count) + 1
    }
    data.append(contentsOf: names.utf8)
    for (type, place, bytes, link, entry) in [
      (UInt64(2), table, UInt64(entryBytes * symbols.count), UInt64(1), UInt64(entryBytes)),
      (3, strings, UInt64(names.utf8.count), 0, 0),
    ] {
      put(0, 4)
      put(type, 4)
      word(0)
      word(0)
      word(place)
      word(bytes)
      put(link, 4)
      put(0, 4)
      word(1)
      word(entry)
    }
    return data
  }

  @Test(
    "The default SoC has as many harts as asked for, of the program's width", arguments: [1, 3])
  func harts(count: Int) throws {
    let tool = try Tool()
    try tool.write(Self.elf(Self.firstOfMany, bits: 64), to: "p.elf")
    let ending = try tool.run(
      "run", "--elf", "p.elf", "--harts", "\(count)", "--memory", "1 MiB", "--results", "r")
    #expect(ending.code == 0, "\(ending.errors)")
    let record = try tool.record("r")
    let cores = record.snapshot.modules.filter { $0.kind == "RISCV64" }.map(\.path)
    #expect(cores == (count == 1 ? ["cpu"] : (0..<count).map { "cpu\($0)" }))
    #expect(record.configuration.contains(#""length": 1048576"#))
  }

  @Test("--isa names the instruction set; what is wrong with it is said")
  func instructionSets() throws {
    let tool = try Tool()
    try tool.write(TinyProgram.exit(7), to: "p.elf")
    func run(_ isa: String) throws -> ChildProcess.Ending {
      try tool.run("run", "--elf", "p.elf", "--isa", isa, "--quiet")
    }
    #expect(try run("rv32i").code == 7)
    #expect(try run("RV32GC_zba").code == 7)
    let width = try run("rv64gc")
    #expect(width.code == 65)
    #expect(
      width.errors
        == "p.elf: error: it is a 32-bit executable; harts of cpu_type rv64gc have 64 bits\n")
    let unknown = try run("rv32imac_zbaa")
    #expect(unknown.code == 64)
    #expect(unknown.errors.hasPrefix("error: --isa: 'zbaa' in 'rv32imac_zbaa' is not a supported"))
    #expect(unknown.errors.hasSuffix("did you mean 'rv32imac_zba'?\n"))
  }

  @Test("--instructions ends the run after exactly so many", arguments: ["fast", "reference"])
  func instructionLimit(engine: String) throws {
    let tool = try Tool()
    try tool.write(TinyProgram.spin, to: "p.elf")
    let ending = try tool.run(
      "run", "--elf", "p.elf", "--instructions", "12345", "--engine", engine, "--results", "r",
      "--quiet")
    #expect(ending.code == 120)
    #expect(ending.output == "instruction limit of 12345 instructions reached\n")
    let core = try #require(try tool.record("r").snapshot.modules.first { $0.path == "cpu" })
    #expect(core.counters.first { $0.name == "instructions" }?.values == [12345])
  }

  @Test("--pc starts elsewhere")
  func programCounter() throws {
    let tool = try Tool()
    try tool.write(
      Self.elf(
        [0x0000_006F, 0x0010_02B7, 0x0000_5337, 0x5553_0313, 0x0062_A023, 0x0000_006F], bits: 32),
      to: "p.elf")
    let ending = try tool.run(
      "run", "--elf", "p.elf", "--pc", "0x80000004", "--quiet", "--cycle-limit", "1000")
    #expect(ending.code == 0, "\(ending.output)\(ending.errors)")
    let misplaced = try tool.run("run", "--elf", "p.elf", "--pc", "0x100", "--quiet")
    #expect(misplaced.code == 65 && misplaced.errors.contains("cpu.module_address"))
  }

  @Test("The signature is written however the run ends", arguments: [0, 3])
  func signature(code: UInt32) throws {
    let tool = try Tool()
    let value = code == 0 ? 0x5555 : code << 16 | 0x3333
    let words: [UInt32] = [
      0x0010_02B7, ((value &+ 0x800) >> 12) << 12 | 0x337, (value & 0xFFF) << 20 | 0x0003_0313,
      0x0062_A023, 0x0000_006F,
    ]
    let begin: UInt64 = 0x8000_0000 + 20
    try tool.write(
      Self.elf(
        words, bits: 32, padding: 10,
        symbols: [("begin_signature", begin), ("end_signature", begin + 10)]), to: "p.elf")
    let ending = try tool.run(
      "run", "--elf", "p.elf", "--signature", "a.sig", "--signature-granularity", "4", "--quiet")
    #expect(ending.code == Int32(code), "\(ending.errors)")
    #expect(try tool.text("a.sig") == "03020100\n07060504\n00000908\n")
    #expect(
      try tool.run("run", "--elf", "p.elf", "--signature", "b.sig", "--quiet").code == Int32(code))
    #expect(try tool.text("b.sig") == "00000000000009080706050403020100\n")
  }

  @Test("A program without a signature is refused before it runs")
  func noSignature() throws {
    let tool = try Tool()
    try tool.write(TinyProgram.spin, to: "p.elf")
    let ending = try tool.run("run", "--elf", "p.elf", "--signature", "a.sig")
    #expect(ending.code == 65)
    #expect(ending.errors.hasPrefix("p.elf: error: no signature: the program has no symbol "))
    #expect(!FileManager.default.fileExists(atPath: tool.folder + "/a.sig"))
  }

  @Test("The device tree of the default SoC and of descriptions is written in either form")
  func deviceTree() throws {
    let tool = try Tool()
    let source = try tool.run("describe", "--dump-dts", "-", "--set", "cpu.harts=2")
    #expect(source.code == 0 && source.errors == "")
    #expect(source.output.hasPrefix("/dts-v1/;") && source.output.contains("cpu@1 {"))
    let config = "\(Tool.project)/Configs/platforms/virt.json"
    #expect(try tool.run("describe", config, "--dump-dts", "v.dtb").code == 0)
    let blob = try Data(contentsOf: URL(filePath: tool.folder + "/v.dtb"))
    #expect(blob.prefix(4).elementsEqual([0xD0, 0x0D, 0xFE, 0xED]))
    #expect(try tool.run("describe", config, "--dump-dts", "v.dts").code == 0)
    #expect(try tool.text("v.dts").contains(#"model = "flecsim,virt";"#))
  }
}
