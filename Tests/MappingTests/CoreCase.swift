import Mapping
import Networks
import Reference
import Testing

/// Random tensors, the same for the same seed.
struct CoreDraw: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: Int) { state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 | 1 }

  mutating func next() -> UInt64 {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return state &* 0x2545_F491_4F6C_DD1D
  }

  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
  mutating func coin() -> Bool { Bool.random(using: &self) }
  mutating func shape(_ rank: Int, upTo side: Int = 6) -> [Int] {
    (0..<rank).map { _ in number(1...side) }
  }

  mutating func floats(_ shape: [Int]) -> Tensor {
    Tensor(shape, (0..<shape.reduce(1, *)).map { _ in Float.random(in: -3...3, using: &self) })
  }

  /// Positive scales.
  mutating func scales(_ count: Int?) -> Tensor {
    let values = (0..<(count ?? 1)).map { _ in Float.random(in: 0.005...0.1, using: &self) }
    return Tensor(count.map { [$0] } ?? [], values)
  }

  mutating func bytes(_ shape: [Int], signed: Bool) -> Tensor {
    let values = (0..<shape.reduce(1, *)).map { _ in UInt8(number(0...255)) }
    return signed ? Tensor(shape, values.map { Int8(bitPattern: $0) }) : Tensor(shape, values)
  }

  mutating func integers(_ shape: [Int], _ range: ClosedRange<Int>) -> Tensor {
    Tensor(shape, (0..<shape.reduce(1, *)).map { _ in Int32(number(range)) })
  }

  mutating func longs(_ shape: [Int], _ range: ClosedRange<Int>) -> Tensor {
    Tensor(shape, (0..<shape.reduce(1, *)).map { _ in Int64(number(range)) })
  }

  mutating func truths(_ shape: [Int]) -> Tensor {
    Tensor(shape, (0..<shape.reduce(1, *)).map { _ in coin() })
  }

  /// A zero point, often 0.
  mutating func zero(_ signed: Bool) -> Tensor {
    if coin() { return Self.zero(0, signed) }
    return Self.zero(signed ? number(-128...127) : number(0...255), signed)
  }

  static func zero(_ value: Int, _ signed: Bool) -> Tensor {
    signed ? Tensor(scalar: Int8(value)) : Tensor(scalar: UInt8(value))
  }

  mutating func window(_ kernel: [Int]) -> Window {
    Window(
      kernel: kernel, strides: kernel.map { _ in number(1...3) },
      dilations: kernel.map { _ in number(0...2) == 0 ? 2 : 1 },
      pads: (kernel + kernel).map { number(0...max(0, $0 - 1)) })
  }
}

/// One operator on the core, compared with the reference: integers bit by bit, binary32 numbers by 10⁻⁴.
enum CoreCase {
  /// Checks an operator; operands whose numbers are in `constants` are constants of the network. Operands that the
  /// operator does not take are no case.
  static func check(
    _ function: Operator, _ operands: [Tensor?], constants: Set<Int> = [], results count: Int = 1
  ) throws {
    let types: [TensorType]
    do throws(NetworkError) {
      types = try function.resultTypes(
        operands.map { tensor in tensor.map { Operand($0.type, constant: $0) } }, results: count)
    } catch { return }
    let expected: [Tensor]
    do throws(NetworkError) {
      expected = try function.evaluate(operands, results: types, requantisation: .fixedPoint)
    } catch { return }
    var network = Network(name: "case")
    var inputs: [String: Tensor] = [:]
    var names: [String] = []
    for (index, tensor) in operands.enumerated() {
      let name = tensor == nil ? "" : "x\(index)"
      names.append(name)
      guard let tensor else { continue }
      if constants.contains(index) {
        network.constants[name] = tensor
      } else {
        network.inputs.append(Declaration(name, tensor.type))
        inputs[name] = tensor
      }
    }
    let outputs = (0..<count).map { "y\($0)" }
    network.nodes = [Node("node", function, names, outputs)]
    network.outputs = outputs
    let results = try CoreHost.shared().run(network.typed(), inputs)
    for (name, tensor) in zip(outputs, expected) {
      let result = try #require(results[name])
      #expect(matches(result, tensor), "\(function) of \(operands.map { $0?.type.description })")
    }
  }

  private static func matches(_ result: Tensor, _ expected: Tensor) -> Bool {
    guard let one = result.array(of: Float.self), let other = expected.array(of: Float.self) else {
      return result == expected
    }
    let greatest = other.reduce(Float(1)) { $1.isFinite ? max($0, abs($1)) : $0 }
    return result.shape == expected.shape
      && zip(one, other).allSatisfy { x, y in
        x == y || (x.isNaN && y.isNaN) || abs(x - y) <= 1e-5 * greatest + 1e-4 * abs(y)
      }
  }
}
