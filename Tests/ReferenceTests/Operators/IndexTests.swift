import Networks
import Reference
import Testing

/// Operators whose operands are places in others: what is no place is an error.
@Suite struct IndexTests {
  private let x = Tensor([2, 3], [1, 2, 3, 4, 5, 6] as [Float])
  private let extremes: [Int64] = [3, -4, .max, .min, 1 << 32]

  private func evaluate(_ operator: Operator, _ operands: [Tensor?]) throws -> Tensor {
    let types = try `operator`.resultTypes(
      operands.map { tensor in tensor.map { Operand($0) } }, results: 1)
    return try #require(try `operator`.evaluate(operands, results: types).first)
  }

  @Test func indicesOutsideAreErrors() throws {
    let one = Tensor([1, 1], [9] as [Float])
    for extreme in extremes {
      let element = Tensor([1, 1], [extreme])
      let place = Tensor([1, 2], [0, extreme])
      let wrong: [(Operator, [Tensor?])] = [
        (.gatherND(batchAxes: 0), [x, place]),
        (.gatherND(batchAxes: 1), [x, Tensor([2, 1], [0, extreme])]),
        (.scatterND(.replace), [x, place, Tensor([1], [9] as [Float])]),
        (.scatterND(.add), [x, place, Tensor([1], [9] as [Float])]),
        (.scatterElements(axis: 1, .replace), [x, element, one]),
        (.scatterElements(axis: 1, .maximum), [x, element, one]),
        (.cumulativeSum(exclusive: false, reverse: false), [x, Tensor(scalar: extreme)]),
        (.topK(axis: 0, greatest: true, sorted: true), [x, Tensor([1], [extreme])]),
      ]
      for (kind, operands) in wrong {
        #expect(throws: NetworkError.self, "\(kind.name) \(extreme)") {
          try evaluate(kind, operands)
        }
      }
      // Outside of the axis OneHot is off, and diagonals have no elements.
      let hot = try evaluate(
        .oneHot(axis: -1),
        [Tensor([1], [extreme]), Tensor(scalar: Int64(3)), Tensor([2], [0, 1] as [Float])])
      #expect(hot == Tensor([1, 3], [0, 0, 0] as [Float]))
      let triangle = try evaluate(.triangle(upper: true), [x, Tensor(scalar: extreme)])
      #expect(triangle == (extreme > 0 ? Tensor([2, 3], [Float](repeating: 0, count: 6)) : x))
    }
  }

  @Test func depthsThatAreNoneAreErrors() {
    let values = Tensor([2], [0, 1] as [Float])
    let depths = [Float.nan, .infinity, -1, 0, 0.5, 1e30].map { Tensor(scalar: $0) }
    for depth in depths + [Tensor(scalar: Int64.min), Tensor([2], [1, 2] as [Int64])] {
      #expect(throws: NetworkError.self) {
        try evaluate(.oneHot(axis: 0), [Tensor([1], [0] as [Int64]), depth, values])
      }
    }
  }

  @Test func shapesThatDoNotFitAreErrors() {
    let update = Tensor([1], [9] as [Float])
    let wrong: [(Operator, [Tensor?])] = [
      (.gatherND(batchAxes: 0), [x, Tensor([1, 3], [0, 0, 0] as [Int64])]),
      (.gatherND(batchAxes: 0), [x, Tensor([1, 0], [] as [Int64])]),
      (.gatherND(batchAxes: 0), [x, Tensor(scalar: Int64(0))]),
      (.gatherND(batchAxes: 1), [x, Tensor([3, 1], [0, 0, 0] as [Int64])]),
      (.gatherND(batchAxes: -1), [x, Tensor([1, 1], [0] as [Int64])]),
      (.gatherND(batchAxes: .max), [x, Tensor([1, 1], [0] as [Int64])]),
      (.scatterND(.replace), [x, Tensor([1, 1], [0] as [Int64]), update]),
      (
        .scatterND(.replace),
        [x, Tensor([1, 2], [0, 0] as [Int64]), Tensor([1], [9] as [Double])]
      ),
      (
        .scatterElements(axis: 0, .replace), [x, Tensor([1, 4], [0, 0, 0, 0] as [Int64]), update]
      ),
      (.scatterElements(axis: 0, .replace), [x, Tensor([1, 1], [0] as [Int64]), update]),
      (.scatterElements(axis: 2, .replace), [x, Tensor([1, 1], [0] as [Int64]), update]),
      (.triangle(upper: true), [update]),
      (.triangle(upper: true), [x, Tensor([0], [] as [Int64])]),
      (.cumulativeSum(exclusive: true, reverse: true), [x, Tensor([2], [0, 1] as [Int64])]),
    ]
    for (kind, operands) in wrong {
      #expect(throws: NetworkError.self, "\(kind)") { try evaluate(kind, operands) }
    }
  }

  @Test func notANumberIsTheGreatest() throws {
    let values = Tensor([4], [1, .nan, 3, .infinity] as [Float])
    for (greatest, expected) in [(true, [1, 3, 2] as [Int64]), (false, [0, 2, 3])] {
      let kind = Operator.topK(axis: 0, greatest: greatest, sorted: true)
      let operands = [values, Tensor([1], [3] as [Int64])]
      let types = try kind.resultTypes(operands.map { Operand($0) }, results: 2)
      #expect(try kind.evaluate(operands, results: types)[1] == Tensor([3], expected))
    }
  }
}
