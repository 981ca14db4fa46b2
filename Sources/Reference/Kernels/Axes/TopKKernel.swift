internal import Networks

/// TopK: the greatest or least elements along an axis, best first, and where they are.
///
/// Of equal elements the one with the lower index comes first; NaN counts as greater than any number. An unsorted
/// result may have any order, so it has this one too.
enum TopKKernel {
  static func evaluate(
    _ x: Tensor, axis: Int, greatest: Bool, _ results: [TensorType]
  ) throws(NetworkError) -> [Tensor] {
    guard let result = results.first else { return [] }
    let axis = try Axis.resolved(axis, rank: x.shape.count)
    let source = Lanes(x.shape, axis: axis)
    let target = Lanes(result.shape, axis: axis)
    func places<Element: Comparable & BitwiseCopyable>(_ array: [Element]) -> [Int] {
      greatest
        ? Self.places(array, source, target) { $0 > $1 }
        : Self.places(array, source, target) { $0 < $1 }
    }
    func places<Element: BinaryFloatingPoint & BitwiseCopyable>(ofReals array: [Element]) -> [Int] {
      greatest
        ? Self.places(array, source, target) { $0 > $1 || ($0.isNaN && !$1.isNaN) }
        : Self.places(array, source, target) { $0 < $1 || ($1.isNaN && !$0.isNaN) }
    }
    let places =
      switch x.elements {
      case .float32(let array): places(ofReals: array)
      case .float64(let array): places(ofReals: array)
      case .float16(let array): places(ofReals: array.map(\.float))
      case .bfloat16(let array): places(ofReals: array.map(\.float))
      case .int8(let array): places(array)
      case .uint8(let array): places(array)
      case .int16(let array): places(array)
      case .uint16(let array): places(array)
      case .int32(let array): places(array)
      case .uint32(let array): places(array)
      case .int64(let array): places(array)
      case .uint64(let array): places(array)
      case .bool(let array): places(array.map { $0 ? UInt8(1) : 0 })
      }
    let values = Movement(axes: [.table(places)]).tensor(x, result.shape)
    guard results.count > 1 else { return [values] }
    let indices = places.map { Int64($0 / source.inner % source.length) }
    return [values, Tensor(result.shape, indices)]
  }

  /// For every element of the result its place in the operand.
  private static func places<Element: BitwiseCopyable>(
    _ array: [Element], _ source: Lanes, _ target: Lanes,
    _ isBetter: (Element, Element) -> Bool
  ) -> [Int] {
    .filled(target.outer * target.length * target.inner) { out in
      for lane in 0..<source.count {
        let start = source.start(lane)
        let lane = target.start(lane)
        let order = (0..<source.length).map { start + $0 * source.inner }.sorted { a, b in
          isBetter(array[a], array[b]) || (a < b && !isBetter(array[b], array[a]))
        }
        for index in 0..<target.length { out[lane + index * target.inner] = order[index] }
      }
    }
  }
}
