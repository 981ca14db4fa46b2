/// What happens to an accumulator on its way out, as a job's registers say.
struct PostProcessing: BitwiseCopyable {
  var addsBias: Bool
  var rectifies: Bool
  var requantises: Bool
  /// Whether factor and shift come with the row instead of from here.
  var hasChannelScales: Bool
  /// Whether negative values are multiplied by ``slope`` (binary32).
  var leaks: Bool
  /// Whether values are bounded without being requantised (binary32).
  var clamps: Bool
  let slope: Float
  /// How all elements are scaled, without factors of their own.
  let scaling: Scaling
  private let zeroPoint: Int64
  private let minimum: Int64
  private let maximum: Int64

  /// Takes the values of SCALE (31 bits), SHIFT (0 to 63), ZERO_POINT, CLAMP_MIN, CLAMP_MAX and
  /// SLOPE.
  init(
    addsBias: Bool, rectifies: Bool, requantises: Bool, hasChannelScales: Bool, leaks: Bool,
    clamps: Bool, scale: UInt32, shift: UInt32, zeroPoint: Int32, minimum: Int32, maximum: Int32,
    slope: UInt32
  ) {
    self.addsBias = addsBias
    self.rectifies = rectifies
    self.requantises = requantises
    self.hasChannelScales = hasChannelScales
    self.leaks = leaks
    self.clamps = clamps
    self.slope = Float(bitPattern: slope)
    scaling = Scaling(scale: scale, shift: shift)
    self.zeroPoint = Int64(zeroPoint)
    self.minimum = Int64(minimum)
    self.maximum = Int64(maximum)
  }

  /// Lower and upper bound of binary32 values.
  var bounds: (minimum: Float, maximum: Float) {
    (
      Float(bitPattern: UInt32(truncatingIfNeeded: minimum)),
      Float(bitPattern: UInt32(truncatingIfNeeded: maximum))
    )
  }

  /// `accumulator · scale / 2^shift`, rounded half to even, plus zero point, clamped; exact because
  /// the product of a 32-bit and a 31-bit number is less than 2^62 and half a unit at most that.
  @inline(__always)
  func requantise(_ accumulator: Int32, _ scaling: Scaling) -> Int64 {
    let shift = scaling.shift
    let product = Int64(accumulator) &* scaling.scale
    let rounded =
      (product &+ scaling.belowHalf &+ (product &>> shift & scaling.lowestBit)) &>> shift
    return min(max(rounded &+ zeroPoint, minimum), maximum)
  }

  /// The same for 64-bit accumulators, exact in 128 bits.
  @inline(__always)
  func requantise(_ accumulator: Int64, _ scaling: Scaling) -> Int64 {
    let shift = Int128(scaling.shift)
    let product = Int128(accumulator) &* Int128(scaling.scale)
    let rounded =
      (product &+ Int128(scaling.belowHalf)
        &+ (product &>> shift & Int128(scaling.lowestBit))) &>> shift
    return Int64(
      truncatingIfNeeded: min(
        max(rounded &+ Int128(zeroPoint), Int128(minimum)), Int128(maximum)))
  }
}

/// A factor `scale / 2^shift`, prepared for rounding.
struct Scaling: BitwiseCopyable {
  let scale: Int64
  let shift: Int64
  /// Just below half a unit of the quotient; with the quotient's lowest bit added, a tie is carried
  /// up exactly when the quotient below it is odd.
  let belowHalf: Int64
  let lowestBit: Int64

  /// Takes 31 and 6 bits.
  @inline(__always)
  init(scale: UInt32, shift: UInt32) {
    self.scale = Int64(scale)
    self.shift = Int64(shift)
    belowHalf = shift == 0 ? 0 : (1 &<< (Int64(shift) &- 1)) &- 1
    lowestBit = shift == 0 ? 0 : 1
  }
}

/// The parameters of a row's elements: those of element i at index i · stride.
struct RowParameters: BitwiseCopyable {
  let biases: UnsafePointer<UInt32>
  let scales: UnsafePointer<UInt32>
  let shifts: UnsafePointer<UInt32>
  /// 1, or 0 when all elements share one.
  let stride: Int

  /// The bias of element `index`, a pattern.
  @inline(__always)
  func bias(_ index: Int) -> UInt32 { biases[index &* stride] }

  /// Factor and shift of element `index`.
  @inline(__always)
  func scaling(_ index: Int) -> Scaling {
    Scaling(scale: scales[index &* stride], shift: shifts[index &* stride])
  }
}
