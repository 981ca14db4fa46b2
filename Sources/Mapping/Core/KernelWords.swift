internal import Networks

/// An operand of a walk: where it begins and how far its neighbours are apart, in bytes.
struct WalkOperand {
  var address: UInt32
  var strides: [Int]

  init(address: UInt32, strides: [Int]) {
    self.address = address
    self.strides = strides
  }

  /// A tensor along its own axes.
  init(_ view: TensorView) {
    address = view.address
    strides = view.strides.map { $0 * view.element.byteCount }
  }

  /// A tensor broadcast to a shape: it does not move along the axes it does not have or has one element of.
  init(_ view: TensorView, broadcastTo shape: [Int]) {
    self.init(view)
    let missing = shape.count - view.shape.count
    let own = strides
    strides = shape.indices.map { axis in
      axis < missing || (view.shape[axis - missing] == 1 && shape[axis] != 1)
        ? 0 : own[axis - missing]
    }
  }

  /// Without some axes.
  func removing(_ axes: Set<Int>) -> WalkOperand {
    WalkOperand(
      address: address, strides: strides.indices.filter { !axes.contains($0) }.map { strides[$0] })
  }

  /// Some axes only.
  func keeping(_ axes: [Int]) -> WalkOperand {
    WalkOperand(address: address, strides: axes.map { strides[$0] })
  }

  /// Further on.
  func moved(by bytes: Int) -> WalkOperand {
    WalkOperand(address: UInt32(truncatingIfNeeded: Int(address) + bytes), strides: strides)
  }
}

/// Makes the parameters that kernels walk over tensors by, with as few and as long rows as possible.
enum Walk {
  /// Most axes of a walk.
  static let rank = 8
  /// A row of fewer elements is made the longest axis there is.
  private static let shortRow = 8

  private struct Axis {
    var count: Int
    var strides: [Int]
  }

  /// Parameters of a walk in any order over all elements of a shape.
  static func words(
    _ shape: [Int], _ operands: [WalkOperand]
  ) throws(NetworkError) -> [UInt32] {
    var axes: [Axis] = []
    for axis in shape.indices where shape[axis] != 1 {
      axes.append(Axis(count: shape[axis], strides: operands.map { $0.strides[axis] }))
    }
    // The result's neighbours are written after each other; where it does not decide, the first operand's are read so.
    axes = axes.enumerated().sorted { left, right in
      for (one, other) in zip(left.element.strides, right.element.strides)
      where one.magnitude != other.magnitude {
        return one.magnitude > other.magnitude
      }
      return left.offset < right.offset
    }.map(\.element)
    var merged: [Axis] = []
    for axis in axes {
      if let last = merged.last,
        zip(last.strides, axis.strides).allSatisfy({ $0 == $1 * axis.count })
      {
        merged[merged.count - 1] = Axis(count: last.count * axis.count, strides: axis.strides)
      } else {
        merged.append(axis)
      }
    }
    if merged.isEmpty { merged = [Axis(count: 1, strides: operands.map { _ in 0 })] }
    if let last = merged.last, last.count < shortRow,
      let longest = merged.indices.max(by: { merged[$0].count < merged[$1].count }),
      merged[longest].count > last.count
    {
      merged.append(merged.remove(at: longest))
    }
    guard merged.count <= rank else {
      throw NetworkError(
        "cannot run on the core: its operands have \(merged.count) axes that cannot be merged",
        suggestion: "at most \(rank) are possible")
    }
    var words = [UInt32(merged.count)]
    words += operands.map(\.address)
    for axis in merged {
      words.append(UInt32(axis.count))
      words += axis.strides.map { UInt32(truncatingIfNeeded: $0) }
    }
    return words
  }
}

extension ElementType {
  /// The type's number in the runtime firmware (elements.h).
  func code() throws(NetworkError) -> UInt32 {
    switch self {
    case .float32: return 0
    case .int8: return 1
    case .uint8: return 2
    case .int16: return 3
    case .uint16: return 4
    case .int32: return 5
    case .uint32: return 6
    case .int64: return 7
    case .uint64: return 8
    case .bool: return 9
    case .float16, .float64, .bfloat16:
      throw NetworkError(
        "cannot run on the core: there are no kernels for elements of type \(rawValue)",
        suggestion: "fp32 and integers are possible")
    }
  }
}

extension Int {
  /// The number as a parameter.
  var word: UInt32 { UInt32(truncatingIfNeeded: self) }

  /// The next multiple of 16.
  var roundedTo16: Int { (self + 15) & ~15 }
}

extension Int32 {
  /// The number as a parameter.
  var word: UInt32 { UInt32(bitPattern: self) }
}
