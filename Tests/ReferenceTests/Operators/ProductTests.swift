import Networks
import Reference
import Testing

/// Products at the edges of tiles and blocks, against the definition in fp64.
struct ProductTests {
  private struct Numbers {
    var state: UInt64

    mutating func next() -> Float {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Float(Int64(bitPattern: state) >> 40) / 0x1p23
    }

    mutating func array(_ count: Int) -> [Float] { (0..<count).map { _ in next() } }
  }

  @Test(arguments: [
    [1, 1, 1], [1, 9, 300], [9, 1, 300], [4, 8, 256], [5, 9, 257], [3, 7, 255], [131, 17, 5],
    [2, 1030, 3], [129, 1025, 2], [7, 15, 513],
  ])
  func matricesOfAnySize(sides: [Int]) throws {
    let (m, n, k) = (sides[0], sides[1], sides[2])
    var numbers = Numbers(state: 7)
    let (a, b) = (numbers.array(m * k), numbers.array(k * n))
    for transposesA in [false, true] {
      for transposesB in [false, true] {
        let results = try Operator.gemm(
          GEMM(transposesA: transposesA, transposesB: transposesB)
        ).evaluate(
          [
            Tensor(transposesA ? [k, m] : [m, k], a), Tensor(transposesB ? [n, k] : [k, n], b),
          ], results: [TensorType(.float32, [m, n])])
        let product = try #require(results.first?.array(of: Float.self))
        // A few places are enough: the first and last ones and some between.
        for position in stride(from: 0, to: m * n, by: max(1, m * n / 97)) {
          let (i, j) = (position / n, position % n)
          var sum = 0.0
          for t in 0..<k {
            sum +=
              Double(a[transposesA ? t * m + i : i * k + t])
              * Double(b[transposesB ? j * k + t : t * n + j])
          }
          #expect(abs(Double(product[position]) - sum) < 4e-5)
        }
      }
    }
  }

  @Test func emptyDepthIsZero() throws {
    let results = try Operator.matMul.evaluate(
      [Tensor([2, 0], [] as [Float]), Tensor([0, 3], [] as [Float])],
      results: [TensorType(.float32, [2, 3])])
    #expect(results.first == Tensor([2, 3], [Float](repeating: 0, count: 6)))
  }
}

/// Types that are not what a node gives are refused before anything is written.
struct ResultTypeTests {
  @Test func wrongResultTypesAreErrors() {
    let x = Tensor([2, 2], [1, 2, 3, 4] as [Float])
    for type in [
      TensorType(.float32, [2]), TensorType(.int32, [2, 2]), TensorType(.float32, [9, 9]),
    ] {
      #expect(throws: NetworkError.self) {
        try Operator.unary(.relu).evaluate([x], results: [type])
      }
    }
  }

  @Test func hugePaddingIsRefused() {
    let x = Tensor([1, 1, 1, 1], [1] as [Float])
    let far = 1 << 30
    let attributes = Convolution(
      Window(strides: [far, far], pads: [far, far, far, far]))
    #expect(throws: NetworkError.self) {
      try Operator.convolution(attributes).evaluate(
        [x, x], results: [TensorType(.float32, [1, 1, 3, 3])])
    }
  }
}
