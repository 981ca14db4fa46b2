internal import Estimation
internal import Mapping
internal import SoC
internal import Telemetry

/// The network on another machine: a Gemmini, clocked like the SoC's reference clock.
///
/// Products are matrix products and square convolutions, as Gemmini's C library takes them, weight
/// stationary, with the pooling that the plan fuses. A pooling that the library cannot say is left
/// out; grouped, dilated and non-square convolutions are unknown.
struct GemminiNetworkModel: EstimationModel {
  /// Which equations.
  enum Form: Sendable {
    /// The published equations as printed.
    case printed
    /// The timeline of the command queue and the controllers.
    case improved
  }

  private let form: Form
  private let configuration = GemminiConfiguration()
  /// Memory latency as the RTL was mostly measured with, in cycles.
  private let memory = GemminiMemory()

  init(_ form: Form) { self.form = form }

  var name: String { form == .printed ? "gemmini-printed" : "gemmini" }

  var summary: String {
    let side = configuration.dimension
    return form == .printed
      ? "a \(side)x\(side) Gemmini by equations 4.1 to 4.4 of the FLECSim dissertation, as printed"
      : "a \(side)x\(side) Gemmini, command by command, memory latency \(memory.latency) cycles"
  }

  func inventory(_ context: EstimateContext) -> Snapshot? {
    var machine = GemminiInventory(configuration)
    // The same DRAM as the SoC's.
    machine.picojoulesPerBit = context.description.memories.first { $0.type == .dram }
      .map(\.picojoulesPerBit)
    return Snapshot(
      ticksPerSecond: context.inventory.ticksPerSecond, ticks: 0, tags: [""],
      modules: machine.modules(hertz: context.referenceHertz))
  }

  func estimate(_ context: EstimateContext) throws -> NetworkEstimate {
    let layers = context.layers.map { layer -> LayerEstimate in
      var result = LayerEstimate(layer, cycles: 0)
      guard let shape = layer.shape, let workload = GemminiWorkload(shape) else { return result }
      let count = workload.count(in: shape)
      let estimate = estimate(workload)
      result.engine = GemminiInventory.name
      result.cycles = estimate.cycles * count
      result.activity = GemminiInventory.activity(
        estimate.actions, cycles: estimate.cycles, count: count, configuration)
      return result
    }
    return NetworkEstimate(model: name, startCycles: 0, layers: layers)
  }

  private func estimate(_ workload: GemminiWorkload) -> GemminiEstimate {
    if form == .printed {
      return GemminiPrintedModel(configuration: configuration).estimate(workload)
    }
    let model = GemminiImprovedModel(configuration: configuration)
    return switch workload {
    case .matmul(let matmul): model.estimate(matmul, memory: memory)
    case .convolution(let convolution): model.estimate(convolution, memory: memory)
    }
  }
}

extension GemminiWorkload {
  /// A layer as the library takes it; nil when the library cannot say it.
  fileprivate init?(_ shape: LayerShape) {
    guard shape.groups == 1 else { return nil }
    let isPlain = shape.kernelHeight == 1 && shape.kernelWidth == 1 && shape.inputHeight == 1
    if isPlain, shape.top == 0, shape.left == 0, shape.outputWidth == shape.inputWidth {
      self = .matmul(
        GemminiMatmul(
          rows: shape.outputWidth, columns: shape.outputChannels, depth: shape.inputChannels))
      return
    }
    guard shape.inputHeight == shape.inputWidth, shape.kernelHeight == shape.kernelWidth,
      shape.strideY == shape.strideX, shape.dilationY == 1, shape.dilationX == 1,
      shape.top == shape.left
    else { return nil }
    var layer = GemminiConvolution(
      batch: shape.images, inputSize: shape.inputHeight, inputChannels: shape.inputChannels,
      outputChannels: shape.outputChannels, kernel: shape.kernelHeight, stride: shape.strideY,
      padding: shape.top)
    guard layer.outputSize == shape.outputHeight, shape.outputWidth == shape.outputHeight else {
      return nil
    }
    if let pool = shape.pool, pool.height == pool.width, pool.strideY == pool.strideX {
      // The padding that gives the pooled size, if there is one.
      for padding in 0..<max(1, pool.height) {
        layer.pool = GemminiPool(size: pool.height, stride: pool.strideY, padding: padding)
        if layer.pooledSize == pool.outputHeight { break }
        layer.pool = nil
      }
    }
    self = .convolution(layer)
  }

  /// How often the workload is carried out for the layer: matrix products have no batch.
  fileprivate func count(in shape: LayerShape) -> Int {
    if case .matmul = self { shape.images } else { 1 }
  }
}
