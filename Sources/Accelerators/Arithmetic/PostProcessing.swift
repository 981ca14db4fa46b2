/// What happens to an accumulator on its way out, as a job's registers say.
struct PostProcessing: BitwiseCopyable {
  var addsBias: Bool
  var rectifies: Bool
  var requantises: Bool
  var scale: Int64
  var shift: Int64
  var zeroPoint: Int64
  var minimum: Int64
  var maximum: Int64

  /// `accumulator · scale / 2^shift`, rounded half to even, plus zero point, clamped; exact because the
  /// product of a 32-bit and a 31-bit number fits 64 bits.
  @inline(__always)
  func requantise(_ accumulator: Int32) -> Int64 {
    let product = Int64(accumulator) &* scale
    let fraction = product & ((1 &<< shift) &- 1)
    let twice = UInt64(bitPattern: fraction) &<< 1
    let unit = UInt64(1) &<< UInt64(bitPattern: shift)
    var quotient = product &>> shift
    if twice > unit || (twice == unit && quotient & 1 == 1) { quotient &+= 1 }
    return min(max(quotient &+ zeroPoint, minimum), maximum)
  }

  /// The same for 64-bit accumulators, exact in 128 bits.
  @inline(__always)
  func requantise(_ accumulator: Int64) -> Int64 {
    let product = Int128(accumulator) &* Int128(scale)
    let fraction = product & ((1 &<< Int128(shift)) &- 1)
    let unit = Int128(1) &<< Int128(shift)
    var quotient = product &>> Int128(shift)
    let twice = fraction &<< 1
    if twice > unit || (twice == unit && quotient & 1 == 1) { quotient &+= 1 }
    let shifted = quotient &+ Int128(zeroPoint)
    return Int64(min(max(shifted, Int128(minimum)), Int128(maximum)))
  }
}
