import Networks
import Reference
import Testing

struct QuantiserTests {
  /// x → Conv → Relu → MaxPool → Flatten → Gemm → y.
  private func network(weight: Float = 1) throws -> TypedNetwork {
    var random = RandomNumbers(seed: 3)
    var network = Network(
      name: "small", inputs: [Declaration("x", TensorType(.float32, [1, 2, 6, 6]))],
      outputs: ["y"])
    let window = Window(pads: [1, 1, 1, 1])
    let pool = Pooling(Window(kernel: [2, 2], strides: [2, 2]))
    network.nodes = [
      Node("conv", .convolution(Convolution(window)), ["x", "w", "b"], ["c"]),
      Node("relu", .unary(.relu), ["c"], ["r"]), Node("pool", .maxPool(pool), ["r"], ["p"]),
      Node("flatten", .flatten(axis: 1), ["p"], ["f"]),
      Node("gemm", .gemm(GEMM(transposesB: true)), ["f", "v", "d"], ["y"]),
    ]
    network.constants = [
      "w": Tensor([4, 2, 3, 3], random.floats(72).map { $0 * weight }),
      "b": Tensor([4], random.floats(4)), "v": Tensor([5, 36], random.floats(180)),
      "d": Tensor([5], random.floats(5)),
    ]
    return try network.typed()
  }

  private func sample(_ seed: UInt64) -> [String: Tensor] {
    var random = RandomNumbers(seed: seed)
    return ["x": Tensor([1, 2, 6, 6], random.floats(72))]
  }

  private func operators(_ network: Network) -> [String] { network.nodes.map(\.operator.name) }

  @Test func symmetricActivationsBecomeInt8WithoutZeroPoint() throws {
    let options = Quantiser.Options(form: .qlinear)
    let result = try Quantiser(options: options).quantise(try network(), samples: [sample(1)])
    #expect(
      operators(result) == [
        "QuantizeLinear", "QLinearConv", "Clip", "MaxPool", "Flatten", "QGemm", "DequantizeLinear",
      ])
    for (name, tensor) in result.constants where name.hasSuffix(".zero") {
      let isZero = tensor.array(of: Int8.self)?.allSatisfy { $0 == 0 } ?? false
      #expect(isZero, "\(name)")
    }
  }

  @Test func zeroPointsLetTheQuantisationDoTheRelusWork() throws {
    for activations in [Quantiser.Activations.signed, .unsigned] {
      let options = Quantiser.Options(activations: activations, form: .qlinear)
      let result = try Quantiser(options: options).quantise(try network(), samples: [sample(1)])
      #expect(
        operators(result) == [
          "QuantizeLinear", "QLinearConv", "MaxPool", "Flatten", "QGemm", "DequantizeLinear",
        ])
    }
  }

  @Test func inputsAndOutputsStayAsTheyWere() throws {
    let result = try Quantiser().quantise(try network(), samples: [sample(1)]).typed()
    #expect(result.network.inputs.map(\.name) == ["x"])
    #expect(result.network.outputs == ["y"])
    #expect(result.types["y"] == TensorType(.float32, [1, 5]))
  }

  @Test func quantisedNetworksAreCloseToTheOriginal() throws {
    let network = try network()
    let samples = (1...4).map { sample($0) }
    for range in [Quantiser.Range.minMax, .percentile(100), .meanSquaredError] {
      for scales in Quantiser.Scales.allCases {
        let options = Quantiser.Options(scales: scales, range: range)
        let (_, report) = try Quantiser(options: options).quantiseReporting(
          network, samples: samples)
        #expect(report.rows.map(\.value) == ["x", "r", "p", "f", "y"])
        for row in report.rows {
          let ratio = try #require(row.signalToNoise)
          #expect(ratio > (scales == .free ? 30 : 24), "\(row)")
        }
        #expect(report.rows[1].scale == report.rows[3].scale)
        if scales == .powerOfTwo {
          #expect(report.rows.allSatisfy { $0.scale.significand == 1 })
        }
      }
    }
  }

  @Test func reportsCanBeRead() throws {
    let (_, report) = try Quantiser().quantiseReporting(try network(), samples: [sample(1)])
    #expect(report.text.split(separator: "\n").count == report.rows.count + 1)
    let lines = report.csv.split(separator: "\n")
    #expect(lines.count == report.rows.count + 1)
    for line in lines {
      #expect(line.split(separator: ",", omittingEmptySubsequences: false).count == 9)
    }
  }

  @Test func excludedNodesStayInFloatingPoint() throws {
    let options = Quantiser.Options(form: .qlinear, excluded: ["gemm"])
    let result = try Quantiser(options: options).quantise(try network(), samples: [sample(1)])
    #expect(operators(result).contains("Gemm"))
    #expect(!operators(result).contains("QGemm"))
    let wrong = Quantiser(options: Quantiser.Options(excluded: ["gem"]))
    #expect { try wrong.quantise(try network(), samples: [sample(1)]) } throws: { error in
      "\(error)".contains("no node 'gem'") && "\(error)".contains("did you mean 'gemm'")
    }
  }

  @Test func samplesMustFit() throws {
    let network = try network()
    #expect(throws: NetworkError.self) { try Quantiser().quantise(network, samples: []) }
    #expect(throws: NetworkError.self) { try Quantiser().quantise(network, samples: [[:]]) }
    let none = Tensor([1, 2, 6, 6], [Float](repeating: .nan, count: 72))
    #expect(throws: NetworkError.self) { try Quantiser().quantise(network, samples: [["x": none]]) }
    let zero = Tensor([1, 2, 6, 6], [Float](repeating: 0, count: 72))
    _ = try Quantiser().quantise(network, samples: [["x": zero]])
  }

  @Test func tinyWeightsDoNotOverflowBiases() throws {
    let network = try network(weight: 1e-30)
    let options = Quantiser.Options(form: .qlinear)
    let (_, report) = try Quantiser(options: options).quantiseReporting(
      network, samples: [sample(1)])
    #expect(report.rows.allSatisfy { ($0.signalToNoise ?? 0) > 25 })
  }

  @Test func theArraysArithmeticGivesAlmostTheSame() throws {
    let options = Quantiser.Options(form: .qlinear)
    let network = try network()
    let result = try Quantiser(options: options).quantise(network, samples: [sample(1)]).typed()
    for seed in UInt64(1)...20 {
      let real = try Executor(result).run(sample(seed))["y"]?.array(of: Float.self)
      let fixed = try Executor(result, requantisation: .fixedPoint).run(sample(seed))["y"]?
        .array(of: Float.self)
      // Scales differ in the 25th bit: only numbers next to half a step can be rounded differently.
      #expect(real == fixed)
    }
  }
}
