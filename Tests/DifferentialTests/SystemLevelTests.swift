import RISCV
import Testing

@Suite("Random programs in all privilege modes on QEMU and on every engine")
struct SystemLevelTests {
  /// Fails with a report for each difference, the first few of them shrunk.
  static func expectNone(
    _ differences: [SystemDifferential.Difference], _ differential: SystemDifferential
  ) throws {
    for (number, difference) in differences.prefix(5).enumerated() {
      let shown = number < 3 ? try differential.shrunk(difference) : difference
      Issue.record("\(shown.description)")
    }
    if differences.count > 5 { Issue.record("and \(differences.count - 5) more") }
  }

  @Test(
    "traps, CSRs, page tables and memory are those that QEMU leaves",
    .enabled(
      if: SystemQEMU.isInstalled,
      "qemu-system-riscv32 and qemu-system-riscv64 are not installed"),
    arguments: [XLEN.rv32, .rv64])
  func againstQEMU(xlen: XLEN) throws {
    let differential = SystemDifferential(xlen: xlen, oracle: SystemQEMU(xlen: xlen))
    try Self.expectNone(
      differential.differences(seed: 1, indices: 0..<SystemImage.capacity), differential)
  }

  @Test("all engines leave the same and count the same", arguments: [XLEN.rv32, .rv64])
  func enginesAgree(xlen: XLEN) throws {
    let differential = SystemDifferential(xlen: xlen, oracle: nil)
    try Self.expectNone(differential.differences(seed: 2, indices: 0..<32), differential)
  }
}
