import Fabric
import Foundation
import SoC
import Testing

/// Executables made of a few words, against a system with 1 MiB at 0x8000_0000.
@Suite("Programs that cannot run, or not for long")
struct ProgramTests {
  private let fixture: FirmwareFixture

  init() throws {
    fixture = try FirmwareFixture("program")
  }

  /// An ELF file with one segment.
  private func write(
    _ words: [UInt32], base: UInt32 = 0x8000_0000, entry: UInt32? = nil, as name: String = "p.elf"
  ) throws -> String {
    func bytes(_ values: [UInt32]) -> [UInt8] {
      values.flatMap { value in (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    }
    func halves(_ values: [UInt16]) -> [UInt8] {
      values.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    }
    let size = UInt32(4 * words.count)
    var file: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 1, 1, 1] + [UInt8](repeating: 0, count: 9)
    file +=
      halves([2, 243]) + bytes([1, entry ?? base, 52, 0, 0]) + halves([52, 32, 1, 40, 0, 0])
    file += bytes([1, 84, base, base, size, size, 5, 4]) + bytes(words)
    let path = "\(fixture.folder)/\(name)"
    try Data(file).write(to: URL(fileURLWithPath: path))
    return path
  }

  private func run(
    _ words: [UInt32], base: UInt32 = 0x8000_0000, entry: UInt32? = nil,
    type: String = "RISCV32", more: String = "", wallSeconds: Double = 5
  ) throws -> RunEnd {
    let path = try write(words, base: base, entry: entry)
    let description = try fixture.description(#""p.elf""#, type: type, more: more)
    let system = try SystemBuilder(description, program: Program(path: path)).build()
    return system.run(limits: RunLimits(wallSeconds: wallSeconds))
  }

  private func refusal(_ body: () throws -> RunEnd) -> String {
    do {
      return "ran: \(try body().reason)"
    } catch {
      return "\(error)".replacing(fixture.folder + "/", with: "")
    }
  }

  @Test("A segment outside all memories is refused with the memory map")
  func outside() {
    #expect(
      refusal { try run([0x6F], base: 0x7000_0000) }
        == "p.elf: error: segment 0x70000000 of 4 bytes lies in no memory of fixture "
        + "(dram 0x80000000 … 0x800fffff)")
  }

  @Test("An entry point that is not 4-byte aligned is refused without compressed instructions")
  func misaligned() throws {
    let text = refusal { try run([0x6F, 0x6F], entry: 0x8000_0002, type: "rv32im") }
    #expect(
      text == "p.elf: error: the entry point 0x80000002 is not 4-byte aligned; harts of "
        + "cpu_type rv32im have no compressed instructions")
    // nop; c.j .: with them it runs.
    let end = try run([0xA001_0001], entry: 0x8000_0002, type: "rv32imc", wallSeconds: 0.2)
    #expect(end.kind == .wallLimit)
  }

  @Test("A program of another register width is refused")
  func width() {
    #expect(
      refusal { try run([0x6F], type: "rv64gc") }
        == "p.elf: error: it is a 32-bit executable; harts of cpu_type rv64gc have 64 bits")
  }

  @Test("A payload is loaded beside the program, but not over it")
  func payload() throws {
    let (first, second) = (try write([0x6F]), try write([0x6F], base: 0x8000_1000, as: "k.elf"))
    let description = try fixture.description(#""p.elf""#)
    let system = try SystemBuilder(
      description, program: Program(path: first), payload: Program(path: second)
    ).build()
    #expect(system.stores["dram"]?.read(at: 0x8000_1000, count: 4) == [0x6F, 0, 0, 0])
    #expect(throws: SystemError.self) {
      try SystemBuilder(
        description, program: Program(path: first), payload: Program(path: first)
      ).build()
    }
  }

  @Test("A program that would overwrite a loaded file is refused")
  func overFile() throws {
    try fixture.write("data", to: "w.bin")
    let files = """
      "files": { "w": { "file": "w.bin", "data_type": "int8", "address": 0x80000004,
        "memory": "dram", "operation": "file_to_memory" } },
      """
    #expect(
      refusal { try run([0x6F, 0x6F], more: files) }
        == "p.elf: error: segment 0x80000000 of 8 bytes would overwrite files.w at "
        + "0x80000004…0x80000007")
    #expect(try run([0xFFFF_FFFF], more: files).kind == .unhandledTrap)
  }

  @Test("A trap without a handler names cause, place, instruction and value")
  func trap() throws {
    #expect(
      try run([0x13, 0xFFFF_FFFF]).reason
        == "illegal instruction at pc 0x80000004: no instruction of the core (0xffffffff), "
        + "mtval 0xffffffff; no trap handler is installed (mtvec is 0)")
    // lui ra, 0x70000; sw zero, 0(ra)
    #expect(
      try run([0x7000_00B7, 0x0000_A023]).reason
        == "store/AMO access fault at pc 0x80000004: 'sw zero, 0(ra)' (0x0000a023), "
        + "mtval 0x70000000; no trap handler is installed (mtvec is 0)")
    #expect(
      try run([0x0001_0001], type: "rv32im").reason.contains("'c.nop' (0x0001)"))
  }

  @Test("A wall limit ends a core that only computes")
  func wallLimit() throws {
    #expect(try run([0x6F], wallSeconds: 0.2).kind == .wallLimit)
  }

  @Test("A file that vanished before the build is reported at its place in the description")
  func vanished() throws {
    try fixture.write("data", to: "w.bin")
    let path = try write([0x6F])
    let description = try fixture.description(
      #""p.elf""#,
      more: """
        "files": { "w": { "file": "w.bin", "data_type": "int8", "address": 0x80000100,
          "memory": "dram", "operation": "file_to_memory" } },
        """)
    try FileManager.default.removeItem(atPath: "\(fixture.folder)/w.bin")
    let text = refusal {
      try SystemBuilder(description, program: Program(path: path)).build().run(limits: RunLimits())
    }
    #expect(text.hasPrefix("soc.json:9:29: error: files.w.file: no such file: w.bin"), "\(text)")
  }
}
