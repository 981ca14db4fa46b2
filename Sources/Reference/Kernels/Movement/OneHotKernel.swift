internal import Networks

/// OneHot: along a new axis one of two values, which is "on" at one index only.
enum OneHotKernel {
  /// An index outside of the axis gives "off" everywhere; negative ones count from the back.
  static func evaluate(
    _ operands: Operands, axis: Int, _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    let indices: [Int64] = try Operands([
      Cast.convert(operands.required(0), to: .int64)
    ]).array(0)
    let values = try operands.required(2)
    let lanes = Lanes(
      result.shape, axis: try Axis.resolved(axis, rank: result.shape.count))
    guard values.count == 2, values.type.element == result.element, lanes.count == indices.count
    else { throw NetworkError("the operands do not fit the result") }
    let depth = Int64(lanes.length)
    var table = [Int](repeating: 0, count: result.elementCount)
    for (lane, index) in indices.enumerated() where index >= -depth && index < depth {
      let place = Int(index < 0 ? index + depth : index)
      table[lanes.start(lane) + place * lanes.inner] = 1
    }
    return Movement(axes: [.table(table)]).tensor(values, result.shape)
  }
}
