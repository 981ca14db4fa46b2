internal import Foundation
internal import Networks

/// A node of the file while it is made: its operator's name, domain and attributes.
struct NodeWriter {
  /// The domain of onnxruntime's operators.
  static let microsoft = "com.microsoft"

  /// The node so far.
  private(set) var node = ONNXNode()

  /// Begins a node of the standard, with operands and results.
  init(_ source: Node) {
    node.name = source.name
    node.opType = source.operator.name
    node.input = source.inputs
    node.output = source.outputs
  }

  /// Makes it one of onnxruntime's.
  mutating func useMicrosoft(_ type: String? = nil) {
    node.domain = Self.microsoft
    if let type { node.opType = type }
  }

  /// Adds an integer.
  mutating func set(_ key: String, _ value: Int) {
    add(key, .int) { $0.i = Int64(value) }
  }

  /// Adds 1 if true; 0 is the default of all such attributes.
  mutating func set(_ key: String, _ value: Bool) {
    if value { set(key, 1) }
  }

  /// Adds a number.
  mutating func set(_ key: String, _ value: Float) { add(key, .float) { $0.f = value } }

  /// Adds integers unless nil.
  mutating func set(_ key: String, _ values: [Int]?) {
    guard let values else { return }
    add(key, .ints) { $0.ints = values.map { Int64($0) } }
  }

  /// Adds a text.
  mutating func set(_ key: String, _ value: String) {
    add(key, .string) { $0.s = Data(value.utf8) }
  }

  /// Adds a tensor.
  mutating func set(_ key: String, _ value: Tensor) {
    add(key, .tensor) { $0.t = ONNXTensor(value, name: "") }
  }

  /// Adds an element type.
  mutating func set(_ key: String, _ element: ElementType) {
    set(key, Int(ONNXElementTypes.number(element)))
  }

  private mutating func add(
    _ key: String, _ kind: ONNXAttribute.Kind, _ fill: (inout ONNXAttribute) -> Void
  ) {
    var attribute = ONNXAttribute()
    attribute.name = key
    attribute.type = kind
    fill(&attribute)
    node.attribute.append(attribute)
  }
}

extension ONNXTensor {
  /// A tensor whose elements are in the file itself.
  init(_ tensor: Tensor, name: String) {
    self.init(type: tensor.type, name: name)
    rawData = tensor.elements.littleEndianBytes
  }

  /// A tensor without its elements.
  init(type: TensorType, name: String) {
    self.init()
    if !name.isEmpty { self.name = name }
    dataType = ONNXElementTypes.number(type.element)
    dims = type.shape.map { Int64($0) }
  }
}
