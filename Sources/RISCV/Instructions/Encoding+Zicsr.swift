extension Encoding {
  /// Zicsr, control and status register access.
  static let controlAndStatus: [Encoding] = [
    Encoding(
      .csrrw, "csrrw", mask: 0x0000_707f, match: 0x0000_1073, .csrRegister, requires: .zicsr),
    Encoding(
      .csrrs, "csrrs", mask: 0x0000_707f, match: 0x0000_2073, .csrRegister, requires: .zicsr),
    Encoding(
      .csrrc, "csrrc", mask: 0x0000_707f, match: 0x0000_3073, .csrRegister, requires: .zicsr),
    Encoding(
      .csrrwi, "csrrwi", mask: 0x0000_707f, match: 0x0000_5073, .csrImmediate, requires: .zicsr),
    Encoding(
      .csrrsi, "csrrsi", mask: 0x0000_707f, match: 0x0000_6073, .csrImmediate, requires: .zicsr),
    Encoding(
      .csrrci, "csrrci", mask: 0x0000_707f, match: 0x0000_7073, .csrImmediate, requires: .zicsr),
  ]
}
