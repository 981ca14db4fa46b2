internal import Networks

/// A product on an array with everything that happens on the way back to memory.
struct ArrayLayer {
  /// What the array does to a row of accumulators.
  struct Finish {
    /// One per output channel, as register patterns; nil when nothing is added.
    var bias: [UInt32]?
    /// One per output channel or one for all; nil when accumulators leave as they are.
    var scales: [Scale]?
    var zeroPoint: Int32 = 0
    /// As register patterns: signed integers or binary32; nil without bounds.
    var clamp: (least: UInt32, greatest: UInt32)?
    var rectifies = false
    /// fp32: factor of negative numbers.
    var slope: Float?
  }

  /// Factor and shift of a requantisation.
  struct Scale: Equatable {
    var factor: UInt32
    var shift: UInt32
  }

  /// The layer's name in reports: that of the node with the product.
  var name: String
  /// The product's node and those that are computed with it, by their place in the network.
  var nodes: [Int]
  var geometry: ProductGeometry
  /// The value that the window moves over.
  var input: String
  /// The byte that padding is made of.
  var paddingByte: UInt8 = 0
  /// Constant weights; nil when the second operand is computed.
  var weights: WeightSource?
  /// The second operand K×N of each image, when it is computed.
  var weightsValue: String?
  /// Whether there is no product: the vector unit alone computes, from memory to memory.
  var isVectorOnly = false
  /// Type of operands.
  var element: ElementType
  /// Type of what leaves the array.
  var resultElement: ElementType
  var finish = Finish()
  /// What the vector unit does; nil when results only pass it.
  var vector: VectorStage?
  /// The value that is written.
  var output: String
}

/// What a vector unit does to a stream of pixels.
struct VectorStage: Equatable {
  /// A second operand.
  enum Binary: Equatable {
    case none
    case add
    case multiply
  }

  /// Pooling of a raster image.
  struct Pool: Equatable {
    enum Kind: Equatable {
      case maximum
      case average(scale: Float, zeroPoint: Int32)
    }

    var kind: Kind
    var height: Int
    var width: Int
    var window: ResolvedWindow
  }

  var binary = Binary.none
  /// The value that is the second operand.
  var side: String?
  /// Patterns of A_RATIO, B_RATIO and CONSTANT; 0 for fp32.
  var aRatio: Float = 0
  var bRatio: Float = 0
  var constant: Float = 0
  var aZero: Int32 = 0
  var bZero: Int32 = 0
  /// The order of roundings in which `a` is the number and `b` varies.
  var isScalarA = false
  /// fp32: factor of negative numbers.
  var slope: Float?
  /// Register patterns.
  var clampLeast: UInt32?
  var clampGreatest: UInt32?
  var table: [UInt8]?
  var pool: Pool?

  /// Whether there is nothing behind the binary operation that could not take another clamp.
  var mayClamp: Bool { table == nil && pool == nil }
}
