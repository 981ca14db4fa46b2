import Foundation
import SwiftProtobuf

/// Random changes of an ONNX file that leave it a protocol buffer.
struct ModelMutation {
  private var state: UInt64

  /// Creates changes that follow from a seed.
  init(seed: UInt64) { state = seed &* 0x9e37_79b9_7f4a_7c15 | 1 }

  /// The changed file; nil when the bytes are none.
  func mutated(_ bytes: [UInt8]) -> [UInt8]? {
    var copy = self
    guard var model = try? ONNXModel(serializedBytes: bytes) else { return nil }
    for _ in 0...copy.random(4) { copy.change(&model) }
    return try? model.serializedBytes()
  }

  private mutating func random(_ bound: Int) -> Int {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % max(1, bound)
  }

  private mutating func pick<Element>(_ list: [Element]) -> Element? {
    list.isEmpty ? nil : list[random(list.count)]
  }

  private mutating func integer() -> Int64 {
    switch random(12) {
    case 0: .max
    case 1: .min
    case 2: 1 << 31
    case 3: -1
    case 4: Int64(Int32.max)
    case 5: 1 << 62
    case 6: -Int64(random(9))
    case 7: 1 << Int64(random(62))
    default: Int64(random(9))
    }
  }

  private mutating func float() -> Float {
    switch random(8) {
    case 0: .nan
    case 1: .infinity
    case 2: -.infinity
    case 3: 0
    case 4: .greatestFiniteMagnitude
    case 5: -1
    default: Float(random(100)) / 8
    }
  }

  private mutating func change(_ model: inout ONNXModel) {
    switch random(14) {
    case 0:
      model.opsetImport = [.with { $0.version = Int64(random(28)) }]
      model.opsetImport.append(
        .with {
          $0.domain = "com.microsoft"
          $0.version = 1
        })
    case 1: changeInput(&model.graph)
    case 2, 3, 4: changeTensor(&model.graph)
    case 5: rewire(&model.graph)
    case 6: addNode(&model.graph)
    case 7: retype(&model.graph)
    default: changeAttribute(&model.graph)
    }
  }

  private mutating func changeInput(_ graph: inout ONNXGraph) {
    guard !graph.input.isEmpty else { return }
    let index = random(graph.input.count)
    if random(3) == 0 {
      graph.input[index].type.tensorType.elemType = Int32(random(17))
      return
    }
    var sides = graph.input[index].type.tensorType.shape.dim
    changeList(&sides) { generator in .with { $0.dimValue = generator.integer() } }
    graph.input[index].type.tensorType.shape.dim = sides
  }

  private mutating func changeTensor(_ graph: inout ONNXGraph) {
    guard !graph.initializer.isEmpty else { return }
    let index = random(graph.initializer.count)
    var tensor = graph.initializer[index]
    switch random(6) {
    case 0: tensor.dataType = Int32(random(18))
    case 1: changeList(&tensor.dims) { $0.integer() }
    case 2:
      // A vector of integers, as axes, sizes and pads are.
      tensor = .with { $0.name = tensor.name }
      tensor.dataType = 7
      tensor.dims = [Int64(random(6))]
      for _ in 0..<(tensor.dims.first ?? 0) { tensor.int64Data.append(integer()) }
    case 3:
      tensor = .with { $0.name = tensor.name }
      tensor.dataType = 1
      tensor.dims = [Int64(random(3) + 1), Int64(random(3) + 1)]
      for _ in 0..<tensor.dims.reduce(1, *) { tensor.floatData.append(float()) }
    case 4:
      if tensor.rawData.isEmpty { changeList(&tensor.int64Data) { $0.integer() } }
      for _ in 0..<min(8, tensor.rawData.count) {
        tensor.rawData[tensor.rawData.startIndex + random(tensor.rawData.count)] = UInt8(
          random(256))
      }
    default: changeList(&tensor.floatData) { $0.float() }
    }
    graph.initializer[index] = tensor
  }

  private mutating func rewire(_ graph: inout ONNXGraph) {
    guard !graph.node.isEmpty else { return }
    let values =
      graph.node.flatMap(\.output) + graph.input.map(\.name)
      + graph.initializer.map(\.name) + ["", ""]
    let index = random(graph.node.count)
    if random(4) == 0, !graph.output.isEmpty {
      graph.output[0].name = pick(values) ?? ""
    } else {
      changeList(&graph.node[index].input) { $0.pick(values) ?? "" }
    }
  }

