/// An element type of an array: its arithmetic, once per element and once per tile.
protocol Operand: BitwiseCopyable {
  /// The form in which ``accumulateTile`` wants operands.
  associatedtype Lane: BitwiseCopyable
  /// What products are summed in.
  associatedtype Accumulator: BitwiseCopyable

  static var zero: Self { get }
  static var zeroAccumulator: Accumulator { get }

  /// One MAC of a processing element.
  static func multiplyAdd(_ accumulator: Accumulator, _ a: Self, _ b: Self) -> Accumulator

  /// One addition of the accumulator buffer.
  static func add(_ a: Accumulator, _ b: Accumulator) -> Accumulator

  /// Converts `count` operands in stream order to lanes.
  static func widen(
    _ source: UnsafeRawPointer, into lanes: UnsafeMutablePointer<Lane>, count: Int)

  /// `accumulators[m][n] += Σ a[k][m] · b[k][n]` for all k of the tile, in the order of k.
  static func accumulateTile(_ tile: Tile<Self>)

  /// Sends a row of accumulators through the post-processing unit and returns the bytes written.
  static func finish(
    _ accumulators: UnsafePointer<Accumulator>, count: Int, with post: PostProcessing,
    _ parameters: RowParameters, into bytes: UnsafeMutableRawPointer
  ) -> Int
}

/// The operands and accumulators of one call of ``Operand/accumulateTile(_:)``. All strides are in
/// elements; rows of `b` and of the accumulators are readable up to the next multiple of
/// ``columnBlock``.
struct Tile<Element: Operand> {
  var accumulators: UnsafeMutablePointer<Element.Accumulator>
  var accumulatorStride: Int
  var rows: Int
  var columns: Int
  /// Element (k, m) lies at `a[k · aStepStride + m · aRowStride]`.
  var a: UnsafePointer<Element.Lane>
  var aStepStride: Int
  var aRowStride: Int
  /// Element (k, n) lies at `b[k · bStride + n]`; 16-byte aligned.
  var b: UnsafePointer<Element.Lane>
  var bStride: Int
  /// At most ``maximumSteps``.
  var steps: Int
}

/// Columns that a tile's kernel handles together.
let columnBlock = 16

/// Steps after which the integer kernels' 32-bit partial sums are still exact.
let maximumTileSteps = 256

/// `count` rounded up to whole column blocks.
func paddedColumns(_ count: Int) -> Int {
  (count + columnBlock - 1) / columnBlock * columnBlock
}
