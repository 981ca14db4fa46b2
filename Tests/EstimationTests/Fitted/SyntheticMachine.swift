import Estimation

/// An array whose cycles are known: whole tiles with fill and drain, a bus that may bound it, a cost
/// per layer, and noise.
struct SyntheticMachine {
  var rows: Int
  var columns: Int
  var stationary = StationaryOperand.output
  /// Cycles of every layer.
  var launch = 400
  /// Bytes of the bus per cycle; nil when it never bounds.
  var busBytes: Int?
  /// Whether tiles need R + C − 2 cycles more than their depth or rows.
  var fills = true
  /// Relative noise, uniform between −noise and noise.
  var noise = 0.0
  var seed: UInt64 = 0

  func cycles(of layer: LayerShape) -> Double {
    let product = layer.product
    let (l, m, n) = (product.rows, product.depth, product.columns)
    func tiles(_ extent: Int, _ side: Int) -> Int { (extent + side - 1) / side }
    let (count, length) =
      switch stationary {
      case .output: (tiles(l, rows) * tiles(n, columns), m)
      case .weights: (tiles(m, rows) * tiles(n, columns), l)
      case .input: (tiles(m, rows) * tiles(l, columns), n)
      }
    let compute = count * (length + (fills ? rows + columns - 2 : 0)) * product.count
    let bytes = layer.bytes(activationBytes: 1, weightBytes: 1)
    let transfer = busBytes.map { tiles(bytes, $0) } ?? 0
    var random = SplitMix64(seed: seed ^ UInt64(bitPattern: Int64(layer.hashKey)))
    let factor = noise == 0 ? 1 : 1 + Double.random(in: -noise...noise, using: &random)
    return Double(launch + max(compute, transfer)) * factor
  }
}

extension LayerShape {
  /// A number that depends on the layer alone.
  fileprivate var hashKey: Int {
    [pixels, window, outputChannels, images, kernelHeight, inputHeight].reduce(17) {
      $0 &* 1_000_003 &+ $1
    }
  }
}
