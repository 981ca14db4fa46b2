/// Fits the refined roofline to a machine.
///
/// 1. Sweeps over rows, depth and columns of a product give s and α of each (``StaircaseFit``).
/// 2. Over the training layers, peaks, the time of a layer and the time of a tile come from least
///    squares of the relative error. Which of computation and transfer bounds a layer is guessed,
///    fitted, and guessed again until it stays.
/// 3. All readings are tried of what the runs cannot tell apart one by one: transfers that overlap or
///    not, operands read once or for every tile, sides that hold pixels or only the width, the window
///    or only the channels. The one with the least error on the training layers is kept.
/// 4. In it each α is moved as long as that helps: what a sweep showed includes the time of a tile.
struct RefinedRooflineFit {
  let model: RefinedRoofline
  let sides: RecoveredSides

  init(_ settings: FitSettings, machine: inout CountedMachine) throws {
    let sweeps = try SideSweeps(settings, machine: &machine)
    var samples: [Sample] = []
    for layer in settings.training {
      samples.append(Sample(layer: layer, time: try machine.cycles(of: layer)))
    }
    var best: (model: RefinedRoofline, error: Double)?
    for unrolling in Self.readings(sweeps, sideCount: settings.sideCount) {
      for overlap in RefinedRoofline.Overlap.allCases {
        for traffic in RefinedRoofline.Traffic.allCases {
          let start = RefinedRoofline(
            peakOperations: 1, peakBytes: 1, activationBytes: settings.activationBytes,
            weightBytes: settings.weightBytes, unrolling: unrolling, overlap: overlap,
            traffic: traffic)
          let (model, error) = Self.fitTimes(start, to: samples)
          if error < best?.error ?? .infinity { best = (model, error) }
        }
      }
    }
    model =
      best.map { Self.movingAlpha($0.model, error: $0.error, samples) }
      ?? RefinedRoofline(peakOperations: 1, peakBytes: 1)
    sides = RecoveredSides(
      pixels: sweeps.rows?.size, window: sweeps.depth?.size, filters: sweeps.columns?.size)
  }

  /// A training layer and its measured time.
  private struct Sample {
    let layer: LayerShape
    let time: Double
  }

  /// Every assignment of the sides to extents of a layer. Of more sides than the array has, one may be
  /// something else: then those without one of them as well.
  private static func readings(
    _ sweeps: SideSweeps, sideCount: Int
  ) -> [SpatialUnrolling] {
    var readings = readings(rows: sweeps.rows, depth: sweeps.depth, columns: sweeps.columns)
    if [sweeps.rows, sweeps.depth, sweeps.columns].count(where: { $0 != nil }) > sideCount {
      readings += Self.readings(rows: nil, depth: sweeps.depth, columns: sweeps.columns)
      readings += Self.readings(rows: sweeps.rows, depth: nil, columns: sweeps.columns)
      readings += Self.readings(rows: sweeps.rows, depth: sweeps.depth, columns: nil)
    }
    return readings
  }

  private static func readings(
    rows: SpatialDimension?, depth: SpatialDimension?, columns: SpatialDimension?
  ) -> [SpatialUnrolling] {
    let plain = SpatialUnrolling(filters: columns ?? SpatialDimension())
    var (pixels, width) = (plain, plain)
    if let rows {
      pixels.pixels = rows
      width.width = rows
    }
    return (rows == nil ? [plain] : [pixels, width]).flatMap { reading in
      guard let depth else { return [reading] }
      var (window, channels) = (reading, reading)
      window.window = depth
      channels.channels = depth
      return [window, channels]
    }
  }

  /// Moves one α after the other by ever smaller steps to where the error is least.
  private static func movingAlpha(
    _ start: RefinedRoofline, error: Double, _ samples: [Sample]
  ) -> RefinedRoofline {
    let sides: [WritableKeyPath<SpatialUnrolling, SpatialDimension>] = [
      \.width, \.pixels, \.channels, \.window, \.filters,
    ]
    var best = (model: start, error: error)
    var step = 0.25
    while step > 0.002 {
      let before = best.error
      for side in sides where start.unrolling[keyPath: side].size > 1 {
        for direction in [-step, step] {
          var moved = best.model
          let alpha = moved.unrolling[keyPath: side].alpha + direction
          moved.unrolling[keyPath: side].alpha = min(1, max(0, alpha))
          let fitted = fitTimes(moved, to: samples)
          if fitted.error < best.error { best = (fitted.0, fitted.error) }
        }
      }
      if best.error >= 0.99 * before { step /= 2 }
    }
    return best.model
  }

  /// Fits the four times of a model; gives the RMSPE over the samples, as a fraction.
  private static func fitTimes(
    _ start: RefinedRoofline, to samples: [Sample]
  ) -> (RefinedRoofline, error: Double) {
    // Features: 1, f / u, tiles, D; coefficients: launch time, 1 / P, tile time, 1 / B.
    let features = samples.map { sample in
      SIMD4<Double>(
        1,
        RefinedRoofline.operations(of: sample.layer)
          * start.unrolling.slowdown(of: sample.layer),
        Double(start.unrolling.tiles(of: sample.layer)), start.bytes(of: sample.layer))
    }
    var best = (model: start, error: Double.infinity)
    // The machine's upper bounds: as fast as its fastest layer (step 2 of the published algorithm).
    var coefficients = SIMD4<Double>(
      0, zip(samples, features).map { $0.time / $1[1] }.min() ?? 1, 0,
      zip(samples, features).map { $0.time / $1[3] }.min() ?? 1)
    for _ in 0..<24 {
      var squares = LeastSquares()
      for (sample, feature) in zip(samples, features) {
        var feature = feature
        if start.overlap == .full {
          let parts = feature * coefficients
          if parts[1] + parts[2] >= parts[3] {
            feature[3] = 0
          } else {
            feature[1] = 0
            feature[2] = 0
          }
        }
        squares.add(feature, sample.time, weight: 1 / (sample.time * sample.time))
      }
      let previous = coefficients
      coefficients = squares.solve().coefficients
      var model = start
      model.launchTime = coefficients[0]
      model.peakOperations = inverse(coefficients[1])
      model.tileTime = coefficients[2]
      model.peakBytes = inverse(coefficients[3])
      var error = 0.0
      for sample in samples {
        let share = model.time(of: sample.layer) / sample.time - 1
        error += share * share
      }
      error = (error / Double(max(1, samples.count))).squareRoot()
      if error < best.error { best = (model, error) }
      if coefficients == previous { break }
      // All samples on one side of the roof say nothing about the other: keep what was known of it.
      for index in 1...3 where coefficients[index] == 0 {
        coefficients[index] = start.overlap == .full ? previous[index] : 0
      }
    }
    return best
  }

  /// 1 / cost; a cost of nothing is a finite, enormous peak, so that it can be written as JSON.
  private static func inverse(_ cost: Double) -> Double {
    cost > 0 ? 1 / cost : 1e300
  }
}
