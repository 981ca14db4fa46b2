/// An operand of a matrix product that is rearranged into panels while it is read.
///
/// A product sums over its *depth*. What is not depth are *lanes*: the rows of the left operand, the columns of the
/// right one. A panel holds `width` neighbouring lanes, depth by depth, so that the innermost loop reads forwards.
protocol PanelSource {
  /// Writes lanes as panels.
  ///
  /// Lane l of the range and depth d of the range go to
  /// `panels[(l / width · depth.count + d) · width + l mod width]`; lanes missing in the last panel are 0.
  func pack(
    lanes: Range<Int>, depth: Range<Int>, width: Int, into panels: UnsafeMutablePointer<Float>)

  /// The elements of a lane if they are neighbours in memory.
  func contiguousLane(_ lane: Int) -> UnsafePointer<Float>?
}

extension PanelSource {
  func contiguousLane(_ lane: Int) -> UnsafePointer<Float>? { nil }
}

/// A matrix in memory, with any strides.
struct StridedMatrix: PanelSource {
  /// The element of lane 0 and depth 0.
  var base: UnsafePointer<Float>
  /// Distance of neighbouring lanes.
  var laneStride: Int
  /// Distance of neighbouring depths.
  var depthStride: Int

  func pack(
    lanes: Range<Int>, depth: Range<Int>, width: Int, into panels: UnsafeMutablePointer<Float>
  ) {
    var target = panels
    var lane = lanes.lowerBound
    while lane < lanes.upperBound {
      let present = min(width, lanes.upperBound - lane)
      let source = base + lane * laneStride + depth.lowerBound * depthStride
      if laneStride == 1 {
        packRows(source, present, depth.count, width, target)
      } else {
        packColumns(source, present, depth.count, width, target)
      }
      target += width * depth.count
      lane += width
    }
  }

  @inline(__always)
  private func packRows(
    _ source: UnsafePointer<Float>, _ present: Int, _ depth: Int, _ width: Int,
    _ target: UnsafeMutablePointer<Float>
  ) {
    for d in 0..<depth {
      let row = source + d * depthStride
      let out = target + d * width
      for l in 0..<present { out[l] = row[l] }
      for l in present..<width { out[l] = 0 }
    }
  }

  @inline(__always)
  private func packColumns(
    _ source: UnsafePointer<Float>, _ present: Int, _ depth: Int, _ width: Int,
    _ target: UnsafeMutablePointer<Float>
  ) {
    for l in 0..<present {
      let column = source + l * laneStride
      let out = target + l
      if depthStride == 1 {
        for d in 0..<depth { out[d * width] = column[d] }
      } else {
        for d in 0..<depth { out[d * width] = column[d * depthStride] }
      }
    }
    for l in present..<width {
      for d in 0..<depth { target[d * width + l] = 0 }
    }
  }

  func contiguousLane(_ lane: Int) -> UnsafePointer<Float>? {
    depthStride == 1 ? base + lane * laneStride : nil
  }
}
