import Estimation
import Testing

/// Vectors of the refined roofline. The accelerator is the ZCU102's DPU as in the parameter files of
/// embedded-machine-learning/annette, whose α is 1 − α here.
struct RefinedRooflineTests {
  static func convolution(
    _ side: Int, _ channels: Int, _ filters: Int, _ kernel: Int, _ stride: Int = 1
  ) -> LayerShape {
    // "Same" padding: output sides are ⌈side / stride⌉.
    var layer = LayerShape.convolution(
      height: side, width: side, channels: channels, filters: filters, kernel: kernel,
      stride: stride, padding: kernel / 2)
    layer.outputHeight = (side + stride - 1) / stride
    layer.outputWidth = layer.outputHeight
    return layer
  }

  static func dpu(peak: Double, bytes: Double, withAlpha: Bool) -> RefinedRoofline {
    func dimension(_ size: Int, _ published: Double) -> SpatialDimension {
      SpatialDimension(size: size, alpha: withAlpha ? 1 - published : 0)
    }
    return RefinedRoofline(
      peakOperations: peak, peakBytes: bytes,
      unrolling: SpatialUnrolling(
        height: dimension(8, 0.485896), channels: dimension(16, 1),
        filters: dimension(16, 0.881308)))
  }

  static func close(_ value: Double, _ other: Double, _ tolerance: Double) -> Bool {
    abs(value - other) <= tolerance
  }

  @Test("A1, A2: a 12 x 6 image on 16 x 12 elements, by α")
  func alpha() {
    let layer = LayerShape.convolution(
      height: 12, width: 6, channels: 128, filters: 256, kernel: 1)
    for (alphas, utilisation) in [
      ((0.0, 0.0), 0.375), ((0.5, 0.5), 0.571429), ((0.25, 0.75), 0.64), ((1.0, 1.0), 1.0),
    ] {
      let unrolling = SpatialUnrolling(
        height: SpatialDimension(size: 16, alpha: alphas.0),
        width: SpatialDimension(size: 12, alpha: alphas.1))
      #expect(Self.close(unrolling.utilisation(of: layer), utilisation, 5e-7))
    }
  }

  static let extents = [1, 8, 15, 16, 17, 24, 31, 32, 33, 48, 100]

