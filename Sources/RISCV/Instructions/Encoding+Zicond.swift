extension Encoding {
  /// Zicond, conditional zeroing.
  static let conditional: [Encoding] = [
    Encoding(
      .czeroEqz, "czero.eqz", mask: 0xfe00_707f, match: 0x0e00_5033, .register, requires: .zicond),
    Encoding(
      .czeroNez, "czero.nez", mask: 0xfe00_707f, match: 0x0e00_7033, .register, requires: .zicond),
  ]
}
