internal import Networks
internal import Reference

extension CoreLowering {
  /// A copy of a tensor to one of the same shape.
  func copy(_ from: TensorView, to: TensorView) throws(NetworkError) -> CoreKernel {
    try copy(WalkOperand(from), to: WalkOperand(to), shape: to.shape, bytes: to.element.byteCount)
  }

  private func copy(
    _ from: WalkOperand, to: WalkOperand, shape: [Int], bytes: Int
  ) throws(NetworkError) -> CoreKernel {
    CoreKernel(.copy, [bytes.word] + (try Walk.words(shape, [to, from])))
  }

  /// One element everywhere; `pattern` is its bytes.
  private func fill(_ to: TensorView, _ pattern: [UInt8]) throws(NetworkError) -> CoreKernel {
    var value: UInt64 = 0
    for byte in pattern.reversed() { value = value << 8 | UInt64(byte) }
    return CoreKernel(
      .fill,
      [to.element.byteCount.word, UInt32(truncatingIfNeeded: value), UInt32(value >> 32)]
        + (try Walk.words(to.shape, [WalkOperand(to)])))
  }

  /// Operators that give every element of an operand another place.
  func reshape(_ pool: inout ConstantPool) throws(NetworkError) -> [CoreKernel] {
    let x = try view(0, &pool)
    if let (shape, from, to) = Self.common(x, result) {
      return [
        try copy(
          WalkOperand(address: x.address, strides: from),
          to: WalkOperand(address: result.address, strides: to), shape: shape,
          bytes: x.element.byteCount)
      ]
    }
    throw unsupported("of \(x.type) to \(result.type) with these layouts")
  }

  /// The axes into which both shapes of the same elements can be split, with the distances of both, in bytes.
  private static func common(
    _ x: TensorView, _ y: TensorView
  ) -> (shape: [Int], from: [Int], to: [Int])? {
    let size = x.element.byteCount
    // Axes that lie like one are one, so that fewer splits are needed.
    func axes(_ view: TensorView) -> [(side: Int, stride: Int)] {
      var result: [(side: Int, stride: Int)] = []
      for (side, stride) in zip(view.shape, view.strides) where side != 1 {
        if let last = result.last, last.stride == stride * side {
          result[result.count - 1] = (last.side * side, stride)
        } else {
          result.append((side, stride))
        }
      }
      return result
    }
    guard x.count > 0 else { return ([0], [0], [0]) }
    var (left, right) = (axes(x), axes(y))
    var shape: [Int] = []
    var (from, to): ([Int], [Int]) = ([], [])
    // From the innermost axis on: what both have is split off.
    while let one = left.last, let other = right.last {
      let side = min(one.side, other.side)
      guard one.side % side == 0, other.side % side == 0 else { return nil }
      shape.insert(side, at: 0)
      from.insert(one.stride * size, at: 0)
      to.insert(other.stride * size, at: 0)
      left.removeLast()
      right.removeLast()
      if one.side > side { left.append((one.side / side, one.stride * side)) }
      if other.side > side { right.append((other.side / side, other.stride * side)) }
    }
    return (shape, from, to)
  }

  /// Operators whose results are elements of the first operand, found axis by axis: computed by the reference for
  /// the elements' numbers.
  func move(_ pool: inout ConstantPool) throws(NetworkError) -> [CoreKernel] {
    let x = try view(0, &pool)
    guard x.count > 0 else { return [] }
    var operands = constants
    for index in operands.indices.dropFirst() where has(index) {
      operands[index] = try known(index, "operand \(index + 1)")
    }
    operands[0] = Tensor(x.shape, (0..<x.count).map { Int32($0) })
    // What a padding repeats is not the value given for the other kind of padding.
    if case .pad = node.operator, operands.count > 2 { operands[2] = nil }
    let numbers = try node.operator.evaluate(
      operands, results: outputs.map { TensorType(.int32, $0.shape) })
    var kernels: [CoreKernel] = []
    for (numbers, result) in zip(numbers, outputs) where result.count > 0 {
      guard let values = numbers.array(of: Int32.self) else { throw unsupported() }
      kernels.append(try move(x, result, values, &pool))
    }
    return kernels
  }

  /// Copies elements whose numbers along each axis of the result are those of `numbers`.
  private func move(
    _ x: TensorView, _ result: TensorView, _ numbers: [Int32], _ pool: inout ConstantPool
  ) throws(NetworkError) -> CoreKernel {
    let logical = TensorView.rowMajor(x.shape)
    let size = x.element.byteCount
    func place(_ number: Int32) -> Int {
      var rest = Int(number)
      var place = 0
      for axis in x.shape.indices {
        place += rest / logical[axis] * x.strides[axis] * size
        rest %= logical[axis]
      }
      return place
    }
    let first = place(numbers[0])
    let steps = TensorView.rowMajor(result.shape)
    var offsets: [[Int]] = []
    for axis in result.shape.indices {
      offsets.append((0..<result.shape[axis]).map { place(numbers[$0 * steps[axis]]) - first })
    }
    let isLinear = offsets.map { offsets in
      let step = offsets.count > 1 ? offsets[1] : 0
      return offsets.enumerated().allSatisfy { $0.element == $0.offset * step }
    }
    let source = UInt32(truncatingIfNeeded: Int(x.address) + first)
    if isLinear.allSatisfy({ $0 }) {
      return try copy(
        WalkOperand(address: source, strides: offsets.map { $0.count > 1 ? $0[1] : 0 }),
        to: WalkOperand(result), shape: result.shape, bytes: size)
    }
    // The longest row inside.
    let to = WalkOperand(result)
    let axes = result.shape.indices.filter { result.shape[$0] > 1 }.sorted {
      to.strides[$0].magnitude > to.strides[$1].magnitude
    }
    guard axes.count <= Walk.rank else { throw unsupported("of so many axes") }
    var words = [size.word, source, axes.count.word, result.address]
    for axis in axes {
      words += [result.shape[axis].word, to.strides[axis].word]
      if isLinear[axis] {
        words += [0, offsets[axis][1].word]
      } else {
        words += [pool.add(words: offsets[axis].map(\.word)), 0]
      }
    }
    return CoreKernel(.copyIndexed, words)
  }

