internal import Networks

/// ScatterND and ScatterElements: a copy of x, some of whose elements are replaced by updates or combined with them.
///
/// Updates are taken in their order, so of several to one place the last one stays.
struct Scattering {
  /// Where in x each run of updates begins.
  private let offsets: [Int]
  /// Neighbouring elements that go to neighbouring places.
  private let run: Int
  private let reduction: ScatterReduction

  /// ScatterND: slices at index tuples.
  static func slices(
    _ operands: Operands, _ reduction: ScatterReduction
  ) throws(NetworkError) -> Tensor {
    let (offsets, run) = try Gathering.sliceOffsets(operands, batchAxes: 0)
    return try Scattering(offsets: offsets, run: run, reduction: reduction).evaluate(operands)
  }

  /// ScatterElements: each update has its own index along an axis.
  static func elements(
    _ operands: Operands, axis: Int, _ reduction: ScatterReduction
  ) throws(NetworkError) -> Tensor {
    let offsets = try Gathering.elementOffsets(operands, axis: axis)
    return try Scattering(offsets: offsets, run: 1, reduction: reduction).evaluate(operands)
  }

  private func evaluate(_ operands: Operands) throws(NetworkError) -> Tensor {
    let x = try operands.required(0)
    let updates = try operands.required(2)
    guard updates.count == offsets.count * run, updates.type.element == x.type.element else {
      throw NetworkError("the updates do not fit the indices")
    }
    if reduction == .replace { return replaced(x, updates) }
    switch (x.elements, updates.elements) {
    case (.float32(let x), .float32(let y)): return tensor(operands, real(x, y))
    case (.float64(let x), .float64(let y)): return tensor(operands, real(x, y))
    case (.int8(let x), .int8(let y)): return tensor(operands, integer(x, y))
    case (.uint8(let x), .uint8(let y)): return tensor(operands, integer(x, y))
    case (.int16(let x), .int16(let y)): return tensor(operands, integer(x, y))
    case (.uint16(let x), .uint16(let y)): return tensor(operands, integer(x, y))
    case (.int32(let x), .int32(let y)): return tensor(operands, integer(x, y))
    case (.uint32(let x), .uint32(let y)): return tensor(operands, integer(x, y))
    case (.int64(let x), .int64(let y)): return tensor(operands, integer(x, y))
    case (.uint64(let x), .uint64(let y)): return tensor(operands, integer(x, y))
    default:
      throw NetworkError(
        "scattering \(x.type.element.rawValue) with '\(reduction.rawValue)' is not supported")
    }
  }

  private func replaced(_ x: Tensor, _ updates: Tensor) -> Tensor {
    let size = x.type.element.byteCount
    let elements = Tensor.Elements.filled(x.type.element, x.count) { target in
      x.elements.readingBytes { target.copyMemory(from: $0, byteCount: x.count * size) }
      updates.elements.readingBytes { source in
        for (index, offset) in offsets.enumerated() {
          (target + offset * size).copyMemory(
            from: source + index * run * size, byteCount: run * size)
        }
      }
    }
    return Tensor(shape: x.shape, elements: elements)
  }

  private func real<R: RealElement>(_ x: [R], _ updates: [R]) -> [R] {
    switch reduction {
    case .replace: combined(x, updates) { $1 }
    case .add: combined(x, updates) { $0 + $1 }
    case .multiply: combined(x, updates) { $0 * $1 }
    case .maximum: combined(x, updates) { $0 < $1 ? $1 : $0 }
    case .minimum: combined(x, updates) { $1 < $0 ? $1 : $0 }
    }
  }

  private func integer<I: FixedWidthInteger>(_ x: [I], _ updates: [I]) -> [I] {
    switch reduction {
    case .replace: combined(x, updates) { $1 }
    case .add: combined(x, updates) { $0 &+ $1 }
    case .multiply: combined(x, updates) { $0 &* $1 }
    case .maximum: combined(x, updates) { max($0, $1) }
    case .minimum: combined(x, updates) { min($0, $1) }
    }
  }

  @inline(__always)
  private func combined<Element>(
    _ x: [Element], _ updates: [Element], _ function: (Element, Element) -> Element
  ) -> [Element] {
    var result = x
    for (index, offset) in offsets.enumerated() {
      for i in 0..<run {
        result[offset + i] = function(result[offset + i], updates[index * run + i])
      }
    }
    return result
  }

  private func tensor<Element: TensorElement>(
    _ operands: Operands, _ array: [Element]
  ) -> Tensor {
    Tensor(operands.optional(0)?.shape ?? [], array)
  }
}
