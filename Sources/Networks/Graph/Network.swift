/// A neural network as a graph of operators, in the meaning of the ONNX operators of the latest opset.
///
/// Values are named. Every value is an input, a constant or the output of one node. An absent optional operand is
/// the empty name. A network as it comes from a file can have dimensions that are not known yet; a
/// ``TypedNetwork`` has none.
public struct Network: Sendable {
  /// The name of the graph.
  public var name: String
  /// The values a user gives.
  public var inputs: [Declaration]
  /// The values a user gets.
  public var outputs: [String]
  /// The operators; each comes after those whose results it takes (see ``sorted()``).
  public var nodes: [Node]
  /// Weights and other known values.
  public var constants: [String: Tensor]
  /// Remarks of the importer that a user should read, for example about what a format cannot say.
  public var warnings: [String]

  /// Creates a network.
  public init(
    name: String, inputs: [Declaration] = [], outputs: [String] = [], nodes: [Node] = [],
    constants: [String: Tensor] = [:], warnings: [String] = []
  ) {
    self.name = name
    self.inputs = inputs
    self.outputs = outputs
    self.nodes = nodes
    self.constants = constants
    self.warnings = warnings
  }
}

/// One side of a declared shape.
public enum Dimension: Sendable, Equatable {
  /// So many elements.
  case fixed(Int)
  /// To be given by the user under this name, for example `batch`.
  case named(String)
  /// Not given, without a name.
  case unknown
}

/// A declared input: its name and what is known of its type.
public struct Declaration: Sendable, Equatable {
  /// The name of the value.
  public var name: String
  /// Its element type.
  public var element: ElementType
  /// Its sides; nil when not even their number is known.
  public var dimensions: [Dimension]?

  /// Creates a declaration.
  public init(_ name: String, _ element: ElementType, _ dimensions: [Dimension]?) {
    self.name = name
    self.element = element
    self.dimensions = dimensions
  }

  /// Creates a declaration of a known type.
  public init(_ name: String, _ type: TensorType) {
    self.init(name, type.element, type.shape.map { .fixed($0) })
  }
}

/// One operator with its operands and results.
public struct Node: Sendable, Equatable {
  /// The node's name, for messages and tables; not empty.
  public var name: String
  /// What it does.
  public var `operator`: Operator
  /// Names of its operands; "" for an optional one that is absent.
  public var inputs: [String]
  /// Names of its results; "" for an optional one that nobody takes.
  public var outputs: [String]

  /// Creates a node.
  public init(_ name: String, _ operator: Operator, _ inputs: [String], _ outputs: [String]) {
    self.name = name
    self.operator = `operator`
    self.inputs = inputs
    self.outputs = outputs
  }

  /// How messages call it: `node 'conv1' (Conv)`.
  public var place: String { "node '\(name)' (\(self.operator.name))" }

  /// The operand at an index, nil when absent.
  public func input(_ index: Int) -> String? {
    index < inputs.count && !inputs[index].isEmpty ? inputs[index] : nil
  }
}

/// A network in which the type of every value is known, and everything that can be computed without the
/// inputs has been.
public struct TypedNetwork: Sendable {
  /// The graph.
  public let network: Network
  /// The type of every value, by name.
  public let types: [String: TensorType]

  /// Creates a typed network of parts that belong together.
  public init(network: Network, types: [String: TensorType]) {
    self.network = network
    self.types = types
  }
}
