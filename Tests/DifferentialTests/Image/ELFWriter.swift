import RISCV

/// Writes the smallest executable that loaders accept: one segment, readable, writable and
/// executable, without sections.
enum ELFWriter {
  /// An executable whose memory is `bytes` from `address` on, entered at the first byte.
  static func executable(_ bytes: [UInt8], at address: UInt64, xlen: XLEN) -> [UInt8] {
    let page = 4096
    var file: [UInt8] = [0x7f, 0x45, 0x4c, 0x46, xlen == .rv64 ? 2 : 1, 1, 1]
    file += Array(repeating: 0, count: 9)
    func put(_ value: Int, _ count: Int) {
      for index in 0..<count { file.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
    }
    let word = Int(xlen.rawValue) / 8
    let (headerSize, segmentSize) = xlen == .rv64 ? (64, 56) : (52, 32)
    let entry = Int(address)
    // Type executable, machine RISC-V, version.
    put(2, 2)
    put(243, 2)
    put(1, 4)
    put(entry, word)
    put(headerSize, word)
    put(0, word)
    // Flags: compressed instructions, floats passed in double registers.
    put(5, 4)
    for size in [headerSize, segmentSize, 1, 0, 0, 0] { put(size, 2) }
    // The segment: type load, flags RWX.
    put(1, 4)
    if xlen == .rv64 { put(7, 4) }
    for value in [page, entry, entry, bytes.count, bytes.count] { put(value, word) }
    if xlen == .rv32 { put(7, 4) }
    put(page, word)
    file += Array(repeating: 0, count: page - file.count)
    return file + bytes
  }
}
