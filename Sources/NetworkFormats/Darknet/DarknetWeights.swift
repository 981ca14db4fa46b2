public import Networks

/// Where the parameters of a Darknet network come from.
public enum DarknetWeights: Sendable {
  /// The bytes of a `.weights` file.
  case file([UInt8])
  /// Made for each tensor of the network, of a name and a shape; normalisation is taken to be folded already.
  case generated(@Sendable (String, [Int]) -> Tensor)
}

/// The parameters of one layer, in the order of the file.
struct DarknetParameters {
  enum Form {
    /// biases[n], scales, means and variances[n] when normalised, weights[n×…].
    case convolution
    /// biases[n], weights[n×inputs], then scales, means and variances[n] when normalised.
    case connected
    /// scales, means and variances[n].
    case normalisation
  }

  var layer: String
  var form: Form
  /// Shape of the weights; for a normalisation the number of channels.
  var shape: [Int]
  var isNormalised = false
  var line: Int

  /// How many results, and so biases, there are.
  var channels: Int { shape.first ?? 0 }
  private var weightCount: Int { form == .normalisation ? 0 : shape.reduce(1, *) }

  /// Numbers in the file. Both terms are within the limits of tensors, so the sum is exact.
  var count: Int {
    switch form {
    case .convolution, .connected: weightCount + (isNormalised ? 4 : 1) * channels
    case .normalisation: 3 * channels
    }
  }

  /// Weights and bias in which a normalisation has been folded.
  ///
  /// Darknet normalises by (x − mean) / (√variance + 10⁻⁶), which differs from other frameworks in where the small
  /// number stands. With f = scale / (√variance + 10⁻⁶) a product followed by it is the product with weights·f and
  /// the bias − mean·f.
  func constants(
    _ reader: inout DarknetReader, transposed: Bool
  ) -> (weights: Tensor, bias: Tensor) {
    var bias = form == .normalisation ? [Float](repeating: 0, count: channels) : []
    if form != .normalisation { bias = reader.floats(channels) }
    var weights: [Float] = []
    if form == .connected { weights = reader.floats(weightCount) }
    if form == .connected, transposed { weights = transpose(weights) }
    var factors = [Double](repeating: 1, count: channels)
    if isNormalised || form == .normalisation {
      let scales = reader.floats(channels)
      let means = reader.floats(channels)
      let variances = reader.floats(channels)
      for channel in 0..<channels {
        let deviation = Double(variances[channel]).squareRoot() + 0.000001
        factors[channel] = Double(scales[channel]) / deviation
        bias[channel] = Float(Double(bias[channel]) - Double(means[channel]) * factors[channel])
      }
    }
    if form == .convolution { weights = reader.floats(weightCount) }
    if form == .normalisation { weights = [Float](repeating: 1, count: channels) }
    let shape = form == .normalisation ? [channels] : self.shape
    let size = channels == 0 ? 0 : weights.count / channels
    for channel in 0..<channels where factors[channel] != 1 {
      for index in channel * size..<(channel + 1) * size {
        weights[index] = Float(Double(weights[index]) * factors[channel])
      }
    }
    return (Tensor(shape, weights), Tensor([channels], bias))
  }

  /// A matrix stored inputs × results, as results × inputs.
  private func transpose(_ weights: [Float]) -> [Float] {
    let inputs = channels == 0 ? 0 : weights.count / channels
    var result = weights
    for row in 0..<channels {
      for column in 0..<inputs { result[row * inputs + column] = weights[column * channels + row] }
    }
    return result
  }
}

/// Reads numbers of a `.weights` file, whose size has been checked.
struct DarknetReader {
  /// Version numbers, then images seen in training.
  private static let shortHeader = 16
  private static let longHeader = 20

  private let bytes: [UInt8]
  private var position: Int
  /// Whether matrices of connected layers are stored inputs × results.
  let storesTransposed: Bool

  /// - Throws: `NetworkError` unless the file holds exactly the numbers of the layers.
  init(_ bytes: [UInt8], for layers: [DarknetParameters]) throws(NetworkError) {
    guard bytes.count >= Self.shortHeader else {
      throw NetworkError(
        "the weights have \(bytes.count) bytes, less than the header of \(Self.shortHeader)")
    }
    func word(_ index: Int) -> Int {
      bytes[4 * index..<4 * index + 4].reversed().reduce(0) { $0 << 8 | Int($1) }
    }
    let (major, minor) = (word(0), word(1))
    // The number of images was widened to 64 bits in version 0.2.
    let isLong = major * 10 + minor >= 2 && major < 1000 && minor < 1000
    storesTransposed = major > 1000 || minor > 1000
    position = isLong ? Self.longHeader : Self.shortHeader
    self.bytes = bytes
    let available = bytes.count - position
    var needed = 0
    var lacking: DarknetParameters?
    for layer in layers {
      needed += 4 * layer.count
      if needed > available, lacking == nil { lacking = layer }
    }
    guard needed == available else {
      let parameters = needed / 4
      throw NetworkError(
        "the weights have \(bytes.count) bytes, but this configuration needs "
          + "\(needed + position): a header of \(position) and \(parameters) numbers"
          + (lacking.map { "; they end within \($0.layer) (line \($0.line))" } ?? ""),
        suggestion: "configuration and weights may belong to different networks")
    }
  }

  /// The next numbers, little-endian binary32.
  mutating func floats(_ count: Int) -> [Float] {
    defer { position += 4 * count }
    return bytes.withUnsafeBytes { file in
      (0..<count).map { index in
        let pattern = file.loadUnaligned(fromByteOffset: position + 4 * index, as: UInt32.self)
        return Float(bitPattern: UInt32(littleEndian: pattern))
      }
    }
  }
}
