import Foundation

/// Bare-metal programs of a few instructions as ELF files, made without a compiler.
enum TinyProgram {
  /// Writes a value to the test finisher.
  static func finisher(_ value: UInt32) -> Data {
    let high = (value &+ 0x800) >> 12
    let low = value & 0xFFF
    return elf([
      0x0010_02B7,  // lui t0, 0x100
      high << 12 | 0x337,  // lui t1, high
      low << 20 | 0x0003_0313,  // addi t1, t1, low
      0x0062_A023,  // sw t1, 0(t0)
      0x0000_006F,  // j .
    ])
  }

  /// Exits with a code.
  static func exit(_ code: UInt32) -> Data {
    finisher(code == 0 ? 0x5555 : code << 16 | 0x3333)
  }

  /// Sleeps for ever.
  static let sleep = elf([0x3040_1073, 0x1050_0073, 0xFFDF_F06F])  // csrw mie, zero; wfi; j -4
  /// Never ends.
  static let spin = elf([0x0000_006F])
  /// Asks the CLINT's time for ever: the hardware is as busy as the core.
  static let poll = elf([
    0x0200_C2B7,  // lui t0, 0x200c
    0xFF82_A303,  // lw t1, -8(t0)
    0xFFDF_F06F,  // j -4
  ])
  /// An illegal instruction while there is no trap handler.
  static let trap = elf([0])

  /// A 32-bit RISC-V executable with `code` at the start of the DRAM.
  static func elf(_ code: [UInt32]) -> Data {
    let size = UInt32(4 * code.count)
    let base: UInt32 = 0x8000_0000
    let identification: [UInt32] = [0x464C_457F, 0x0001_0101, 0, 0]
    let header: [UInt32] = [
      0x00F3_0002, 1, base, 52, 0, 0,  // executable of RISC-V, entry, program headers at 52
      0x0020_0034, 0x0028_0001, 0,  // one of them
    ]
    let segment: [UInt32] = [1, 84, base, base, size, size, 7, 4]
    var data = Data()
    for word in identification + header + segment + code {
      withUnsafeBytes(of: word.littleEndian) { data.append(contentsOf: $0) }
    }
    return data
  }
}
