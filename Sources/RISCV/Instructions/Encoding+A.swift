extension Encoding {
  /// A, load-reserved, store-conditional and atomic memory operations.
  static let atomic: [Encoding] = [
    Encoding(.lrW, "lr.w", mask: 0xf9f0_707f, match: 0x1000_202f, .loadReserved, requires: .a),
    Encoding(.scW, "sc.w", mask: 0xf800_707f, match: 0x1800_202f, .atomic, requires: .a),
    Encoding(.amoswapW, "amoswap.w", mask: 0xf800_707f, match: 0x0800_202f, .atomic, requires: .a),
    Encoding(.amoaddW, "amoadd.w", mask: 0xf800_707f, match: 0x0000_202f, .atomic, requires: .a),
    Encoding(.amoxorW, "amoxor.w", mask: 0xf800_707f, match: 0x2000_202f, .atomic, requires: .a),
    Encoding(.amoandW, "amoand.w", mask: 0xf800_707f, match: 0x6000_202f, .atomic, requires: .a),
    Encoding(.amoorW, "amoor.w", mask: 0xf800_707f, match: 0x4000_202f, .atomic, requires: .a),
    Encoding(.amominW, "amomin.w", mask: 0xf800_707f, match: 0x8000_202f, .atomic, requires: .a),
    Encoding(.amomaxW, "amomax.w", mask: 0xf800_707f, match: 0xa000_202f, .atomic, requires: .a),
    Encoding(.amominuW, "amominu.w", mask: 0xf800_707f, match: 0xc000_202f, .atomic, requires: .a),
    Encoding(.amomaxuW, "amomaxu.w", mask: 0xf800_707f, match: 0xe000_202f, .atomic, requires: .a),
    Encoding(
      .lrD, "lr.d", mask: 0xf9f0_707f, match: 0x1000_302f, .loadReserved, requires: .a,
      xlen: .rv64),
    Encoding(
      .scD, "sc.d", mask: 0xf800_707f, match: 0x1800_302f, .atomic, requires: .a, xlen: .rv64),
    Encoding(
      .amoswapD, "amoswap.d", mask: 0xf800_707f, match: 0x0800_302f, .atomic, requires: .a,
      xlen: .rv64),
    Encoding(
      .amoaddD, "amoadd.d", mask: 0xf800_707f, match: 0x0000_302f, .atomic, requires: .a,
      xlen: .rv64),
    Encoding(
      .amoxorD, "amoxor.d", mask: 0xf800_707f, match: 0x2000_302f, .atomic, requires: .a,
      xlen: .rv64),
    Encoding(
      .amoandD, "amoand.d", mask: 0xf800_707f, match: 0x6000_302f, .atomic, requires: .a,
      xlen: .rv64),
    Encoding(
      .amoorD, "amoor.d", mask: 0xf800_707f, match: 0x4000_302f, .atomic,
      requires: .a, xlen: .rv64),
    Encoding(
      .amominD, "amomin.d", mask: 0xf800_707f, match: 0x8000_302f, .atomic, requires: .a,
      xlen: .rv64),
    Encoding(
      .amomaxD, "amomax.d", mask: 0xf800_707f, match: 0xa000_302f, .atomic, requires: .a,
      xlen: .rv64),
    Encoding(
      .amominuD, "amominu.d", mask: 0xf800_707f, match: 0xc000_302f, .atomic, requires: .a,
      xlen: .rv64),
    Encoding(
      .amomaxuD, "amomaxu.d", mask: 0xf800_707f, match: 0xe000_302f, .atomic, requires: .a,
      xlen: .rv64),
  ]
}
