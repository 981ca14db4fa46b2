import Networks
import Reference
import Testing

/// Arithmetic at its edges: nothing traps.
struct ArithmeticTests {
  private func evaluate(
    _ function: BinaryFunction, _ a: Tensor, _ b: Tensor
  ) throws -> Tensor? {
    let type = TensorType(function.isPredicate ? .bool : a.type.element, a.shape)
    return try Operator.binary(function).evaluate([a, b], results: [type]).first
  }

  @Test(arguments: [BinaryFunction.divide, .modulo, .remainder])
  func integerDivisionByZeroIsAnError(function: BinaryFunction) {
    let (a, b) = (Tensor([2], [1, 2] as [Int32]), Tensor([2], [1, 0] as [Int32]))
    #expect(throws: NetworkError("division by zero")) { try evaluate(function, a, b) }
  }

  @Test func integersWrap() throws {
    let least = Tensor([1], [Int64.min])
    let minusOne = Tensor([1], [-1] as [Int64])
    #expect(try evaluate(.divide, least, minusOne) == least)
    #expect(try evaluate(.modulo, least, minusOne) == Tensor([1], [0] as [Int64]))
    #expect(try evaluate(.multiply, least, minusOne) == least)
    #expect(try evaluate(.subtract, least, Tensor([1], [1] as [Int64])) == Tensor([1], [Int64.max]))
    let small = Tensor([1], [Int8.min])
    #expect(try evaluate(.divide, small, Tensor([1], [-1] as [Int8])) == small)
    #expect(try evaluate(.power, Tensor([1], [3] as [Int64]), Tensor([1], [Int64.max])) != nil)
  }

  @Test func castsDoNotTrap() throws {
    let wild = Tensor([4], [Float.nan, .infinity, -.infinity, 3e38])
    for type in ElementType.allCases {
      let results = try Operator.cast(to: type).evaluate(
        [wild], results: [TensorType(type, [4])])
      #expect(results.first?.type == TensorType(type, [4]))
    }
  }

  @Test func sixteenBitNumbersAreRoundedOnce() throws {
    // 2048 + 1 is halfway between two fp16 numbers; computed in fp32 and rounded it is even.
    let a = Tensor([1], [Half(2048)])
    let b = Tensor([1], [Half(1)])
    #expect(try evaluate(.add, a, b) == Tensor([1], [Half(2048)]))
    let c = Tensor([1], [BFloat16(256)])
    let d = Tensor([1], [BFloat16(3)])
    #expect(try evaluate(.add, c, d) == Tensor([1], [BFloat16(260)]))
  }

  @Test func wrongOperandsAreErrors() {
    let x = Tensor([2], [1, 2] as [Float])
    let type = TensorType(.float32, [2])
    #expect(throws: NetworkError.self) {
      try Operator.binary(.add).evaluate([x], results: [type])
    }
    #expect(throws: NetworkError.self) {
      try Operator.binary(.add).evaluate([x, Tensor([2], [1, 2] as [Int32])], results: [type])
    }
    #expect(throws: NetworkError.self) {
      try Operator.unary(.not).evaluate([x], results: [type])
    }
  }
}
