internal import Estimation

/// Models without a clock: layers of ResNet-34 on arrays of many sizes.
enum EstimateBench {
  /// The convolutions and the classifier of ResNet-34 (He et al., CVPR 2016), one image of 224 × 224.
  static let layers: [LayerShape] = {
    var layers = [
      LayerShape.convolution(
        height: 224, width: 224, channels: 3, filters: 64, kernel: 7, stride: 2, padding: 3)
    ]
    var (side, channels) = (56, 64)
    for (blocks, filters) in [(3, 64), (4, 128), (6, 256), (3, 512)] {
      for block in 0..<blocks {
        let stride = block == 0 && filters > 64 ? 2 : 1
        layers.append(
          .convolution(
            height: side, width: side, channels: channels, filters: filters, kernel: 3,
            stride: stride, padding: 1))
        if stride == 2 {
          layers.append(
            .convolution(
              height: side, width: side, channels: channels, filters: filters, kernel: 1,
              stride: 2))
        }
        side /= stride
        channels = filters
        layers.append(
          .convolution(
            height: side, width: side, channels: channels, filters: filters, kernel: 3,
            padding: 1))
      }
    }
    layers.append(.fullyConnected(inputs: 512, outputs: 1000))
    return layers
  }()

  /// Arrays of 4 to 128 rows and columns, both dataflows.
  static let designs: [ArrayDesign] = [StationaryOperand.output, .weights].flatMap { stationary in
    [4, 8, 16, 32, 64, 128].flatMap { rows in
      [4, 8, 16, 32, 64, 128].map { columns in
        ArrayDesign(
          rows: rows, columns: columns, stationary: stationary, busBytes: 16, memoryBytes: 16,
          accumulatorRows: 1024)
      }
    }
  }

  /// Layer-designs per second of the generic roofline.
  static func roofline() -> Double {
    rate { layer, design in GenericRoofline.evaluate(layer, on: design).total }
  }

  /// Layer-designs per second of SCALE-Sim's convention.
  static func convention() -> Double {
    rate { layer, design in CycleConvention.scalesim.evaluate(layer, on: design)?.total ?? 0 }
  }

  /// Layer-designs per second of the refined roofline.
  static func refined() -> Double {
    let model = RefinedRoofline(
      peakOperations: 512, peakBytes: 16,
      unrolling: SpatialUnrolling(
        pixels: SpatialDimension(size: 16), filters: SpatialDimension(size: 16)),
      launchTime: 1000, tileTime: 40)
    return rate { layer, design in Int(model.time(of: layer)) &+ design.rows }
  }

  /// Whole ResNet-34s per second of Gemmini's improved model, with the memory of its measurements.
  static func gemmini() -> Double {
    let model = GemminiImprovedModel()
    let shapes = layers
    return rate(passes: 1) {
      var sum = 0
      for shape in shapes {
        let layer = GemminiConvolution(
          inputSize: shape.inputHeight, inputChannels: shape.inputChannels,
          outputChannels: shape.outputChannels, kernel: shape.kernelHeight, stride: shape.strideY,
          padding: shape.top)
        sum &+= model.estimate(layer, memory: GemminiMemory()).cycles
      }
      return sum
    }
  }

  /// Layer-designs per second of the tiled model: our own SoC in closed form, actions counted, on output- and
  /// weight-stationary arrays of 8 to 64 rows and columns.
  static func tiled() -> Double {
    let network = TiledNetwork(
      names: layers.indices.map { "layer\($0)" },
      layers: layers.map { shape in
        var layer = TiledLayer(shape: shape)
        layer.engine = .array
        layer.inputPitch = shape.inputChannels
        layer.outputPitch = shape.outputChannels
        layer.pieceRows = shape.outputHeight
        layer.finish = [.bias, .rectify, .requantise]
        return layer
      }, issue: TiledIssue())
    var models: [TiledModel] = []
    for isWeightStationary in [false, true] {
      for side in [8, 16, 32, 64] {
        models.append(TiledModel(network, on: system(side, isWeightStationary)))
      }
    }
    let passes = rate(passes: 64) {
      var cycles = 0.0
      for index in models.indices { cycles += models[index].run().cycles }
      return Int(cycles)
    }
    return passes * Double(layers.count * models.count)
  }

  /// The shape of `Configs/npu`.
  private static func system(_ side: Int, _ isWeightStationary: Bool) -> TiledSystem {
    var dma = TiledSystem.DMA()
    dma.portBytes = side
    dma.outstanding = 32
    var array = TiledSystem.Array()
    array.isWeightStationary = isWeightStationary
    (array.rows, array.columns, array.lanes) = (side, side, side)
    array.accumulatorRows = 512
    array.weightCapacity = 128 << 10
    (array.input, array.weights, array.output, array.side) = (dma, dma, dma, dma)
    array.load = dma
    var system = TiledSystem()
    system.busBytes = max(16, side)
    (system.activations.banks, system.activations.ports, system.activations.index) = (8, 4, 1)
    (system.weights.banks, system.weights.ports, system.weights.index) = (4, 2, 2)
    system.main.readDelay = 30
    system.main.writeDelay = 30
    system.main.bitsPerCycle = 128
    system.main.index = 0
    system.arrays = [array]
    return system
  }

  private static func rate(
    _ evaluate: (borrowing LayerShape, borrowing ArrayDesign) -> Int
  ) -> Double {
    let (layers, designs) = (layers, designs)
    let passes = rate(passes: 16) {
      var sum = 0
      for design in designs {
        for layer in layers { sum &+= evaluate(layer, design) }
      }
      return sum
    }
    return passes * Double(layers.count * designs.count)
  }

  /// Calls of `body` per second, measured over at least half a second.
  private static func rate(passes: Int, _ body: () -> Int) -> Double {
    let clock = ContinuousClock()
    var calls = 0
    var sum = body()
    let start = clock.now
    var elapsed = 0.0
    repeat {
      for _ in 0..<passes { sum &+= body() }
      calls += passes
      elapsed = start.duration(to: clock.now) / .seconds(1)
    } while elapsed < 0.5
    // The result is used: nothing may be left out.
    return sum == .min ? 0 : Double(calls) / elapsed
  }
}
