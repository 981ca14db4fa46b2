import Mapping
import Networks
import Reference
import Testing

@Suite("Choices in plans", .serialized)
struct PlanChoiceTests {
  /// Whatever a user chooses: either one message says why not, or the outputs stay what they are.
  @Test("Random choices", arguments: PlanPlatform.all, 0..<3)
  func random(_ target: PlanPlatform, seed: Int) throws {
    let number = 31 * seed + 100_000 + target.testDescription.utf8.count
    let (network, inputs) =
      target.arrays[0].element == .int8
      ? try PlanNetwork.quantised(seed: number, size: 5)
      : try PlanNetwork.make(seed: number, size: 5)
    guard (try? Executor(network, requantisation: .fixedPoint).run(inputs)) != nil else { return }
    let platform = target.platform
    let layers = try Mapper(platform: platform).plan(network).layers
    var draw = CoreDraw(number)
    for _ in 0..<6 {
      var choices: [String: LayerChoice] = [:]
      for layer in layers where draw.coin() { choices[layer.name] = draw.choice(layer, platform) }
      var options = Mapper.Options()
      options.choices = choices
      do throws(NetworkError) {
        _ = try Mapper(platform: platform, options: options).plan(network)
      } catch {
        #expect(layers.contains { error.description.contains("'\($0.name)'") }, "\(error)")
        continue
      }
      try PlanCheck.check(network, inputs, target, choices: choices, seed: number, orders: 1)
    }
  }

  // MARK: What is refused

  /// conv1 (3×3, 8 to 24 channels, 12×12), conv2 (1×1), with a ReLU and a pooling behind conv1.
  private func network() throws -> TypedNetwork {
    var draw = CoreDraw(5)
    var network = Network(name: "two")
    network.inputs = [Declaration("x", TensorType(.float32, [1, 8, 12, 12]))]
    network.constants = ["w1": draw.weights([24, 8, 3, 3]), "w2": draw.weights([16, 24, 1, 1])]
    let window = Window(kernel: [3, 3], pads: [1, 1, 1, 1])
    let pool = Pooling(Window(kernel: [2, 2], strides: [2, 2]))
    network.nodes = [
      Node("conv1", .convolution(Convolution(window)), ["x", "w1"], ["a"]),
      Node("relu1", .unary(.relu), ["a"], ["b"]), Node("pool1", .maxPool(pool), ["b"], ["c"]),
      Node("conv2", .convolution(Convolution(Window(kernel: [1, 1]))), ["c", "w2"], ["d"]),
    ]
    network.outputs = ["d"]
    return try network.typed()
  }

  private static let target = PlanPlatform(
    testDescription: "OS fp32 8×8, 4 KiB",
    arrays: [PlanPlatform.ArrayShape(kind: .outputStationary, side: 8, element: .float32)],
    scratchpads: [8192, 8192])

  private func message(_ layer: String, _ change: (inout LayerChoice) -> Void) throws -> String {
    var choice = LayerChoice()
    change(&choice)
    var options = Mapper.Options()
    options.choices[layer] = choice
    let network = try network()
    do throws(NetworkError) {
      _ = try Mapper(platform: Self.target.platform, options: options).plan(network)
    } catch {
      return error.description
    }
    return "accepted"
  }

  @Test("Names that are not known get the nearest one")
  func names() throws {
    #expect(try message("conv3") { _ in }.contains("did you mean 'conv"))
    #expect(try message("conv1") { $0.engine = "aray0" }.contains("did you mean 'array0'?"))
    let fused = try message("conv1") { $0.fused = ["conv2"] }
    #expect(fused.contains("'conv2' cannot be computed with it"), "\(fused)")
  }

  @Test("What does not fit says by how many bytes, and what would fit")
  func room() throws {
    // A staging buffer has 2 KiB (half of a half of 8 KiB); 4 output rows need 6 rows of 12·8·4 bytes.
    let rows = try message("conv1") { $0.tileRows = 4 }
    #expect(rows.contains("bytes too many") && rows.contains("tile_rows"), "\(rows)")
    #expect(rows.contains("2304 bytes"), "\(rows)")
    let strips = try message("conv1") { ($0.weights, $0.groupStrips) = (.staged, 3) }
    // 3 strips of 72·8·4 bytes against half of 8 KiB.
    #expect(strips.contains("6912 bytes") && strips.contains("2816 bytes too many"), "\(strips)")
    #expect(strips.contains("group_strips 1"), "\(strips)")
  }

  @Test("Pieces that cut a pooling in two are refused")
  func pieces() throws {
    let odd = try message("conv1") { $0.tileRows = 3 }
    #expect(odd.contains("multiple of 2"), "\(odd)")
    #expect(try message("conv1") { ($0.tileRows, $0.fused) = (3, ["relu1"]) } == "accepted")
  }

  @Test("A node that is sent to the core is not computed with another layer")
  func sentToCore() throws {
    var options = Mapper.Options()
    options.choices["pool1"] = LayerChoice()
    options.choices["pool1"]?.engine = "core"
    let mapped = try Mapper(platform: Self.target.platform, options: options).plan(network())
    let layer = try #require(mapped.layers.first { $0.name == "pool1" })
    #expect(layer.choice.engine == "core")
    #expect(mapped.layers.first?.choice.fused == ["relu1"])
  }

  @Test("A memory that is too small says so", arguments: [1 << 10, 16 << 10, 20 << 10])
  func memory(bytes: Int) throws {
    var target = Self.target
    target.dramBytes = bytes
    let network = try network()
    do throws(NetworkError) {
      _ = try Mapper(platform: target.platform).plan(network)
      #expect(bytes > 16 << 10)
    } catch {
      #expect(error.description.contains("bytes too many"), "\(error)")
      #expect(error.description.contains("memories.dram.length"), "\(error)")
    }
  }

  @Test("A finished plan, fed back, gives the same plan", arguments: PlanPlatform.all)
  func feedback(_ target: PlanPlatform) throws {
    let (network, _) =
      target.arrays[0].element == .int8
      ? try PlanNetwork.quantised(seed: 77, size: 6) : try PlanNetwork.make(seed: 77, size: 6)
    let first = try Mapper(platform: target.platform).plan(network)
    var options = Mapper.Options()
    for layer in first.layers { options.choices[layer.name] = layer.choice }
    let second = try Mapper(platform: target.platform, options: options).plan(network)
    #expect(first.plan == second.plan)
    #expect(first.constants == second.constants)
    #expect(first.layers == second.layers)
  }
}

extension CoreDraw {
  /// What a user might write about a layer.
  fileprivate mutating func choice(_ layer: PlannedLayer, _ platform: Platform) -> LayerChoice {
    var choice = LayerChoice()
    switch number(0...5) {
    case 0: choice.engine = "core"
    case 1: choice.engine = platform.arrays.map(\.device.name).randomElement(using: &self)
    default: break
    }
    if coin() { choice.order = coin() ? .inputOuter : .weightsOuter }
    if coin() { choice.tileRows = number(1...6) }
    if coin() { choice.groupStrips = number(1...4) }
    if number(0...2) == 0 { choice.input = coin() ? .staged : .direct }
    if number(0...2) == 0 { choice.weights = coin() ? .staged : .direct }
    if coin() { choice.fused = Array((layer.choice.fused ?? []).prefix(number(0...3))) }
    return choice
  }
}
