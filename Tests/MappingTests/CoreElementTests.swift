import Networks
import Testing

@Suite("Element-wise functions, reductions and rearrangements on the core")
struct CoreElementTests {
  private static let functions: [UnaryFunction] = [
    .relu, .leakyRelu(alpha: 0.1), .elu(alpha: 0.7), .selu(alpha: 1.6, gamma: 1.05),
    .hardSigmoid(alpha: 0.2, beta: 0.5), .hardSwish, .sigmoid, .swish(alpha: 1), .tanh, .erf,
    .gelu(approximatesByTanh: true), .gelu(approximatesByTanh: false), .softplus, .softsign, .mish,
    .absolute, .negate, .exponential, .logarithm, .squareRoot, .reciprocal, .floor, .ceiling,
    .round,
    .sign, .sine, .cosine, .isNaN,
  ]

  @Test("Functions of one number", arguments: functions)
  func unary(function: UnaryFunction) throws {
    var draw = CoreDraw(6000)
    try CoreCase.check(.unary(function), [draw.floats([2, 3, 4, 5])])
    try CoreCase.check(.unary(function), [draw.bytes([3, 7], signed: true)])
    if function == .relu || function == .negate {
      try CoreCase.check(.unary(function), [draw.integers([3, 7], -9...9)])
    }
  }

  @Test("Functions of two numbers, broadcast", arguments: BinaryFunction.allCases)
  func binary(function: BinaryFunction) throws {
    var draw = CoreDraw(7000)
    let shape = draw.shape(4)
    let other = shape.map { draw.coin() ? 1 : $0 }
    let short = Array(other.suffix(2))
    try CoreCase.check(.binary(function), [draw.floats(shape), draw.floats(short)], constants: [1])
    try CoreCase.check(.binary(function), [draw.floats(other), draw.floats(shape)])
    try CoreCase.check(
      .binary(function), [draw.integers(shape, -9...9), draw.integers(short, 1...9)])
    try CoreCase.check(.binary(function), [draw.longs(other, -9...9), draw.longs(shape, 1...9)])
    try CoreCase.check(.binary(function), [draw.truths(shape), draw.truths(short)])
  }

  @Test("Selections, several operands, casts", arguments: 0..<3)
  func selections(seed: Int) throws {
    var draw = CoreDraw(8000 + seed)
    let shape = draw.shape(3)
    let other = shape.map { draw.coin() ? 1 : $0 }
    for function in VariadicFunction.allCases {
      try CoreCase.check(
        .variadic(function), [draw.floats(other), draw.floats(shape), draw.floats([shape[2]])])
    }
    try CoreCase.check(.clip, [draw.floats(shape), Tensor(scalar: Float(-1)), nil], constants: [1])
    try CoreCase.check(
      .clip, [draw.bytes(shape, signed: true), nil, Tensor(scalar: Int8(9))], constants: [2])
    try CoreCase.check(.where, [draw.truths(other), draw.floats(shape), draw.floats([shape[2]])])
    try CoreCase.check(.pRelu, [draw.floats(shape), draw.floats([shape[2]])], constants: [1])
    try CoreCase.check(.unary(.not), [draw.truths(shape)])
    for element in [ElementType.float32, .int8, .uint8, .int32, .int64, .bool] {
      try CoreCase.check(.cast(to: element), [draw.floats(shape)])
      try CoreCase.check(.cast(to: element), [draw.integers(shape, -300...300)])
      try CoreCase.check(.cast(to: element), [draw.bytes(shape, signed: false)])
    }
  }

  @Test("Quantised functions have the reference's bits", arguments: 0..<6)
  func quantised(seed: Int) throws {
    var draw = CoreDraw(9000 + seed)
    let signed = seed % 2 == 0
    let shape = draw.shape(4)
    let other = shape.map { draw.coin() ? 1 : $0 }
    let axis = draw.number(0...3)
    for function in QLinearBinary.allCases {
      for (a, b) in [(shape, other), (other, shape), (shape, shape)] {
        try CoreCase.check(
          .qLinearBinary(function),
          [
            draw.bytes(a, signed: signed), draw.scales(nil), draw.zero(signed),
            draw.bytes(b, signed: signed), draw.scales(nil), draw.zero(signed), draw.scales(nil),
            draw.zero(signed),
          ], constants: [1, 2, 4, 5, 6, 7])
      }
    }
    let x = draw.bytes(shape, signed: signed)
    let scales = [draw.scales(nil), draw.zero(signed), draw.scales(nil), draw.zero(signed)]
    let element: ElementType = signed ? .int8 : .uint8
    let each = [draw.scales(shape[axis]), draw.bytes([shape[axis]], signed: signed)]
    let constants = Set(1...4)
    try CoreCase.check(.qLinearUnary(.sigmoid), [x] + scales, constants: constants)
    try CoreCase.check(.qLinearUnary(.leakyRelu(alpha: 0.1)), [x] + scales, constants: constants)
    try CoreCase.check(.qLinearSoftmax(axis: axis), [x] + scales, constants: constants)
    try CoreCase.check(
      .qLinearConcat(axis: axis),
      [scales[0], scales[1], x, scales[0], scales[1], x] + scales[2...],
      constants: [0, 1, 3, 4, 6, 7])
    try CoreCase.check(
      .quantizeLinear(axis: axis, element: element), [draw.floats(shape)] + each,
      constants: constants)
    try CoreCase.check(.dequantizeLinear(axis: axis), [x] + each, constants: constants)
    try CoreCase.check(
      .quantizeLinear(axis: axis, element: element),
      [draw.floats(shape)] + scales[..<2], constants: constants)
    try CoreCase.check(.dequantizeLinear(axis: axis), [x] + scales[..<2], constants: constants)
  }

