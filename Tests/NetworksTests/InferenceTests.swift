import Networks
import Testing

/// Types of results against the definitions of the operators.
@Suite("Type inference")
struct InferenceTests {
  private func shape(
    _ operator: Operator, _ operands: [Operand?], results: Int = 1
  ) throws -> [Int] {
    try #require(try `operator`.resultTypes(operands, results: results).first).shape
  }

  private func x(_ shape: Int..., element: ElementType = .float32) -> Operand {
    Operand(TensorType(element, shape))
  }

  private func known(_ values: Int...) -> Operand {
    Operand(Tensor([values.count], values.map(Int64.init)))
  }

  private func message(_ operator: Operator, _ operands: [Operand?], results: Int = 1) -> String? {
    do {
      _ = try `operator`.resultTypes(operands, results: results)
      return nil
    } catch {
      return error.message
    }
  }

  @Test("convolutions: padding, strides, dilation, groups")
  func convolutions() throws {
    let window = Window(strides: [2, 2], dilations: [1, 2], pads: [3, 3, 2, 3])
    #expect(
      try shape(.convolution(Convolution(window)), [x(2, 3, 224, 220), x(64, 3, 7, 5), x(64)])
        == [2, 64, 112, 109])
    #expect(
      try shape(.convolution(Convolution(groups: 8)), [x(1, 8, 9), x(16, 1, 4)]) == [1, 16, 6])
    let transposed = Operator.transposedConvolution(
      Convolution(Window(strides: [2, 2], pads: [1, 1, 1, 1]), groups: 2), outputPadding: [1, 0])
    #expect(try shape(transposed, [x(1, 4, 5, 6), x(4, 3, 3, 3)]) == [1, 6, 10, 11])
  }

  @Test(
    "automatic padding gives ⌈side / stride⌉",
    arguments: [(7, 3, 2, 4), (8, 3, 2, 4), (6, 1, 4, 2), (5, 4, 1, 5)])
  func automaticPadding(side: Int, kernel: Int, stride: Int, expected: Int) throws {
    for mode in [Window.AutomaticPadding.sameUpper, .sameLower] {
      let window = try Window(strides: [stride], automaticPadding: mode)
        .resolved(input: [side], kernel: [kernel])
      #expect(window.output == [expected])
      let total = window.padsBegin[0] + window.padsEnd[0]
      #expect(total == max(0, (expected - 1) * stride + kernel - side))
      let odd = mode == .sameUpper ? window.padsEnd[0] : window.padsBegin[0]
      #expect(odd == (total + 1) / 2)
    }
  }

  @Test("pooling that rounds up drops windows that begin behind the operand")
  func roundingUp() throws {
    func output(_ side: Int, _ kernel: Int, _ stride: Int, pads: [Int]) throws -> [Int] {
      try Window(kernel: [kernel], strides: [stride], pads: pads)
        .resolved(input: [side], roundsUp: true).output
    }
    #expect(try output(6, 3, 2, pads: [0, 0]) == [3])
    #expect(try output(7, 3, 2, pads: [0, 0]) == [3])
    // The fourth window would begin at 6, behind five elements and one of padding.
    #expect(try output(5, 2, 2, pads: [1, 1]) == [3])
    #expect(try output(1, 2, 2, pads: [0, 0]) == [1])
    #expect(throws: NetworkError.self) { try output(1, 3, 1, pads: [0, 0]) }
  }

  @Test("products of matrices broadcast their batches")
  func products() throws {
    #expect(try shape(.matMul, [x(5, 1, 2, 3), x(4, 3, 7)]) == [5, 4, 2, 7])
    #expect(try shape(.matMul, [x(3), x(4, 3, 7)]) == [4, 7])
    #expect(try shape(.matMul, [x(3), x(3)]) == [])
    #expect(
      try shape(.gemm(GEMM(transposesA: true, transposesB: true)), [x(3, 2), x(7, 3), x(7)])
        == [2, 7])
    #expect(message(.matMul, [x(2, 3), x(2, 3)])?.contains("3 columns, but 2 rows") == true)
    #expect(message(.gemm(GEMM()), [x(2, 3, 1), x(3, 2)])?.contains("matrices") == true)
  }

  @Test("shapes that depend on values need known ones")
  func dependence() throws {
    #expect(try shape(.reshape(zeroMeansZero: false), [x(2, 3, 4), known(0, -1)]) == [2, 12])
    #expect(try shape(.reshape(zeroMeansZero: true), [x(0, 3), known(3, 0)]) == [3, 0])
    #expect(try shape(.expand, [x(3, 1), known(2, 1, 6)]) == [2, 3, 6])
    #expect(try shape(.tile, [x(2, 3), known(2, 0)]) == [4, 0])
    #expect(
      try shape(.slice, [x(10, 10), known(8, -1), known(-100, 100), known(0, 1), known(-3, 1)])
        == [3, 1])
    #expect(try shape(.pad(.constant), [x(2, 3), known(1, -1), nil, known(1)]) == [2, 3])
    #expect(try shape(.unsqueeze, [x(2), known(-1, 0)]) == [1, 2, 1])
    #expect(try shape(.squeeze, [x(1, 2, 1), known(-1)]) == [1, 2])
    let start = Operand(Tensor(scalar: Int64.min))
    let limit = Operand(Tensor(scalar: Int64.max))
    let step = Operand(Tensor(scalar: Int64(1) << 62))
    #expect(try shape(.range, [start, limit, step]) == [4])
    let unknown = Operand(TensorType(.int64, [2]))
    #expect(
      message(.reshape(zeroMeansZero: false), [x(2), unknown])?.contains("depends on the shape")
        == true)
  }

  @Test(
    "Slice backwards: starts before the first element are moved to it, the greatest end is open")
  func slicesBackwards() throws {
    func slice(_ start: Int, _ end: Int, _ step: Int, of side: Int = 6) throws -> ResolvedSlice {
      try #require(
        try ResolvedSlice.resolve(
          shape: [side], starts: [start], ends: [end], axes: nil, steps: [step]
        ).first)
    }
    #expect(try slice(-100, -100, -1) == ResolvedSlice(start: 0, step: -1, count: 1))
    #expect(try slice(4, .max, -4) == ResolvedSlice(start: 4, step: -4, count: 2))
    #expect(try slice(.max, .min, .min) == ResolvedSlice(start: 5, step: .min, count: 1))
    #expect(try slice(.min, .max, .max) == ResolvedSlice(start: 0, step: .max, count: 1))
    #expect(try slice(3, 1, 1).count == 0)
    #expect(try slice(5, -100, -1, of: 0).count == 0)
  }

  @Test("splits, concatenations and reductions")
  func pieces() throws {
    let parts = try Operator.split(axis: -1).resultTypes([x(2, 7)], results: 3)
    #expect(parts.map { $0.shape } == [[2, 3], [2, 3], [2, 1]])
    #expect(message(.split(axis: 0), [x(6), known(4, 3)], results: 2)?.contains("add up") == true)
    #expect(try shape(.concat(axis: 1), [x(2, 3), x(2, 0), x(2, 4)]) == [2, 7])
    #expect(message(.concat(axis: 1), [x(2, 3), x(3, 3)])?.contains("differ") == true)
    let sum = Operator.reduce(.sum, keepsAxes: false, emptyAxesMeanNone: false)
    #expect(try shape(sum, [x(2, 3, 4), known(-1, 0)]) == [3])
    #expect(try shape(sum, [x(2, 3, 4)]) == [])
    let none = Operator.reduce(.sum, keepsAxes: true, emptyAxesMeanNone: true)
    #expect(try shape(none, [x(2, 3), nil]) == [2, 3])
    #expect(try shape(.gather(axis: 1), [x(5, 6, 7), x(2, 2, element: .int64)]) == [5, 2, 2, 7])
    #expect(try shape(.shape(start: -2, end: nil), [x(5, 6, 7)]) == [2])
    #expect(
      try shape(.depthToSpace(block: 2, columnsFirst: false), [x(1, 8, 2, 3)]) == [1, 2, 4, 6])
  }

  @Test("Resize by scales and by sizes, with the aspect ratio kept")
  func resizing() throws {
    let scales = Operand(Tensor([4], [1, 1, 1.5, 0.6] as [Float]))
    #expect(try shape(.resize(Resize()), [x(1, 3, 5, 5), nil, scales]) == [1, 3, 7, 3])
    var kept = Resize(axes: [2, 3])
    kept.aspectRatio = .notLarger
    #expect(try shape(.resize(kept), [x(1, 3, 4, 8), nil, nil, known(6, 9)]) == [1, 3, 5, 9])
    kept.aspectRatio = .notSmaller
    #expect(try shape(.resize(kept), [x(1, 3, 4, 8), nil, nil, known(6, 9)]) == [1, 3, 6, 12])
    #expect(message(.resize(Resize()), [x(1, 3, 4, 8)])?.contains("neither") == true)
  }

  @Test("quantised forms take one scale or one per channel")
  func quantised() throws {
    let scale = x()
    let byte = x(element: .int8)
    let operands: [Operand?] = [
      x(1, 3, 8, 8, element: .uint8), scale, x(element: .uint8), x(4, 3, 3, 3, element: .int8),
      x(4),
      x(4, element: .int8), scale, byte, x(4, element: .int32),
    ]
    let convolution = Operator.qLinearConvolution(Convolution())
    #expect(
      try convolution.resultTypes(operands, results: 1) == [TensorType(.int8, [1, 4, 6, 6])])
    var wrong = operands
    wrong[4] = x(3)
    #expect(message(convolution, wrong)?.contains("one number or 4") == true)
    #expect(
      try Operator.dynamicQuantizeLinear.resultTypes([x(3)], results: 3).map(\.element)
        == [.uint8, .float32, .uint8])
    #expect(
      try Operator.qGemm(GEMM()).resultTypes(
        [x(2, 3, element: .int8), scale, byte, x(3, 4, element: .int8), scale, byte], results: 1)
        == [TensorType(.float32, [2, 4])])
  }

  @Test("messages name what does not fit")
  func messages() {
    let convolution = Operator.convolution(Convolution())
    #expect(message(convolution, [x(1, 3, 8, 8), x(4, 2, 3, 3)])?.contains("x has 3") == true)
    #expect(message(convolution, [x(1, 3, 2, 2), x(4, 3, 3, 3)])?.contains("covers 3") == true)
    #expect(message(convolution, [x(1, 3, 8, 8)])?.contains("missing") == true)
    #expect(message(convolution, [x(1, 3, 8, 8, element: .int8)])?.contains("int8") == true)
    let stopped = Operator.convolution(Convolution(Window(strides: [0, 1])))
    #expect(message(stopped, [x(1, 3, 8, 8), x(4, 3, 3, 3)])?.contains("strides is 0, 1") == true)
    let negative = Operator.convolution(Convolution(Window(pads: [0, 0, -1, 0])))
    #expect(message(negative, [x(1, 3, 8, 8), x(4, 3, 3, 3)])?.contains("padding") == true)
    let grouped = Operator.convolution(Convolution(groups: 2))
    #expect(message(grouped, [x(1, 3, 8, 8), x(4, 1, 3, 3)])?.contains("2 groups") == true)
    #expect(message(.binary(.add), [x(2, 3), x(2)])?.contains("2×3 and 2") == true)
    #expect(message(.binary(.add), [x(2), x(2, element: .int8)])?.contains("fp32") == true)
    #expect(message(.softmax(axis: 2), [x(2, 3)])?.contains("no axis 2") == true)
    #expect(message(.unary(.relu), [x(2)], results: 2)?.contains("2 outputs") == true)
    #expect(message(.transpose(permutation: [0, 0]), [x(2, 3)])?.contains("permutation") == true)
  }

  @Test("huge attributes and results are refused, not computed")
  func limits() {
    let huge = Int.max
    let windows = [
      Window(strides: [huge, huge]), Window(dilations: [huge, huge]),
      Window(pads: [huge, huge, huge, huge]), Window(kernel: [huge, huge]),
      Window(dilations: [1 << 31 - 1, 1 << 31 - 1], automaticPadding: .sameUpper),
      Window(pads: [Int.min, 0, 0, 0]),
    ]
    for window in windows {
      #expect(message(.convolution(Convolution(window)), [x(1, 3, 8, 8), x(4, 3, 3, 3)]) != nil)
      #expect(
        message(
          .transposedConvolution(Convolution(window), outputPadding: [huge, huge]),
          [x(1, 3, 8, 8), x(3, 3, 3, 3)]) != nil)
      #expect(message(.maxPool(Pooling(window)), [x(1, 3, 8, 8)]) != nil)
    }
    #expect(message(.convolution(Convolution(groups: huge)), [x(1, 3, 8), x(4, 3, 3)]) != nil)
    #expect(
      message(
        .transposedConvolution(Convolution(groups: -1), outputPadding: []),
        [x(1, 3, 8), x(3, 3, 3)])
        != nil)
    #expect(message(.expand, [x(1), known(1 << 20, 1 << 20)])?.contains("too large") == true)
    #expect(message(.expand, [x(1), known(-1)]) != nil)
    #expect(message(.tile, [x(1 << 20), known(1 << 20)])?.contains("too large") == true)
    #expect(message(.reshape(zeroMeansZero: false), [x(4), known(huge, huge, -1)]) != nil)
    #expect(message(.unary(.relu), [x(0, huge, huge)]) != nil)
    #expect(message(.depthToSpace(block: 1 << 31, columnsFirst: false), [x(1, 4, 2, 2)]) != nil)
    #expect(message(.spaceToDepth(block: 1 << 31 - 1), [x(1, 4, 0, 0)]) != nil)
    #expect(message(.pad(.constant), [x(2), known(huge, huge)]) != nil)
    #expect(message(.pad(.constant), [x(2), known(Int.min, 0)]) != nil)
    let tiny = Operand(Tensor(scalar: Float(1e-30)))
    let zero = Operand(Tensor(scalar: Float(0)))
    let one = Operand(Tensor(scalar: Float(1)))
    #expect(message(.range, [zero, one, tiny]) != nil)
    #expect(message(.range, [zero, one, zero]) != nil)
    for scale in [Float.infinity, .nan, -1, 1e30] {
      let scales = Operand(Tensor([3], [1, 1, scale]))
      #expect(message(.resize(Resize()), [x(1, 1, 8), nil, scales]) != nil)
    }
  }
}
