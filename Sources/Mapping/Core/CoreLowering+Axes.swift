internal import Networks
internal import Reference

extension CoreLowering {
  // MARK: Pooling

  /// What a window becomes, numbers of the runtime firmware (pooling.c).
  enum PoolFunction: UInt32 {
    case maximum, average, quantisedAverage
  }

  /// MaxPool and AveragePool.
  func windows(
    _ function: PoolFunction, _ attributes: Pooling, _ pool: inout ConstantPool
  ) throws(NetworkError) -> [CoreKernel] {
    let x = try view(0, &pool)
    guard node.outputs.filter({ !$0.isEmpty }).count == 1 else { throw unsupported("with indices") }
    guard
      x.element == .float32 || (function == .maximum && (x.element.isByte || x.element == .int32))
    else { throw unsupported("of \(x.element.rawValue)") }
    let window = try attributes.window.resolved(
      input: Array(x.shape.dropFirst(2)), roundsUp: attributes.roundsUp)
    return [
      try windows(
        function, WindowWords(window, x, result), countsPadding: attributes.countsPadding)
    ]
  }

  private func windows(
    _ function: PoolFunction, _ words: WindowWords, countsPadding: Bool, table: UInt32 = 0,
    scale: Float = 1, zeroPoint: Int32 = 0
  ) throws(NetworkError) -> CoreKernel {
    CoreKernel(
      .pool,
      [
        function.rawValue, try words.x.element.code(), words.y.address, words.x.address,
        countsPadding ? 1 : 0, words.window.padsEnd[0].word, words.window.padsEnd[1].word, table,
        scale.bitPattern, zeroPoint.word,
      ] + words.words(groups: words.x.shape[1], channels: 1, outputs: 1))
  }

  /// QLinearAveragePool: bytes are dequantised by a table and added up in binary32.
  func quantisedAverage(
    _ attributes: Pooling, channelsLast: Bool, _ pool: inout ConstantPool
  ) throws(NetworkError) -> [CoreKernel] {
    let x = try view(0, &pool)
    let spatial = Array(channelsLast ? x.shape.dropFirst().dropLast() : x.shape.dropFirst(2))
    let window = try attributes.window.resolved(input: spatial, roundsUp: attributes.roundsUp)
    if window.kernel == spatial, (window.padsBegin + window.padsEnd).allSatisfy({ $0 == 0 }) {
      return try quantisedGlobalAverage(channelsLast: channelsLast, &pool)
    }
    let (xScale, xZero) = (try scale(1), try zeroPoint(2))
    let table = (0..<256).map { pattern in
      let byte = UInt8(pattern)
      let value = x.element == .int8 ? Int32(Int8(bitPattern: byte)) : Int32(byte)
      return (xScale * Float(value - xZero)).bitPattern
    }
    return [
      try windows(
        .quantisedAverage, WindowWords(window, x, result, channelsLast: channelsLast),
        countsPadding: attributes.countsPadding, table: pool.add(words: table),
        scale: try scale(3), zeroPoint: try zeroPoint(4))
    ]
  }

  /// GlobalMaxPool and GlobalAveragePool.
  func globalPool(
    _ function: ReduceFunction, _ pool: inout ConstantPool
  ) throws(NetworkError) -> [CoreKernel] {
    let x = try view(0, &pool)
    return [try reduce(function, x, over: Set(2..<max(2, x.shape.count)))]
  }

  // MARK: Reductions

  private func reduce(
    _ function: ReduceFunction, _ x: TensorView, over axes: Set<Int>
  ) throws(NetworkError) -> CoreKernel {
    let code: UInt32 =
      switch function {
      case .sum: 0
      case .mean: 1
      case .maximum: 2
      case .minimum: 3
      case .product: 4
      case .l1: 5
      case .l2: 6
      case .sumOfSquares: 7
      case .logSum: 8
      case .logSumExp: 9
      }
    let isExtreme = function == .maximum || function == .minimum
    switch x.element {
    case .float32: break
    case .int8, .uint8:
      guard isExtreme else { throw unsupported("of \(x.element.rawValue)") }
    case .int32:
      guard isExtreme || function == .sum else { throw unsupported("of \(x.element.rawValue)") }
    default: throw unsupported("of \(x.element.rawValue)")
    }
    let count = axes.reduce(1) { $0 * x.shape[$1] }
    return CoreKernel(
      .reduce, [code, try x.element.code(), count.word] + (try reduction(x, over: axes)))
  }

  /// Reduce….
  func reduce(
    _ function: ReduceFunction, emptyAxesMeanNone: Bool, _ pool: inout ConstantPool
  ) throws(NetworkError) -> [CoreKernel] {
    let x = try view(0, &pool)
    var axes: [Int] = []
    if has(1) { axes = try known(1, "the axes").indices ?? [] }
    if axes.isEmpty, !emptyAxesMeanNone { axes = Array(x.shape.indices) }
    var resolved: Set<Int> = []
    for axis in axes { resolved.insert(try self.axis(axis, rank: x.shape.count)) }
    return [try reduce(function, x, over: resolved)]
  }

  /// ArgMax, ArgMin.
  func argument(
    greatest: Bool, axis: Int, lastIndex: Bool, _ pool: inout ConstantPool
  ) throws(NetworkError) -> [CoreKernel] {
    let x = try view(0, &pool)
    guard x.element == .float32 || x.element.isByte || x.element == .int32 else {
      throw unsupported("of \(x.element.rawValue)")
    }
    let axis = try self.axis(axis, rank: x.shape.count)
    let from = WalkOperand(x)
    let shape = x.shape.indices.filter { $0 != axis }.map { x.shape[$0] }
    var to = WalkOperand(result)
    if result.shape.count == x.shape.count { to = to.removing([axis]) }
    return [
      CoreKernel(
        .argument,
        [
          greatest ? 1 : 0, lastIndex ? 1 : 0, try x.element.code(), x.shape[axis].word,
          from.strides[axis].word,
        ] + (try Walk.words(shape, [to, from.removing([axis])])))
    ]
  }

