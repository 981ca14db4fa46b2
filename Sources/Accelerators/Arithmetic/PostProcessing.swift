/// What happens to an accumulator on its way out, as a job's registers say.
struct PostProcessing: BitwiseCopyable {
  var addsBias: Bool
  var rectifies: Bool
  var requantises: Bool
  private let scale: Int64
  private let shift: Int64
  /// Just below half a unit of the quotient; with the quotient's lowest bit added, a tie is carried
  /// up exactly when the quotient below it is odd.
  private let belowHalf: Int64
  private let lowestBit: Int64
  private let zeroPoint: Int64
  private let minimum: Int64
  private let maximum: Int64

  /// Takes the values of SCALE (31 bits), SHIFT (0 to 63), ZERO_POINT, CLAMP_MIN and CLAMP_MAX.
  init(
    addsBias: Bool, rectifies: Bool, requantises: Bool, scale: UInt32, shift: UInt32,
    zeroPoint: Int32, minimum: Int32, maximum: Int32
  ) {
    self.addsBias = addsBias
    self.rectifies = rectifies
    self.requantises = requantises
    self.scale = Int64(scale)
    self.shift = Int64(shift)
    belowHalf = shift == 0 ? 0 : (1 << (Int64(shift) - 1)) - 1
    lowestBit = shift == 0 ? 0 : 1
    self.zeroPoint = Int64(zeroPoint)
    self.minimum = Int64(minimum)
    self.maximum = Int64(maximum)
  }

  /// `accumulator · scale / 2^shift`, rounded half to even, plus zero point, clamped; exact because
  /// the product of a 32-bit and a 31-bit number is less than 2^62 and half a unit at most that.
  @inline(__always)
  func requantise(_ accumulator: Int32) -> Int64 {
    let product = Int64(accumulator) &* scale
    let rounded = (product &+ belowHalf &+ (product &>> shift & lowestBit)) &>> shift
    return min(max(rounded &+ zeroPoint, minimum), maximum)
  }

  /// The same for 64-bit accumulators, exact in 128 bits.
  @inline(__always)
  func requantise(_ accumulator: Int64) -> Int64 {
    let shift = Int128(shift)
    let product = Int128(accumulator) &* Int128(scale)
    let rounded =
      (product &+ Int128(belowHalf) &+ (product &>> shift & Int128(lowestBit))) &>> shift
    return Int64(
      truncatingIfNeeded: min(
        max(rounded &+ Int128(zeroPoint), Int128(minimum)), Int128(maximum)))
  }
}