  @Test("Functions along axes", arguments: 0..<4)
  func axes(axis: Int) throws {
    var draw = CoreDraw(10_000 + axis)
    let shape = draw.shape(4)
    let axes = Tensor([1], [Int64(axis)])
    try CoreCase.check(.softmax(axis: axis), [draw.floats(shape)])
    try CoreCase.check(.logSoftmax(axis: axis), [draw.floats(shape)])
    for function in ReduceFunction.allCases {
      for keeps in [true, false] {
        let operator_ = Operator.reduce(function, keepsAxes: keeps, emptyAxesMeanNone: false)
        try CoreCase.check(operator_, [draw.floats(shape), axes], constants: [1])
      }
    }
    for isGreatest in [true, false] {
      for isLast in [true, false] {
        let operator_ = Operator.argument(
          greatest: isGreatest, axis: axis, keepsAxis: draw.coin(), lastIndex: isLast)
        try CoreCase.check(operator_, [draw.bytes(shape, signed: true)])
        try CoreCase.check(operator_, [draw.floats(shape)])
      }
    }
    let inner = Array(shape[axis...])
    try CoreCase.check(
      .layerNormalization(axis: axis, epsilon: 1e-5),
      [draw.floats(shape), draw.floats(inner), draw.coin() ? nil : draw.floats(inner)],
      constants: [1, 2])
    try CoreCase.check(
      .instanceNormalization(epsilon: 1e-5),
      [draw.floats([2, 6, 4, 3]), draw.floats([6]), draw.floats([6])], constants: [1, 2])
    try CoreCase.check(
      .groupNormalization(groups: 3, epsilon: 1e-5),
      [draw.floats([2, 6, 4, 3]), draw.floats([6]), draw.floats([6])], constants: [1, 2])
  }

  @Test("Rearrangements", arguments: 0..<4)
  func movement(axis: Int) throws {
    var draw = CoreDraw(11_000 + axis)
    let shape = draw.shape(4)
    let side = shape[axis]
    let x = [draw.floats(shape), draw.bytes(shape, signed: true), draw.longs(shape, -5...5)][
      axis % 3]
    func list(_ values: Int...) -> Tensor { Tensor([values.count], values.map { Int64($0) }) }
    try CoreCase.check(.transpose(permutation: [0, 1, 2, 3].shuffled(using: &draw)), [x])
    try CoreCase.check(.reshape(zeroMeansZero: false), [x, list(-1)], constants: [1])
    try CoreCase.check(
      .slice, [x, list(-1), Tensor([1], [Int64.min]), list(axis), list(-1)], constants: Set(1...4))
    if side > 1 {
      try CoreCase.check(
        .split(axis: axis), [x, list(1, side - 1)], constants: [1], results: 2)
    }
    try CoreCase.check(.tile, [x, list(1, 2, 3, 1)], constants: [1])
    for mode in [PadMode.constant, .edge, .wrap, .reflect] {
      try CoreCase.check(.pad(mode), [x, list(0, 1, 1, 2, 1, 0, 2, 1), nil], constants: [1])
    }
    try CoreCase.check(.gather(axis: axis), [x, draw.longs([2, 3], -side...side - 1)])
    try CoreCase.check(
      .gather(axis: axis), [x, draw.longs([4], -side...side - 1)], constants: [1])
    try CoreCase.check(.concat(axis: axis), [x, x, x], constants: [1])
    try CoreCase.check(
      .depthToSpace(block: 2, columnsFirst: axis == 0), [draw.floats([1, 8, 3, 2])])
    try CoreCase.check(.spaceToDepth(block: 2), [draw.floats([1, 3, 4, 6])])
    try CoreCase.check(
      .resize(Resize(mode: .nearest, coordinates: .asymmetric, rounding: .floor)),
      [draw.floats([1, 2, 3, 4]), nil, Tensor([4], [Float(1), 1, 2, 3])], constants: [2])
  }
}