  /// Softmax and LogSoftmax.
  func softmax(
    axis: Int, isLogarithm: Bool, _ pool: inout ConstantPool
  ) throws(NetworkError) -> [CoreKernel] {
    let x = try view(0, &pool)
    guard x.element == .float32 else { throw unsupported("of \(x.element.rawValue)") }
    let axis = try self.axis(axis, rank: x.shape.count)
    let (from, to) = (WalkOperand(x), WalkOperand(result))
    let shape = x.shape.indices.filter { $0 != axis }.map { x.shape[$0] }
    return [
      CoreKernel(
        .softmax,
        [isLogarithm ? 1 : 0, x.shape[axis].word, from.strides[axis].word, to.strides[axis].word]
          + (try Walk.words(shape, [to.removing([axis]), from.removing([axis])])))
    ]
  }

  // MARK: Normalisations

  /// (x − mean)/√(variance + epsilon)·scale + bias, each group of `inner` axes by itself. All operands have the
  /// same axes.
  private func normalise(
    _ shape: [Int], inner: Set<Int>, _ operands: [WalkOperand], _ epsilon: Float
  ) throws(NetworkError) -> CoreKernel {
    let within = inner.sorted()
    let outer = shape.indices.filter { !inner.contains($0) }
    return CoreKernel(
      .normalise,
      [within.reduce(1) { $0 * shape[$1] }.word, epsilon.bitPattern]
        + (try Walk.words(within.map { shape[$0] }, operands.map { $0.keeping(within) }))
        + (try Walk.words(outer.map { shape[$0] }, operands.map { $0.keeping(outer) })))
  }

  /// LayerNormalization.
  func layerNormalisation(
    axis: Int, _ epsilon: Float, _ pool: inout ConstantPool
  ) throws(NetworkError) -> [CoreKernel] {
    let x = try view(0, &pool)
    guard x.element == .float32, node.outputs.dropFirst().allSatisfy(\.isEmpty) else {
      throw unsupported("of \(x.element.rawValue) or with mean and deviation")
    }
    let axis = try self.axis(axis, rank: x.shape.count)
    var operands = [WalkOperand(result), WalkOperand(x)]
    for (index, value) in [(1, Float(1)), (2, 0)] {
      let view = has(index) ? try view(index, &pool) : Self.view(Tensor(scalar: value), &pool)
      operands.append(WalkOperand(view, broadcastTo: x.shape))
    }
    return [try normalise(x.shape, inner: Set(axis..<x.shape.count), operands, epsilon)]
  }

  /// InstanceNormalization (as many groups as channels) and GroupNormalization.
  func groupNormalisation(
    _ groups: Int?, _ epsilon: Float, _ pool: inout ConstantPool
  ) throws(NetworkError) -> [CoreKernel] {
    let x = try view(0, &pool)
    guard x.element == .float32, x.shape.count >= 2 else {
      throw unsupported("of \(x.element.rawValue)")
    }
    let channels = x.shape[1]
    let groups = groups ?? channels
    guard groups > 0, channels % groups == 0 else {
      throw NetworkError("\(channels) channels in \(groups) groups")
    }
    // The axis of channels becomes one of groups and one of members.
    let shape = [x.shape[0], groups, channels / groups] + x.shape[2...]
    func split(_ operand: WalkOperand) -> WalkOperand {
      var strides = operand.strides
      strides.insert(strides[1] * (channels / groups), at: 1)
      return WalkOperand(address: operand.address, strides: strides)
    }
    var operands = [split(WalkOperand(result)), split(WalkOperand(x))]
    for index in 1...2 {
      let view = try view(index, &pool)
      guard view.count == channels, let step = WalkOperand(view).strides.last else {
        throw unsupported("with parameters that are not one per channel")
      }
      operands.append(
        split(
          WalkOperand(
            address: view.address,
            strides: [0, step] + [Int](repeating: 0, count: x.shape.count - 2))))
    }
    return [try normalise(shape, inner: Set(2..<shape.count), operands, epsilon)]
  }

  /// BatchNormalization with constant parameters: x·factor + offset per channel.
  func batchNormalisation(
    _ epsilon: Float, _ pool: inout ConstantPool
  ) throws(NetworkError) -> [CoreKernel] {
    let x = try view(0, &pool)
    guard x.element == .float32, let scale = try known(1, "the scale").floats,
      let bias = try known(2, "the bias").floats, let mean = try known(3, "the mean").floats,
      let variance = try known(4, "the variance").floats, scale.count == bias.count,
      mean.count == scale.count, variance.count == scale.count
    else { throw unsupported("of \(x.element.rawValue)") }
    let factors = zip(scale, variance).map { $0 / ($1 + epsilon).squareRoot() }
    let offsets = bias.indices.map { bias[$0] - mean[$0] * factors[$0] }
    let channels = [scale.count] + [Int](repeating: 1, count: max(0, x.shape.count - 2))
    let (y, from) = (WalkOperand(result), WalkOperand(x))
    func operand(_ values: [Float]) -> WalkOperand {
      WalkOperand(Self.view(Tensor(channels, values), &pool), broadcastTo: x.shape)
    }
    return [
      CoreKernel(.binary, [2] + (try Walk.words(x.shape, [y, from, operand(factors)]))),
      CoreKernel(.binary, [0] + (try Walk.words(x.shape, [y, y, operand(offsets)]))),
    ]
  }
}
