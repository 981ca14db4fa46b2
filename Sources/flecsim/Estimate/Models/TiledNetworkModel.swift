internal import Estimation
internal import Mapping
internal import SoC

/// The tiled model: layers in closed form, a few microseconds each.
struct TiledNetworkModel: EstimationModel {
  let name = "tiled"
  let summary =
    "layers in closed form: tiles, passes and streams of arrays, double-buffered copies from DRAM, hand-over between layers"

  func estimate(_ context: EstimateContext) throws -> NetworkEstimate {
    let system = TiledSystem(context.description)
    let network = try TiledNetwork(context)
    guard system.arrays.count == context.platform.arrays.count else {
      throw CommandFailure(
        .input, "error: --model \(name): \(context.description.name) has arrays that no DMA feeds")
    }
    var model = TiledModel(network, on: system)
    var layers: [LayerEstimate] = []
    let modules = TiledModules(context.description)
    var before = [TiledCounts](repeating: TiledCounts(), count: max(1, system.arrays.count))
    _ = model.run { index, result, counts in
      var layer = LayerEstimate(context.layers[index], cycles: Int(result.cycles.rounded()))
      let array = network.layers[index].array
      layer.activity = modules.activity(counts, since: before[array], array: array)
      before[array] = counts
      if result.compute > 0 {
        layer.bound = result.compute * 10 >= result.cycles * 9 ? "array" : "operands"
      }
      layers.append(layer)
    }
    return NetworkEstimate(
      model: name, startCycles: Int(network.issue.start.rounded()), layers: layers)
  }
}