  @Test("A3, A4: one dimension of 16 elements with and without α")
  func dimension() {
    let full = [0.0625, 0.5, 0.9375, 1, 0.53125, 0.75, 0.96875, 1, 0.6875, 1, 0.892857]
    let half = [
      0.117647, 0.666667, 0.967742, 1, 0.693878, 0.857143, 0.984127, 1, 0.814815, 1, 0.943396,
    ]
    for (index, extent) in Self.extents.enumerated() {
      #expect(Self.close(SpatialDimension(size: 16).utilisation(of: extent), full[index], 5e-7))
      #expect(
        Self.close(
          SpatialDimension(size: 16, alpha: 0.5).utilisation(of: extent), half[index], 5e-7))
    }
    #expect(SpatialDimension(size: 16, alpha: 1).utilisation(of: 17) == 1)
    #expect(SpatialDimension(size: 32).utilisation(of: 48) == 0.75)
    #expect(SpatialDimension(size: 32).utilisation(of: 3) == 0.09375)
    let both = SpatialUnrolling(
      channels: SpatialDimension(size: 16), filters: SpatialDimension(size: 16))
    #expect(
      Self.close(
        both.utilisation(of: .product(rows: 1, depth: 100, columns: 20)), 0.558036, 5e-7))
  }

  @Test(
    "Convolutions on the DPU, with the rounded peaks of the survey",
    arguments: [
      (convolution(56, 64, 64, 3), 231_211_008, 438_272, 197.027, 1.0, 197.027, 197.027),
      (convolution(224, 3, 64, 7, 2), 236_027_904, 962_752, 201.132, 0.1875, 1072.702, 1072.702),
      (convolution(28, 128, 128, 3), 231_211_008, 348_160, 197.027, 0.875, 225.174, 210.703),
      (convolution(7, 512, 512, 3), 231_211_008, 2_409_472, 197.027, 0.875, 225.174, 210.703),
      (convolution(14, 100, 100, 1), 3_920_000, 49200, 3.340, 0.69754, 4.789, 4.424),
      (
        .fullyConnected(inputs: 2048, outputs: 1000), 4_096_000, 2_051_048, 135.741, 0.12401,
        135.741, 135.741
      ),
    ])
  func convolutions(
    layer: LayerShape, operations: Int, bytes: Int, roofline: Double, utilisation: Double,
    refined: Double, withAlpha: Double
  ) {
    let plain = Self.dpu(peak: 1.1735e12, bytes: 15.11e9, withAlpha: false)
    #expect(RefinedRoofline.operations(of: layer) == Double(operations))
    #expect(plain.bytes(of: layer) == Double(bytes))
    #expect(Self.close(plain.rooflineTime(of: layer) * 1e6, roofline, 6e-4))
    #expect(Self.close(plain.unrolling.utilisation(of: layer), utilisation, 6e-6))
    #expect(Self.close(plain.time(of: layer) * 1e6, refined, 6e-4))
    let soft = Self.dpu(peak: 1.1735e12, bytes: 15.11e9, withAlpha: true)
    #expect(Self.close(soft.time(of: layer) * 1e6, withAlpha, 6e-4))
  }

  @Test(
    "Convolutions on the DPU, with the published peaks, and mixed with u_stat = 0.8",
    arguments: [
      (convolution(56, 64, 64, 3), 197.029, 1.0, 197.029, 246.286),
      (convolution(224, 3, 64, 7, 2), 201.134, 0.1875, 1072.712, 1340.891),
      (convolution(14, 256, 1024, 1), 87.568, 0.935092, 93.647, 117.059),
      (convolution(7, 512, 512, 3), 197.029, 0.935092, 210.705, 263.382),
      (convolution(28, 24, 144, 1), 8.946, 0.701319, 8.946, 8.946),
    ])
  func mixed(
    layer: LayerShape, roofline: Double, utilisation: Double, refined: Double, mixed: Double
  ) {
    let model = Self.dpu(peak: 1.1734883e12, bytes: 1.51095e10, withAlpha: true)
    #expect(Self.close(model.rooflineTime(of: layer) * 1e6, roofline, 6e-4))
    #expect(Self.close(model.unrolling.utilisation(of: layer), utilisation, 6e-7))
    #expect(Self.close(model.time(of: layer) * 1e6, refined, 6e-4))
    #expect(
      Self.close(model.time(of: layer, statisticalUtilisation: 0.8) * 1e6, mixed, 6e-4))
  }

  @Test("The maximum is taken after the refinement, not before")
  func maximum() {
    // Bound by data before, by computation after: the published code would answer 10.
    let model = RefinedRoofline(
      peakOperations: 2, peakBytes: 1,
      unrolling: SpatialUnrolling(
        filters: SpatialDimension(size: 16)))
    let layer = LayerShape.product(rows: 2, depth: 2, columns: 1)
    #expect(model.rooflineTime(of: layer) == 8)
    #expect(model.time(of: layer) == 64)
  }

  @Test("What was added changes nothing until it is asked for")
  func additions() {
    let layer = LayerShape.product(rows: 40, depth: 10, columns: 20)
    var model = RefinedRoofline(
      peakOperations: 512, peakBytes: 4,
      unrolling: SpatialUnrolling(
        pixels: SpatialDimension(size: 16), filters: SpatialDimension(size: 16)))
    let compute = 48.0 * 32 * 10 * 2 / 512
    let bytes = 400.0 + 200 + 800
    #expect(model.time(of: layer) == max(compute, bytes / 4))
    model.launchTime = 7
    model.tileTime = 100
    model.overlap = .none
    #expect(model.time(of: layer) == 7 + compute + 600 + bytes / 4)
    model.traffic = .tiles
    #expect(model.bytes(of: layer) == 400 * 2 + 200 * 3 + 800)
    // Every image loads the weights anew.
    let images = LayerShape.product(rows: 40, depth: 10, columns: 20, count: 5)
    #expect(model.bytes(of: images) == 5 * (400 * 2 + 200 * 3 + 800))
  }

  @Test("One representative stands for a step")
  func representatives() {
    for (extent, representative) in [(1, 32), (32, 32), (33, 64), (1000, 1024)] {
      #expect(PerformanceRepresentative.extent(extent, step: 32) == representative)
    }
    #expect(PerformanceRepresentative.count(upTo: 1024, step: 32) == 32)
    #expect(
      PerformanceRepresentative.count(upTo: 1024, step: 8)
        * PerformanceRepresentative.count(upTo: 1024, step: 32) == 4096)
  }

  @Test("A layer and its representative take equally long on a machine that pads")
  func padding() {
    let unrolling = SpatialUnrolling(
      width: SpatialDimension(size: 12), channels: SpatialDimension(size: 8),
      filters: SpatialDimension(size: 16))
    let model = RefinedRoofline(peakOperations: 256, peakBytes: 1e300, unrolling: unrolling)
    for layer in SampleLayers.random(count: 200, seed: 5) {
      let other = PerformanceRepresentative.of(layer, unrolling: unrolling)
      #expect(other.groupOutputs % 16 == 0 && other.groupChannels % 8 == 0)
      #expect(other.outputWidth % 12 == 0)
      #expect(abs(model.time(of: other) / model.time(of: layer) - 1) < 1e-12)
      #expect(PerformanceRepresentative.of(other, unrolling: unrolling) == other)
      #expect(other.macs >= layer.macs)
    }
  }
}
