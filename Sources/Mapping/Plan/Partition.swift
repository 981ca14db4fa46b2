internal import Diagnostics
internal import Networks

/// Decides which layers run where, and what is computed together.
struct Partition {
  let graph: Graph
  let platform: Platform
  let options: Mapper.Options
  private let channelsLast: Set<String>

  init(_ graph: Graph, _ platform: Platform, _ options: Mapper.Options) {
    self.graph = graph
    self.platform = platform
    self.options = options
    channelsLast = graph.channelsLast
  }

  /// The steps in an order in which every operand is there in time.
  func steps() throws(NetworkError) -> [MappingStep] {
    let matcher = LayerMatcher(graph: graph)
    var steps: [MappingStep] = []
    var taken: Set<Int> = []
    var available = Set(graph.typed.network.inputs.map(\.name))
    /// When an array is free, and when values are there, in estimated cycles.
    var free = [Int](repeating: 0, count: platform.arrays.count)
    var ready: [String: Int] = [:]
    for index in graph.nodes.indices where !taken.contains(index) {
      let node = graph.nodes[index]
      let choice = options.choices[node.name] ?? LayerChoice()
      if !options.coreOnly, choice.engine != "core", let product = matcher.product(index),
        hasReadableLayout(product)
      {
        let candidates = try self.candidates(product, choice, available)
        let start = product.operands.map { ready[$0] ?? 0 }.max() ?? 0
        let ends = candidates.map { max(start, free[$0.index]) + $0.cycles }
        if let best = candidates.indices.min(by: { ends[$0] < ends[$1] }) {
          let candidate = candidates[best]
          free[candidate.index] = ends[best]
          ready[candidate.layer.output] = ends[best]
          taken.formUnion(candidate.layer.nodes)
          available.insert(candidate.layer.output)
          steps.append(.array(candidate.layer, index: candidate.index, choice))
          continue
        }
      }
      if !options.coreOnly, choice.engine != "core",
        let (layer, array) = vectorLayer(index, choice, available)
      {
        let start = layer.operands.map { ready[$0] ?? 0 }.max() ?? 0
        ready[layer.output] = start + layer.geometry.pixels
        taken.formUnion(layer.nodes)
        available.insert(layer.output)
        steps.append(.array(layer, index: array, choice))
        continue
      }
      if let engine = choice.engine, engine != "core", !options.coreOnly {
        throw NetworkError(
          "cannot run on '\(engine)'", place: node.place, suggestion: "engine \"core\"")
      }
      let start = node.inputs.map { ready[$0] ?? 0 }.max() ?? 0
      for output in node.outputs {
        available.insert(output)
        ready[output] = start
      }
      steps.append(.core(index))
    }
    return steps
  }

  /// What a vector unit can do without its array, with what follows.
  private func vectorLayer(
    _ index: Int, _ choice: LayerChoice, _ available: Set<String>
  ) -> (layer: ArrayLayer, array: Int)? {
    let node = graph.nodes[index]
    guard let input = node.input(0), graph.constant(input) == nil, node.outputs.count == 1 else {
      return nil
    }
    let type = graph.type(input)
    // The unit sees pixels whose channels lie next to each other.
    guard type.shape.count != 4 || channelsLast.contains(input) else { return nil }
    for (position, array) in platform.arrays.enumerated()
    where array.element == type.element && type.elementCount > 0 {
      guard let vector = array.vector, vector.side != nil,
        choice.engine == nil || choice.engine == vector.device.name,
        let geometry = ProductGeometry(pixelsOf: type.shape)
      else { continue }
      var layer = ArrayLayer(
        name: node.name, nodes: [index], geometry: geometry, input: input, isVectorOnly: true,
        element: type.element, resultElement: type.element, vector: VectorStage(), output: input)
      let apart = choice.fused.map { Set(graph.nodes.map(\.name)).subtracting($0) } ?? []
      let fusion = LayerFusion(
        graph: graph, vector: vector, isAvailable: { available.contains($0) },
        keepsApart: apart.union(sentToCore))
      guard fusion.begin(index, &layer),
        !layer.operands.contains(where: isConcatenated) || layer.vector?.side == nil
      else { continue }
      fusion.extend(&layer)
      return (layer, position)
    }
    return nil
  }

