internal import Networks

/// Exact convolutions of 8-bit integers.
///
/// The operand is copied, group by group, into 16-bit integers with the zero point subtracted and padding, which is then
/// zero. The place of an element in that copy is the sum of an offset of the window and an offset of the element
/// of the kernel, whatever the number of axes.
struct IntegerConvolution {
  private let window: ResolvedWindow
  private let batch: Int
  private let groups: Int
  /// Input channels of one group.
  private let channels: Int
  /// Output channels of one group.
  private let rows: Int
  /// Sides of the operand.
  private let spatial: [Int]
  /// Sides of the padded operand.
  private let padded: [Int]
  /// Places of the window's beginnings in the padded operand.
  private let columnOffsets: [Int32]
  /// Places of the kernel's elements, channel by channel.
  private let depthOffsets: [Int32]

  /// Elements of one channel of the result.
  var columns: Int { columnOffsets.count }

  /// Prepares a convolution of operands that fit each other.
  ///
  /// - Throws: when attributes do not fit the operands.
  init(_ attributes: Convolution, input: [Int], weights: [Int]) throws(NetworkError) {
    guard input.count >= 3, weights.count == input.count, attributes.groups > 0,
      weights[0] % attributes.groups == 0, input[1] == weights[1] * attributes.groups
    else {
      throw NetworkError(
        "weights \(TensorType.text(weights)) in \(attributes.groups) groups do not fit the operand "
          + TensorType.text(input))
    }
    spatial = Array(input[2...])
    window = try attributes.window.resolved(input: spatial, kernel: Array(weights[2...]))
    batch = input[0]
    groups = attributes.groups
    channels = weights[1]
    rows = weights[0] / attributes.groups
    var sides: [Int] = []
    for axis in spatial.indices {
      sides.append(spatial[axis] + window.padsBegin[axis] + window.padsEnd[axis])
    }
    padded = sides
    guard let size = Limits.elementCount(of: [weights[1]] + sides),
      Limits.elementCount(of: window.output) != nil
    else { throw NetworkError("the padded operand is too large") }
    columnOffsets = Self.offsets(window.output, steps: window.strides, within: sides)
    let kernel = Self.offsets(window.kernel, steps: window.dilations, within: sides)
    let channelSize = weights[1] == 0 ? 0 : size / weights[1]
    var offsets: [Int32] = []
    for channel in 0..<weights[1] {
      offsets += kernel.map { $0 + Int32(channel * channelSize) }
    }
    depthOffsets = offsets
  }

  /// Computes all accumulators.
  ///
  /// - Parameters:
  ///   - input: elements less their zero point.
  ///   - weights: elements less their zero points.
  ///   - store: takes accumulators of one channel of one result, from a column on.
  func run(
    input: [Int16], weights: [Int16],
    store: (
      _ image: Int, _ channel: Int, _ column: Int, _ accumulators: UnsafeBufferPointer<Int32>
    ) -> Void
  ) {
    guard columns > 0, rows > 0 else { return }
    let depth = depthOffsets.count
    var copy = [Int16](repeating: 0, count: channels * padded.reduce(1, *))
    for image in 0..<batch {
      for group in 0..<groups {
        fill(&copy, from: input, firstChannel: (image * groups + group) * channels)
        weights.withUnsafeBufferPointer { weights in
          copy.withUnsafeBufferPointer { copy in
            guard let weights = weights.baseAddress, let copy = copy.baseAddress else { return }
            let kernel = weights + group * rows * depth
            if rows < IntegerProduct.rows {
              direct(copy, kernel) { store(image, group * rows + $0, $1, $2) }
            } else {
              product(copy, kernel) { store(image, group * rows + $0, $1, $2) }
            }
          }
        }
      }
    }
  }

  /// Places of all combinations of steps along the axes.
  private static func offsets(_ counts: [Int], steps: [Int], within sides: [Int]) -> [Int32] {
    var offsets: [Int32] = [0]
    var stride = 1
    for axis in counts.indices.reversed() {
      let distance = stride * steps[axis]
      var next: [Int32] = []
      next.reserveCapacity(offsets.count * counts[axis])
      for place in 0..<counts[axis] {
        for offset in offsets { next.append(Int32(place * distance) + offset) }
      }
      offsets = next
      stride *= sides[axis]
    }
    return offsets
  }

