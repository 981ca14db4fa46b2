/// What a fit may measure.
public struct FitSettings: Sendable {
  /// The largest side of an array that is looked for. Sweeps are as long as needed, up to four times
  /// this.
  public var largestSide: Int
  /// How many sides the array has. Sweeps end when as many extents show steps.
  public var sideCount: Int
  /// Extents that a sweep leaves fixed, tried in this order until the sides of the array show. Small
  /// ones are fast to run; large ones are bound by computation.
  public var bases: [Int]
  /// Layers to which times are fitted.
  public var training: [LayerShape]
  /// Layers on which the result's error is measured, and to which nothing is fitted.
  public var heldOut: [LayerShape]
  /// Bytes of an element of input and output.
  public var activationBytes: Double
  /// Bytes of a weight.
  public var weightBytes: Double

  /// Creates settings; 64 random layers for training and 32 held out unless others are given.
  public init(
    largestSide: Int = 128, sideCount: Int = 2, bases: [Int] = [64, 256, 1024],
    training: [LayerShape] = SampleLayers.random(count: 64, seed: 1),
    heldOut: [LayerShape] = SampleLayers.random(count: 32, seed: 2), activationBytes: Double = 1,
    weightBytes: Double = 1
  ) {
    self.largestSide = largestSide
    self.sideCount = sideCount
    self.bases = bases
    self.training = training
    self.heldOut = heldOut
    self.activationBytes = activationBytes
    self.weightBytes = weightBytes
  }

  /// The largest extent of a sweep.
  var longestSweep: Int { 4 * largestSide }
}

/// The sides of an array that a fit found; nil where an extent showed no steps.
public struct RecoveredSides: Sendable, Hashable, Codable {
  /// Processing elements that output pixels are spread over.
  public var pixels: Int?
  /// Processing elements that the window is spread over.
  public var window: Int?
  /// Processing elements that output channels are spread over.
  public var filters: Int?

  /// Creates sides.
  public init(pixels: Int? = nil, window: Int? = nil, filters: Int? = nil) {
    self.pixels = pixels
    self.window = window
    self.filters = filters
  }
}
