/// How a window moves over the spatial axes of a tensor N×C×spatial….
public struct Window: Sendable, Equatable {
  /// Padding whose sizes follow from the operand's.
  public enum AutomaticPadding: String, Sendable {
    /// Output side = ⌈input side / stride⌉, the odd element at the end.
    case sameUpper = "SAME_UPPER"
    /// Output side = ⌈input side / stride⌉, the odd element at the beginning.
    case sameLower = "SAME_LOWER"
    /// None.
    case valid = "VALID"
  }

  /// Sides of the window; nil when they follow from the weights.
  public var kernel: [Int]?
  /// Steps along each spatial axis; nil is 1 everywhere.
  public var strides: [Int]?
  /// Distance of neighbouring elements of the window; nil is 1 everywhere.
  public var dilations: [Int]?
  /// Elements added at the beginning of each spatial axis, then at the end of each; nil is none.
  public var pads: [Int]?
  /// Padding to be computed; `pads` is then nil.
  public var automaticPadding: AutomaticPadding?

  /// Creates a window.
  public init(
    kernel: [Int]? = nil, strides: [Int]? = nil, dilations: [Int]? = nil, pads: [Int]? = nil,
    automaticPadding: AutomaticPadding? = nil
  ) {
    self.kernel = kernel
    self.strides = strides
    self.dilations = dilations
    self.pads = pads
    self.automaticPadding = automaticPadding
  }
}

/// Attributes of a convolution.
public struct Convolution: Sendable, Equatable {
  /// How the kernel moves.
  public var window: Window
  /// Into how many independent groups channels are split; a depthwise convolution has one per channel.
  public var groups: Int

  /// Creates attributes.
  public init(_ window: Window = Window(), groups: Int = 1) {
    self.window = window
    self.groups = groups
  }
}

/// Attributes of pooling.
public struct Pooling: Sendable, Equatable {
  /// How the window moves; its kernel is given.
  public var window: Window
  /// Whether a window that begins inside the padded operand counts though it ends outside.
  public var roundsUp: Bool
  /// Whether padding counts in averages.
  public var countsPadding: Bool

  /// Creates attributes.
  public init(_ window: Window, roundsUp: Bool = false, countsPadding: Bool = false) {
    self.window = window
    self.roundsUp = roundsUp
    self.countsPadding = countsPadding
  }
}

/// Attributes of Gemm: alpha·a'·b' + beta·c.
public struct GEMM: Sendable, Equatable {
  /// Factor of the product.
  public var alpha: Float
  /// Factor of the addend.
  public var beta: Float
  /// Whether a is stored transposed.
  public var transposesA: Bool
  /// Whether b is stored transposed.
  public var transposesB: Bool

  /// Creates attributes.
  public init(
    alpha: Float = 1, beta: Float = 1, transposesA: Bool = false, transposesB: Bool = false
  ) {
    self.alpha = alpha
    self.beta = beta
    self.transposesA = transposesA
    self.transposesB = transposesB
  }
}

/// Functions of one number.
public enum UnaryFunction: Sendable, Equatable {
  /// max(x, 0).
  case relu
  /// x, or alpha·x where x < 0.
  case leakyRelu(alpha: Float)
  /// x, or alpha·(eˣ − 1) where x < 0.
  case elu(alpha: Float)
  /// gamma·x, or gamma·alpha·(eˣ − 1) where x ≤ 0.
  case selu(alpha: Float, gamma: Float)
  /// max(0, min(1, alpha·x + beta)).
  case hardSigmoid(alpha: Float, beta: Float)
  /// x·hardSigmoid(x) with 1/6 and 1/2.
  case hardSwish
  /// 1 / (1 + e⁻ˣ).
  case sigmoid
  /// x / (1 + e^(−alpha·x)); SiLU with alpha 1, QuickGelu of com.microsoft with 1.702.
  case swish(alpha: Float)
  /// Hyperbolic tangent.
  case tanh
  /// Error function.
  case erf
  /// x/2·(1 + erf(x/√2)), or its approximation by tanh.
  case gelu(approximatesByTanh: Bool)
  /// ln(1 + eˣ).
  case softplus
  /// x / (1 + |x|).
  case softsign
  /// x·tanh(softplus(x)).
  case mish
  /// |x|.
  case absolute
  /// −x.
  case negate
  /// eˣ.
  case exponential
  /// ln x.
  case logarithm
  /// √x.
  case squareRoot
  /// 1/x.
  case reciprocal
  /// Greatest integer not above x.
  case floor
  /// Least integer not below x.
  case ceiling
  /// Nearest integer, ties to even.
  case round
  /// −1, 0 or 1.
  case sign
  /// Sine.
  case sine
  /// Cosine.
  case cosine
  /// Logical complement.
  case not
  /// Whether x is no number.
  case isNaN
}

/// Functions of two numbers.
public enum BinaryFunction: String, Sendable, Equatable, CaseIterable {
  /// Sum.
  case add = "Add"
  /// Difference.
  case subtract = "Sub"
  /// Product.
  case multiply = "Mul"
  /// Quotient; of integers, rounded towards zero.
  case divide = "Div"
  /// Power; the result has the type of the first operand.
  case power = "Pow"
  /// Remainder with the sign of the divisor.
  case modulo = "Mod"
  /// Remainder with the sign of the dividend (Mod with fmod).
  case remainder = "FMod"
  /// Whether equal.
  case equal = "Equal"
  /// Whether less.
  case less = "Less"
  /// Whether less or equal.
  case lessOrEqual = "LessOrEqual"
  /// Whether greater.
  case greater = "Greater"
  /// Whether greater or equal.
  case greaterOrEqual = "GreaterOrEqual"
  /// Logical and.
  case and = "And"
  /// Logical or.
  case or = "Or"
  /// Logical exclusive or.
  case xor = "Xor"

