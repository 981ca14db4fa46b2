import Networks
import Reference
import Testing

/// What the executor checks, keeps and frees.
struct ExecutorTests {
  /// y = relu(x) + 1, z = y · y.
  private var network: TypedNetwork {
    get throws {
      try Network(
        name: "small", inputs: [Declaration("x", TensorType(.float32, [2, 2]))], outputs: ["z"],
        nodes: [
          Node("relu", .unary(.relu), ["x"], ["r"]),
          Node("add", .binary(.add), ["r", "one"], ["y"]),
          Node("square", .binary(.multiply), ["y", "y"], ["z"]),
        ], constants: ["one": Tensor(scalar: Float(1))]
      ).typed()
    }
  }

  @Test func runsAndKeeps() throws {
    let x = Tensor([2, 2], [-1, 0, 1, 2] as [Float])
    let results = try Executor(network).run(["x": x], keeping: ["r"])
    #expect(results["z"] == Tensor([2, 2], [1, 1, 4, 9] as [Float]))
    #expect(results["r"] == Tensor([2, 2], [0, 0, 1, 2] as [Float]))
    #expect(results.count == 2)
  }

  @Test func refusesWrongInputs() throws {
    let executor = Executor(try network)
    let x = Tensor([2, 2], [1, 2, 3, 4] as [Float])
    #expect(throws: NetworkError("no tensor is given for the input 'x'")) { try executor.run([:]) }
    #expect(
      throws: NetworkError(
        "the network has no input 'X'", suggestion: "did you mean 'x'?")
    ) { try executor.run(["X": x]) }
    #expect(
      throws: NetworkError("is fp32[4], expected fp32[2×2]", place: "input 'x'")
    ) { try executor.run(["x": x.reshaped([4])]) }
    #expect(throws: NetworkError.self) { try executor.run(["x": x], keeping: ["nothing"]) }
  }

  @Test func limitsMemory() throws {
    let typed = try network
    let estimate = MemoryEstimate(typed)
    #expect(estimate.constantBytes == 4)
    // Two of the four-element values are alive at a time.
    #expect(estimate.peakActivationBytes == 2 * 16)
    let x = Tensor([2, 2], [1, 2, 3, 4] as [Float])
    #expect(throws: NetworkError.self) { try Executor(typed, memoryLimit: 35).run(["x": x]) }
    #expect(throws: Never.self) { try Executor(typed, memoryLimit: 36).run(["x": x]) }
  }

  @Test func namesTheNodeThatFails() throws {
    let typed = try Network(
      name: "gather",
      inputs: [
        Declaration("x", TensorType(.float32, [2])), Declaration("i", TensorType(.int64, [1])),
      ], outputs: ["y"], nodes: [Node("pick", .gather(axis: 0), ["x", "i"], ["y"])]
    ).typed()
    let inputs = ["x": Tensor([2], [1, 2] as [Float]), "i": Tensor([1], [2] as [Int64])]
    #expect(
      throws: NetworkError(
        "the index 2 is outside of an axis with 2 elements", place: "node 'pick' (Gather)")
    ) { try Executor(typed).run(inputs) }
  }
}
