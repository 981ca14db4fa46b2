/// What a START asked for, decoded: one pass of BEATS source beats through the unit.
struct VectorJob: BitwiseCopyable {
  // Without raw values: comparing those goes through a generic operator.
  enum Binary: BitwiseCopyable {
    case none, add, multiply
  }

  enum Pool: BitwiseCopyable {
    case none, maximum, average
  }

  static let sideFlag: UInt32 = 1 << 0
  static let scalarFlag: UInt32 = 1 << 4
  static let tableFlag: UInt32 = 1 << 5
  static let clampFlag: UInt32 = 1 << 8
  static let bypassFlag: UInt32 = 1 << 9
  static let leakyFlag: UInt32 = 1 << 10
  static let modeMask: UInt32 = 0x7FD

  var beats = 0
  var takesSide = false
  var binary = Binary.none
  var usesTable = false
  var pool = Pool.none
  var clamps = false
  var isBypass = false
  var isLeaky = false
  /// Whether beats reach the pool or the output as they come.
  var isPlain = false

  /// The operand that an int8 sum takes first is a.
  var takesAFirst = false
  var aRatio: Float = 0
  var bRatio: Float = 0
  var constant: Float = 0
  /// Whether all sums of int8 ADD are exact in binary64, so that one rounding is left.
  var isExactInDouble = false
  var aZero: Int32 = 0
  var bZero: Int32 = 0
  var minimum: Int8 = 0
  var maximum: Int8 = 0
  var minimumFloat: Float = 0
  var maximumFloat: Float = 0
  var slope: Float = 0

  var geometry = PoolGeometry()
  var poolScale: Float = 0
  var poolZero: Int32 = 0
  var poolXZero: Int32 = 0

}

/// The windows of a pooling. All sizes in pixels.
struct PoolGeometry: BitwiseCopyable {
  var height = 0
  var width = 0
  var rows = 0
  var columns = 0
  var strideY = 0
  var strideX = 0
  var top = 0
  var left = 0
  var outHeight = 0
  var outWidth = 0
  /// Rows of the result of which windows are open at a time.
  var openRows = 0
  /// Cycles that a source beat takes.
  var cyclesPerBeat = 0

  /// Row in which the windows of a row of the result end, cut by the image.
  @inline(__always)
  func lastRow(_ row: Int) -> Int { min(height, row &* strideY &- top &+ rows) &- 1 }

  /// Column in which the windows of a column of the result end, cut by the image.
  @inline(__always)
  func lastColumn(_ column: Int) -> Int { min(width, column &* strideX &- left &+ columns) &- 1 }

  /// Whether every window has a pixel of the image and the line buffer is large enough.
  func fits(_ configuration: VectorUnitConfiguration) -> Bool {
    height > 0 && width > 0 && rows > 0 && columns > 0 && strideY > 0 && strideX > 0
      && outHeight > 0 && outWidth > 0 && top < rows && left < columns
      && (outHeight - 1) * strideY - top < height && (outWidth - 1) * strideX - left < width
      && outWidth <= configuration.maximumWidth
      && openRows * outWidth <= configuration.lineBufferPixels
  }
}

