extension Hart {
  /// Multiplication and division, in 64-bit arithmetic: there the one signed overflow,
  /// −2³¹ ÷ −1, is an ordinary quotient that truncates to the specified result.
  func interpretMultiplication(_ fields: InstructionFields) -> Step {
    let (a, b) = (registers[fields.rs1], registers[fields.rs2])
    let (x, y) = (Int64(Int32(bitPattern: a)), Int64(Int32(bitPattern: b)))
    let (u, v) = (UInt64(a), UInt64(b))
    let result: UInt32
    switch fields.funct3 {
    case 0: result = UInt32(truncatingIfNeeded: x * y)
    case 1: result = UInt32(truncatingIfNeeded: (x * y) >> 32)
    case 2: result = UInt32(truncatingIfNeeded: (x * Int64(v)) >> 32)
    case 3: result = UInt32(truncatingIfNeeded: (u * v) >> 32)
    case 4: result = b == 0 ? .max : UInt32(truncatingIfNeeded: x / y)
    case 5: result = b == 0 ? .max : UInt32(truncatingIfNeeded: u / v)
    case 6: result = b == 0 ? a : UInt32(truncatingIfNeeded: x % y)
    default: result = b == 0 ? a : UInt32(truncatingIfNeeded: u % v)
    }
    return retire(fields, rd: result)
  }
}
