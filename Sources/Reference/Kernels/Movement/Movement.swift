internal import Networks

/// Elements copied from one tensor to another: what Transpose, Slice, Concat, Pad, Gather and their like do.
///
/// The element at index (i, j, …) of a box comes from `sourceStart + axes[0](i) + axes[1](j) + …` and goes to
/// `targetStart + i·targetStrides[0] + j·targetStrides[1] + …`.
struct Movement {
  /// How the place in the source depends on the index along one axis.
  enum Source {
    /// index · step, for so many indices.
    case steps(Int, count: Int)
    /// A table of offsets.
    case table([Int])

    /// Indices along the axis.
    var count: Int {
      switch self {
      case .steps(_, let count): count
      case .table(let offsets): offsets.count
      }
    }
  }

  /// Offset of the first element in the source.
  var sourceStart = 0
  /// The axes of the box, outermost first.
  var axes: [Source]
  /// Offset of the first element in the target.
  var targetStart = 0
  /// Distances in the target; nil when the box is the whole target.
  var targetStrides: [Int]?

  /// Copies into a new tensor.
  func tensor(_ source: Tensor, _ shape: [Int]) -> Tensor {
    let type = source.type.element
    return Tensor(
      shape: shape,
      elements: .filled(type, shape.reduce(1, *)) { run(source.elements, into: $0) })
  }

  /// Copies into memory that holds elements of the same type.
  func run(_ source: Tensor.Elements, into target: UnsafeMutableRawPointer) {
    let plan = simplified()
    source.readingBytes { bytes in
      switch source.type.byteCount {
      case 1: plan.copy(bytes, target, as: UInt8.self)
      case 2: plan.copy(bytes, target, as: UInt16.self)
      case 4: plan.copy(bytes, target, as: UInt32.self)
      default: plan.copy(bytes, target, as: UInt64.self)
      }
    }
  }

  /// The same copy over fewer axes: neighbouring ones that are contiguous on both sides become one.
  private func simplified() -> Movement {
    let strides = targetStrides ?? Axis.strides(axes.map(\.count))
    var result = self
    result.axes = []
    var newStrides: [Int] = []
    for (axis, target) in zip(axes, strides) where axis.count != 1 || !axis.isTrivial {
      if case .steps(let step, let count) = axis,
        case .steps(let outer, let outerCount)? = result.axes.last,
        let outerTarget = newStrides.last, outer == step * count, outerTarget == target * count
      {
        result.axes[result.axes.count - 1] = .steps(step, count: count * outerCount)
        newStrides[newStrides.count - 1] = target
      } else {
        result.axes.append(axis)
        newStrides.append(target)
      }
    }
    if result.axes.isEmpty {
      result.axes = [.steps(1, count: 1)]
      newStrides = [1]
    }
    result.targetStrides = newStrides
    return result
  }

  private func copy<Unit: BitwiseCopyable>(
    _ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, as type: Unit.Type
  ) {
    guard axes.allSatisfy({ $0.count > 0 }) else { return }
    let source = source.assumingMemoryBound(to: Unit.self)
    let target = target.assumingMemoryBound(to: Unit.self)
    copy(source + sourceStart, target + targetStart, 0)
  }

  private func copy<Unit: BitwiseCopyable>(
    _ source: UnsafePointer<Unit>, _ target: UnsafeMutablePointer<Unit>, _ axis: Int
  ) {
    let targetStep = targetStrides?[axis] ?? 1
    guard axis == axes.count - 1 else {
      switch axes[axis] {
      case .steps(let step, let count):
        for i in 0..<count { copy(source + i * step, target + i * targetStep, axis + 1) }
      case .table(let offsets):
        for (i, offset) in offsets.enumerated() {
          copy(source + offset, target + i * targetStep, axis + 1)
        }
      }
      return
    }
    switch axes[axis] {
    case .steps(1, let count) where targetStep == 1: target.update(from: source, count: count)
    case .steps(let step, let count):
      for i in 0..<count { target[i * targetStep] = source[i * step] }
    case .table(let offsets):
      offsets.reading { table in
        for i in 0..<offsets.count { target[i * targetStep] = source[table[i]] }
      }
    }
  }
}

extension Movement.Source {
  /// Whether the only index is at offset 0.
  fileprivate var isTrivial: Bool {
    switch self {
    case .steps: true
    case .table(let offsets): offsets == [0]
    }
  }
}
