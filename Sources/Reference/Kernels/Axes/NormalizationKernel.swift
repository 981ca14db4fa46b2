internal import Foundation
internal import Networks

/// Normalisations in fp32; fp64 operands are computed in fp32 too and therefore refused.
enum NormalizationKernel {
  /// BatchNormalization in inference: scale·(x − mean)/√(variance + epsilon) + bias per channel.
  static func batch(
    _ operands: Operands, epsilon: Float, _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    let shape = try operands.required(0).shape
    let x: [Float] = try operands.array(0)
    let scale: [Float] = try operands.array(1)
    let bias: [Float] = try operands.array(2)
    let mean: [Float] = try operands.array(3)
    let variance: [Float] = try operands.array(4)
    let channels = shape.count > 1 ? shape[1] : 1
    guard [scale.count, bias.count, mean.count, variance.count].allSatisfy({ $0 == channels })
    else { throw NetworkError("the parameters do not have \(channels) elements") }
    let plane = shape.dropFirst(2).reduce(1, *)
    return Tensor(
      result.shape,
      .filled(x.count) { out in
        x.reading { x in
          for row in 0..<(shape.first ?? 1) * channels {
            let channel = row % channels
            let factor = scale[channel] / (variance[channel] + epsilon).squareRoot()
            let offset = bias[channel] - mean[channel] * factor
            affine(x + row * plane, out + row * plane, plane, factor, offset)
          }
        }
      })
  }

  /// LayerNormalization over the axes from one to the last: normalised, mean, inverse standard deviation.
  static func layer(
    _ operands: Operands, axis: Int, epsilon: Float, _ results: [TensorType]
  ) throws(NetworkError) -> [Tensor] {
    let tensor = try operands.required(0)
    let x: [Float] = try operands.array(0)
    let axis = try Axis.resolved(axis, rank: tensor.shape.count)
    let inner = Array(tensor.shape[axis...])
    let length = inner.reduce(1, *)
    let scale = try parameter(operands, 1, inner) ?? [Float](repeating: 1, count: length)
    let bias = try parameter(operands, 2, inner) ?? [Float](repeating: 0, count: length)
    let count = tensor.shape[..<axis].reduce(1, *)
    var means = [Float](repeating: 0, count: count)
    var inverses = means
    let normalised = [Float].filled(x.count) { out in
      x.reading { x in
        for row in 0..<count {
          let (mean, variance) = moments(x + row * length, length)
          let inverse = Float(1 / (variance + Double(epsilon)).squareRoot())
          let start = row * length
          let offset = Float(mean)
          for i in 0..<length {
            out[start + i] = (x[start + i] - offset) * inverse * scale[i] + bias[i]
          }
          means[row] = offset
          inverses[row] = inverse
        }
      }
    }
    let arrays = [normalised, means, inverses]
    return zip(results, arrays).map { Tensor($0.shape, $1) }
  }

  /// A scale or bias, broadcast to the normalised axes.
  private static func parameter(
    _ operands: Operands, _ index: Int, _ shape: [Int]
  ) throws(NetworkError) -> [Float]? {
    guard let tensor = operands.optional(index) else { return nil }
    let array: [Float] = try operands.array(index)
    if array.count == shape.reduce(1, *) { return array }
    let leading = tensor.shape.drop { $0 == 1 }
    guard leading.count <= shape.count,
      zip(leading.reversed(), shape.reversed()).allSatisfy({ $0 == 1 || $0 == $1 })
    else { throw NetworkError("operand \(index + 1) does not fit the normalised axes") }
    return Rearrangement.expand(tensor.reshaped(Array(leading)), shape).array(of: Float.self)
  }

  /// InstanceNormalization: each channel of each image is normalised by itself.
  static func instance(
    _ operands: Operands, epsilon: Float, _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    let shape = try operands.required(0).shape
    guard shape.count >= 2 else { throw NetworkError("the operand has no channels") }
    return try grouped(operands, groups: shape[1], epsilon: epsilon, result)
  }

  /// GroupNormalization: each group of channels of each image is normalised; scale and bias per channel.
  static func grouped(
    _ operands: Operands, groups: Int, epsilon: Float, _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    let shape = try operands.required(0).shape
    let x: [Float] = try operands.array(0)
    let scale: [Float] = try operands.array(1)
    let bias: [Float] = try operands.array(2)
    guard shape.count >= 2, groups > 0, shape[1] % groups == 0, scale.count == shape[1],
      bias.count == shape[1]
    else { throw NetworkError("the parameters do not fit the channels") }
    let plane = shape.dropFirst(2).reduce(1, *)
    let channels = shape[1] / groups
    return Tensor(
      result.shape,
      .filled(x.count) { out in
        x.reading { x in
          for group in 0..<shape[0] * groups {
            let start = group * channels * plane
            let (mean, variance) = moments(x + start, channels * plane)
            let inverse = 1 / (variance + Double(epsilon)).squareRoot()
            for member in 0..<channels {
              let channel = group % groups * channels + member
              let factor = Double(scale[channel]) * inverse
              affine(
                x + (start + member * plane), out + (start + member * plane), plane,
                Float(factor), Float(Double(bias[channel]) - mean * factor))
            }
          }
        }
      })
  }

  /// LRN: x / (bias + alpha/size · Σ x² of the neighbouring channels)^beta.
  static func localResponse(
    _ operands: Operands, size: Int, alpha: Float, beta: Float, bias: Float, _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    let shape = try operands.required(0).shape
    let x: [Float] = try operands.array(0)
    guard shape.count >= 2, size > 0 else { throw NetworkError("the operand has no channels") }
    let channels = shape[1]
    let plane = shape.dropFirst(2).reduce(1, *)
    let before = (size - 1) / 2
    let after = size - 1 - before
    return Tensor(
      result.shape,
      .filled(x.count) { out in
        x.reading { x in
          var sums = [Float](repeating: 0, count: plane)
          for image in 0..<shape[0] {
            for channel in 0..<channels {
              for i in 0..<plane { sums[i] = 0 }
              for other in max(0, channel - before)...min(channels - 1, channel + after) {
                let source = x + (image * channels + other) * plane
                for i in 0..<plane { sums[i] += source[i] * source[i] }
              }
              let start = (image * channels + channel) * plane
              for i in 0..<plane {
                let base = bias + alpha / Float(size) * sums[i]
                out[start + i] = x[start + i] * Float.pow(base, -beta)
              }
            }
          }
        }
      })
  }

  @inline(__always)
  private static func affine(
    _ x: UnsafePointer<Float>, _ out: UnsafeMutablePointer<Float>, _ count: Int, _ factor: Float,
    _ offset: Float
  ) {
    for i in 0..<count { out[i] = x[i] * factor + offset }
  }

  /// Mean and variance, in fp64 and two passes.
  private static func moments(
    _ x: UnsafePointer<Float>, _ count: Int
  ) -> (mean: Double, variance: Double) {
    var sum = 0.0
    for i in 0..<count { sum += Double(x[i]) }
    let mean = sum / Double(max(1, count))
    var squares = 0.0
    for i in 0..<count {
      let distance = Double(x[i]) - mean
      squares += distance * distance
    }
    return (mean, squares / Double(max(1, count)))
  }
}
