internal import Estimation
internal import Mapping
internal import SoC

/// The generic roofline: every layer waits for the array or for the bus, whichever takes longer.
struct RooflineModel: EstimationModel {
  let name = "roofline"
  let summary =
    "generic roofline of array and bus (equations 4.1 to 4.3 of the FLECSim dissertation), every tensor moved once"

  func estimate(_ context: EstimateContext) throws -> NetworkEstimate {
    context.estimate(name) { shape, design in GenericRoofline.evaluate(shape, on: design) }
  }
}

/// A tool's way to count the cycles of a systolic array, without memory.
struct ConventionModel: EstimationModel {
  let name: String
  private let convention: Estimation.CycleConvention

  init(_ name: String, _ convention: Estimation.CycleConvention) {
    self.name = name
    self.convention = convention
  }

  var summary: String {
    switch convention {
    case .scalesim: "array cycles as the code of SCALE-Sim counts them: no memory, no overlap"
    case .scalesimPaper: "array cycles as the paper of SCALE-Sim counts them: no memory, no overlap"
    case .scalesimPrinted: "array cycles as SCALE-Sim prints them: one less per layer"
    case .scalesimVerilog: "array cycles of the Verilog array that comes with SCALE-Sim"
    case .stonne: "array cycles as STONNE's output-stationary mesh counts them: no memory"
    case .gemminiSteady: "array cycles of Gemmini's mesh with operands always there"
    }
  }

  func estimate(_ context: EstimateContext) throws -> NetworkEstimate {
    let arrays = context.platform.arrays.compactMap { context.design(of: $0.device.name) }
    let probe = LayerShape.product(rows: 1, depth: 1, columns: 1)
    guard arrays.isEmpty || arrays.contains(where: { convention.evaluate(probe, on: $0) != nil })
    else {
      throw CommandFailure(
        .input,
        "error: --model \(name): \(context.description.name) has no array that the convention knows"
      )
    }
    return context.estimate(name) { shape, design in convention.evaluate(shape, on: design) }
  }
}

extension EstimateContext {
  /// Estimates layers with products on arrays, one after the other; other layers are unknown and take
  /// no cycles.
  ///
  /// - Parameter evaluate: cycles of a layer in the array's clock; nil when it is unknown.
  func estimate(
    _ model: String, _ evaluate: (LayerShape, ArrayDesign) -> LayerCycles?
  ) -> NetworkEstimate {
    let designs = platform.arrays.map { ($0.device.name, design(of: $0.device.name)) }
    let estimates = layers.map { layer -> LayerEstimate in
      var result = LayerEstimate(layer, cycles: 0)
      guard let shape = layer.shape,
        let design = designs.first(where: { $0.0 == layer.engine })?.1,
        let cycles = evaluate(shape, design)
      else { return result }
      result.cycles = referenceCycles(cycles.total, of: layer.engine)
      result.bound = cycles.transfer == 0 ? "" : cycles.bound == .compute ? "array" : "transfer"
      result.activity[layer.engine] = ModuleActivity(
        counters: [
          "macs": UInt64(cycles.actions.macs)
        ],
        states: [
          "compute": UInt64(min(cycles.compute, cycles.total)),
          "wait-in1": UInt64(max(0, cycles.total - cycles.compute)),
        ])
      return result
    }
    return NetworkEstimate(model: model, startCycles: 0, layers: estimates)
  }
}

extension LayerEstimate {
  /// What is planned, with a model's cycles.
  init(_ layer: EstimatedLayer, cycles: Int) {
    self.init(
      name: layer.planned.name, kind: layer.planned.kind, engine: layer.engine,
      macs: layer.planned.macs, cycles: cycles)
  }
}