  private mutating func addNode(_ graph: inout ONNXGraph) {
    guard var node = pick(graph.node) else { return }
    let result = "new\(random(1000))"
    node.output = [result]
    changeList(&node.input) { _ in result }
    node.input = node.input.map { name in name == result ? graph.input.first?.name ?? "" : name }
    graph.node.append(node)
    if !graph.output.isEmpty { graph.output[0].name = result }
  }

  private mutating func retype(_ graph: inout ONNXGraph) {
    guard !graph.node.isEmpty, let type = pick(Self.types) else { return }
    let index = random(graph.node.count)
    graph.node[index].opType = type
    graph.node[index].domain = type.hasPrefix("Q") && random(2) == 0 ? "com.microsoft" : ""
    if random(2) == 0 { graph.node[index].attribute = [] }
  }

  private mutating func changeAttribute(_ graph: inout ONNXGraph) {
    guard !graph.node.isEmpty else { return }
    let node = random(graph.node.count)
    var attribute = ONNXAttribute()
    if let known = pick(graph.node[node].attribute), random(3) != 0 {
      attribute = known
      graph.node[node].attribute.removeAll { $0.name == known.name }
    } else {
      attribute.name = pick(Self.attributes) ?? ""
      attribute.type = pick([.int, .ints, .float, .string]) ?? .int
    }
    switch attribute.type {
    case .int: attribute.i = integer()
    case .float: attribute.f = float()
    case .ints: changeList(&attribute.ints) { $0.integer() }
    case .string:
      attribute.s = Data(
        (pick(["SAME_UPPER", "SAME_LOWER", "VALID", "linear", "cubic", "reflect"]) ?? "").utf8)
    default: attribute.t.dims.append(integer())
    }
    if random(12) != 0 { graph.node[node].attribute.append(attribute) }
  }

  private mutating func changeList<Element>(
    _ list: inout [Element], _ make: (inout ModelMutation) -> Element
  ) {
    switch random(4) {
    case 0: list.append(make(&self))
    case 1: if !list.isEmpty { list.remove(at: random(list.count)) }
    default: if !list.isEmpty { list[random(list.count)] = make(&self) }
    }
  }

  private static let attributes = [
    "kernel_shape", "strides", "dilations", "pads", "auto_pad", "group", "axis", "axes", "keepdims",
    "alpha", "beta", "epsilon", "perm", "blocksize", "size", "to", "num_groups", "num_outputs",
    "ceil_mode", "batch_dims", "reduction", "largest", "sorted", "exclusive", "reverse", "upper",
    "count_include_pad", "mode", "transA", "transB", "start", "end", "output_padding",
  ]

  private static let types = [
    "Add", "And", "ArgMax", "AveragePool", "BatchNormalization", "Cast", "CastLike", "Celu", "Clip",
    "Concat", "Constant", "ConstantOfShape", "Conv", "ConvInteger", "ConvTranspose",
    "CumSum", "DepthToSpace", "DequantizeLinear", "Div", "Dropout", "DynamicQuantizeLinear",
    "Einsum",
    "Equal", "Expand", "Flatten", "Gather", "GatherElements", "GatherND", "Gemm",
    "GlobalAveragePool",
    "GlobalMaxPool", "GroupNormalization", "HardSigmoid", "Identity", "InstanceNormalization",
    "LRN", "LayerNormalization", "LogSoftmax", "LpNormalization", "MatMul", "MatMulInteger", "Max",
    "MaxPool", "MeanVarianceNormalization", "Mod", "OneHot", "PRelu", "Pad", "Pow", "QGemm",
    "QLinearAdd", "QLinearAveragePool", "QLinearConcat", "QLinearConv", "QLinearGlobalAveragePool",
    "QLinearLeakyRelu", "QLinearMatMul", "QLinearMul", "QLinearSigmoid", "QLinearSoftmax",
    "QuantizeLinear", "RMSNormalization", "Range", "ReduceMax", "ReduceMean", "ReduceSum",
    "Reshape", "Resize", "Round", "ScatterElements", "ScatterND", "Shape", "Shrink", "Size",
    "Slice", "Softmax", "SpaceToDepth",
    "Split", "Squeeze", "Sum", "Tile", "TopK", "Transpose", "Trilu", "Unsqueeze", "Upsample",
    "Where",
  ]
}
