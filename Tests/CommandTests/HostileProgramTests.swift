import Foundation
import TestSupport
import Testing

/// Numbers that are the same in every run (Marsaglia's xorshift).
private struct Numbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state &* 0x2545_F491_4F6C_DD1D
  }
}

/// Executables that no linker makes, as seeds give them.
private struct HostileExecutable {
  private var random: Numbers

  init(seed: UInt64) { random = Numbers(seed: seed) }

  /// Random words as a program of either width.
  mutating func code(is64: Bool) -> Data {
    Self.elf(
      (0..<2048).map { _ in UInt32(truncatingIfNeeded: random.next()) }, is64: is64)
  }

  /// A program whose headers have some bytes replaced.
  mutating func headers(is64: Bool) -> Data {
    var data = Self.elf([0x0000_006F], is64: is64)
    let size = is64 ? 120 : 84
    for _ in 0..<Int.random(in: 1...4, using: &random) {
      let place = Int.random(in: 4..<size, using: &random)
      let values: [UInt8] = [0, 1, 0x7F, 0x80, 0xFF, UInt8(truncatingIfNeeded: random.next())]
      for index in place..<min(size, place + Int.random(in: 1...8, using: &random)) {
        data[index] = values.randomElement(using: &random) ?? 0
      }
    }
    if Int.random(in: 0..<8, using: &random) == 0 {
      data = data.prefix(Int.random(in: 0..<data.count, using: &random))
    }
    return data
  }

  /// An executable at the start of the DRAM; `memorySize` may claim more than there is.
  static func elf(_ code: [UInt32], is64: Bool, memorySize: UInt64? = nil) -> Data {
    let base: UInt64 = 0x8000_0000
    let (header, segment): (UInt64, UInt64) = is64 ? (64, 56) : (52, 32)
    let size = UInt64(4 * code.count)
    var data = Data(
      [0x7F, 0x45, 0x4C, 0x46, is64 ? 2 : 1, 1, 1, 0] + Array(repeating: 0, count: 8))
    func add(_ value: UInt64, _ bytes: Int) {
      for index in 0..<bytes { data.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
    }
    let word = is64 ? 8 : 4
    for (value, bytes) in [
      (2, 2), (243, 2), (1, 4), (base, word), (header, word), (0, word), (0, 4), (header, 2),
      (segment, 2), (1, 2), (0, 2), (0, 2), (0, 2), (1, 4),
    ] as [(UInt64, Int)] { add(value, bytes) }
    if is64 { add(7, 4) }
    for value in [header + segment, base, base, size, memorySize ?? size] { add(value, word) }
    if !is64 { add(7, 4) }
    add(4, word)
    for instruction in code { add(UInt64(instruction), 4) }
    return data
  }
}

@Suite("Hostile executables")
struct HostileProgramTests {
  /// Expects an end that the documentation knows.
  private func expectClearEnd(
    _ ending: ChildProcess.Ending, _ comment: Comment,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(!ending.wasSignalled, comment, sourceLocation: sourceLocation)
    #expect(!ending.timedOut, comment, sourceLocation: sourceLocation)
    #expect(!ending.errors.contains("Fatal error"), comment, sourceLocation: sourceLocation)
    if ending.code == 65 {
      #expect(!ending.errors.isEmpty, comment, sourceLocation: sourceLocation)
    }
  }

  private func run(_ tool: Tool, is64: Bool) throws -> ChildProcess.Ending {
    try tool.run(
      "run", "--elf", "program.elf", "--isa", is64 ? "RISCV64" : "RISCV32", "--cycle-limit",
      "20000", "--results", "-", "--quiet", timeout: 60)
  }

  @Test("Executables with damaged headers are refused or run, and end clearly", arguments: 0..<6)
  func headers(batch: Int) throws {
    let tool = try Tool()
    for index in 0..<10 {
      let seed = UInt64(10 * batch + index)
      let is64 = seed % 2 == 0
      var hostile = HostileExecutable(seed: seed)
      try tool.write(hostile.headers(is64: is64), to: "program.elf")
      expectClearEnd(try run(tool, is64: is64), "seed \(seed)")
    }
  }

  @Test("Random bytes as a program end clearly", arguments: 0..<4)
  func code(batch: Int) throws {
    let tool = try Tool()
    for index in 0..<6 {
      let seed = UInt64(6 * batch + index)
      let is64 = seed % 2 == 0
      var hostile = HostileExecutable(seed: seed)
      try tool.write(hostile.code(is64: is64), to: "program.elf")
      let ending = try run(tool, is64: is64)
      expectClearEnd(ending, "seed \(seed)")
      #expect([120, 122, 123].contains(ending.code), "seed \(seed): \(ending.errors)")
    }
  }

  @Test(
    "Segments larger than all memory are an error that says so",
    arguments: [1 << 31, (1 << 32) - 4, 1 << 40, 1 << 63, .max] as [UInt64], [false, true])
  func hugeSegments(size: UInt64, is64: Bool) throws {
    let tool = try Tool()
    try tool.write(
      HostileExecutable.elf([0x6F], is64: is64, memorySize: size), to: "program.elf")
    let ending = try run(tool, is64: is64)
    expectClearEnd(ending, "\(size)")
    #expect(ending.code == 65 && ending.errors.contains("program.elf"), "\(ending.errors)")
  }
}
