internal import Estimation

/// Models that say something about a measured row of a Gemmini.
struct GemminiReference {
  /// Name of the model.
  let name: String
  /// Cycles of a row; nil when the model does not know it.
  let cycles: @Sendable (GemminiMeasurement) -> Int?

  /// Models of Gemmini, then models of any array on its dimensions.
  static let models: [GemminiReference] = [
    GemminiReference(name: "gemmini") { row in
      let model = GemminiImprovedModel()
      return switch row.workload {
      case .matmul(let matmul): model.estimate(matmul, memory: row.memory).cycles
      case .convolution(let layer): model.estimate(layer, memory: row.memory).cycles
      }
    },
    GemminiReference(name: "gemmini-printed") {
      GemminiPrintedModel().estimate($0.workload).cycles
    },
    GemminiReference(name: "roofline") { row in
      LayerShape(row.workload).map { GenericRoofline.evaluate($0, on: design(row)).total }
    },
    GemminiReference(name: "scalesim") { convention(.scalesim, $0) },
    GemminiReference(name: "scalesim-paper") { convention(.scalesimPaper, $0) },
    GemminiReference(name: "scalesim-rtl") { convention(.scalesimVerilog, $0) },
    GemminiReference(name: "stonne") { convention(.stonne, $0) },
  ]

  private static func convention(
    _ convention: Estimation.CycleConvention, _ row: GemminiMeasurement
  ) -> Int? {
    LayerShape(row.workload).flatMap { convention.evaluate($0, on: design(row))?.total }
  }

  /// The measured array as models of any array see it.
  private static func design(_ row: GemminiMeasurement) -> ArrayDesign {
    let gemmini = GemminiConfiguration()
    var isOutputStationary = false
    var outputBytes = 1
    if case .matmul(let matmul) = row.workload {
      isOutputStationary = matmul.driver.isOutputStationary
      outputBytes = matmul.outputBits / 8
    }
    return ArrayDesign(
      rows: gemmini.dimension, columns: gemmini.dimension,
      stationary: isOutputStationary ? .output : .weights, elementBytes: 1,
      resultBytes: outputBytes, busBytes: gemmini.beatBytes,
      memoryBytes: Double(gemmini.beatBytes) / Double(row.memory.beatInterval),
      accumulatorRows: gemmini.accumulatorRows)
  }
}

extension LayerShape {
  /// A Gemmini's workload as a layer; nil when there is nothing to do.
  init?(_ workload: GemminiWorkload) {
    switch workload {
    case .matmul(let matmul):
      self = .product(rows: matmul.rows, depth: matmul.depth, columns: matmul.columns)
    case .convolution(let layer):
      guard layer.outputSize > 0 else { return nil }
      self = .convolution(
        images: layer.batch, height: layer.inputSize, width: layer.inputSize,
        channels: layer.inputChannels, filters: layer.outputChannels, kernel: layer.kernel,
        stride: layer.stride, padding: layer.padding)
      if let window = layer.pool {
        pool = PoolWindow(
          height: window.size, width: window.size, strideY: window.stride, strideX: window.stride,
          outputHeight: layer.pooledSize, outputWidth: layer.pooledSize)
      }
    }
  }
}
