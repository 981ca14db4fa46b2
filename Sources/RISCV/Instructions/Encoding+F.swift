extension Encoding {
  /// F, single-precision floating point.
  static let singlePrecision: [Encoding] = [
    Encoding(.flw, "flw", mask: 0x0000_707f, match: 0x0000_2007, .floatLoad, requires: .f),
    Encoding(.fsw, "fsw", mask: 0x0000_707f, match: 0x0000_2027, .floatStore, requires: .f),
    Encoding(.fmaddS, "fmadd.s", mask: 0x0600_007f, match: 0x0000_0043, .floatFused, requires: .f),
    Encoding(.fmsubS, "fmsub.s", mask: 0x0600_007f, match: 0x0000_0047, .floatFused, requires: .f),
    Encoding(
      .fnmsubS, "fnmsub.s", mask: 0x0600_007f, match: 0x0000_004b, .floatFused, requires: .f),
    Encoding(
      .fnmaddS, "fnmadd.s", mask: 0x0600_007f, match: 0x0000_004f, .floatFused, requires: .f),
    Encoding(.faddS, "fadd.s", mask: 0xfe00_007f, match: 0x0000_0053, .floatRounded, requires: .f),
    Encoding(.fsubS, "fsub.s", mask: 0xfe00_007f, match: 0x0800_0053, .floatRounded, requires: .f),
    Encoding(.fmulS, "fmul.s", mask: 0xfe00_007f, match: 0x1000_0053, .floatRounded, requires: .f),
    Encoding(.fdivS, "fdiv.s", mask: 0xfe00_007f, match: 0x1800_0053, .floatRounded, requires: .f),
    Encoding(.fsqrtS, "fsqrt.s", mask: 0xfff0_007f, match: 0x5800_0053, .floatUnary, requires: .f),
    Encoding(
      .fsgnjS, "fsgnj.s", mask: 0xfe00_707f, match: 0x2000_0053, .floatRegister, requires: .f),
    Encoding(
      .fsgnjnS, "fsgnjn.s", mask: 0xfe00_707f, match: 0x2000_1053, .floatRegister, requires: .f),
    Encoding(
      .fsgnjxS, "fsgnjx.s", mask: 0xfe00_707f, match: 0x2000_2053, .floatRegister, requires: .f),
    Encoding(.fminS, "fmin.s", mask: 0xfe00_707f, match: 0x2800_0053, .floatRegister, requires: .f),
    Encoding(.fmaxS, "fmax.s", mask: 0xfe00_707f, match: 0x2800_1053, .floatRegister, requires: .f),
    Encoding(.feqS, "feq.s", mask: 0xfe00_707f, match: 0xa000_2053, .floatCompare, requires: .f),
    Encoding(.fltS, "flt.s", mask: 0xfe00_707f, match: 0xa000_1053, .floatCompare, requires: .f),
    Encoding(.fleS, "fle.s", mask: 0xfe00_707f, match: 0xa000_0053, .floatCompare, requires: .f),
    Encoding(
      .fclassS, "fclass.s", mask: 0xfff0_707f, match: 0xe000_1053, .floatToBits, requires: .f),
    Encoding(
      .fcvtWS, "fcvt.w.s", mask: 0xfff0_007f, match: 0xc000_0053, .floatToInteger, requires: .f),
    Encoding(
      .fcvtWUS, "fcvt.wu.s", mask: 0xfff0_007f, match: 0xc010_0053, .floatToInteger, requires: .f),
    Encoding(
      .fcvtLS, "fcvt.l.s", mask: 0xfff0_007f, match: 0xc020_0053, .floatToInteger, requires: .f,
      xlen: .rv64),
    Encoding(
      .fcvtLUS, "fcvt.lu.s", mask: 0xfff0_007f, match: 0xc030_0053, .floatToInteger, requires: .f,
      xlen: .rv64),
    Encoding(
      .fcvtSW, "fcvt.s.w", mask: 0xfff0_007f, match: 0xd000_0053, .integerToFloat, requires: .f),
    Encoding(
      .fcvtSWU, "fcvt.s.wu", mask: 0xfff0_007f, match: 0xd010_0053, .integerToFloat, requires: .f),
    Encoding(
      .fcvtSL, "fcvt.s.l", mask: 0xfff0_007f, match: 0xd020_0053, .integerToFloat, requires: .f,
      xlen: .rv64),
    Encoding(
      .fcvtSLU, "fcvt.s.lu", mask: 0xfff0_007f, match: 0xd030_0053, .integerToFloat, requires: .f,
      xlen: .rv64),
    Encoding(.fmvXW, "fmv.x.w", mask: 0xfff0_707f, match: 0xe000_0053, .floatToBits, requires: .f),
    Encoding(.fmvWX, "fmv.w.x", mask: 0xfff0_707f, match: 0xf000_0053, .bitsToFloat, requires: .f),
  ]
}