  /// The part of a tensor from some place on.
  private static func part(_ view: TensorView, from start: [Int], shape: [Int]) -> TensorView {
    let offset = zip(start, view.strides).reduce(0) { $0 + $1.0 * $1.1 }
    var part = view
    part.address = UInt32(
      truncatingIfNeeded: Int(view.address) + offset * view.element.byteCount)
    part.shape = shape
    return part
  }

  /// The parts of the result that the operands of a concatenation become.
  func parts(axis: Int, _ shapes: [[Int]]) -> [TensorView] {
    var start = result.shape.map { _ in 0 }
    var parts: [TensorView] = []
    for shape in shapes {
      parts.append(Self.part(result, from: start, shape: shape))
      start[axis] += shape[axis]
    }
    return parts
  }

  /// Concat.
  func concat(axis: Int, _ pool: inout ConstantPool) throws(NetworkError) -> [CoreKernel] {
    let axis = try self.axis(axis, rank: result.shape.count)
    var views: [TensorView] = []
    for index in node.inputs.indices { views.append(try view(index, &pool)) }
    var kernels: [CoreKernel] = []
    for (view, part) in zip(views, parts(axis: axis, views.map(\.shape))) {
      // A part that lies where it belongs already needs no copy.
      if view.address == part.address, view.strides == part.strides { continue }
      kernels.append(try copy(view, to: part))
    }
    return kernels
  }

  /// Pad.
  func pad(_ mode: PadMode, _ pool: inout ConstantPool) throws(NetworkError) -> [CoreKernel] {
    guard mode == .constant else { return try move(&pool) }
    let x = try view(0, &pool)
    guard let given = try known(1, "padding").indices else { throw unsupported() }
    var axes: [Int]?
    if has(3) { axes = try known(3, "the axes").indices }
    let pads = try ResolvedPad.resolve(shape: x.shape, pads: given, axes: axes, mode: mode)
    let value =
      has(2)
      ? try known(2, "the padding value").littleEndianBytes
      : [UInt8](repeating: 0, count: x.element.byteCount)
    let shape = zip(x.shape, pads).map { $0 + min($1.begin, 0) + min($1.end, 0) }
    return [
      try fill(result, value),
      try copy(
        Self.part(x, from: pads.map { max(0, -$0.begin) }, shape: shape),
        to: Self.part(result, from: pads.map { max(0, $0.begin) }, shape: shape)),
    ]
  }

  /// Gather.
  func gather(axis: Int, _ pool: inout ConstantPool) throws(NetworkError) -> [CoreKernel] {
    // Indices of two axes are not found axis by axis.
    if let indices = constant(1), indices.shape.count <= 1 { return try move(&pool) }
    let (x, indices) = (try view(0, &pool), try view(1, &pool))
    let axis = try self.axis(axis, rank: x.shape.count)
    let (from, at) = (WalkOperand(x), WalkOperand(indices))
    let rank = indices.shape.count
    let source = WalkOperand(
      address: x.address,
      strides: from.strides[..<axis] + [Int](repeating: 0, count: rank)
        + from.strides[(axis + 1)...])
    let places = WalkOperand(
      address: indices.address,
      strides: [Int](repeating: 0, count: axis) + at.strides
        + [Int](repeating: 0, count: x.shape.count - axis - 1))
    return [
      CoreKernel(
        .gather,
        [
          x.element.byteCount.word, indices.element.byteCount.word, x.shape[axis].word,
          from.strides[axis].word,
        ] + (try Walk.words(result.shape, [WalkOperand(result), source, places])))
    ]
  }

  /// Where.
  func choose(_ pool: inout ConstantPool) throws(NetworkError) -> [CoreKernel] {
    var operands = [WalkOperand(result)]
    for index in 0..<3 {
      operands.append(WalkOperand(try view(index, &pool), broadcastTo: result.shape))
    }
    return [
      CoreKernel(
        .choose, [result.element.byteCount.word] + (try Walk.words(result.shape, operands)))
    ]
  }
}

extension Tensor {
  /// The elements if they are integers that count or name axes.
  var indices: [Int]? {
    array(of: Int64.self)?.map { Int($0) } ?? array(of: Int32.self)?.map { Int($0) }
  }
}
