extension Encoding {
  /// M, integer multiplication and division.
  static let multiplication: [Encoding] = [
    Encoding(.mul, "mul", mask: 0xfe00_707f, match: 0x0200_0033, .register, requires: .m),
    Encoding(.mulh, "mulh", mask: 0xfe00_707f, match: 0x0200_1033, .register, requires: .m),
    Encoding(.mulhsu, "mulhsu", mask: 0xfe00_707f, match: 0x0200_2033, .register, requires: .m),
    Encoding(.mulhu, "mulhu", mask: 0xfe00_707f, match: 0x0200_3033, .register, requires: .m),
    Encoding(.div, "div", mask: 0xfe00_707f, match: 0x0200_4033, .register, requires: .m),
    Encoding(.divu, "divu", mask: 0xfe00_707f, match: 0x0200_5033, .register, requires: .m),
    Encoding(.rem, "rem", mask: 0xfe00_707f, match: 0x0200_6033, .register, requires: .m),
    Encoding(.remu, "remu", mask: 0xfe00_707f, match: 0x0200_7033, .register, requires: .m),
    Encoding(
      .mulw, "mulw", mask: 0xfe00_707f, match: 0x0200_003b, .register, requires: .m, xlen: .rv64),
    Encoding(
      .divw, "divw", mask: 0xfe00_707f, match: 0x0200_403b, .register, requires: .m, xlen: .rv64),
    Encoding(
      .divuw, "divuw", mask: 0xfe00_707f, match: 0x0200_503b, .register, requires: .m, xlen: .rv64),
    Encoding(
      .remw, "remw", mask: 0xfe00_707f, match: 0x0200_603b, .register, requires: .m, xlen: .rv64),
    Encoding(
      .remuw, "remuw", mask: 0xfe00_707f, match: 0x0200_703b, .register, requires: .m, xlen: .rv64),
  ]
}
