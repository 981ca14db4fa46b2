internal import Diagnostics
public import Networks

/// Runs a network, node by node, on the processor.
///
/// The results are those of the ONNX operators: quantised ones bit by bit, floating-point ones up to the order in which
/// sums are built. Running is deterministic.
public struct Executor: Sendable {
  /// The network.
  public let network: TypedNetwork
  /// The arithmetic of quantised operators.
  public let requantisation: RequantisationArithmetic
  /// The most memory that a run may be estimated to take, in bytes.
  public let memoryLimit: Int

  /// Memory that a run may take unless the caller says otherwise: 4 GiB.
  public static let defaultMemoryLimit = 4 << 30

  /// Creates an executor; nothing is computed yet.
  ///
  /// - Parameters:
  ///   - network: A network with all types known; its nodes are in order.
  ///   - requantisation: The arithmetic of quantised operators.
  ///   - memoryLimit: The most memory that a run may be estimated to take, in bytes.
  public init(
    _ network: TypedNetwork, requantisation: RequantisationArithmetic = .float32,
    memoryLimit: Int = Executor.defaultMemoryLimit
  ) {
    self.network = network
    self.requantisation = requantisation
    self.memoryLimit = memoryLimit
  }

  /// Computes the outputs.
  ///
  /// - Parameters:
  ///   - inputs: One tensor per input of the network, by name.
  ///   - keeping: Names of intermediate values to return as well.
  /// - Returns: The outputs and kept values by name.
  /// - Throws: `NetworkError` when an input is missing, unknown or of another type, a kept name is unknown, the
  ///   estimated memory exceeds the limit, or a node cannot be computed (its place is then given).
  public func run(
    _ inputs: [String: Tensor], keeping: Set<String> = []
  ) throws(NetworkError) -> [String: Tensor] {
    try check(inputs)
    try check(keeping)
    let graph = network.network
    try checkMemory(keeping)
    let kept = keeping.union(graph.outputs)
    let releases = Lifetimes(graph, keeping: kept).releases
    var values = inputs
    for (node, released) in zip(graph.nodes, releases) {
      do throws(NetworkError) {
        for (name, value) in zip(node.outputs, try results(of: node, values)) where !name.isEmpty {
          values[name] = value
        }
      } catch {
        throw error.at(node.place)
      }
      for name in released { values[name] = nil }
    }
    var results: [String: Tensor] = [:]
    for name in kept {
      guard let value = values[name] ?? graph.constants[name] else {
        throw NetworkError("nothing computes the value '\(name)'")
      }
      results[name] = value
    }
    return results
  }

  private func results(
    of node: Node, _ values: [String: Tensor]
  ) throws(NetworkError) -> [Tensor] {
    var operands: [Tensor?] = []
    for name in node.inputs {
      guard !name.isEmpty else {
        operands.append(nil)
        continue
      }
      guard let value = values[name] ?? network.network.constants[name] else {
        throw NetworkError("its operand '\(name)' has not been computed")
      }
      operands.append(value)
    }
    var types: [TensorType] = []
    if node.outputs.allSatisfy({ network.types[$0] != nil }) {
      types = node.outputs.compactMap { network.types[$0] }
    } else {
      // A result that nobody takes has no name to look its type up by.
      types = try node.operator.resultTypes(
        operands.map { tensor in tensor.map { Operand($0.type, constant: $0) } },
        results: node.outputs.count)
    }
    return try node.operator.evaluate(operands, results: types, requantisation: requantisation)
  }
}

extension Executor {
  private func check(_ inputs: [String: Tensor]) throws(NetworkError) {
    let names = network.network.inputs.map(\.name)
    for name in inputs.keys.sorted() where !names.contains(name) {
      throw NetworkError(
        "the network has no input '\(name)'", suggestion: hint(name, names, "its inputs"))
    }
    for name in names {
      guard let tensor = inputs[name] else {
        throw NetworkError("no tensor is given for the input '\(name)'")
      }
      guard let type = network.types[name] else { continue }
      guard tensor.type == type else {
        throw NetworkError("is \(tensor.type), expected \(type)", place: "input '\(name)'")
      }
    }
  }

  private func check(_ keeping: Set<String>) throws(NetworkError) {
    for name in keeping.sorted()
    where network.types[name] == nil && network.network.constants[name] == nil {
      throw NetworkError(
        "the network has no value '\(name)'",
        suggestion: hint(name, network.types.keys.sorted(), nil))
    }
  }

  private func checkMemory(_ keeping: Set<String>) throws(NetworkError) {
    let estimate = MemoryEstimate(network, keeping: keeping)
    guard estimate.bytes <= memoryLimit else {
      func mebibytes(_ bytes: Int) -> String { "\(bytes >> 20) MiB" }
      throw NetworkError(
        "running needs about \(mebibytes(estimate.bytes)), "
          + "\(mebibytes(estimate.peakActivationBytes)) of them for intermediate values; the limit "
          + "is \(mebibytes(memoryLimit))",
        suggestion: "choose a smaller batch or input, or raise the limit (--memory-limit)")
    }
  }

  private func hint(_ name: String, _ names: [String], _ all: String?) -> String? {
    if let near = Suggestion.nearest(to: name, among: names) { return "did you mean '\(near)'?" }
    guard let all else { return nil }
    return names.isEmpty ? "there are none" : "\(all): \(names.joined(separator: ", "))"
  }
}
