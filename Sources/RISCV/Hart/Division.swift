/// RV32M quotients and remainders with the results the specification gives to division by zero and
/// to the one signed overflow.
enum Division {
  @inline(__always) static func quotient(_ a: UInt32, _ b: UInt32) -> UInt32 {
    if b == 0 { return .max }
    let (x, y) = (Int32(bitPattern: a), Int32(bitPattern: b))
    return y == -1 ? 0 &- a : UInt32(bitPattern: x / y)
  }

  @inline(__always) static func unsignedQuotient(_ a: UInt32, _ b: UInt32) -> UInt32 {
    b == 0 ? .max : a / b
  }

  @inline(__always) static func remainder(_ a: UInt32, _ b: UInt32) -> UInt32 {
    if b == 0 { return a }
    let (x, y) = (Int32(bitPattern: a), Int32(bitPattern: b))
    return y == -1 ? 0 : UInt32(bitPattern: x % y)
  }

  @inline(__always) static func unsignedRemainder(_ a: UInt32, _ b: UInt32) -> UInt32 {
    b == 0 ? a : a % b
  }
}
