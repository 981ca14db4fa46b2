internal import Networks

/// What was measured of the values that share parameters.
struct CalibratedRange {
  /// Least and greatest number of the samples.
  var observed: ClosedRange<Float>
  /// The range that the integers shall cover.
  var covered: ClosedRange<Double>
}

extension QuantisationPlan {
  /// Measures ranges on samples, by the representatives of the values that share them.
  ///
  /// - Throws: when there are no samples, or when they give numbers that are none.
  func calibrated(_ samples: [[String: Tensor]]) throws(NetworkError) -> [String: CalibratedRange] {
    guard !samples.isEmpty else {
      throw NetworkError("quantisation needs at least one sample")
    }
    let measured = values.filter { !clipped.contains($0) }
    let executor = Executor(network)
    let keeping = Set(measured).subtracting(network.network.inputs.map(\.name))
    var observed: [String: ClosedRange<Float>] = [:]
    try forEachValue(executor, samples, measured, keeping) { name, values throws(NetworkError) in
      guard let range = Self.range(values) else {
        throw NetworkError("a sample gives numbers that are none", place: "value '\(name)'")
      }
      let root = root(name)
      observed[root] = observed[root].map { Self.union($0, range) } ?? range
    }
    for (name, tensor) in network.network.constants where isQuantised(name) {
      guard let values = tensor.array(of: Float.self), let range = Self.range(values) else {
        continue
      }
      let root = root(name)
      observed[root] = observed[root].map { Self.union($0, range) } ?? range
    }
    var ranges = observed.mapValues {
      CalibratedRange(observed: $0, covered: Double($0.lowerBound)...Double($0.upperBound))
    }
    guard options.range != .minMax else { return ranges }
    var histograms = observed.mapValues { Histogram($0) }
    try forEachValue(executor, samples, measured, keeping) { name, values throws(NetworkError) in
      histograms[root(name)]?.count(values)
    }
    for (root, histogram) in histograms {
      ranges[root]?.covered = histogram.range(options)
    }
    return ranges
  }

  private func forEachValue(
    _ executor: Executor, _ samples: [[String: Tensor]], _ names: [String], _ keeping: Set<String>,
    _ body: (String, [Float]) throws(NetworkError) -> Void
  ) throws(NetworkError) {
    for sample in samples {
      let results = try executor.run(sample, keeping: keeping)
      for name in names {
        guard let values = (results[name] ?? sample[name])?.array(of: Float.self) else { continue }
        try body(name, values)
      }
    }
  }

  /// Nil when a number is none or infinite.
  private static func range(_ values: [Float]) -> ClosedRange<Float>? {
    var (least, greatest) = (Float(0), Float(0))
    var sum: Float = 0
    for value in values {
      least = min(least, value)
      greatest = max(greatest, value)
      sum += value - value  // NaN for infinities and NaN
    }
    return sum == 0 && least.isFinite && greatest.isFinite ? least...greatest : nil
  }

  private static func union(
    _ a: ClosedRange<Float>, _ b: ClosedRange<Float>
  ) -> ClosedRange<Float> {
    min(a.lowerBound, b.lowerBound)...max(a.upperBound, b.upperBound)
  }
}

/// How often numbers occur, in bins of equal width over a range that contains 0.
struct Histogram {
  private static let bins = 4096
  private let least: Double
  private let width: Double
  private var counts: [Int]

  init(_ range: ClosedRange<Float>) {
    least = Double(range.lowerBound)
    width = max(Double(range.upperBound) - least, .leastNormalMagnitude) / Double(Self.bins)
    counts = [Int](repeating: 0, count: Self.bins)
  }

  /// Counts more numbers.
  mutating func count(_ values: [Float]) {
    for value in values {
      let bin = Int(min(max((Double(value) - least) / width, 0), Double(Self.bins - 1)))
      counts[bin] += 1
    }
  }

  /// The range that integers shall cover.
  func range(_ options: Quantiser.Options) -> ClosedRange<Double> {
    let whole = least...(least + width * Double(Self.bins))
    switch options.range {
    case .minMax: return whole
    case .percentile(let percent):
      return options.activations == .symmetric
        ? magnitude(percent / 100) : central(percent / 100)
    case .meanSquaredError:
      var best = (error: Double.infinity, range: whole)
      for part in 1...100 {
        let factor = Double(part) / 100
        let range = whole.lowerBound * factor...whole.upperBound * factor
        let error = squaredError(QuantisationParameters(range, options: options))
        if error <= best.error { best = (error, range) }
      }
      return best.range
    }
  }

  private func centre(_ bin: Int) -> Double { least + (Double(bin) + 0.5) * width }

  /// The range without (1 − share)/2 of all numbers at each end.
  private func central(_ share: Double) -> ClosedRange<Double> {
    let total = counts.reduce(0, +)
    let outside = Int(Double(total) * (1 - share) / 2)
    func bound(_ bins: some Sequence<Int>) -> Int {
      var left = outside
      for bin in bins {
        left -= counts[bin]
        if left < 0 { return bin }
      }
      return 0
    }
    let lower = least + Double(bound(0..<Self.bins)) * width
    let upper = least + Double(bound((0..<Self.bins).reversed()) + 1) * width
    return min(lower, 0)...max(upper, 0)
  }

  /// The symmetric range that holds a share of all numbers.
  private func magnitude(_ share: Double) -> ClosedRange<Double> {
    let total = counts.reduce(0, +)
    var left = Int(Double(total) * (1 - share))
    let order = (0..<Self.bins).sorted { abs(centre($0)) > abs(centre($1)) }
    for bin in order {
      left -= counts[bin]
      if left < 0 {
        let bound = abs(centre(bin)) + width / 2
        return -bound...bound
      }
    }
    return 0...0
  }

  private func squaredError(_ parameters: QuantisationParameters) -> Double {
    var sum = 0.0
    for bin in counts.indices where counts[bin] > 0 {
      let value = centre(bin)
      let error = value - Double(parameters.restored(Float(value)))
      sum += error * error * Double(counts[bin])
    }
    return sum
  }
}
