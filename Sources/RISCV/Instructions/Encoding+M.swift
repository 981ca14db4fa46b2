extension Encoding {
  /// RV32M, integer multiplication and division.
  static let multiplication: [Encoding] = [
    Encoding(.mul, "mul", mask: 0xfe00_707f, match: 0x0200_0033, .register),
    Encoding(.mulh, "mulh", mask: 0xfe00_707f, match: 0x0200_1033, .register),
    Encoding(.mulhsu, "mulhsu", mask: 0xfe00_707f, match: 0x0200_2033, .register),
    Encoding(.mulhu, "mulhu", mask: 0xfe00_707f, match: 0x0200_3033, .register),
    Encoding(.div, "div", mask: 0xfe00_707f, match: 0x0200_4033, .register),
    Encoding(.divu, "divu", mask: 0xfe00_707f, match: 0x0200_5033, .register),
    Encoding(.rem, "rem", mask: 0xfe00_707f, match: 0x0200_6033, .register),
    Encoding(.remu, "remu", mask: 0xfe00_707f, match: 0x0200_7033, .register),
  ]
}
