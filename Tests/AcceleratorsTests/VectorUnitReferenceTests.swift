import Accelerators
import Networks
import Reference
import SimKernel
import TestSupport
import Testing

/// The vector unit against the kernels that networks are checked with: the same bits.
@Suite("Vector unit and reference kernels")
struct VectorUnitReferenceTests {
  private static let identity = (0..<256).map { UInt8($0) }

  /// All pairs of bytes as 1,024 beats of 64 lanes.
  private static let pairs = (
    a: (0..<1024).map { beat in (0..<64).map { UInt8((64 * beat + $0) >> 8) } },
    b: (0..<1024).map { beat in (0..<64).map { UInt8(truncatingIfNeeded: 64 * beat + $0) } }
  )

  private static func bytes(_ job: VectorCase) -> [UInt8] {
    var bench = VectorBench(configuration: VectorUnitConfiguration(lanes: job.lanes))
    bench.hasWaves = false
    return bench.run([job], table: identity).beats.flatMap(\.bytes)
  }

  private static func signed(_ bytes: [UInt8]) -> [Int8] { bytes.map { Int8(bitPattern: $0) } }

  /// What QLinearAdd or QLinearMul gives; a scalar a is broadcast.
  private static func reference(
    _ kind: QLinearBinary, _ a: [UInt8], _ b: [UInt8],
    scales: (Float, Float, Float), zeros: (Int8, Int8, Int8)
  ) throws -> [Int8] {
    let operands: [Tensor?] = [
      Tensor([a.count], signed(a)), Tensor(scalar: scales.0), Tensor(scalar: zeros.0),
      Tensor([b.count], signed(b)), Tensor(scalar: scales.1), Tensor(scalar: zeros.1),
      Tensor(scalar: scales.2), Tensor(scalar: zeros.2),
    ]
    let result = try Networks.Operator.qLinearBinary(kind).evaluateQuantised(
      operands, results: [TensorType(.int8, [b.count])])
    guard case .int8(let values) = try #require(result.first).elements else { return [] }
    return values
  }

  @Test("All pairs of int8 sums and products have the reference's bits", arguments: 0..<12)
  func binary(seed: Int) throws {
    var random = SplitMix64(seed: UInt64(seed))
    func scale() -> Float { Float.random(in: 0.001...0.2, using: &random) }
    func zero() -> Int8 { seed < 2 ? 0 : Int8.random(in: -128...127, using: &random) }
    let scales = (scale(), scale(), scale())
    let zeros = (zero(), zero(), zero())
    var job = VectorCase()
    job.lanes = 64
    (job.a, job.b) = Self.pairs
    job.binary = seed % 3 == 2 ? 2 : 1
    if job.binary == 1 {
      job.aRatio = scales.0 / scales.2
      job.bRatio = scales.1 / scales.2
      let bZero = job.bRatio * Float(zeros.1)
      job.constant = Float(zeros.2) - bZero.addingProduct(job.aRatio, Float(zeros.0))
    } else {
      job.aRatio = scales.0 * scales.1 / scales.2
      job.constant = Float(zeros.2)
      (job.aZero, job.bZero) = (Int32(zeros.0), Int32(zeros.1))
    }
    let kind = job.binary == 1 ? QLinearBinary.add : .multiply
    let expected = try Self.reference(
      kind, job.a.flatMap { $0 }, job.b.flatMap { $0 }, scales: scales, zeros: zeros)
    #expect(Self.signed(Self.bytes(job)) == expected)
  }

  @Test("With a scalar a, the sums are rounded in the other order")
  func scalar() throws {
    for byte in [UInt8(3), 130, 255] {
      let (scales, zeros): ((Float, Float, Float), (Int8, Int8, Int8)) = (
        (0.0371, 0.0193, 0.0411), (-7, 12, 5)
      )
      var job = VectorCase()
      job.lanes = 64
      job.a = (0..<4).map { _ in Array(repeating: byte, count: 64) }
      job.b = (0..<4).map { beat in (0..<64).map { UInt8(64 * beat + $0) } }
      (job.binary, job.scalarA) = (1, true)
      job.aRatio = scales.0 / scales.2
      job.bRatio = scales.1 / scales.2
      let aZero = job.aRatio * Float(zeros.0)
      job.constant = Float(zeros.2) - aZero.addingProduct(job.bRatio, Float(zeros.1))
      let expected = try Self.reference(
        .add, [byte], job.b.flatMap { $0 }, scales: scales, zeros: zeros)
      #expect(Self.signed(Self.bytes(job)) == expected)
    }
  }

  @Test("A global average has the reference's bits", arguments: 0..<8)
  func globalAverage(seed: Int) throws {
    var random = SplitMix64(seed: UInt64(50 + seed))
    let size = (
      height: Int.random(in: 2...14, using: &random), width: Int.random(in: 2...14, using: &random)
    )
    let channels = 16
    let count = size.height * size.width
    let scales = (
      Float.random(in: 0.01...0.1, using: &random), Float.random(in: 0.01...0.1, using: &random)
    )
    let zeros = (
      Int8.random(in: -128...127, using: &random), Int8.random(in: -128...127, using: &random)
    )
    var job = VectorCase()
    job.lanes = channels
    job.a = (0..<count).map { _ in
      (0..<channels).map { _ in UInt8.random(in: 0...255, using: &random) }
    }
    (job.pool, job.size, job.kernel) = (2, size, (size.height, size.width))
    job.poolScale = scales.0 / (scales.1 * Float(count))
    job.poolZero = Int32(zeros.1)
    job.poolXZero = Int32(zeros.0)
    let operands: [Tensor?] = [
      Tensor([1, size.height, size.width, channels], Self.signed(job.a.flatMap { $0 })),
      Tensor(scalar: scales.0), Tensor(scalar: zeros.0), Tensor(scalar: scales.1),
      Tensor(scalar: zeros.1),
    ]
    let result = try Networks.Operator.qLinearGlobalAveragePool(channelsLast: true)
      .evaluateQuantised(operands, results: [TensorType(.int8, [1, 1, 1, channels])])
    #expect(result == [Tensor([1, 1, 1, channels], Self.signed(Self.bytes(job)))])
  }
}
