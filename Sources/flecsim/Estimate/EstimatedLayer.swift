internal import Estimation
internal import Mapping
internal import Networks
internal import Reference

/// A layer of a plan with the shape of its product.
struct EstimatedLayer {
  /// The layer, as planned.
  let planned: PlannedLayer
  /// The shape; nil for layers without a product, and for products that are no convolution over at
  /// most two axes.
  let shape: LayerShape?
  /// What computes it: the name of an array or vector unit, or `core`.
  var engine: String { planned.choice.engine ?? "core" }

  /// All layers of a plan.
  static func all(of mapping: NetworkMapping) throws -> [EstimatedLayer] {
    let rows = Networks.LayerTable(try mapping.typed.folded()).rows
    let byName = Dictionary(rows.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    return mapping.mapped.layers.map { layer in
      var shape = byName[layer.name].flatMap(LayerShape.init)
      let fused = (layer.choice.fused ?? []).compactMap { byName[$0] }
      shape?.pool = fused.lazy.compactMap(PoolWindow.init).first
      return EstimatedLayer(planned: layer, shape: shape)
    }
  }
}

extension LayerShape {
  /// The shape of a node with multiply-accumulates.
  fileprivate init?(_ row: Networks.LayerTable.Row) {
    guard row.macs > 0, let input = row.inputs.first?.shape, let output = row.outputs.first?.shape,
      !output.isEmpty, output.reduce(1, *) > 0
    else { return nil }
    guard let window = row.window else {
      // A product of matrices; with one right operand for all, the left ones are one matrix.
      let columns = output[output.count - 1]
      let depth = row.macs / output.reduce(1, *)
      let isShared = row.inputs.count < 2 || row.inputs[1].shape.dropLast(2).allSatisfy { $0 == 1 }
      let count = isShared ? 1 : output.dropLast(2).reduce(1, *)
      self = .product(
        rows: output.dropLast().reduce(1, *) / count, depth: depth, columns: columns, count: count)
      return
    }
    guard row.operator.contains("Conv"), !row.operator.contains("Transpose"),
      (1...2).contains(window.kernel.count), input.count == window.kernel.count + 2
    else { return nil }
    func pair(_ values: [Int], _ absent: Int) -> (Int, Int) {
      values.count == 2 ? (values[0], values[1]) : (absent, values[0])
    }
    let (height, width) = pair(Array(input[2...]), 1)
    let (kernelHeight, kernelWidth) = pair(window.kernel, 1)
    let (strideY, strideX) = pair(window.strides, 1)
    let (dilationY, dilationX) = pair(window.dilations, 1)
    let (top, left) = pair(window.padsBegin, 0)
    let (outputHeight, outputWidth) = pair(window.output, 1)
    self.init(
      images: input[0], inputHeight: height, inputWidth: width, inputChannels: input[1],
      groups: row.groups ?? 1, kernelHeight: kernelHeight, kernelWidth: kernelWidth,
      strideY: strideY, strideX: strideX, dilationY: dilationY, dilationX: dilationX, top: top,
      left: left, outputHeight: outputHeight, outputWidth: outputWidth, outputChannels: output[1])
  }
}

extension PoolWindow {
  /// The window of a pooling node over two axes.
  fileprivate init?(_ row: Networks.LayerTable.Row) {
    guard row.macs == 0, let window = row.window, window.kernel.count == 2,
      row.operator.contains("Pool")
    else { return nil }
    self.init(
      height: window.kernel[0], width: window.kernel[1], strideY: window.strides[0],
      strideX: window.strides[1], outputHeight: window.output[0], outputWidth: window.output[1])
  }
}
