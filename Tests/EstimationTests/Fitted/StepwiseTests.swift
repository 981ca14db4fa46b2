import Estimation
import Testing

/// Vectors of the step-wise linear model: the published worked example, a convolution of 32×32 images
/// with 3×3 kernels over filters k and input channels c.
struct StepwiseTests {
  /// f(c, k) = 0.1418 + ⌊(c−1)/8⌋·0.0106 + ⌊(k−1)/32⌋·(0.044 + ⌊(c−1)/8⌋·0.0121), in ms.
  static let example = StepwiseModel(
    order: [.columns, .depth],
    root: .step(
      offset: .step(offset: .number(0.1418), width: 8, height: .number(0.0106)), width: 32,
      height: .step(offset: .number(0.044), width: 8, height: .number(0.0121))))

  static func time(_ channels: Int, _ filters: Int) -> Double {
    example.time(ofOne: MatrixProduct(rows: 1, depth: channels, columns: filters))
  }

  @Test(
    "The worked example",
    arguments: [
      (1, 1, 0.1418), (8, 32, 0.1418), (9, 32, 0.1524), (8, 33, 0.1858), (9, 33, 0.2085),
      (64, 64, 0.3447), (16, 128, 0.3207), (128, 33, 0.5263), (128, 1024, 7.2913),
      (512, 256, 6.4537), (1024, 1024, 50.4897),
    ])
  func example(channels: Int, filters: Int, time: Double) {
    #expect(abs(Self.time(channels, filters) - time) < 1e-9)
  }

  @Test("The slices that are printed with it")
  func slices() {
    let byFilters = Self.example.slice(at: MatrixProduct(rows: 1, depth: 128, columns: 1))
    guard case .step(let offset, 32, let height) = byFilters else {
      Issue.record("\(byFilters)")
      return
    }
    #expect(abs(offset - 0.3008) < 1e-9)
    #expect(abs(height - 0.2255) < 1e-9)
    for channels in 1...1024 {
      let printed = 1.5058 + Double((channels - 1) / 8) * 0.3857
      #expect(abs(Self.time(channels, 1024) - printed) < 1e-9)
    }
  }

  @Test("Every width of the ensemble goes through both start points")
  func ensemble() throws {
    let (low, high) = (
      CurvePoint(extent: 64, value: 0.1858), CurvePoint(extent: 960, value: 1.4178)
    )
    let expected: [(width: Int, d: Double, h: Double, extent: Int, value: Double)] = [
      (16, 0.1198, 0.0220, 48, 0.1638), (16, 0.1198, 0.0220, 33, 0.1638),
      (32, 0.1418, 0.0440, 48, 0.1858), (64, 0.1858, 0.0880, 32, 0.1858),
      (8, 0.1088, 0.0110, 1, 0.1088), (40, 0.1298, 0.0560, 33, 0.1298),
    ]
    for row in expected {
      let curve = try #require(
        StepwiseCurve.staircase(width: row.width, through: low, high))
      guard case .step(let d, _, let h) = curve else { continue }
      #expect(abs(d - row.d) < 1e-9)
      #expect(abs(h - row.h) < 1e-9)
      #expect(abs(curve.value(at: row.extent) - row.value) < 1e-9)
      #expect(abs(curve.value(at: 960) - 1.4178) < 1e-9)
    }
    // One run at 33 tells 32 from the others.
    for width in [8, 16, 24, 40, 48] {
      let curve = try #require(StepwiseCurve.staircase(width: width, through: low, high))
      #expect(abs(curve.value(at: 33) - 0.1858) > 0.01, "\(width)")
    }
    #expect(StepwiseCurve.staircase(width: 2000, through: low, high) == nil)
  }

  @Test("The published sampler finds the staircase of the example in few measurements")
  func sampler() throws {
    let truth = StepwiseCurve.step(offset: 0.1418, width: 32, height: 0.044)
    for rejects in [true, false] {
      var settings = SamplerSettings.published
      settings.rejectsOutliers = rejects
      var measured: [Int] = []
      let result = AdaptiveSampler.run(settings) { extent in
        measured.append(extent)
        return truth.value(at: extent)
      }
      guard case .step(let offset, let width, let height) = result.curve else {
        Issue.record("\(result.curve)")
        continue
      }
      #expect(width == 32)
      #expect(abs(offset - 0.1418) < 1e-9)
      #expect(abs(height - 0.044) < 1e-9)
      #expect(result.isDecided)
      #expect(measured.prefix(2) == [64, 960])
      #expect(Set(measured).count == measured.count, "no point is measured twice")
      #expect(result.points.count == result.iterations + 2)
      #expect(result.iterations == 6, "the fewest there are")
    }
  }

  @Test("Lines and constants are told from staircases")
  func lines() {
    let line = AdaptiveSampler.run(.published) { 3 + 0.25 * Double($0) }
    guard case .linear(let slope, let offset) = line.curve else {
      Issue.record("\(line.curve)")
      return
    }
    #expect(abs(slope - 0.25) < 1e-9)
    #expect(abs(offset - 3) < 1e-6)
    let flat = AdaptiveSampler.run(.published) { _ in 42 }
    #expect(flat.curve == .constant(42))
  }

  @Test("Every width from 4 to 128 is found, exactly", arguments: [0, 1, 2, 3])
  func widths(quarter: Int) {
    for width in stride(from: 4 + quarter, through: 128, by: 4) {
      let truth = StepwiseCurve.step(offset: 500, width: width, height: Double(7 * width))
      let limit = max(64, 3 * width)
      let result = AdaptiveSampler.run(SamplerSettings(limit: limit, widths: 2...limit / 2)) {
        truth.value(at: $0)
      }
      #expect(result.curve.stepWidth == width)
      #expect(result.points.count <= 32)
    }
  }

  @Test("Noise of a twentieth of a step does not hide the width")
  func noise() {
    var random = SplitMix64(seed: 9)
    for width in stride(from: 8, through: 128, by: 8) {
      let truth = StepwiseCurve.step(offset: 100, width: width, height: 20)
      let result = AdaptiveSampler.run(.published) {
        truth.value(at: $0) + Double.random(in: -1...1, using: &random)
      }
      #expect(result.curve.stepWidth == width)
    }
  }
}
