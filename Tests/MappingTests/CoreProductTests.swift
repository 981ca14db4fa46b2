import Networks
import Testing

@Suite("Products and windows on the core")
struct CoreProductTests {
  @Test("Convolutions of bytes have the reference's bits", arguments: 0..<12)
  func integerConvolutions(seed: Int) throws {
    var draw = CoreDraw(1000 + seed)
    let signed = draw.coin()
    let kernel = seed % 4 == 0 ? [draw.number(1...4)] : [draw.number(1...4), draw.number(1...4)]
    let groups = draw.coin() ? 1 : draw.number(2...6)
    let channels = draw.number(0...2) == 0 ? 1 : draw.number(1...7)
    let outputs = draw.number(0...2) == 0 ? 1 : draw.number(1...7)
    let attributes = Convolution(draw.window(kernel), groups: groups)
    let x = draw.bytes(
      [1, groups * channels] + kernel.map { _ in draw.number(5...9) }, signed: signed)
    let areSignedWeights = draw.number(0...2) > 0
    let w = draw.bytes([groups * outputs, channels] + kernel, signed: areSignedWeights)
    let weightZero = CoreDraw.zero(
      draw.number(0...3) == 0 ? draw.number(1...100) : areSignedWeights ? 0 : 128, areSignedWeights)
    let scales = draw.scales(draw.coin() ? groups * outputs : nil)
    let bias = draw.coin() ? nil : draw.integers([groups * outputs], -5000...5000)
    try CoreCase.check(
      .qLinearConvolution(attributes),
      [
        x, draw.scales(nil), draw.zero(signed), w, scales, weightZero, draw.scales(nil),
        draw.zero(signed), bias,
      ], constants: Set(1...8))
    try CoreCase.check(
      .convolutionInteger(attributes), [x, w, draw.zero(signed), weightZero],
      constants: Set(1...3))
  }

  @Test("Depthwise convolutions, 3×3 and others", arguments: [[3, 3], [5, 5], [1, 4]])
  func depthwise(kernel: [Int]) throws {
    for seed in 0..<3 {
      var draw = CoreDraw(2000 + seed)
      let signed = draw.coin()
      let attributes = Convolution(draw.window(kernel), groups: 5)
      try CoreCase.check(
        .qLinearConvolution(attributes),
        [
          draw.bytes([1, 5, 9, 10], signed: signed), draw.scales(nil), draw.zero(signed),
          draw.bytes([5, 1] + kernel, signed: true), draw.scales(5), CoreDraw.zero(0, true),
          draw.scales(nil), draw.zero(signed), nil,
        ], constants: Set(1...8))
      try CoreCase.check(
        .convolution(attributes),
        [draw.floats([2, 5, 9, 10]), draw.floats([5, 1] + kernel), draw.floats([5])],
        constants: [1, 2])
    }
  }

  @Test("Convolutions of binary32 numbers", arguments: 0..<8)
  func convolutions(seed: Int) throws {
    var draw = CoreDraw(3000 + seed)
    let kernel = seed % 4 == 0 ? [draw.number(1...4)] : [draw.number(1...4), draw.number(1...4)]
    let groups = draw.coin() ? 1 : draw.number(2...4)
    let (channels, outputs) = (draw.number(1...7), draw.number(1...7))
    try CoreCase.check(
      .convolution(Convolution(draw.window(kernel), groups: groups)),
      [
        draw.floats([2, groups * channels] + kernel.map { _ in draw.number(5...9) }),
        draw.floats([groups * outputs, channels] + kernel),
        draw.coin() ? nil : draw.floats([groups * outputs]),
      ], constants: [1, 2])
  }

