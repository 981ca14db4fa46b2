extension Encoding {
  /// Zba, address generation.
  static let addressGeneration: [Encoding] = [
    Encoding(.sh1add, "sh1add", mask: 0xfe00_707f, match: 0x2000_2033, .register, requires: .zba),
    Encoding(.sh2add, "sh2add", mask: 0xfe00_707f, match: 0x2000_4033, .register, requires: .zba),
    Encoding(.sh3add, "sh3add", mask: 0xfe00_707f, match: 0x2000_6033, .register, requires: .zba),
    Encoding(
      .addUW, "add.uw", mask: 0xfe00_707f, match: 0x0800_003b, .register, requires: .zba,
      xlen: .rv64),
    Encoding(
      .sh1addUW, "sh1add.uw", mask: 0xfe00_707f, match: 0x2000_203b, .register, requires: .zba,
      xlen: .rv64),
    Encoding(
      .sh2addUW, "sh2add.uw", mask: 0xfe00_707f, match: 0x2000_403b, .register, requires: .zba,
      xlen: .rv64),
    Encoding(
      .sh3addUW, "sh3add.uw", mask: 0xfe00_707f, match: 0x2000_603b, .register, requires: .zba,
      xlen: .rv64),
    Encoding(
      .slliUW, "slli.uw", mask: 0xfc00_707f, match: 0x0800_101b, .shift, requires: .zba, xlen: .rv64
    ),
  ]

  /// Zbb, basic bit manipulation.
  static let basicBitManipulation: [Encoding] = [
    Encoding(.andn, "andn", mask: 0xfe00_707f, match: 0x4000_7033, .register, requires: .zbb),
    Encoding(.orn, "orn", mask: 0xfe00_707f, match: 0x4000_6033, .register, requires: .zbb),
    Encoding(.xnor, "xnor", mask: 0xfe00_707f, match: 0x4000_4033, .register, requires: .zbb),
    Encoding(.clz, "clz", mask: 0xfff0_707f, match: 0x6000_1013, .unary, requires: .zbb),
    Encoding(.ctz, "ctz", mask: 0xfff0_707f, match: 0x6010_1013, .unary, requires: .zbb),
    Encoding(.cpop, "cpop", mask: 0xfff0_707f, match: 0x6020_1013, .unary, requires: .zbb),
    Encoding(.sextB, "sext.b", mask: 0xfff0_707f, match: 0x6040_1013, .unary, requires: .zbb),
    Encoding(.sextH, "sext.h", mask: 0xfff0_707f, match: 0x6050_1013, .unary, requires: .zbb),
    Encoding(.min, "min", mask: 0xfe00_707f, match: 0x0a00_4033, .register, requires: .zbb),
    Encoding(.minu, "minu", mask: 0xfe00_707f, match: 0x0a00_5033, .register, requires: .zbb),
    Encoding(.max, "max", mask: 0xfe00_707f, match: 0x0a00_6033, .register, requires: .zbb),
    Encoding(.maxu, "maxu", mask: 0xfe00_707f, match: 0x0a00_7033, .register, requires: .zbb),
    Encoding(
      .zextH, "zext.h", mask: 0xfff0_707f, match: 0x0800_4033, .unary, requires: .zbb, xlen: .rv32),
    Encoding(
      .zextH, "zext.h", mask: 0xfff0_707f, match: 0x0800_403b, .unary, requires: .zbb, xlen: .rv64),
    Encoding(.rol, "rol", mask: 0xfe00_707f, match: 0x6000_1033, .register, requires: .zbb),
    Encoding(.ror, "ror", mask: 0xfe00_707f, match: 0x6000_5033, .register, requires: .zbb),
    Encoding(
      .rori, "rori", mask: 0xfe00_707f, match: 0x6000_5013, .shift, requires: .zbb, xlen: .rv32),
    Encoding(
      .rori, "rori", mask: 0xfc00_707f, match: 0x6000_5013, .shift, requires: .zbb, xlen: .rv64),
    Encoding(.orcB, "orc.b", mask: 0xfff0_707f, match: 0x2870_5013, .unary, requires: .zbb),
    Encoding(
      .rev8, "rev8", mask: 0xfff0_707f, match: 0x6980_5013, .unary, requires: .zbb, xlen: .rv32),
    Encoding(
      .rev8, "rev8", mask: 0xfff0_707f, match: 0x6b80_5013, .unary, requires: .zbb, xlen: .rv64),
    Encoding(
      .clzw, "clzw", mask: 0xfff0_707f, match: 0x6000_101b, .unary, requires: .zbb, xlen: .rv64),
    Encoding(
      .ctzw, "ctzw", mask: 0xfff0_707f, match: 0x6010_101b, .unary, requires: .zbb, xlen: .rv64),
    Encoding(
      .cpopw, "cpopw", mask: 0xfff0_707f, match: 0x6020_101b, .unary, requires: .zbb, xlen: .rv64),
    Encoding(
      .rolw, "rolw", mask: 0xfe00_707f, match: 0x6000_103b, .register, requires: .zbb, xlen: .rv64),
    Encoding(
      .rorw, "rorw", mask: 0xfe00_707f, match: 0x6000_503b, .register, requires: .zbb, xlen: .rv64),
    Encoding(
      .roriw, "roriw", mask: 0xfe00_707f, match: 0x6000_501b, .shift, requires: .zbb, xlen: .rv64),
  ]

  /// Zbc, carry-less multiplication.
  static let carryLessMultiplication: [Encoding] = [
    Encoding(.clmul, "clmul", mask: 0xfe00_707f, match: 0x0a00_1033, .register, requires: .zbc),
    Encoding(.clmulr, "clmulr", mask: 0xfe00_707f, match: 0x0a00_2033, .register, requires: .zbc),
    Encoding(.clmulh, "clmulh", mask: 0xfe00_707f, match: 0x0a00_3033, .register, requires: .zbc),
  ]

  /// Zbs, single-bit operations.
  static let singleBit: [Encoding] = [
    Encoding(.bclr, "bclr", mask: 0xfe00_707f, match: 0x4800_1033, .register, requires: .zbs),
    Encoding(
      .bclri, "bclri", mask: 0xfe00_707f, match: 0x4800_1013, .shift, requires: .zbs, xlen: .rv32),
    Encoding(
      .bclri, "bclri", mask: 0xfc00_707f, match: 0x4800_1013, .shift, requires: .zbs, xlen: .rv64),
    Encoding(.bext, "bext", mask: 0xfe00_707f, match: 0x4800_5033, .register, requires: .zbs),
    Encoding(
      .bexti, "bexti", mask: 0xfe00_707f, match: 0x4800_5013, .shift, requires: .zbs, xlen: .rv32),
    Encoding(
      .bexti, "bexti", mask: 0xfc00_707f, match: 0x4800_5013, .shift, requires: .zbs, xlen: .rv64),
    Encoding(.binv, "binv", mask: 0xfe00_707f, match: 0x6800_1033, .register, requires: .zbs),
    Encoding(
      .binvi, "binvi", mask: 0xfe00_707f, match: 0x6800_1013, .shift, requires: .zbs, xlen: .rv32),
    Encoding(
      .binvi, "binvi", mask: 0xfc00_707f, match: 0x6800_1013, .shift, requires: .zbs, xlen: .rv64),
    Encoding(.bset, "bset", mask: 0xfe00_707f, match: 0x2800_1033, .register, requires: .zbs),
    Encoding(
      .bseti, "bseti", mask: 0xfe00_707f, match: 0x2800_1013, .shift, requires: .zbs, xlen: .rv32),
    Encoding(
      .bseti, "bseti", mask: 0xfc00_707f, match: 0x2800_1013, .shift, requires: .zbs, xlen: .rv64),
  ]
}
