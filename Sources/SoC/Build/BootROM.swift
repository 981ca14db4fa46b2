internal import RISCV

/// The contents of the boot ROM, laid out as Spike's: code that passes the hart's number in a0 and
/// the device tree's address in a1 and jumps to the program; the program's address; the device
/// tree.
struct BootROM {
  /// Where it lies.
  static let base: UInt64 = 0x1000
  /// Addresses kept for it; what is there depends on the size of the device tree.
  static let windowBytes: UInt64 = 0xF000

  private static let pageBytes = 4096

  /// The contents, whole pages.
  let bytes: [UInt8]

  init(entry: UInt64, xlen: XLEN, deviceTree: [UInt8]) {
    let words: [UInt32] = [
      0x0000_0297,  // auipc t0, 0
      0x0202_8593,  // addi  a1, t0, 32
      0xF140_2573,  // csrr  a0, mhartid
      xlen == .rv32 ? 0x0182_A283 : 0x0182_B283,  // lw or ld t0, 24(t0)
      0x0002_8067,  // jr    t0
      0,
      UInt32(truncatingIfNeeded: entry), UInt32(entry >> 32),
    ]
    var bytes = words.flatMap { word in
      (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) }
    }
    bytes += deviceTree
    bytes += Array(repeating: 0, count: -bytes.count & (Self.pageBytes - 1))
    self.bytes = bytes
  }

  /// Whether everything fits into the window.
  var fits: Bool { bytes.count <= Int(Self.windowBytes) }
}
