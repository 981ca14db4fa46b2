internal import Networks

/// Convolution in fp32.
enum FloatConvolution {
  /// Conv: x[N×C×…], w[M×C/groups×…], bias[M]?.
  static func evaluate(
    _ attributes: Convolution, _ operands: Operands, _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    let x = try operands.required(0)
    let w = try operands.required(1)
    let input: [Float] = try operands.array(0)
    let weights: [Float] = try operands.array(1)
    let bias: [Float]? = operands.optional(2) == nil ? nil : try operands.array(2)
    let groups = attributes.groups
    guard x.shape.count >= 2, w.shape.count == x.shape.count, result.shape.count == x.shape.count,
      groups > 0, w.shape[0] % groups == 0, x.shape[1] == w.shape[1] * groups,
      bias == nil || bias?.count == w.shape[0]
    else { throw NetworkError("operands do not fit each other") }
    let geometry = try WindowGeometry(
      attributes.window, input: Array(x.shape[2...]), kernel: Array(w.shape[2...]))
    guard Limits.elementCount(of: [w.shape[1]] + geometry.padded) != nil else {
      throw NetworkError(
        "the padded operand, \(TensorType.text([w.shape[1]] + geometry.padded)), is too large")
    }
    let shape = ConvolutionShape(
      images: x.shape[0], channels: x.shape[1], filters: w.shape[0], groups: groups)
    let output = [Float].filled(result.elementCount) { out in
      input.reading { x in
        weights.reading { w in
          run(shape, geometry, x, w, bias, out)
        }
      }
    }
    return Tensor(result.shape, output)
  }

  private static func run(
    _ shape: ConvolutionShape, _ geometry: WindowGeometry, _ x: UnsafePointer<Float>,
    _ w: UnsafePointer<Float>, _ bias: [Float]?, _ out: UnsafeMutablePointer<Float>
  ) {
    let places = geometry.output.reduce(1, *)
    let plane = geometry.input.reduce(1, *)
    if let bias {
      for image in 0..<shape.images {
        for filter in 0..<shape.filters {
          (out + (image * shape.filters + filter) * places)
            .update(repeating: bias[filter], count: places)
        }
      }
    }
    if shape.isDepthwise, geometry.input.count <= 2 {
      return DepthwiseConvolution.run(shape, geometry, x, w, out, accumulates: bias != nil)
    }
    let isPointwise =
      geometry.kernel.allSatisfy { $0 == 1 } && geometry.strides.allSatisfy { $0 == 1 }
      && places == plane
    let channels = shape.channels / shape.groups
    let filters = shape.filters / shape.groups
    let depth = channels * geometry.kernel.reduce(1, *)
    let offsets = isPointwise ? nil : PatchOffsets(geometry, channels: channels)
    let padded = Scratch.allocate((offsets?.plane ?? 0) * channels)
    defer { Scratch.deallocate(padded) }
    for image in 0..<shape.images {
      for group in 0..<shape.groups {
        let input = x + (image * shape.channels + group * channels) * plane
        let output = out + (image * shape.filters + group * filters) * places
        let a = StridedMatrix(base: w + group * filters * depth, laneStride: depth, depthStride: 1)
        guard let offsets else {
          let b = StridedMatrix(base: input, laneStride: 1, depthStride: places)
          MatrixProduct.multiply(
            a, b, into: output, ldc: places, m: filters, n: places, k: depth,
            accumulates: bias != nil)
          continue
        }
        Padding.copy(
          input, channels: channels, geometry: geometry, padded: offsets.padded, into: padded)
        offsets.lanes.reading { lanes in
          offsets.depths.reading { depths in
            let b = ConvolutionPatches(base: padded, laneOffsets: lanes, depthOffsets: depths)
            MatrixProduct.multiply(
              a, b, into: output, ldc: places, m: filters, n: places, k: depth,
              accumulates: bias != nil)
          }
        }
      }
    }
  }
}

/// Numbers of a convolution that are no sides.
struct ConvolutionShape {
  /// N.
  var images: Int
  /// Channels of the operand.
  var channels: Int
  /// Channels of the result.
  var filters: Int
  /// Independent groups of channels.
  var groups: Int

  /// Whether each result depends on one channel only.
  var isDepthwise: Bool { groups == channels && groups > 1 }
}
