import RISCV
import Testing

@Suite("Random user-mode programs on QEMU and on every engine")
struct UserModeTests {
  /// Programs per test case, few enough that a slow machine reports progress.
  private static let pieces = stride(from: 0, to: 300, by: 100).map { $0..<$0 + 100 }

  /// Fails with a full report for each difference, the first few of them shrunk.
  static func expectNone(_ differences: [Differential.Difference], _ differential: Differential)
    throws
  {
    for (number, difference) in differences.prefix(5).enumerated() {
      let shown = number < 4 ? try differential.shrunk(difference) : difference
      Issue.record("\(shown.description)")
    }
    if differences.count > 5 { Issue.record("and \(differences.count - 5) more") }
  }

  @Test(
    "registers, flags and memory are those that QEMU leaves, and all engines count the same",
    .enabled(if: UserModeQEMU.isInstalled, "qemu-riscv32 and qemu-riscv64 are not installed"),
    arguments: [XLEN.rv32, .rv64], pieces)
  func againstQEMU(xlen: XLEN, indices: Range<Int>) throws {
    let differential = Differential(xlen: xlen, oracle: UserModeQEMU(xlen: xlen))
    try Self.expectNone(differential.differences(seed: 1, indices: indices), differential)
  }

  @Test(
    "every floating-point instruction has QEMU's results and flags for many operands",
    .enabled(if: UserModeQEMU.isInstalled, "qemu-riscv32 and qemu-riscv64 are not installed"),
    arguments: [XLEN.rv32, .rv64])
  func floatSweeps(xlen: XLEN) throws {
    let differential = Differential(xlen: xlen, oracle: UserModeQEMU(xlen: xlen))
    let rows = ProgramGenerator.floatRows(InstructionWords(xlen: xlen))
    let programs = rows.indices.map { number in
      ProgramGenerator.sweep(
        xlen: xlen, seed: 1, index: (number + 1) * ProgramGenerator.sweepInterval - 1)
    }
    try Self.expectNone(differential.differences(programs), differential)
  }

  @Test("all engines leave the same and count the same", arguments: [XLEN.rv32, .rv64])
  func enginesAgree(xlen: XLEN) throws {
    let differential = Differential(xlen: xlen, oracle: nil)
    try Self.expectNone(differential.differences(seed: 2, indices: 0..<60), differential)
  }

  @Test("the same seed gives the same programs", arguments: [XLEN.rv32, .rv64])
  func deterministic(xlen: XLEN) {
    let first = ProgramGenerator.program(xlen: xlen, seed: 7, index: 3)
    let second = ProgramGenerator.program(xlen: xlen, seed: 7, index: 3)
    let other = ProgramGenerator.program(xlen: xlen, seed: 7, index: 4)
    #expect(first.items == second.items)
    #expect(first.data == second.data)
    #expect(first.items != other.items)
  }

  @Test("the programs use every user-mode instruction", arguments: [XLEN.rv32, .rv64])
  func coverage(xlen: XLEN) {
    let set: InstructionSet = xlen == .rv64 ? .rv64Full : .rv32Full
    var missing = Set(
      Encoding.all.filter { $0.xlen == nil || $0.xlen == xlen }.map { $0.operation })
    missing.subtract([.ebreak, .mret, .sret, .wfi, .sfenceVMA])
    let programs = (0..<300).map { ProgramGenerator.program(xlen: xlen, seed: 1, index: $0) }
    let image = ProgramImage(programs, for: .hart)
    var offset = 0
    let end = Int(image.dataStart - image.start)
    while offset < end {
      let low = UInt32(image.bytes[offset]) | UInt32(image.bytes[offset + 1]) << 8
      if low & 3 == 3 {
        let high = UInt32(image.bytes[offset + 2]) | UInt32(image.bytes[offset + 3]) << 8
        let row = Encoding.decode(low | high << 16, xlen: xlen, extensions: set.extensions)
        if let row { missing.remove(row.operation) }
      }
      offset += low & 3 == 3 ? 4 : 2
    }
    #expect(missing.isEmpty, "never generated: \(missing)")
  }
}
