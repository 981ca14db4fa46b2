import Foundation
import Mapping
import Networks
import Reference
import Testing

/// Plans of random networks, executed in random orders.
@Suite("Plans do what their networks do, in every order of events", .serialized)
struct PlanExecutionTests {
  private static let seeds =
    0..<(Int(ProcessInfo.processInfo.environment["FLECSIM_PLANS"] ?? "") ?? 4)

  @Test("Random networks", arguments: PlanPlatform.all, seeds)
  func random(_ target: PlanPlatform, seed: Int) throws {
    let isQuantised = target.arrays[0].element == .int8
    let size = 2 + seed % 7
    let number = 1000 * seed + 17 * target.testDescription.utf8.reduce(0) { $0 + Int($1) }
    let (network, inputs) =
      isQuantised
      ? try PlanNetwork.quantised(seed: number, size: size)
      : try PlanNetwork.make(seed: number, size: size)
    try PlanCheck.check(network, inputs, target, seed: number, orders: 2)
  }
}

enum PlanCheck {
  /// Systems lie at fixed addresses of the test's memory: suites that run side by side take turns.
  private static let turn = NSLock()

  /// Maps a network, executes the plan in some orders, and compares the outputs with the reference.
  static func check(
    _ network: TypedNetwork, _ inputs: [String: Tensor], _ target: PlanPlatform,
    choices: [String: LayerChoice] = [:], seed: Int, orders: Int
  ) throws {
    // Quantisation by samples finds no scale for what is 0 in all of them.
    guard let expected = try? Executor(network, requantisation: .fixedPoint).run(inputs) else {
      return
    }
    var options = Mapper.Options()
    options.choices = choices
    let platform = target.platform
    do {
      let mapped = try Mapper(platform: platform, options: options).plan(network)
      for order in 0..<orders {
        let found = try turn.withLock {
          try PlanMachine(
            mapped, on: platform, shapes: target.arrays, seed: seed + 7919 * order
          ).run(inputs)
        }
        for (name, tensor) in expected where network.network.outputs.contains(name) {
          let result = try #require(found[name])
          if let difference = difference(result, tensor) {
            throw PlanFailure("order \(order), output \(name): \(difference)")
          }
        }
      }
    } catch {
      Issue.record("seed \(seed): \(error)\n\(text(network))")
    }
  }

  /// What is different; nil when nothing is. Integers must be equal, binary32 numbers to 10⁻⁴ of the largest.
  static func difference(_ found: Tensor, _ expected: Tensor) -> String? {
    guard found.type == expected.type else { return "\(found.type) instead of \(expected.type)" }
    guard let one = found.array(of: Float.self), let other = expected.array(of: Float.self) else {
      return found == expected ? nil : "other bits"
    }
    let largest = other.reduce(Float(1)) { $1.isFinite ? max($0, abs($1)) : $0 }
    let wrong = zip(one, other).enumerated().filter { _, pair in
      !(pair.0 == pair.1 || (pair.0.isNaN && pair.1.isNaN)
        || abs(pair.0 - pair.1) <= 1e-4 * largest)
    }
    guard let first = wrong.first else { return nil }
    return "\(wrong.count) of \(one.count) differ, \(first.element.0) instead of "
      + "\(first.element.1) at \(first.offset)"
  }

  /// A network in a few lines.
  static func text(_ network: TypedNetwork) -> String {
    network.network.nodes.map { node in
      let inputs = node.inputs.map { "\($0)\(network.types[$0]?.shape ?? [])" }
      return
        "  \(node.outputs) \(network.types[node.outputs[0]]?.shape ?? []) = \(node.operator.name)(\(inputs.joined(separator: ", "))) \(node.operator)"
        .prefix(300)
    }.joined(separator: "\n") + "\n  outputs \(network.network.outputs)"
  }
}