  @Test("Matrix products, b constant and computed", arguments: 0..<10)
  func products(seed: Int) throws {
    var draw = CoreDraw(4000 + seed)
    let (m, n, k) = (draw.number(1...9), draw.number(1...9), draw.number(1...20))
    let (turnsA, turnsB) = (draw.coin(), draw.coin())
    let attributes = GEMM(
      alpha: draw.coin() ? 1 : 0.5, beta: draw.coin() ? 1 : 2, transposesA: turnsA,
      transposesB: turnsB)
    let (aShape, bShape) = (turnsA ? [k, m] : [m, k], turnsB ? [n, k] : [k, n])
    let c = [nil, draw.floats([n]), draw.floats([m, 1]), draw.floats([m, n])][draw.number(0...3)]
    let addend = [nil, draw.integers([n], -3000...3000), draw.integers([m, n], -3000...3000)]
    let (signed, other) = (draw.coin(), draw.coin())
    let bZero =
      draw.coin()
      ? CoreDraw.zero(other ? 0 : 128, other) : CoreDraw.zero(draw.number(0...100), other)
    let batch = draw.shape(draw.number(0...2), upTo: 3)
    let right = draw.coin() ? batch : []
    for isConstant in [true, false] {
      try CoreCase.check(
        .gemm(attributes), [draw.floats(aShape), draw.floats(bShape), c],
        constants: isConstant ? [1, 2] : [])
      try CoreCase.check(
        .matMul, [draw.floats(batch + [m, k]), draw.floats(right + [k, n])],
        constants: isConstant ? [1] : [])
      let integers = [
        draw.bytes(aShape, signed: signed), draw.scales(nil), draw.zero(signed),
        draw.bytes(bShape, signed: other), draw.scales(draw.coin() ? n : nil), bZero,
        addend[draw.number(0...2)],
      ]
      let parameters = isConstant ? Set(1...8) : Set(1...8).subtracting([3])
      try CoreCase.check(
        .qGemm(attributes), integers + [draw.scales(nil), draw.zero(signed)], constants: parameters)
      try CoreCase.check(.qGemm(attributes), integers, constants: parameters)
      let (a, b) = (
        draw.bytes(batch + [m, k], signed: signed), draw.bytes(right + [k, n], signed: other)
      )
      try CoreCase.check(
        .qLinearMatMul,
        [a, draw.scales(nil), draw.zero(signed), b, draw.scales(nil), bZero, draw.scales(nil)]
          + [draw.zero(signed)], constants: parameters)
      try CoreCase.check(
        .matMulInteger, [a, b, draw.zero(signed), bZero],
        constants: isConstant ? [1, 2, 3] : [2, 3])
    }
  }

  @Test("Pooling", arguments: 0..<8)
  func pooling(seed: Int) throws {
    var draw = CoreDraw(5000 + seed)
    let signed = draw.coin()
    let kernel = seed % 4 == 0 ? [draw.number(1...4)] : [draw.number(1...4), draw.number(1...4)]
    let attributes = Pooling(
      draw.window(kernel), roundsUp: draw.coin(), countsPadding: draw.coin())
    let shape = [2, draw.number(1...6)] + kernel.map { _ in draw.number(5...9) }
    let last = [shape[0]] + shape[2...] + [shape[1]]
    let scales = [draw.scales(nil), draw.zero(signed), draw.scales(nil), draw.zero(signed)]
    try CoreCase.check(.maxPool(attributes), [draw.floats(shape)])
    try CoreCase.check(.maxPool(attributes), [draw.bytes(shape, signed: signed)])
    try CoreCase.check(.averagePool(attributes), [draw.floats(shape)])
    try CoreCase.check(.globalAveragePool, [draw.floats(shape)])
    try CoreCase.check(.globalMaxPool, [draw.floats(shape)])
    for isLast in [false, true] {
      let x = draw.bytes(isLast ? last : shape, signed: signed)
      try CoreCase.check(
        .qLinearAveragePool(attributes, channelsLast: isLast), [x] + scales, constants: Set(1...4))
      try CoreCase.check(
        .qLinearGlobalAveragePool(channelsLast: isLast), [x] + scales, constants: Set(1...4))
    }
  }
}