extension VectorJob {
  /// Decodes the registers from MODE on.
  init(registers: UnsafePointer<UInt32>) {
    func value(_ offset: UInt64) -> UInt32 { registers[Int(offset - VectorRegister.mode) / 4] }
    func signed(_ offset: UInt64) -> Int32 { Int32(bitPattern: value(offset)) }
    func real(_ offset: UInt64) -> Float { Float(bitPattern: value(offset)) }
    let mode = value(VectorRegister.mode)
    beats = Int(value(VectorRegister.beats))
    takesSide = mode & Self.sideFlag != 0
    binary =
      switch mode >> 2 & 3 {
      case 1: .add
      case 2: .multiply
      default: .none
      }
    takesAFirst = mode & Self.scalarFlag != 0
    usesTable = mode & Self.tableFlag != 0
    pool =
      switch mode >> 6 & 3 {
      case 1: .maximum
      case 2: .average
      default: .none
      }
    clamps = mode & Self.clampFlag != 0
    isBypass = mode & Self.bypassFlag != 0
    isLeaky = mode & Self.leakyFlag != 0
    isPlain = binary == .none && !usesTable && !clamps && !isLeaky
    aRatio = real(VectorRegister.aRatio)
    bRatio = real(VectorRegister.bRatio)
    constant = real(VectorRegister.constant)
    aZero = signed(VectorRegister.aZero)
    bZero = signed(VectorRegister.bZero)
    minimum = Int8(clamping: signed(VectorRegister.clampMinimum))
    maximum = Int8(clamping: signed(VectorRegister.clampMaximum))
    minimumFloat = real(VectorRegister.clampMinimum)
    maximumFloat = real(VectorRegister.clampMaximum)
    slope = real(VectorRegister.slope)
    poolScale = real(VectorRegister.poolScale)
    poolZero = signed(VectorRegister.poolZero)
    poolXZero = signed(VectorRegister.poolXZero)
    if pool != .none {
      geometry = PoolGeometry(
        size: value(VectorRegister.poolSize), kernel: value(VectorRegister.poolKernel),
        pad: value(VectorRegister.poolPad), out: value(VectorRegister.poolOut))
    }
    if binary == .add {
      isExactInDouble = Self.isExactInDouble(aRatio, bRatio, constant)
    }
  }

  /// Whether constant + 2⁷·(|a| + |b|) is less than 2⁵³ times the smallest unit in the last place:
  /// then all sums of an int8 ADD are multiples of that unit which binary64 holds.
  private static func isExactInDouble(_ a: Float, _ b: Float, _ constant: Float) -> Bool {
    guard a.isFinite, b.isFinite, constant.isFinite else { return false }
    var unit = Double.infinity
    for value in [a, b, constant] where value != 0 { unit = min(unit, Double(value.ulp)) }
    let bound = 128 * (Double(abs(a)) + Double(abs(b))) + Double(abs(constant))
    return bound * 1.001 <= unit * 0x1p53
  }

  /// Why the job cannot be done; nil when it can.
  func refusal(
    mode: UInt32, _ configuration: VectorUnitConfiguration
  ) -> VectorError? {
    guard beats > 0 else { return .badShape }
    if pool != .none {
      guard geometry.fits(configuration), geometry.height * geometry.width == beats else {
        return .badShape
      }
    }
    if isBypass, mode & ~(Self.bypassFlag | Self.sideFlag) != 0 { return .badFlags }
    if mode >> 2 & 3 == 3 || mode >> 6 & 3 == 3 { return .badFlags }
    if configuration.dataType == .int8 ? isLeaky : usesTable { return .badFlags }
    return nil
  }
}

extension PoolGeometry {
  init(size: UInt32, kernel: UInt32, pad: UInt32, out: UInt32) {
    func field(_ value: UInt32, _ low: UInt32, _ mask: UInt32) -> Int { Int(value >> low & mask) }
    height = field(size, 0, 0xFFFF)
    width = field(size, 16, 0xFFFF)
    rows = field(kernel, 0, 0xFF)
    columns = field(kernel, 8, 0xFF)
    strideY = field(kernel, 16, 0xFF)
    strideX = field(kernel, 24, 0xFF)
    top = field(pad, 0, 0xFF)
    left = field(pad, 8, 0xFF)
    outHeight = field(out, 0, 0xFFFF)
    outWidth = field(out, 16, 0xFFFF)
    guard strideY > 0, strideX > 0 else { return }
    openRows = max(1, (rows + strideY - 1) / strideY)
    let openColumns = max(1, (columns + strideX - 1) / strideX)
    let perCycle = VectorUnitConfiguration.updatesPerCycle
    cyclesPerBeat = (openRows * openColumns + perCycle - 1) / perCycle
  }
}

/// Why a START was refused, as STATUS.ERROR_CODE shows it.
enum VectorError: UInt32 {
  case none = 0
  case badShape = 1
  case badFlags = 2
  case queueFull = 3
}
