internal import Estimation
internal import Mapping
internal import Networks
internal import Reference
internal import SoC

/// Single layers run on an array of a SoC: the machine that models are fitted to.
struct LayerBenchmark {
  private let simulation: NetworkSimulation
  private let element: Networks.ElementType
  private let array: String
  /// The array with its dimensions, for people; the fit is not told.
  let arrayText: String

  /// Name of the layer.
  private static let layer = "layer"

  /// - Parameters:
  ///   - array: name of the array; nil takes the first.
  /// - Throws: `CommandFailure` when there is none.
  init(_ simulation: NetworkSimulation, array name: String? = nil) throws {
    self.simulation = simulation
    let description = simulation.description
    let platform = Platform(description, program: simulation.program)
    guard let array = platform.arrays.first(where: { name == nil || $0.device.name == name })
    else {
      let known = platform.arrays.map(\.device.name).joined(separator: ", ")
      throw CommandFailure(
        .input,
        "error: \(description.name): there is no array "
          + (name.map { "'\($0)'; there are \(known)" } ?? "to run layers on"))
    }
    self.array = array.device.name
    element = array.element
    arrayText =
      "'\(array.device.name)' (\(array.rows) rows, \(array.columns) columns, \(array.dataflow == .outputStationary ? "output" : "weight") stationary)"
  }

  /// Bytes of an element.
  var elementBytes: Int { element.byteCount }

  /// Cycles of the array's layer in a run, from its first command to the end.
  ///
  /// - Throws: `NetworkError` when it cannot be mapped, `CommandFailure`.
  func cycles(of shape: LayerShape) throws -> Double {
    let typed = try network(shape).typed()
    var choices = MappingChoices()
    var choice = LayerChoice()
    choice.engine = array
    choices.layers[Self.layer] = choice
    let mapping = try NetworkMapping(
      typed, choices, on: simulation.description, program: simulation.program)
    let sides = typed.types["x"]?.shape ?? []
    let run = try simulation.run(mapping, inputs: ["x": tensor(sides, salt: 1)])
    return Double(run.layers[Self.layer] ?? run.total)
  }

  /// A network of one convolution, and behind it one with a single filter: as in a whole network the
  /// result goes to the next layer, channels last, and not to the outside.
  private func network(_ shape: LayerShape) -> Network {
    let input = [shape.images, shape.inputChannels, shape.inputHeight, shape.inputWidth]
    let kernel = [
      shape.outputChannels, shape.groupChannels, shape.kernelHeight, shape.kernelWidth,
    ]
    // What is missing at the end follows from the output's size.
    func end(
      _ output: Int, _ stride: Int, _ kernel: Int, _ dilation: Int, _ side: Int, _ begin: Int
    ) -> Int {
      max(0, (output - 1) * stride + (kernel - 1) * dilation + 1 - side - begin)
    }
    let bottom = end(
      shape.outputHeight, shape.strideY, shape.kernelHeight, shape.dilationY, shape.inputHeight,
      shape.top)
    let right = end(
      shape.outputWidth, shape.strideX, shape.kernelWidth, shape.dilationX, shape.inputWidth,
      shape.left)
    let attributes = Convolution(
      Window(
        kernel: [shape.kernelHeight, shape.kernelWidth], strides: [shape.strideY, shape.strideX],
        dilations: [shape.dilationY, shape.dilationX],
        pads: [shape.top, shape.left, bottom, right]), groups: shape.groups)
    var network = Network(name: Self.layer)
    network.inputs = [Declaration("x", TensorType(element, input))]
    network.outputs = ["y"]
    network.constants["w"] = tensor(kernel, salt: 2)
    network.constants["v"] = tensor([1, shape.outputChannels, 1, 1], salt: 3)
    let next = Convolution(Window(kernel: [1, 1]))
    guard element == .int8 else {
      network.nodes = [
        Node(Self.layer, .convolution(attributes), ["x", "w"], ["z"]),
        Node("next", .convolution(next), ["z", "v"], ["y"]),
      ]
      return network
    }
    network.constants["scale"] = Tensor(scalar: Float(1) / 128)
    network.constants["zero"] = Tensor(scalar: Int8(0))
    network.constants["bias"] = Tensor(
      [shape.outputChannels], [Int32](repeating: 3, count: shape.outputChannels))
    network.nodes = [
      Node(
        Self.layer, .qLinearConvolution(attributes),
        ["x", "scale", "zero", "w", "scale", "zero", "scale", "zero", "bias"], ["z"]),
      Node(
        "next", .qLinearConvolution(next),
        ["z", "scale", "zero", "v", "scale", "zero", "scale", "zero"], ["y"]),
    ]
    return network
  }

  /// Small numbers of both signs; times of products do not depend on them.
  private func tensor(_ shape: [Int], salt: Int) -> Tensor {
    let count = shape.reduce(1, *)
    func number(_ index: Int) -> Int { (index &* 31 &+ salt &* 17) % 29 - 14 }
    if element == .int8 { return Tensor(shape, (0..<count).map { Int8(number($0)) }) }
    return Tensor(shape, (0..<count).map { Float(number($0)) / 16 })
  }
}
