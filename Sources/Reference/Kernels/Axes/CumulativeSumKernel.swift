internal import Networks

/// CumSum: sums of all elements up to each one along an axis.
///
/// They are built in the element type, one after the other, as references do it; integers keep the low bits.
struct CumulativeSumKernel {
  private let lanes: Lanes
  private let exclusive: Bool
  private let reverse: Bool

  /// The sums of the first operand along the axis that the second one names.
  static func evaluate(
    _ operands: Operands, exclusive: Bool, reverse: Bool
  ) throws(NetworkError) -> Tensor {
    let x = try operands.required(0)
    guard let axis = try operands.integers(1).first else {
      throw NetworkError("the axis has no element")
    }
    let lanes = Lanes(x.shape, axis: try Axis.resolved(axis, rank: x.shape.count))
    let kernel = CumulativeSumKernel(lanes: lanes, exclusive: exclusive, reverse: reverse)
    switch x.elements {
    case .float32(let array): return Tensor(x.shape, kernel.sums(array, +))
    case .float64(let array): return Tensor(x.shape, kernel.sums(array, +))
    case .int8(let array): return Tensor(x.shape, kernel.sums(array, &+))
    case .uint8(let array): return Tensor(x.shape, kernel.sums(array, &+))
    case .int16(let array): return Tensor(x.shape, kernel.sums(array, &+))
    case .uint16(let array): return Tensor(x.shape, kernel.sums(array, &+))
    case .int32(let array): return Tensor(x.shape, kernel.sums(array, &+))
    case .uint32(let array): return Tensor(x.shape, kernel.sums(array, &+))
    case .int64(let array): return Tensor(x.shape, kernel.sums(array, &+))
    case .uint64(let array): return Tensor(x.shape, kernel.sums(array, &+))
    case .float16, .bfloat16, .bool:
      throw NetworkError("CumSum of \(x.type.element.rawValue) is not supported")
    }
  }

  @inline(__always)
  private func sums<Element: AdditiveArithmetic & BitwiseCopyable>(
    _ array: [Element], _ add: (Element, Element) -> Element
  ) -> [Element] {
    .filled(array.count) { out in
      array.reading { x in
        for lane in 0..<lanes.count {
          var place = lanes.start(lane) + (reverse ? lanes.length - 1 : 0) * lanes.inner
          var sum = Element.zero
          for _ in 0..<lanes.length {
            let next = add(sum, x[place])
            out[place] = exclusive ? sum : next
            sum = next
            place += reverse ? -lanes.inner : lanes.inner
          }
        }
      }
    }
  }
}
