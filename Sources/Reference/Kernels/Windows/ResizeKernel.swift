internal import Foundation
internal import Networks

/// Resize: every axis is resampled by itself.
enum ResizeKernel {
  static func evaluate(
    _ attributes: Resize, _ operands: Operands, _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    let x = try operands.required(0)
    // An exporter writes an absent operand as an empty one.
    let scales: [Float]? =
      (operands.optional(2)?.count ?? 0) > 0 ? try operands.array(2) : nil
    let sizes: [Int]? = (operands.optional(3)?.count ?? 0) > 0 ? try operands.integers(3) : nil
    let resolved = try attributes.resolved(input: x.shape, scales: scales, sizes: sizes)
    guard resolved.output == result.shape else {
      throw NetworkError("the result is not \(TensorType.text(resolved.output))")
    }
    guard result.elementCount > 0 else {
      return Tensor(shape: result.shape, elements: .filled(result.element, 0) { _ in })
    }
    let samplings = x.shape.indices.map { axis in
      Sampling(
        attributes, input: x.shape[axis], output: resolved.output[axis],
        scale: resolved.scales[axis])
    }
    if attributes.mode == .nearest { return nearest(x, samplings, result) }
    var value = x
    for axis in x.shape.indices where !samplings[axis].isIdentity {
      value = try resampled(value, axis, samplings[axis])
    }
    return value
  }

  private static func nearest(
    _ x: Tensor, _ samplings: [Sampling], _ result: TensorType
  ) -> Tensor {
    let strides = Axis.strides(x.shape)
    return Movement(
      axes: zip(samplings, strides).map { sampling, stride in
        sampling.isIdentity
          ? .steps(stride, count: sampling.output)
          : .table((0..<sampling.output).map { sampling.nearest($0) * stride })
      }
    ).tensor(x, result.shape)
  }

  private static func resampled(
    _ x: Tensor, _ axis: Int, _ sampling: Sampling
  ) throws(NetworkError) -> Tensor {
    var shape = x.shape
    shape[axis] = sampling.output
    return switch x.elements {
    case .float32(let array): Tensor(shape, resampled(array, x.shape, axis, sampling))
    case .float64(let array): Tensor(shape, resampled(array, x.shape, axis, sampling))
    case .int8, .uint8, .int16, .uint16, .int32, .uint32, .int64, .uint64:
      try Cast.convert(
        resampled(Cast.convert(x, to: .float32), axis, sampling), to: x.type.element)
    case .float16, .bfloat16, .bool:
      throw NetworkError("Resize of \(x.type.element.rawValue) between elements is not supported")
    }
  }

  private static func resampled<R: RealElement>(
    _ x: [R], _ shape: [Int], _ axis: Int, _ sampling: Sampling
  ) -> [R] {
    let outer = shape[..<axis].reduce(1, *)
    let inner = shape[(axis + 1)...].reduce(1, *)
    let taps = (0..<sampling.output).map { sampling.taps($0) }
    return .filled(outer * sampling.output * inner) { out in
      x.reading { x in
        for o in 0..<outer {
          let source = x + o * sampling.input * inner
          for (place, taps) in taps.enumerated() {
            let target = out + (o * sampling.output + place) * inner
            for i in 0..<inner {
              var sum: R = 0
              for tap in taps { sum += R(tap.weight) * source[tap.index * inner + i] }
              target[i] = sum
            }
          }
        }
      }
    }
  }
}

/// Where the elements of a resized axis come from.
private struct Sampling {
  let attributes: Resize
  /// Elements of the operand.
  let input: Int
  /// Elements of the result.
  let output: Int
  /// output / input, or what the network says.
  let scale: Float

  init(_ attributes: Resize, input: Int, output: Int, scale: Float) {
    self.attributes = attributes
    self.input = input
    self.output = output
    self.scale = scale
  }

  /// Whether nothing changes.
  var isIdentity: Bool { input == output && scale == 1 }

  /// The place in the operand of an element of the result; 0 where factors are too small to tell.
  func coordinate(_ place: Int) -> Float {
    let x = unchecked(place)
    return x.isNaN ? 0 : x
  }

  private func unchecked(_ place: Int) -> Float {
    let x = Float(place)
    switch attributes.coordinates {
    case .halfPixel: return (x + 0.5) / scale - 0.5
    case .pytorchHalfPixel: return output > 1 ? (x + 0.5) / scale - 0.5 : 0
    case .asymmetric: return x / scale
    case .alignCorners: return output > 1 ? x * Float(input - 1) / Float(output - 1) : 0
    case .halfPixelSymmetric:
      let adjustment = Float(output) / (scale * Float(input))
      let centre = Float(input) / 2
      return centre * (1 - adjustment) + (x + 0.5) / scale - 0.5
    }
  }

  /// The nearest element of the operand.
  func nearest(_ place: Int) -> Int {
    let x = coordinate(place)
    let rounded =
      switch attributes.rounding {
      case .preferFloor: x == x.rounded(.down) + 0.5 ? x.rounded(.down) : x.rounded()
      case .preferCeiling: (x + 0.5).rounded(.down)
      case .floor: x.rounded(.down)
      case .ceiling: x.rounded(.up)
      }
    return clamped(rounded)
  }

  private func clamped(_ x: Float) -> Int { Int(min(max(x, 0), Float(input - 1))) }

  /// The elements that an element of the result is mixed of.
  func taps(_ place: Int) -> [(index: Int, weight: Float)] {
    let x = coordinate(place)
    switch attributes.mode {
    case .nearest: return [(nearest(place), 1)]
    case .linear:
      let inside = min(max(x, 0), Float(input - 1))
      let first = Int(inside)
      let second = min(first + 1, input - 1)
      let weight = inside - Float(first)
      if weight == 0 || first == second { return [(first, 1)] }
      return [(first, 1 - weight), (second, weight)]
    case .cubic:
      let first = x.rounded(.down)
      var taps: [(index: Int, weight: Float)] = []
      var sum: Float = 0
      for step in -1...2 {
        let index = first + Float(step)
        let isOutside = index < 0 || index > Float(input - 1)
        let weight = attributes.excludesOutside && isOutside ? 0 : cubic(x - index)
        taps.append((clamped(index), weight))
        sum += weight
      }
      if attributes.excludesOutside, sum != 0 {
        for tap in taps.indices { taps[tap].weight /= sum }
      }
      return taps
    }
  }

  /// The cubic convolution kernel (Keys 1981) at a distance.
  private func cubic(_ distance: Float) -> Float {
    let a = attributes.cubicCoefficient
    let t = abs(distance)
    if t <= 1 { return ((a + 2) * t - (a + 3)) * t * t + 1 }
    if t < 2 { return ((a * t - 5 * a) * t + 8 * a) * t - 4 * a }
    return 0
  }
}
