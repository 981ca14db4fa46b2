import Networks
import Testing

@Suite("Graphs")
struct GraphTests {
  private func relu(_ name: String, _ input: String, _ output: String? = nil) -> Node {
    Node(name, .unary(.relu), [input], [output ?? name])
  }

  private func network(_ nodes: [Node], outputs: [String]) -> Network {
    Network(
      name: "n", inputs: [Declaration("x", TensorType(.float32, [1]))], outputs: outputs,
      nodes: nodes)
  }

  private func failure(_ network: Network) -> NetworkError? {
    do {
      _ = try network.sorted()
      return nil
    } catch {
      return error
    }
  }

  @Test("nodes come behind what they depend on, and keep an order that is right")
  func order() throws {
    let right = network([relu("a", "x"), relu("c", "x"), relu("b", "a")], outputs: ["b", "c"])
    #expect(try right.sorted().nodes.map(\.name) == ["a", "c", "b"])
    let wrong = network([relu("b", "a"), relu("c", "b"), relu("a", "x")], outputs: ["c"])
    #expect(try wrong.sorted().nodes.map(\.name) == ["a", "b", "c"])
  }

  @Test("a chain of 100,000 nodes, given backwards")
  func deepChain() throws {
    let count = 100_000
    let nodes = (0..<count).reversed().map { relu("n\($0)", $0 == 0 ? "x" : "n\($0 - 1)") }
    let sorted = try network(nodes, outputs: ["n\(count - 1)"]).sorted()
    #expect(sorted.nodes.first?.name == "n0")
    #expect(sorted.nodes.last?.name == "n\(count - 1)")
    #expect(sorted.pruned().nodes.count == count)
    var loop = sorted
    loop.nodes[0].inputs = ["n\(count - 1)"]
    let error = try #require(failure(loop))
    #expect(error.message.contains("cycle"))
    #expect(error.message.contains("(\(count) nodes)"))
  }

  @Test("a cycle is named in the direction of the data")
  func cycle() throws {
    let nodes = [relu("p", "x"), relu("a", "c"), relu("b", "a"), relu("c", "b")]
    let error = try #require(failure(network(nodes, outputs: ["c"])))
    #expect(error.message.contains("'b' → 'c' → 'a' → 'b'"))
    let own = try #require(failure(network([relu("a", "a")], outputs: ["a"])))
    #expect(own.message.contains("'a' → 'a'"))
  }

  @Test("missing and double definitions are named")
  func definitions() throws {
    let missing = try #require(failure(network([relu("conv1", "xx")], outputs: ["conv1"])))
    #expect(missing.place == "node 'conv1' (Relu)")
    #expect(missing.message.contains("'xx'"))
    let output = try #require(failure(network([relu("conv1", "x")], outputs: ["conv2"])))
    #expect(output.message.contains("the output 'conv2'"))
    #expect(output.suggestion == "did you mean 'conv1'?")
    let twice = try #require(
      failure(network([relu("a", "x", "y"), relu("b", "x", "y")], outputs: ["y"])))
    #expect(twice.message.contains("already a result of node 'a' (Relu)"))
    let shadowed = try #require(failure(network([relu("a", "x", "x")], outputs: ["x"])))
    #expect(shadowed.message.contains("already an input"))
    #expect(failure(network([relu("a", "x")], outputs: [])) != nil)
  }

  @Test("nodes and constants that no output needs go")
  func pruning() {
    var unpruned = network(
      [
        relu("a", "x"), relu("unused", "a"),
        Node("sum", .binary(.add), ["a", "k"], ["sum"]),
        Node("dead", .binary(.add), ["unused", "d"], ["dead"]),
      ], outputs: ["sum"])
    unpruned.constants = ["k": Tensor(scalar: Float(1)), "d": Tensor(scalar: Float(2))]
    let pruned = unpruned.pruned()
    #expect(pruned.nodes.map(\.name) == ["a", "sum"])
    #expect(pruned.constants.keys.sorted() == ["k"])
    #expect(pruned.inputs.count == 1)
  }
}
