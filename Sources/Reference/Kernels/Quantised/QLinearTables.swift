internal import Foundation
internal import Networks

/// Functions of one byte, computed once for each of the 256.
enum QLinearTable {
  /// Dequantises every byte, applies a function, quantises.
  static func table(
    isSigned: Bool, xScale: Float, xZeroPoint: Int32, yScale: Float, yZeroPoint: Int32,
    _ function: (Float) -> Float
  ) -> [UInt8] {
    let range: ClosedRange<Int32> = isSigned ? -128...127 : 0...255
    return (0..<256).map { pattern in
      let byte = UInt8(pattern)
      let x = isSigned ? Int32(Int8(bitPattern: byte)) : Int32(byte)
      let y = function(xScale * Float(x - xZeroPoint))
      return UInt8(
        truncatingIfNeeded: QuantiseLinear.quantised(
          y, scale: yScale, zeroPoint: yZeroPoint, range: range))
    }
  }

  /// QLinearSigmoid, QLinearLeakyRelu.
  static func unary(
    _ function: QLinearUnary, _ operands: QuantisedOperands, _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    let x = try operands.tensor(0)
    let table = table(
      isSigned: x.type.element == .int8, xScale: try operands.scale(1),
      xZeroPoint: try operands.zeroPoint(2), yScale: try operands.scale(3),
      yZeroPoint: try operands.zeroPoint(4)
    ) { value in
      switch function {
      case .sigmoid: logistic(value)
      case .leakyRelu(let alpha): value >= 0 ? value : alpha * value
      }
    }
    return Tensor(bytePatterns: try x.bytePatterns().map { table[Int($0)] }, type: result)
  }

  /// QLinearConcat: operands with the scale and zero point of the result are copied.
  static func concat(
    axis: Int, _ operands: QuantisedOperands, _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    let axis = try Axis.resolved(axis, rank: result.shape.count)
    let (yScale, yZeroPoint) = (try operands.scale(0), try operands.zeroPoint(1))
    let outer = result.shape[..<axis].reduce(1, *)
    let inner = result.shape[(axis + 1)...].reduce(1, *)
    var parts: [(bytes: [UInt8], run: Int)] = []
    for index in stride(from: 2, to: operands.tensors.count, by: 3) {
      let x = try operands.tensor(index)
      let (scale, zeroPoint) = (
        try operands.scale(index + 1), try operands.zeroPoint(index + 2)
      )
      var bytes = try x.bytePatterns()
      if scale != yScale || zeroPoint != yZeroPoint {
        let table = table(
          isSigned: result.element == .int8, xScale: scale, xZeroPoint: zeroPoint, yScale: yScale,
          yZeroPoint: yZeroPoint
        ) { $0 }
        bytes = bytes.map { table[Int($0)] }
      }
      parts.append((bytes, x.shape[axis] * inner))
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(result.elementCount)
    for index in 0..<outer {
      for part in parts { bytes += part.bytes[index * part.run..<(index + 1) * part.run] }
    }
    return Tensor(bytePatterns: bytes, type: result)
  }

  /// The logistic function as onnxruntime approximates it: a quotient of polynomials in x², fused sums, for
  /// |x| ≤ 18.
  static func logistic(_ value: Float) -> Float {
    let x = min(max(value, -18), 18)
    let square = x * x
    func polynomial(_ coefficients: [Float]) -> Float {
      coefficients.dropFirst().reduce(coefficients[0]) { $1.addingProduct(square, $0) }
    }
    let numerator =
      x
      * polynomial([
        4.37031012579801e-11, 1.15627324459942e-07, 6.08574864600143e-05, 8.51377133304701e-03,
        2.48287947061529e-01,
      ])
    let denominator = polynomial([
      6.10247389755681e-13, 5.76102136993427e-09, 6.29106785017040e-06, 1.70198817374094e-03,
      1.16817656904453e-01, 9.93151921023180e-01,
    ])
    return min(max(numerator / denominator + 0.5, 0), 1)
  }

  /// QLinearSoftmax.
  ///
  /// eˣ comes from a table that belongs to the greatest byte 255 (127): scaled so that sums stay far below the greatest
  /// binary32. A row is shifted so that its greatest byte is that one. y = round(eˣ·⌊1/y scale⌋ / Σeˣ) + zero point.
  static func softmax(
    axis: Int, _ operands: QuantisedOperands, _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    let x = try operands.tensor(0)
    let axis = try Axis.resolved(axis, rank: x.shape.count)
    let isSigned = x.type.element == .int8
    let side = x.shape[axis]
    let inner = x.shape[(axis + 1)...].reduce(1, *)
    let outer = x.shape[..<axis].reduce(1, *)
    let exponentials = exponentials(scale: try operands.scale(1), side: side)
    let factor = (1 / (try operands.scale(3))).rounded(.down)
    let zeroPoint = try operands.zeroPoint(4)
    // Order-preserving: 0 is the least byte of either sign.
    let flip: UInt8 = isSigned ? 0x80 : 0
    let bytes = try x.bytePatterns()
    var results = [UInt8](repeating: 0, count: bytes.count)
    for row in 0..<outer * inner {
      let start = row / inner * side * inner + row % inner
      let places = stride(from: start, to: start + side * inner, by: inner)
      let greatest = places.reduce(UInt8(0)) { max($0, bytes[$1] ^ flip) }
      var sum: Float = 0
      for place in places { sum += exponentials[Int(255 - greatest + (bytes[place] ^ flip))] }
      for place in places {
        let share = exponentials[Int(255 - greatest + (bytes[place] ^ flip))] * factor / sum
        let rounded = share.isNaN ? .infinity : share.rounded(.toNearestOrEven)
        // Products beyond binary32 become what x86 converts infinity to.
        let fits = rounded >= -0x1p31 && rounded < 0x1p31
        let integer = fits ? Int32(rounded) : isSigned ? Int32.min : 0
        let value = integer &+ zeroPoint
        results[place] =
          isSigned ? UInt8(bitPattern: Int8(clamping: value)) : UInt8(clamping: value)
      }
    }
    return Tensor(bytePatterns: results, type: result)
  }

  private static func exponentials(scale: Float, side: Int) -> [Float] {
    // The logarithm is a binary32 one, the rest binary64.
    let room = Double(log(Float.greatestFiniteMagnitude / Float(side)))
    let shift = max(0, room - 5) / Double(scale)
    return (0..<256).map { index in
      Float(exp((Double(index) - 255 + shift) * Double(scale)))
    }
  }
}
