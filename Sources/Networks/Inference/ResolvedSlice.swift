/// What a Slice takes along one axis.
public struct ResolvedSlice: Sendable, Equatable {
  /// The first element taken.
  public var start: Int
  /// From one element to the next; can be negative, is not 0.
  public var step: Int
  /// How many elements are taken.
  public var count: Int

  /// Creates a slice.
  public init(start: Int, step: Int, count: Int) {
    self.start = start
    self.step = step
    self.count = count
  }

  /// What Slice takes along every axis of an operand.
  ///
  /// Negative bounds count from the end; bounds outside the operand are moved to its edge.
  ///
  /// - Parameters:
  ///   - shape: the operand's shape.
  ///   - starts: the first element along each of `axes`.
  ///   - ends: the element before which to stop, likewise.
  ///   - axes: the axes; nil is the first ones.
  ///   - steps: the steps; nil is 1 everywhere.
  /// - Returns: one element per axis of the operand.
  /// - Throws: `NetworkError` when the lists have different lengths, an axis does not exist or is given twice,
  ///   or a step is 0.
  public static func resolve(
    shape: [Int], starts: [Int], ends: [Int], axes: [Int]?, steps: [Int]?
  ) throws(NetworkError) -> [ResolvedSlice] {
    let axes = try normalised(axes: axes ?? Array(starts.indices), rank: shape.count)
    let steps = steps ?? [Int](repeating: 1, count: starts.count)
    guard starts.count == ends.count, starts.count == axes.count, starts.count == steps.count
    else {
      throw NetworkError(
        "has \(starts.count) starts, \(ends.count) ends, \(axes.count) axes and \(steps.count) "
          + "steps, which must be as many")
    }
    var slices = shape.map { ResolvedSlice(start: 0, step: 1, count: $0) }
    for (index, axis) in axes.enumerated() {
      let (side, step) = (shape[axis], steps[index])
      guard step != 0 else { throw NetworkError("the step along axis \(axis) is 0") }
      // Going forwards, both bounds are 0 to side. Going backwards, the start is 0 to side - 1 and the end
      // can also stand before the first element; here the standard differs from Python.
      func position(_ value: Int, from least: Int) -> Int {
        let fromFront = value < 0 ? max(value, -side - 1) + side : value
        return min(max(fromFront, least), step > 0 ? side : side - 1)
      }
      let start = position(starts[index], from: 0)
      // The greatest numbers mean "to the end", also where the end is the beginning.
      let isOpen = ends[index] == Int(Int32.max) || ends[index] == .max
      let end = position(isOpen && step < 0 ? .min : ends[index], from: step > 0 ? 0 : -1)
      let distance = step > 0 ? end - start : start - end
      let stride = step.magnitude
      let count = distance <= 0 ? 0 : Int((UInt(distance) - 1) / stride) + 1
      slices[axis] = ResolvedSlice(start: count == 0 ? 0 : start, step: step, count: count)
    }
    return slices
  }
}

/// What a Pad adds along one axis; negative numbers take elements away.
public struct ResolvedPad: Sendable, Equatable {
  /// Elements before the operand.
  public var begin: Int
  /// Elements behind it.
  public var end: Int

  /// What Pad adds along every axis of an operand.
  ///
  /// - Parameters:
  ///   - shape: the operand's shape.
  ///   - pads: the beginnings along `axes`, then the ends.
  ///   - axes: the axes; nil is all.
  ///   - mode: what is added.
  /// - Returns: one element per axis of the operand.
  /// - Throws: `NetworkError` when numbers are missing, more is taken away than there is, or there are too few
  ///   elements to mirror or repeat.
  public static func resolve(
    shape: [Int], pads: [Int], axes: [Int]?, mode: PadMode
  ) throws(NetworkError) -> [ResolvedPad] {
    let axes = try normalised(axes: axes ?? Array(shape.indices), rank: shape.count)
    guard pads.count == 2 * axes.count else {
      throw NetworkError(
        "has \(pads.count) pads, but \(2 * axes.count) are needed: a beginning and an end for each "
          + "of \(axes.count) axes")
    }
    var result = shape.map { _ in ResolvedPad(begin: 0, end: 0) }
    for (index, axis) in axes.enumerated() {
      let pad = ResolvedPad(begin: pads[index], end: pads[axes.count + index])
      let side = shape[axis]
      let allowed = -Limits.elements...Limits.elements
      guard allowed.contains(pad.begin), allowed.contains(pad.end),
        side + min(0, pad.begin) + min(0, pad.end) >= 0
      else {
        throw NetworkError(
          "cannot pad \(side) elements along axis \(axis) by \(pad.begin) and \(pad.end)")
      }
      // What is mirrored or repeated is what is left after taking away.
      let rest = side + min(0, pad.begin) + min(0, pad.end)
      let most = max(pad.begin, pad.end)
      switch mode {
      case .constant: break
      case .edge, .wrap:
        guard most <= 0 || rest > 0 else {
          throw NetworkError("there is nothing along axis \(axis) to repeat")
        }
      case .reflect:
        guard most <= 0 || most < rest else {
          throw NetworkError(
            "cannot mirror \(most) elements along axis \(axis): there are \(rest), and the edge "
              + "does not count")
        }
      }
      result[axis] = pad
    }
    return result
  }
}
