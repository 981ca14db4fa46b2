extension Encoding {
  /// D, double-precision floating point.
  static let doublePrecision: [Encoding] = [
    Encoding(.fld, "fld", mask: 0x0000_707f, match: 0x0000_3007, .floatLoad, requires: .d),
    Encoding(.fsd, "fsd", mask: 0x0000_707f, match: 0x0000_3027, .floatStore, requires: .d),
    Encoding(.fmaddD, "fmadd.d", mask: 0x0600_007f, match: 0x0200_0043, .floatFused, requires: .d),
    Encoding(.fmsubD, "fmsub.d", mask: 0x0600_007f, match: 0x0200_0047, .floatFused, requires: .d),
    Encoding(
      .fnmsubD, "fnmsub.d", mask: 0x0600_007f, match: 0x0200_004b, .floatFused, requires: .d),
    Encoding(
      .fnmaddD, "fnmadd.d", mask: 0x0600_007f, match: 0x0200_004f, .floatFused, requires: .d),
    Encoding(.faddD, "fadd.d", mask: 0xfe00_007f, match: 0x0200_0053, .floatRounded, requires: .d),
    Encoding(.fsubD, "fsub.d", mask: 0xfe00_007f, match: 0x0a00_0053, .floatRounded, requires: .d),
    Encoding(.fmulD, "fmul.d", mask: 0xfe00_007f, match: 0x1200_0053, .floatRounded, requires: .d),
    Encoding(.fdivD, "fdiv.d", mask: 0xfe00_007f, match: 0x1a00_0053, .floatRounded, requires: .d),
    Encoding(.fsqrtD, "fsqrt.d", mask: 0xfff0_007f, match: 0x5a00_0053, .floatUnary, requires: .d),
    Encoding(
      .fsgnjD, "fsgnj.d", mask: 0xfe00_707f, match: 0x2200_0053, .floatRegister, requires: .d),
    Encoding(
      .fsgnjnD, "fsgnjn.d", mask: 0xfe00_707f, match: 0x2200_1053, .floatRegister, requires: .d),
    Encoding(
      .fsgnjxD, "fsgnjx.d", mask: 0xfe00_707f, match: 0x2200_2053, .floatRegister, requires: .d),
    Encoding(.fminD, "fmin.d", mask: 0xfe00_707f, match: 0x2a00_0053, .floatRegister, requires: .d),
    Encoding(.fmaxD, "fmax.d", mask: 0xfe00_707f, match: 0x2a00_1053, .floatRegister, requires: .d),
    Encoding(.feqD, "feq.d", mask: 0xfe00_707f, match: 0xa200_2053, .floatCompare, requires: .d),
    Encoding(.fltD, "flt.d", mask: 0xfe00_707f, match: 0xa200_1053, .floatCompare, requires: .d),
    Encoding(.fleD, "fle.d", mask: 0xfe00_707f, match: 0xa200_0053, .floatCompare, requires: .d),
    Encoding(
      .fclassD, "fclass.d", mask: 0xfff0_707f, match: 0xe200_1053, .floatToBits, requires: .d),
    Encoding(
      .fcvtWD, "fcvt.w.d", mask: 0xfff0_007f, match: 0xc200_0053, .floatToInteger, requires: .d),
    Encoding(
      .fcvtWUD, "fcvt.wu.d", mask: 0xfff0_007f, match: 0xc210_0053, .floatToInteger, requires: .d),
    Encoding(
      .fcvtLD, "fcvt.l.d", mask: 0xfff0_007f, match: 0xc220_0053, .floatToInteger, requires: .d,
      xlen: .rv64),
    Encoding(
      .fcvtLUD, "fcvt.lu.d", mask: 0xfff0_007f, match: 0xc230_0053, .floatToInteger, requires: .d,
      xlen: .rv64),
    Encoding(
      .fcvtDW, "fcvt.d.w", mask: 0xfff0_007f, match: 0xd200_0053, .integerToFloat, requires: .d),
    Encoding(
      .fcvtDWU, "fcvt.d.wu", mask: 0xfff0_007f, match: 0xd210_0053, .integerToFloat, requires: .d),
    Encoding(
      .fcvtDL, "fcvt.d.l", mask: 0xfff0_007f, match: 0xd220_0053, .integerToFloat, requires: .d,
      xlen: .rv64),
    Encoding(
      .fcvtDLU, "fcvt.d.lu", mask: 0xfff0_007f, match: 0xd230_0053, .integerToFloat, requires: .d,
      xlen: .rv64),
    Encoding(
      .fmvXD, "fmv.x.d", mask: 0xfff0_707f, match: 0xe200_0053, .floatToBits, requires: .d,
      xlen: .rv64),
    Encoding(
      .fmvDX, "fmv.d.x", mask: 0xfff0_707f, match: 0xf200_0053, .bitsToFloat, requires: .d,
      xlen: .rv64),
    Encoding(.fcvtSD, "fcvt.s.d", mask: 0xfff0_007f, match: 0x4010_0053, .floatUnary, requires: .d),
    Encoding(.fcvtDS, "fcvt.d.s", mask: 0xfff0_007f, match: 0x4200_0053, .floatUnary, requires: .d),
  ]
}
