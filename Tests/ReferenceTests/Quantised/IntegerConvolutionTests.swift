import Networks
import Reference
import Testing

/// ConvInteger and MatMulInteger against sums written as their definition says.
struct IntegerConvolutionTests {
  @Test func convolutionsAreExact() throws {
    var random = RandomNumbers(seed: 7)
    // Channels and groups of both ways to compute: many rows as a matrix product, few rows one by one.
    for (groups, channels, rows) in [(1, 3, 9), (2, 2, 5), (4, 1, 1), (3, 1, 2), (1, 5, 4)] {
      for stride in [1, 2] {
        let input = [2, channels * groups, 7, 6]
        let kernel = [rows * groups, channels, 3, 2]
        let x = bytes(input, &random)
        let w = bytes(kernel, &random)
        let window = Window(strides: [stride, 1], dilations: [1, 2], pads: [1, 0, 2, 1])
        let attributes = Convolution(window, groups: groups)
        let operands: [Tensor?] = [
          Tensor(input, x), Tensor(kernel, w.map { Int8(bitPattern: $0) }),
          Tensor(scalar: UInt8(130)),
        ]
        let type = try Networks.Operator.convolutionInteger(attributes).resultTypes(
          operands.map { $0.map { Operand($0.type) } }, results: 1)
        let result = try Networks.Operator.convolutionInteger(attributes).evaluateQuantised(
          operands, results: type)
        let shape = type[0].shape
        var expected: [Int32] = []
        for n in 0..<shape[0] {
          for m in 0..<shape[1] {
            for row in 0..<shape[2] {
              for column in 0..<shape[3] {
                var sum: Int32 = 0
                for c in 0..<channels {
                  for i in 0..<3 {
                    for j in 0..<2 {
                      let (y, z) = (row * stride + i - 1, column + 2 * j)
                      guard y >= 0, y < 7, z >= 0, z < 6 else { continue }
                      let channel = m / rows * channels + c
                      let a = Int32(x[((n * input[1] + channel) * 7 + y) * 6 + z]) - 130
                      let b = Int32(Int8(bitPattern: w[((m * channels + c) * 3 + i) * 2 + j]))
                      sum += a * b
                    }
                  }
                }
                expected.append(sum)
              }
            }
          }
        }
        #expect(result == [Tensor(shape, expected)])
      }
    }
  }

  @Test func productsWrapIn32Bits() throws {
    // 40,000 products of 255·255 exceed 2³¹.
    let depth = 40_000
    let a = Tensor([1, depth], [UInt8](repeating: 255, count: depth))
    let b = Tensor([depth, 1], [UInt8](repeating: 255, count: depth))
    let result = try Networks.Operator.matMulInteger.evaluateQuantised(
      [a, b], results: [TensorType(.int32, [1, 1])])
    let sum = Int32(truncatingIfNeeded: 255 * 255 * depth)
    #expect(result == [Tensor([1, 1], [sum])])
  }

  private func bytes(_ shape: [Int], _ random: inout RandomNumbers) -> [UInt8] {
    (0..<shape.reduce(1, *)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
  }
}
