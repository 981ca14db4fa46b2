internal import Networks

/// ConvTranspose in fp32: every element of the operand adds a multiple of the window to the result.
enum TransposedConvolution {
  /// ConvTranspose: x[N×C×…], w[C×M/groups×…], bias[M]?.
  static func evaluate(
    _ attributes: Convolution, outputPadding: [Int], _ operands: Operands, _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    let x = try operands.required(0)
    let w = try operands.required(1)
    let input: [Float] = try operands.array(0)
    let weights: [Float] = try operands.array(1)
    let bias: [Float]? = operands.optional(2) == nil ? nil : try operands.array(2)
    let groups = attributes.groups
    guard x.shape.count >= 2, w.shape.count == x.shape.count, result.shape.count == x.shape.count,
      groups > 0, x.shape[1] % groups == 0, w.shape[0] == x.shape[1],
      result.shape[1] == w.shape[1] * groups, bias == nil || bias?.count == result.shape[1]
    else { throw NetworkError("operands do not fit each other") }
    let shape = ConvolutionShape(
      images: x.shape[0], channels: x.shape[1], filters: result.shape[1], groups: groups)
    let scatter = try Scatter(
      attributes.window, input: Array(x.shape[2...]), kernel: Array(w.shape[2...]),
      outputPadding: outputPadding)
    guard Limits.elementCount(of: scatter.kernel + scatter.input) != nil else {
      throw NetworkError("the window and the operand are both too large")
    }
    let output = [Float].filled(result.elementCount) { out in
      input.reading { x in
        weights.reading { w in run(shape, scatter, x, w, bias, out) }
      }
    }
    return Tensor(result.shape, output)
  }

  private static func run(
    _ shape: ConvolutionShape, _ scatter: Scatter, _ x: UnsafePointer<Float>,
    _ w: UnsafePointer<Float>, _ bias: [Float]?, _ out: UnsafeMutablePointer<Float>
  ) {
    let places = scatter.input.reduce(1, *)
    let results = scatter.output.reduce(1, *)
    let taps = scatter.kernel.reduce(1, *)
    let channels = shape.channels / shape.groups
    let filters = shape.filters / shape.groups
    // As many filters at once as fit in 16 MiB.
    let block = max(1, min(filters, (1 << 22) / max(1, taps * places)))
    let columns = Scratch.allocate(block * taps * places)
    defer { Scratch.deallocate(columns) }
    for image in 0..<shape.images {
      for filter in 0..<shape.filters {
        (out + (image * shape.filters + filter) * results)
          .update(repeating: bias?[filter] ?? 0, count: results)
      }
      for group in 0..<shape.groups {
        let input = x + (image * shape.channels + group * channels) * places
        for first in stride(from: 0, to: filters, by: block) {
          let count = min(block, filters - first)
          let a = StridedMatrix(
            base: w + (group * channels * filters + first) * taps, laneStride: 1,
            depthStride: filters * taps)
          let b = StridedMatrix(base: input, laneStride: 1, depthStride: places)
          MatrixProduct.multiply(
            a, b, into: columns, ldc: places, m: count * taps, n: places, k: channels)
          for filter in 0..<count {
            scatter.add(
              columns + filter * taps * places,
              to: out + (image * shape.filters + group * filters + first + filter) * results)
          }
        }
      }
    }
  }
}

/// Where the windows of a transposed convolution fall.
struct Scatter {
  /// Sides of the operand.
  var input: [Int]
  /// Sides of the window.
  var kernel: [Int]
  /// Sides of the result.
  var output: [Int]
  private var strides: [Int]
  private var dilations: [Int]
  private var pads: [Int]

  init(
    _ window: Window, input: [Int], kernel: [Int], outputPadding: [Int]
  ) throws(NetworkError) {
    let resolved = try window.resolvedTransposed(
      input: input, kernel: kernel, outputPadding: outputPadding)
    self.input = input
    self.kernel = kernel
    output = resolved.output
    strides = resolved.strides
    dilations = resolved.dilations
    pads = resolved.padsBegin
  }

  /// Adds the products of one filter, `columns[tap, place]`, to its result.
  func add(_ columns: UnsafePointer<Float>, to out: UnsafeMutablePointer<Float>) {
    let places = input.reduce(1, *)
    let taps = kernel.reduce(1, *)
    var tap = [Int](repeating: 0, count: kernel.count)
    for index in 0..<taps {
      var rest = index
      for axis in stride(from: kernel.count - 1, through: 0, by: -1) {
        tap[axis] = rest % kernel[axis] * dilations[axis] - pads[axis]
        rest /= kernel[axis]
      }
      addTap(columns + index * places, tap, 0, 0, out)
    }
  }

  private func addTap(
    _ source: UnsafePointer<Float>, _ tap: [Int], _ axis: Int, _ offset: Int,
    _ out: UnsafeMutablePointer<Float>
  ) {
    guard axis < input.count else {
      out[offset] += source[0]
      return
    }
    let inner = input[(axis + 1)...].reduce(1, *)
    for i in 0..<input[axis] {
      let place = i * strides[axis] + tap[axis]
      guard place >= 0, place < output[axis] else { continue }
      if inner == 1, axis == input.count - 1 {
        out[offset * output[axis] + place] += source[i]
      } else {
        addTap(source + i * inner, tap, axis + 1, offset * output[axis] + place, out)
      }
    }
  }
}
