/// M: multiplication and division.
extension Hart {
  /// Products, quotients and remainders. Division by zero gives a quotient of all ones and the
  /// dividend as remainder; the one signed overflow gives the dividend and remainder zero.
  func executeMultiplication(_ operation: Operation, _ i: InstructionFields) throws(Interruption) {
    switch operation {
    case .mul: setX(i.rd, x(i.rs1) &* x(i.rs2))
    case .mulh: setX(i.rd, highHalf(Int128(signed(i.rs1)) * Int128(signed(i.rs2))))
    case .mulhsu: setX(i.rd, highHalf(Int128(signed(i.rs1)) * Int128(unsigned(i.rs2))))
    case .mulhu: setX(i.rd, highHalf(UInt128(unsigned(i.rs1)) * UInt128(unsigned(i.rs2))))
    // On RV32 the overflow −2³¹ ÷ −1 = 2³¹ is an ordinary quotient that setX cuts to −2³¹.
    case .div: setX(i.rd, quotient(signed(i.rs1), signed(i.rs2)))
    case .divu: setX(i.rd, quotient(unsigned(i.rs1), unsigned(i.rs2)))
    case .rem: setX(i.rd, remainder(signed(i.rs1), signed(i.rs2)))
    case .remu: setX(i.rd, remainder(unsigned(i.rs1), unsigned(i.rs2)))

    case .mulw: setWord(i.rd, word(i.rs1) &* word(i.rs2))
    case .divw: setWord(i.rd, quotient(signedWord(i.rs1), signedWord(i.rs2)))
    case .divuw: setWord(i.rd, quotient(word(i.rs1), word(i.rs2)))
    case .remw: setWord(i.rd, remainder(signedWord(i.rs1), signedWord(i.rs2)))
    case .remuw: setWord(i.rd, remainder(word(i.rs1), word(i.rs2)))
    default: throw illegal()
    }
  }

  /// Bits 2·XLEN−1 … XLEN of a product.
  private func highHalf<Product: FixedWidthInteger>(_ product: Product) -> UInt64 {
    UInt64(truncatingIfNeeded: product >> Product(registerWidth))
  }

  /// The quotient, rounded towards zero, as RISC-V defines it for every operand.
  private func quotient<Value: FixedWidthInteger, Bits: FixedWidthInteger & UnsignedInteger>(
    _ a: Value, _ b: Value
  ) -> Bits {
    b == 0 ? .max : Bits(truncatingIfNeeded: a.dividedReportingOverflow(by: b).partialValue)
  }

  /// The remainder, with the sign of the dividend.
  private func remainder<Value: FixedWidthInteger, Bits: FixedWidthInteger & UnsignedInteger>(
    _ a: Value, _ b: Value
  ) -> Bits {
    Bits(
      truncatingIfNeeded: b == 0 ? a : a.remainderReportingOverflow(dividingBy: b).partialValue)
  }
}
