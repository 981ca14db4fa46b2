/// A tensor seen along one of its axes, where it is in memory.
///
/// The elements of a lane are at `start`, `start + inner`, `start + 2·inner`, ….
struct Lanes {
  /// Lanes one behind the other.
  let outer: Int
  /// Elements of a lane.
  let length: Int
  /// Lanes side by side, which is the distance of a lane's elements.
  let inner: Int

  /// The lanes of a tensor of this shape; the axis is counted from the front.
  init(_ shape: [Int], axis: Int) {
    outer = shape[..<axis].reduce(1, *)
    length = shape[axis]
    inner = shape[(axis + 1)...].reduce(1, *)
  }

  /// Lanes in all.
  var count: Int { outer * inner }

  /// The place of a lane's first element.
  func start(_ lane: Int) -> Int { lane / inner * (length * inner) + lane % inner }
}