  /// Copies the channels of one group behind their padding, which stays as it is.
  private func fill(_ copy: inout [Int16], from input: [Int16], firstChannel: Int) {
    let length = spatial.last ?? 1
    let lines = spatial.dropLast().reduce(1, *)
    guard length > 0, lines > 0 else { return }
    let rowOffsets = Self.offsets(
      Array(spatial.dropLast()) + [1], steps: spatial.map { _ in 1 }, within: padded)
    var begin = 0
    for axis in padded.indices { begin = begin * padded[axis] + window.padsBegin[axis] }
    let size = padded.reduce(1, *)
    copy.withUnsafeMutableBufferPointer { copy in
      input.withUnsafeBufferPointer { input in
        guard let target = copy.baseAddress, let source = input.baseAddress else { return }
        for channel in 0..<channels {
          let from = source + (firstChannel + channel) * lines * length
          let into = target + channel * size + begin
          for line in 0..<lines {
            (into + Int(rowOffsets[line])).update(from: from + line * length, count: length)
          }
        }
      }
    }
  }

  /// Many rows: as a matrix product, some columns at a time so that the packed ones stay in the cache.
  private func product(
    _ copy: UnsafePointer<Int16>, _ kernel: UnsafePointer<Int16>,
    _ store: (_ row: Int, _ column: Int, UnsafeBufferPointer<Int32>) -> Void
  ) {
    let depth = depthOffsets.count
    let left = IntegerProduct.LeftPanels(kernel, rowCount: rows, depth: depth)
    let perBlock = max(IntegerProduct.columns, 131_072 / max(depth, 1))
    let block = min(
      perBlock / IntegerProduct.columns * IntegerProduct.columns, 512,
      (columns + IntegerProduct.columns - 1) / IntegerProduct.columns * IntegerProduct.columns)
    let right = UnsafeMutableBufferPointer<SIMD8<Int16>>.allocate(
      capacity: IntegerProduct.vectors(depth: depth, columns: block))
    defer { right.deallocate() }
    let sums = UnsafeMutableBufferPointer<Int32>.allocate(capacity: rows * block)
    defer { sums.deallocate() }
    guard let panels = right.baseAddress, let result = sums.baseAddress else { return }
    for first in stride(from: 0, to: columns, by: block) {
      let count = min(block, columns - first)
      pack(copy, first: first, count: count, into: panels)
      IntegerProduct.multiply(left, panels, columns: count, result: result, stride: block)
      for row in 0..<rows {
        store(row, first, UnsafeBufferPointer(start: result + row * block, count: count))
      }
    }
  }

  /// Packs the operands of windows for the matrix product.
  private func pack(
    _ copy: UnsafePointer<Int16>, first: Int, count: Int,
    into panels: UnsafeMutablePointer<SIMD8<Int16>>
  ) {
    let depth = depthOffsets.count
    let pairs = (depth + 1) / 2
    let lanes = UnsafeMutableRawPointer(panels).assumingMemoryBound(to: Int16.self)
    columnOffsets.withUnsafeBufferPointer { columnOffsets in
      depthOffsets.withUnsafeBufferPointer { depthOffsets in
        for panel in stride(from: 0, to: count, by: IntegerProduct.columns) {
          let width = min(IntegerProduct.columns, count - panel)
          var target = lanes + panel / IntegerProduct.columns * pairs * 16
          for pair in 0..<pairs {
            let low = copy + Int(depthOffsets[2 * pair])
            let isWhole = 2 * pair + 1 < depth
            let high = isWhole ? copy + Int(depthOffsets[2 * pair + 1]) : low
            for column in 0..<width {
              let offset = Int(columnOffsets[first + panel + column])
              target[2 * column] = low[offset]
              target[2 * column + 1] = isWhole ? high[offset] : 0
            }
            for lane in 2 * width..<16 { target[lane] = 0 }
            target += 16
          }
        }
      }
    }
  }

  /// Few rows, as in depthwise convolutions: element by element.
  private func direct(
    _ copy: UnsafePointer<Int16>, _ kernel: UnsafePointer<Int16>,
    _ store: (_ row: Int, _ column: Int, UnsafeBufferPointer<Int32>) -> Void
  ) {
    let depth = depthOffsets.count
    let count = columns
    let length = window.output.last ?? 1
    let step = window.strides.last ?? 1
    var sums = [Int32](repeating: 0, count: count)
    for row in 0..<rows {
      for column in 0..<count { sums[column] = 0 }
      sums.withUnsafeMutableBufferPointer { sums in
        guard let sums = sums.baseAddress else { return }
        for line in stride(from: 0, to: count, by: length) {
          let start = copy + Int(columnOffsets[line])
          for k in 0..<depth {
            let weight = Int32(kernel[row * depth + k])
            let source = start + Int(depthOffsets[k])
            let target = sums + line
            if step == 1 {
              for i in 0..<length { target[i] &+= weight &* Int32(source[i]) }
            } else {
              for i in 0..<length { target[i] &+= weight &* Int32(source[i &* step]) }
            }
          }
        }
        store(row, 0, UnsafeBufferPointer(start: sums, count: count))
      }
    }
  }
}
