public import Networks

/// Post-training quantisation: gives weights and activations integers of eight bits, with ranges measured on
/// samples.
///
/// The result is a network with QuantizeLinear and DequantizeLinear nodes around its operators, which other tools understand,
/// or with the fused integer operators. These are quantised: Conv, Gemm, MatMul, Add, Mul, AveragePool,
/// GlobalAveragePool, Sigmoid, LeakyRelu, Concat; operators that only move elements, MaxPool, Relu and Clip take the
/// parameters of their operand. Everything else stays in floating point. Normalisations should have been merged
/// before, see ``Networks/TypedNetwork/folded()``.
public struct Quantiser: Sendable {
  /// How many scales a weight has.
  public enum Weights: String, Sendable, CaseIterable {
    /// One.
    case perTensor = "tensor"
    /// One for each output channel.
    case perChannel = "channel"
  }

  /// The integers of activations.
  public enum Activations: String, Sendable, CaseIterable {
    /// int8 with zero point 0: scale = greatest magnitude / 127. What the arrays are made for.
    case symmetric
    /// int8 with any zero point: scale = range / 255.
    case signed
    /// uint8 with any zero point: scale = range / 255.
    case unsigned
  }

  /// What scales can be.
  public enum Scales: String, Sendable, CaseIterable {
    /// Any number.
    case free
    /// Powers of two; the next one not below the free scale.
    case powerOfTwo = "power-of-two"
  }

  /// How the range of an activation follows from the samples.
  public enum Range: Sendable, Equatable {
    /// From the least to the greatest value.
    case minMax
    /// The range that leaves out (100 − p)/2 percent of the values at each end; with symmetric activations the
    /// magnitude that p percent of the values do not exceed.
    case percentile(Double)
    /// The part of the whole range for which the mean squared difference of values and quantised values is least,
    /// among parts of 1/100 to 100/100.
    case meanSquaredError
  }

  /// How the result is written.
  public enum Form: String, Sendable, CaseIterable {
    /// QuantizeLinear and DequantizeLinear around floating-point operators.
    case qdq
    /// Fused integer operators.
    case qlinear
  }

  /// What can be chosen.
  public struct Options: Sendable, Equatable {
    /// How many scales a weight has.
    public var weights: Weights
    /// The integers of activations.
    public var activations: Activations
    /// What scales can be.
    public var scales: Scales
    /// How ranges follow from the samples.
    public var range: Range
    /// How the result is written.
    public var form: Form
    /// Names of nodes that stay in floating point.
    public var excluded: Set<String>

    /// Creates options.
    public init(
      weights: Weights = .perChannel, activations: Activations = .symmetric, scales: Scales = .free,
      range: Range = .minMax, form: Form = .qlinear, excluded: Set<String> = []
    ) {
      self.weights = weights
      self.activations = activations
      self.scales = scales
      self.range = range
      self.form = form
      self.excluded = excluded
    }
  }

  /// The choices.
  public let options: Options

  /// Creates a quantiser.
  public init(options: Options = Options()) { self.options = options }

  /// Quantises a network.
  ///
  /// - Parameters:
  ///   - network: a network in binary32.
  ///   - samples: inputs of typical runs, at least one.
  /// - Returns: the quantised network; its inputs and outputs are those of `network`, in binary32.
  /// - Throws: `NetworkError` when there are no samples, when one does not fit the network or gives numbers that are
  ///   none, or when an excluded node does not exist.
  public func quantise(
    _ network: TypedNetwork, samples: [[String: Tensor]]
  ) throws(NetworkError) -> Network {
    try plan(network, samples).network
  }

  /// Quantises a network and measures what it costs on the samples.
  ///
  /// - Returns: the network as ``quantise(_:samples:)`` gives it, and ranges, scales and signal-to-noise ratios.
  /// - Throws: as ``quantise(_:samples:)``.
  public func quantiseReporting(
    _ network: TypedNetwork, samples: [[String: Tensor]]
  ) throws(NetworkError) -> (network: Network, report: QuantisationReport) {
    let result = try plan(network, samples)
    let report = try QuantisationReport(
      original: network, quantised: result.network, values: result.values, samples: samples)
    return (result.network, report)
  }

  private func plan(
    _ network: TypedNetwork, _ samples: [[String: Tensor]]
  ) throws(NetworkError) -> (network: Network, values: [QuantisedValue]) {
    if case .percentile(let percent) = options.range, !(percent > 0 && percent <= 100) {
      throw NetworkError("a percentile of \(percent) is not above 0 and at most 100")
    }
    let plan = try QuantisationPlan(network, options: options)
    let ranges = try plan.calibrated(samples)
    let builder = QuantisedNetworkBuilder(plan, ranges: ranges)
    let (quantised, values) = try builder.built()
    guard options.form == .qlinear else { return (quantised, values) }
    return (try quantised.typed().fusedQuantised(.asWritten).network, values)
  }
}

/// An activation that is quantised.
struct QuantisedValue {
  /// Its name in the network before quantisation.
  let name: String
  /// The node that gives it, nil for an input of the network.
  let node: Node?
  /// The name of its integers.
  let integers: String
  /// Its parameters.
  let parameters: QuantisationParameters
  /// Least and greatest value of the samples.
  let observed: ClosedRange<Float>
}
