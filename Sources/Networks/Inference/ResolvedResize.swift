/// A Resize whose every size is known. Both arrays have one element per axis of the operand.
public struct ResolvedResize: Sendable, Equatable {
  /// Sides of the result.
  public var output: [Int]
  /// Factors by which places in the operand are found: given ones, or result side / operand side.
  public var scales: [Float]
}

extension Resize {
  /// The sides of the result and the factors.
  ///
  /// With scales a side becomes ⌊side·scale⌋. With sizes it becomes the size; where the aspect ratio is kept,
  /// all sides change by the least or greatest size/side and are rounded, halves up.
  ///
  /// - Parameters:
  ///   - input: the operand's shape.
  ///   - scales: one per axis that is resized, or nil.
  ///   - sizes: one per axis that is resized, or nil; exactly one of both is given.
  /// - Throws: `NetworkError` when there are none, both, or a number that does not fit.
  public func resolved(
    input: [Int], scales: [Float]?, sizes: [Int]?
  ) throws(NetworkError) -> ResolvedResize {
    let axes = try normalised(axes: axes ?? Array(input.indices), rank: input.count)
    var result = ResolvedResize(output: input, scales: input.map { _ in 1 })
    switch (scales, sizes) {
    case (let scales?, nil):
      try check(scales.count, axes.count, "scales")
      for (axis, scale) in zip(axes, scales) {
        result.output[axis] = try Self.side(scale * Float(input[axis]), rule: .down)
        result.scales[axis] = scale
        guard scale > 0 else { throw NetworkError("the scale \(scale) is not positive") }
      }
    case (nil, let sizes?):
      try check(sizes.count, axes.count, "sizes")
      guard sizes.allSatisfy({ $0 >= 0 && $0 <= Limits.elements }) else {
        throw NetworkError("sizes \(sizes) must be from 0 to \(Limits.elements)")
      }
      guard zip(axes, sizes).allSatisfy({ input[$0] > 0 || $1 == 0 }) else {
        throw NetworkError("an empty axis of \(shapeText(input)) cannot be enlarged")
      }
      let factors = zip(axes, sizes).map { axis, size in
        input[axis] == 0 ? 1 : Float(size) / Float(input[axis])
      }
      switch aspectRatio {
      case .stretch:
        for (index, axis) in axes.enumerated() {
          result.output[axis] = sizes[index]
          result.scales[axis] = factors[index]
        }
      case .notLarger, .notSmaller:
        let factor = (aspectRatio == .notLarger ? factors.min() : factors.max()) ?? 1
        for axis in axes {
          result.output[axis] = try Self.side(
            factor * Float(input[axis]), rule: .toNearestOrAwayFromZero)
          result.scales[axis] = factor
        }
      }
    case (nil, nil): throw NetworkError("has neither scales nor sizes")
    case (.some, .some): throw NetworkError("has both scales and sizes; one must be absent")
    }
    return result
  }

  private func check(_ count: Int, _ expected: Int, _ name: String) throws(NetworkError) {
    guard count == expected else {
      throw NetworkError("has \(count) \(name), but \(expected) axes to resize")
    }
  }

  private static func side(
    _ value: Float, rule: FloatingPointRoundingRule
  ) throws(NetworkError) -> Int {
    guard value.isFinite, value >= 0, value < Float(Limits.elements) else {
      throw NetworkError("the scales give a side of \(value)")
    }
    return Int(value.rounded(rule))
  }
}