  /// Whether a value may lie inside a wider one: then its pixels are farther apart than those of others.
  private func isConcatenated(_ value: String) -> Bool {
    (graph.consumers[value] ?? []).contains { index in
      switch graph.nodes[index].operator {
      case .concat, .qLinearConcat: true
      default: false
      }
    }
  }

  /// Whether operands and result of a matrix product have rows of neighbouring elements: feature maps lie channels last.
  private func hasReadableLayout(_ product: ArrayLayer) -> Bool {
    switch graph.nodes[product.nodes[0]].operator {
    case .convolution, .qLinearConvolution: return true
    default:
      let values = [product.input, product.output] + [product.weightsValue].compactMap { $0 }
      return !values.contains(where: channelsLast.contains)
    }
  }

  /// Nodes that the user wants on the core, and so not computed along with another layer.
  private var sentToCore: Set<String> {
    Set(options.choices.filter { $0.value.engine == "core" }.map(\.key))
  }

  private struct Candidate {
    let index: Int
    let layer: ArrayLayer
    let cycles: Int
  }

  /// The arrays that can compute a product, each with what it computes along.
  private func candidates(
    _ product: ArrayLayer, _ choice: LayerChoice, _ available: Set<String>
  ) throws(NetworkError) -> [Candidate] {
    var result: [Candidate] = []
    for (index, array) in platform.arrays.enumerated()
    where array.element == product.element
      && (choice.engine == nil || choice.engine == array.device.name)
    {
      var layer = product
      let names = choice.fused.map(Set.init)
      let apart = names.map { names in
        Set(graph.nodes.map(\.name)).subtracting(names)
      }
      LayerFusion(
        graph: graph, vector: array.vector, isAvailable: { available.contains($0) },
        keepsApart: (apart ?? []).union(sentToCore)
      ).extend(&layer)
      if let names {
        let missing = names.subtracting(layer.nodes.map { graph.nodes[$0].name })
        if let name = missing.sorted().first {
          throw NetworkError(
            "layer '\(product.name)': '\(name)' cannot be computed with it on '\(array.device.name)'"
          )
        }
      }
      let schedule = ArraySchedule(layer, on: array, inputPitch: layer.geometry.channels)
      guard schedule.isPossible else { continue }
      result.append(Candidate(index: index, layer: layer, cycles: schedule.cycles))
    }
    return result
  }
}

extension ProductGeometry {
  /// The pixels of a tensor that the vector unit passes through: N×C×H×W, or …×M×K as M pixels of K channels.
  fileprivate init?(pixelsOf shape: [Int]) {
    self.init()
    guard let last = shape.last, shape.count > 1 else { return nil }
    channels = 0
    if shape.count == 4 {
      images = shape[0]
      (height, width, outputHeight, outputWidth) = (shape[2], shape[3], shape[2], shape[3])
      outputChannels = shape[1]
    } else {
      width = shape.dropLast().reduce(1, *)
      outputWidth = width
      outputChannels = last
    }
    guard pixels < 1 << 31, height < 1 << 16, width < 1 << 16 || shape.count != 4 else {
      return nil
    }
  }
}

extension ArrayLayer {
  /// The values it takes.
  fileprivate var operands: [String] {
    [input] + [weightsValue, vector?.side].compactMap { $0 }
  }
}

extension ArraySchedule {
  /// Whether the array's registers and ports can say it.
  var isPossible: Bool {
    let pixels = layer.geometry.pixels
    guard pixels > 0, pixels < 1 << 31, strips.indices.allSatisfy({ depth($0) > 0 }) else {
      return false
    }
    // A computed second operand has no rows to fill short pieces up with.
    if layer.weightsValue != nil {
      return strips.indices.allSatisfy { depth($0) == layer.geometry.channels }
    }
    return true
  }
}

extension NetworkError {
  /// A name that is not known, with the nearest one that is.
  static func unknown(_ what: String, _ name: String, among names: [String]) -> NetworkError {
    NetworkError(
      "there is no \(what) '\(name)'",
      suggestion: Suggestion.nearest(to: name, among: names).map { "did you mean '\($0)'?" }
        ?? "known are \(names.prefix(12).joined(separator: ", "))")
  }
}
