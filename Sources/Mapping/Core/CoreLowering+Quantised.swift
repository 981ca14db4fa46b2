internal import Networks
internal import Reference

extension CoreLowering {
  /// QuantizeLinear and, back, DequantizeLinear.
  func quantise(
    axis: Int, isBack: Bool, _ pool: inout ConstantPool
  ) throws(NetworkError) -> [CoreKernel] {
    let x = try view(0, &pool)
    let (scales, zeros) = (try self.scales(1), try zeroPoints(2))
    let quantised = isBack ? x.element : result.element
    let real = isBack ? result.element : x.element
    guard real == .float32 else { throw unsupported("of \(real.rawValue)") }
    var strides = (scale: x.shape.map { _ in 0 }, zero: x.shape.map { _ in 0 })
    if scales.count > 1 || zeros.count > 1 {
      let axis = try self.axis(axis, rank: x.shape.count)
      guard scales.count == 1 || scales.count == x.shape[axis],
        zeros.count == 1 || zeros.count == x.shape[axis]
      else { throw unsupported("by blocks") }
      strides.scale[axis] = scales.count > 1 ? 4 : 0
      strides.zero[axis] = zeros.count > 1 ? 4 : 0
    }
    let walk = try Walk.words(
      x.shape,
      [
        WalkOperand(result), WalkOperand(x),
        WalkOperand(
          address: pool.add(words: scales.map(\.bitPattern)), strides: strides.scale),
        WalkOperand(address: pool.add(words: zeros.map(\.word)), strides: strides.zero),
      ])
    if isBack { return [CoreKernel(.dequantise, [try quantised.code()] + walk)] }
    let range: (Int32, Int32) =
      switch quantised {
      case .int8: (-128, 127)
      case .uint8: (0, 255)
      case .int16: (-32768, 32767)
      case .uint16: (0, 65535)
      default: throw unsupported("to \(quantised.rawValue)")
      }
    return [CoreKernel(.quantise, [try quantised.code(), range.0.word, range.1.word] + walk)]
  }

  /// QLinearAdd and QLinearMul, with the reference's roundings.
  ///
  /// A sum is fma(outer, outer ratio, fma(inner, inner ratio, constant)): the inner one is a table of its operand's bytes.
  /// Which operand is the outer one depends on how they are broadcast.
  func quantisedBinary(
    _ function: QLinearBinary, _ pool: inout ConstantPool
  ) throws(NetworkError) -> [CoreKernel] {
    let (a, b) = (try view(0, &pool), try view(3, &pool))
    let (aScale, bScale, yScale) = (try scale(1), try scale(4), try scale(6))
    let (aZero, bZero, yZero) = (try zeroPoint(2), try zeroPoint(5), try zeroPoint(7))
    let isSigned: UInt32 = result.element == .int8 ? 1 : 0
    let left = WalkOperand(a, broadcastTo: result.shape)
    let right = WalkOperand(b, broadcastTo: result.shape)
    switch function {
    case .multiply:
      let ratio = aScale * bScale / yScale
      return [
        CoreKernel(
          .qLinearBinary,
          [1, isSigned, ratio.bitPattern, 0, aZero.word, bZero.word, yZero.word]
            + (try Walk.words(result.shape, [WalkOperand(result), left, right])))
      ]
    case .add:
      let (aRatio, bRatio) = (aScale / yScale, bScale / yScale)
      let isScalarA = Self.isScalarA(a.shape, b.shape)
      let constant =
        isScalarA
        ? Float(yZero) - (aRatio * Float(aZero)).addingProduct(bRatio, Float(bZero))
        : Float(yZero) - (bRatio * Float(bZero)).addingProduct(aRatio, Float(aZero))
      let (outer, inner) = isScalarA ? (right, left) : (left, right)
      let (outerRatio, innerRatio) = isScalarA ? (bRatio, aRatio) : (aRatio, bRatio)
      let table = (0..<256).map { byte in
        let value = isSigned == 1 ? Int32(Int8(bitPattern: UInt8(byte))) : Int32(byte)
        return constant.addingProduct(Float(value), innerRatio).bitPattern
      }
      return [
        CoreKernel(
          .qLinearBinary,
          [0, isSigned, outerRatio.bitPattern, pool.add(words: table), 0, 0, 0]
            + (try Walk.words(result.shape, [WalkOperand(result), outer, inner])))
      ]
    }
  }