  /// Whether the result is a truth value.
  public var isPredicate: Bool {
    switch self {
    case .equal, .less, .lessOrEqual, .greater, .greaterOrEqual, .and, .or, .xor: true
    case .add, .subtract, .multiply, .divide, .power, .modulo, .remainder: false
    }
  }
}

/// Functions of any number of operands.
public enum VariadicFunction: String, Sendable, Equatable, CaseIterable {
  /// Least.
  case minimum = "Min"
  /// Greatest.
  case maximum = "Max"
  /// Sum.
  case sum = "Sum"
  /// Arithmetic mean.
  case mean = "Mean"
}

/// What a reduction computes of all elements along its axes.
public enum ReduceFunction: String, Sendable, Equatable, CaseIterable {
  /// Sum.
  case sum = "ReduceSum"
  /// Arithmetic mean.
  case mean = "ReduceMean"
  /// Greatest.
  case maximum = "ReduceMax"
  /// Least.
  case minimum = "ReduceMin"
  /// Product.
  case product = "ReduceProd"
  /// Σ|x|.
  case l1 = "ReduceL1"
  /// √Σx².
  case l2 = "ReduceL2"
  /// Σx².
  case sumOfSquares = "ReduceSumSquare"
  /// ln Σx.
  case logSum = "ReduceLogSum"
  /// ln Σeˣ.
  case logSumExp = "ReduceLogSumExp"
}

/// What becomes of an element that an update is scattered to.
public enum ScatterReduction: String, Sendable, Equatable, CaseIterable {
  /// The update.
  case replace = "none"
  /// The sum of both.
  case add
  /// The product of both.
  case multiply = "mul"
  /// The greater of both.
  case maximum = "max"
  /// The lesser of both.
  case minimum = "min"
}

/// Functions of two quantised operands.
public enum QLinearBinary: String, Sendable, Equatable, CaseIterable {
  /// Sum.
  case add = "QLinearAdd"
  /// Product.
  case multiply = "QLinearMul"
}

/// Functions of one quantised operand.
public enum QLinearUnary: Sendable, Equatable {
  /// 1 / (1 + e⁻ˣ).
  case sigmoid
  /// x, or alpha·x where x < 0.
  case leakyRelu(alpha: Float)
}

/// What padding is filled with.
public enum PadMode: String, Sendable, Equatable {
  /// A value.
  case constant
  /// The mirror image without the edge.
  case reflect
  /// The edge.
  case edge
  /// The opposite side.
  case wrap
}

/// Attributes of Resize.
public struct Resize: Sendable, Equatable {
  /// How an element between elements is found.
  public enum Mode: String, Sendable {
    /// The nearest one.
    case nearest
    /// Between two, along each axis.
    case linear
    /// Between four, along each axis.
    case cubic
  }

  /// Which place in the operand belongs to a place in the result.
  public enum Coordinates: String, Sendable {
    /// (x + ½)/scale − ½.
    case halfPixel = "half_pixel"
    /// As `halfPixel`, about the centre of the exact result.
    case halfPixelSymmetric = "half_pixel_symmetric"
    /// As `halfPixel`; 0 where the result has one element.
    case pytorchHalfPixel = "pytorch_half_pixel"
    /// x·(in − 1)/(out − 1).
    case alignCorners = "align_corners"
    /// x/scale.
    case asymmetric
  }

  /// Which neighbour is the nearest.
  public enum Rounding: String, Sendable {
    /// Ties down.
    case preferFloor = "round_prefer_floor"
    /// Ties up.
    case preferCeiling = "round_prefer_ceil"
    /// Down.
    case floor
    /// Up.
    case ceiling = "ceil"
  }

  /// How sizes treat the aspect ratio.
  public enum AspectRatio: String, Sendable {
    /// It changes.
    case stretch
    /// All sides by the least factor.
    case notLarger = "not_larger"
    /// All sides by the greatest factor.
    case notSmaller = "not_smaller"
  }

  /// How an element is found.
  public var mode: Mode
  /// Where it is looked for.
  public var coordinates: Coordinates
  /// Which neighbour is taken.
  public var rounding: Rounding
  /// Axes that scales and sizes are about; nil is all.
  public var axes: [Int]?
  /// How sizes treat the aspect ratio.
  public var aspectRatio: AspectRatio
  /// The cubic coefficient.
  public var cubicCoefficient: Float
  /// Whether weights outside the operand are left out.
  public var excludesOutside: Bool

  /// Creates attributes.
  public init(
    mode: Mode = .nearest, coordinates: Coordinates = .halfPixel,
    rounding: Rounding = .preferFloor, axes: [Int]? = nil, aspectRatio: AspectRatio = .stretch,
    cubicCoefficient: Float = -0.75, excludesOutside: Bool = false
  ) {
    self.mode = mode
    self.coordinates = coordinates
    self.rounding = rounding
    self.axes = axes
    self.aspectRatio = aspectRatio
    self.cubicCoefficient = cubicCoefficient
    self.excludesOutside = excludesOutside
  }
}
