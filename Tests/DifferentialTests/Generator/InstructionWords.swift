import RISCV

/// Packs instruction words from the rows of the instruction table.
///
/// It packs the fields itself, and QEMU decodes what it makes: a wrong row shows as a difference.
struct InstructionWords: Sendable {
  let xlen: XLEN
  private let rows: [Operation: Encoding]

  init(xlen: XLEN) {
    self.xlen = xlen
    rows = Dictionary(
      Encoding.all.filter { $0.xlen == nil || $0.xlen == xlen }.map { ($0.operation, $0) },
      uniquingKeysWith: { first, _ in first })
  }

  /// The row of `operation`, nil when this XLEN has no such instruction.
  func row(_ operation: Operation) -> Encoding? { rows[operation] }

  /// All rows of this XLEN, in an order that is always the same.
  var all: [Encoding] {
    rows.values.sorted { ($0.match, $0.mask) < ($1.match, $1.mask) }
  }

  private func match(_ operation: Operation) -> UInt32 {
    guard let row = rows[operation] else {
      preconditionFailure("RV\(xlen.rawValue) has no \(operation)")
    }
    return row.match
  }

  /// rd, rs1, rs2.
  func register(_ operation: Operation, rd: Int, rs1: Int = 0, rs2: Int = 0) -> UInt32 {
    match(operation) | UInt32(rd) << 7 | UInt32(rs1) << 15 | UInt32(rs2) << 20
  }

  /// rd, rs1 and a 12-bit immediate or CSR number or shift amount.
  func immediate(_ operation: Operation, rd: Int, rs1: Int, _ value: Int) -> UInt32 {
    match(operation) | UInt32(rd) << 7 | UInt32(rs1) << 15
      | UInt32(truncatingIfNeeded: value) << 20
  }

  /// rs2 to offset(rs1).
  func store(_ operation: Operation, rs2: Int, rs1: Int, _ offset: Int) -> UInt32 {
    let value = UInt32(truncatingIfNeeded: offset)
    return match(operation) | UInt32(rs1) << 15 | UInt32(rs2) << 20
      | (value & 31) << 7 | (value >> 5 & 0x7f) << 25
  }

  /// rd and the upper 20 bits.
  func upper(_ operation: Operation, rd: Int, _ value: Int) -> UInt32 {
    match(operation) | UInt32(rd) << 7 | UInt32(truncatingIfNeeded: value) << 12
  }

  /// A branch on rs1 and rs2 without its distance.
  func branch(_ operation: Operation, rs1: Int, rs2: Int) -> UInt32 {
    match(operation) | UInt32(rs1) << 15 | UInt32(rs2) << 20
  }

  /// The word without operands.
  func plain(_ operation: Operation) -> UInt32 { match(operation) }

  /// The distance of a conditional branch in its fields.
  static func branchDistance(_ bytes: Int) -> UInt32 {
    let i = UInt32(truncatingIfNeeded: bytes)
    return (i >> 11 & 1) << 7 | (i >> 1 & 15) << 8 | (i >> 5 & 0x3f) << 25 | (i >> 12 & 1) << 31
  }

  /// The distance of a jump in its fields.
  static func jumpDistance(_ bytes: Int) -> UInt32 {
    let i = UInt32(truncatingIfNeeded: bytes)
    return (i >> 12 & 0xff) << 12 | (i >> 11 & 1) << 20 | (i >> 1 & 0x3ff) << 21
      | (i >> 20 & 1) << 31
  }

  /// The distance of c.beqz and c.bnez in its fields.
  static func shortBranchDistance(_ bytes: Int) -> UInt16 {
    let i = UInt16(truncatingIfNeeded: bytes)
    return (i >> 8 & 1) << 12 | (i >> 3 & 3) << 10 | (i >> 6 & 3) << 5 | (i >> 1 & 3) << 3
      | (i >> 5 & 1) << 2
  }

  /// The distance of c.j and c.jal in its fields.
  static func shortJumpDistance(_ bytes: Int) -> UInt16 {
    let i = UInt16(truncatingIfNeeded: bytes)
    let high = (i >> 11 & 1) << 12 | (i >> 4 & 1) << 11 | (i >> 8 & 3) << 9 | (i >> 10 & 1) << 8
    let low = (i >> 6 & 1) << 7 | (i >> 7 & 1) << 6 | (i >> 1 & 7) << 3 | (i >> 5 & 1) << 2
    return high | low
  }
}