  /// Whether onnxruntime takes a as one number per run (`QLinearBinary.Order` of the reference).
  private static func isScalarA(_ a: [Int], _ b: [Int]) -> Bool {
    for axis in 0..<max(a.count, b.count) {
      let aSide = axis < a.count ? a[a.count - 1 - axis] : 1
      let bSide = axis < b.count ? b[b.count - 1 - axis] : 1
      if aSide == 1, bSide == 1 { continue }
      return aSide == 1
    }
    return true
  }

  /// QLinearConcat: copies, or tables where scale or zero point differ.
  func quantisedConcat(
    axis: Int, _ pool: inout ConstantPool
  ) throws(NetworkError) -> [CoreKernel] {
    let axis = try self.axis(axis, rank: result.shape.count)
    let (yScale, yZero) = (try scale(0), try zeroPoint(1))
    let places = stride(from: 2, to: node.inputs.count, by: 3)
    var views: [TensorView] = []
    for place in places { views.append(try view(place, &pool)) }
    var kernels: [CoreKernel] = []
    for (place, (view, part)) in zip(places, zip(views, parts(axis: axis, views.map(\.shape)))) {
      if try scale(place + 1) == yScale, try zeroPoint(place + 2) == yZero {
        if view.address != part.address || view.strides != part.strides {
          kernels.append(try copy(view, to: part))
        }
        continue
      }
      // The table of one operand is a concatenation of one.
      let operands = [
        constant(0), constant(1), nil, constant(place + 1), constant(place + 2),
      ]
      let table = try ByteTable.values(
        .qLinearConcat(axis: 0), operands, view.element, result.element, operand: 2)
      kernels.append(try lookup(table, view, part, &pool))
    }
    return kernels
  }

  /// QLinearGlobalAveragePool.
  func quantisedGlobalAverage(
    channelsLast: Bool, _ pool: inout ConstantPool
  ) throws(NetworkError) -> [CoreKernel] {
    let x = try view(0, &pool)
    guard x.shape.count >= 3, result.shape.count == x.shape.count else { throw unsupported() }
    let spatial = channelsLast ? Set(1..<x.shape.count - 1) : Set(2..<x.shape.count)
    let size = spatial.reduce(1) { $0 * x.shape[$1] }
    let factor = try scale(1) / (try scale(3) * Float(size))
    return [
      CoreKernel(
        .qLinearAverage,
        [
          try x.element.code(), try zeroPoint(2).word, try zeroPoint(4).word, factor.bitPattern,
          size.word,
        ] + (try reduction(x, over: spatial)))
    ]
  }

  /// The walk over the reduced axes of an operand, then that over the others of result and operand.
  ///
  /// The result has the reduced axes with one element, or not at all.
  func reduction(_ x: TensorView, over axes: Set<Int>) throws(NetworkError) -> [UInt32] {
    let kept = x.shape.indices.filter { !axes.contains($0) }
    let inner = axes.sorted()
    let from = WalkOperand(x)
    var to = WalkOperand(result)
    if result.shape.count == x.shape.count { to = to.keeping(kept) }
    guard to.strides.count == kept.count else { throw unsupported("of these shapes") }
    return
      (try Walk.words(inner.map { x.shape[$0] }, [from.keeping(inner)]))
      + (try Walk.words(kept.map { x.shape[$0] }, [to, from.keeping(kept)]))
  }

  /// QLinearSoftmax: the exponentials of the 256 distances come from the reference's formula.
  func quantisedSoftmax(
    axis: Int, _ pool: inout ConstantPool
  ) throws(NetworkError) -> [CoreKernel] {
    let x = try view(0, &pool)
    let axis = try self.axis(axis, rank: x.shape.count)
    let table = QuantisedExponentials.values(scale: try scale(1), side: x.shape[axis])
    let factor = (1 / (try scale(3))).rounded(.down)
    let shape = x.shape.indices.filter { $0 != axis }.map { x.shape[$0] }
    let (from, to) = (WalkOperand(x), WalkOperand(result))
    return [
      CoreKernel(
        .qLinearSoftmax,
        [
          x.element == .int8 ? 1 : 0, x.shape[axis].word, from.strides[axis].word,
          to.strides[axis].word, pool.add(words: table.map(\.bitPattern)), factor.bitPattern,
          try zeroPoint(4).word,
        ] + (try Walk.words(shape, [to.removing([axis]), from.removing([axis])])))
    ]
  }
}
