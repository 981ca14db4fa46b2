internal import Networks

/// Which values share memory, and how their elements are laid out.
///
/// Feature maps N×C×H×W that windows move over lie channels last; everything else is row-major. Values that are another
/// view of the same elements (Reshape, Flatten, …) take no memory of their own, nor do the operands of a Concat: they
/// are written where the result wants them.
struct ValuePlacement {
  /// A value inside a buffer.
  struct Place: Equatable {
    var buffer: Int
    /// Bytes from the buffer's beginning.
    var offset: Int
    /// In elements.
    var strides: [Int]
  }

  /// Memory that is needed from one step to another.
  struct Buffer: Equatable {
    var byteCount: Int
    var first: Int
    var last: Int
    /// Inputs and outputs of the network: they stay off the chip, and for the whole run.
    var isExternal = false
    var name: String
  }

  private(set) var places: [String: Place] = [:]
  private(set) var buffers: [Buffer] = []
  /// Nodes that need no computation, because their result is a view.
  private(set) var views: Set<Int> = []

  private let graph: Graph
  private let steps: [MappingStep]
  private let channelsLast: Set<String>

  init(_ graph: Graph, _ steps: [MappingStep]) {
    self.graph = graph
    self.steps = steps
    channelsLast = graph.channelsLast
    for input in graph.typed.network.inputs where graph.type(input.name).elementCount > 0 {
      place(input.name, at: -1)
      if let buffer = places[input.name]?.buffer { buffers[buffer].isExternal = true }
    }
    let concatenations = placeConcatenations()
    for (index, step) in steps.enumerated() {
      for value in step.outputs(graph) where places[value] == nil { makePlace(step, value, index) }
      if case .core(let node) = step, concatenations.contains(node) { views.insert(node) }
      touch(step, index)
    }
    for output in graph.outputs {
      guard let place = places[output] else { continue }
      buffers[place.buffer].last = steps.count
      buffers[place.buffer].isExternal = true
    }
  }

  /// The strides of a value in its layout.
  func strides(of value: String) -> [Int] {
    let shape = graph.type(value).shape
    return channelsLast.contains(value)
      ? TensorView.channelsLast(shape) : TensorView.rowMajor(shape)
  }

  // MARK: Places

  private mutating func place(_ value: String, at step: Int) {
    let type = graph.type(value)
    buffers.append(
      Buffer(byteCount: max(1, type.byteCount), first: step, last: step, name: value))
    places[value] = Place(buffer: buffers.count - 1, offset: 0, strides: strides(of: value))
  }

  private mutating func makePlace(_ step: MappingStep, _ value: String, _ index: Int) {
    if case .core(let node) = step, graph.nodes[node].operator.isView,
      let source = graph.nodes[node].input(0), let place = places[source],
      isRowMajor(place.strides, graph.type(source).shape)
    {
      // Strides of the result as if it were row-major, which for one pixel is channels last, too.
      let shape = graph.type(value).shape
      let wanted = strides(of: value)
      if isRowMajor(wanted, shape) {
        places[value] = Place(buffer: place.buffer, offset: place.offset, strides: wanted)
        views.insert(node)
        return
      }
    }
    if case .array(let layer, _, _) = step, let side = layer.vector?.side,
      layer.vector?.pool == nil,
      let place = places[side], place.offset == 0, place.strides == strides(of: value),
      !buffers[place.buffer].isExternal, graph.type(side) == graph.type(value),
      buffers[place.buffer].byteCount == graph.type(value).byteCount,
      !graph.outputs.contains(value), isLastUse(of: place.buffer, step: index),
      // A window reads pixels that would be overwritten already.
      layer.isVectorOnly || places[layer.input]?.buffer != place.buffer,
      layer.weightsValue.flatMap({ places[$0]?.buffer }) != place.buffer
    {
      places[value] = place
      return
    }
    place(value, at: index)
  }

  private func isRowMajor(_ strides: [Int], _ shape: [Int]) -> Bool {
    let wanted = TensorView.rowMajor(shape)
    return shape.indices.allSatisfy { shape[$0] == 1 || strides[$0] == wanted[$0] }
  }

  /// Whether no later step takes a value in this buffer, and no view of it is made later.
  private func isLastUse(of buffer: Int, step index: Int) -> Bool {
    let values = Set(places.filter { $0.value.buffer == buffer }.map(\.key))
    return !steps[(index + 1)...].contains { step in
      step.inputs(graph).contains { values.contains($0) }
    } && values.isDisjoint(with: graph.outputs)
  }

  /// Lets a step's buffers live at least until then.
  private mutating func touch(_ step: MappingStep, _ index: Int) {
    for value in step.inputs(graph) + step.outputs(graph) {
      guard let place = places[value] else { continue }
      buffers[place.buffer].last = max(buffers[place.buffer].last, index)
      buffers[place.buffer].first = min(buffers[place.buffer].first, index)
    }
  }

  /// Gives the operands of concatenations places inside the results; returns the nodes that vanish.
  private mutating func placeConcatenations() -> Set<Int> {
    var vanished: Set<Int> = []
    let made = Dictionary(
      steps.enumerated().flatMap { index, step in step.outputs(graph).map { ($0, index) } },
      uniquingKeysWith: { first, _ in first })
    for step in steps {
      guard case .core(let index) = step else { continue }
      let node = graph.nodes[index]
      guard let (axis, operands) = concatenation(node), let result = node.outputs.first,
        channelsLast.contains(result), axis == 1 || axis == -3, places[result] == nil,
        Set(operands).count == operands.count,
        operands.allSatisfy({
          places[$0] == nil && made[$0] != nil && !graph.outputs.contains($0)
            && !isMadeByView($0, made) && graph.type($0).element == graph.type(result).element
            && channelsLast.contains($0)
        })
      else { continue }
      place(result, at: .max)
      guard let target = places[result] else { continue }
      // Until the first operand is written it is not needed.
      buffers[target.buffer].last = -1
      var offset = 0
      for operand in operands {
        places[operand] = Place(
          buffer: target.buffer, offset: offset, strides: target.strides)
        offset +=
          graph.type(operand).shape[1] * graph.type(result).element.byteCount
      }
      vanished.insert(index)
    }
    return vanished
  }

  private func isMadeByView(_ value: String, _ made: [String: Int]) -> Bool {
    guard let index = made[value], case .core(let node) = steps[index] else { return false }
    return graph.nodes[node].operator.isView || concatenation(graph.nodes[node]) != nil
  }

  /// Axis and operands of a node that only puts its operands beside each other.
  private func concatenation(_ node: Node) -> (axis: Int, operands: [String])? {
    switch node.operator {
    case .concat(let axis): return (axis, node.inputs)
    case .qLinearConcat(let axis):
      guard let scale = graph.scalar(node, 0), let zero = graph.zeroPoint(node, 1) else {
        return nil
      }
      var operands: [String] = []
      for index in stride(from: 2, to: node.inputs.count, by: 3) {
        guard graph.scalar(node, index + 1) == scale, graph.zeroPoint(node, index + 2) == zero
        else { return nil }
        operands.append(node.inputs[index])
      }
      return (axis, operands)
    default: return nil
    }
  }
}

extension Operator {
  /// Whether the result has the operand's elements in the operand's order.
  fileprivate var isView: Bool {
    switch self {
    case .reshape, .flatten, .squeeze, .unsqueeze, .identity: true
    default: false
    }
  }
}
