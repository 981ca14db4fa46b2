/// Zba, Zbb, Zbc, Zbs and Zicond.
extension Hart {
  /// Address generation, bit manipulation and conditional zeroing.
  func executeBitManipulation(_ operation: Operation, _ i: InstructionFields) throws(Interruption) {
    switch operation {
    // Zba. The .uw forms (RV64) zero-extend the low word of rs1.
    case .sh1add: setX(i.rd, x(i.rs1) << 1 &+ x(i.rs2))
    case .sh2add: setX(i.rd, x(i.rs1) << 2 &+ x(i.rs2))
    case .sh3add: setX(i.rd, x(i.rs1) << 3 &+ x(i.rs2))
    case .addUW: setX(i.rd, UInt64(word(i.rs1)) &+ x(i.rs2))
    case .sh1addUW: setX(i.rd, UInt64(word(i.rs1)) << 1 &+ x(i.rs2))
    case .sh2addUW: setX(i.rd, UInt64(word(i.rs1)) << 2 &+ x(i.rs2))
    case .sh3addUW: setX(i.rd, UInt64(word(i.rs1)) << 3 &+ x(i.rs2))
    case .slliUW: setX(i.rd, UInt64(word(i.rs1)) << immediateAmount(i))

    // Zbb.
    case .andn: setX(i.rd, x(i.rs1) & ~x(i.rs2))
    case .orn: setX(i.rd, x(i.rs1) | ~x(i.rs2))
    case .xnor: setX(i.rd, ~(x(i.rs1) ^ x(i.rs2)))
    case .clz: setX(i.rd, UInt64(unsigned(i.rs1).leadingZeroBitCount) - (64 - registerWidth))
    case .ctz: setX(i.rd, min(UInt64(unsigned(i.rs1).trailingZeroBitCount), registerWidth))
    case .cpop: setX(i.rd, UInt64(unsigned(i.rs1).nonzeroBitCount))
    case .clzw: setX(i.rd, UInt64(word(i.rs1).leadingZeroBitCount))
    case .ctzw: setX(i.rd, UInt64(word(i.rs1).trailingZeroBitCount))
    case .cpopw: setX(i.rd, UInt64(word(i.rs1).nonzeroBitCount))
    case .max: setX(i.rd, signed(i.rs1) > signed(i.rs2) ? x(i.rs1) : x(i.rs2))
    case .maxu: setX(i.rd, x(i.rs1) > x(i.rs2) ? x(i.rs1) : x(i.rs2))
    case .min: setX(i.rd, signed(i.rs1) < signed(i.rs2) ? x(i.rs1) : x(i.rs2))
    case .minu: setX(i.rd, x(i.rs1) < x(i.rs2) ? x(i.rs1) : x(i.rs2))
    case .sextB: setX(i.rd, x(i.rs1).signExtended(fromBytes: 1))
    case .sextH: setX(i.rd, x(i.rs1).signExtended(fromBytes: 2))
    case .zextH: setX(i.rd, x(i.rs1) & 0xffff)
    case .rol: setX(i.rd, rotatedRight(i.rs1, by: 0 &- x(i.rs2)))
    case .ror: setX(i.rd, rotatedRight(i.rs1, by: x(i.rs2)))
    case .rori: setX(i.rd, rotatedRight(i.rs1, by: immediateAmount(i)))
    case .rolw: setWord(i.rd, rotatedWordRight(i.rs1, by: 0 &- word(i.rs2)))
    case .rorw: setWord(i.rd, rotatedWordRight(i.rs1, by: word(i.rs2)))
    case .roriw: setWord(i.rd, rotatedWordRight(i.rs1, by: UInt32(i.rs2)))
    case .orcB: setX(i.rd, bytesCombined(x(i.rs1)))
    case .rev8: setX(i.rd, x(i.rs1).byteSwapped >> (64 - registerWidth))

    // Zbc: products of polynomials over GF(2), bits XLEN−1…0, 2·XLEN−1…XLEN, 2·XLEN−2…XLEN−1.
    case .clmul: setX(i.rd, carrylessProduct(i, shiftedRight: 0))
    case .clmulh: setX(i.rd, carrylessProduct(i, shiftedRight: registerWidth))
    case .clmulr: setX(i.rd, carrylessProduct(i, shiftedRight: registerWidth - 1))

    // Zbs.
    case .bclr: setX(i.rd, x(i.rs1) & ~(1 << amount(x(i.rs2))))
    case .bclri: setX(i.rd, x(i.rs1) & ~(1 << immediateAmount(i)))
    case .bext: setX(i.rd, x(i.rs1) >> amount(x(i.rs2)) & 1)
    case .bexti: setX(i.rd, x(i.rs1) >> immediateAmount(i) & 1)
    case .binv: setX(i.rd, x(i.rs1) ^ 1 << amount(x(i.rs2)))
    case .binvi: setX(i.rd, x(i.rs1) ^ 1 << immediateAmount(i))
    case .bset: setX(i.rd, x(i.rs1) | 1 << amount(x(i.rs2)))
    case .bseti: setX(i.rd, x(i.rs1) | 1 << immediateAmount(i))

    // Zicond.
    case .czeroEqz: setX(i.rd, x(i.rs2) == 0 ? 0 : x(i.rs1))
    case .czeroNez: setX(i.rd, x(i.rs2) != 0 ? 0 : x(i.rs1))
    default: throw illegal()
    }
  }

  /// The shift amount or bit index in bits 25:20 (24:20 on RV32).
  private func immediateAmount(_ i: InstructionFields) -> UInt64 {
    amount(UInt64(i.shamt6))
  }

  private func rotatedRight(_ n: Int, by distance: UInt64) -> UInt64 {
    unsigned(n) >> amount(distance) | x(n) << amount(0 &- distance)
  }

  private func rotatedWordRight(_ n: Int, by distance: UInt32) -> UInt32 {
    word(n) >> (distance & 31) | word(n) << ((0 &- distance) & 31)
  }

  /// Each byte all ones if any of its bits is set, else zero.
  private func bytesCombined(_ value: UInt64) -> UInt64 {
    var result: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 64, by: 8) where value >> shift & 0xff != 0 {
      result |= 0xff << shift
    }
    return result
  }

  /// XLEN bits, from bit `distance` up, of the carry-less product of rs1 and rs2.
  private func carrylessProduct(
    _ i: InstructionFields, shiftedRight distance: UInt64
  ) -> UInt64 {
    let (a, b) = (UInt128(unsigned(i.rs1)), unsigned(i.rs2))
    var product: UInt128 = 0
    for bit in 0..<registerWidth where b >> bit & 1 != 0 { product ^= a << UInt128(bit) }
    return UInt64(truncatingIfNeeded: product >> UInt128(distance))
  }
}
