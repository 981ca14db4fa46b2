internal import Networks
internal import SwiftProtobuf

/// Turns a network into a file.
struct ONNXWriter {
  /// The version of the standard operators that are written.
  static let version = 21
  /// The version of the format that is written.
  static let formatVersion: Int64 = 10
  /// Tensors of fewer bytes stay in the file though others go to another one.
  private static let smallest = 1024
  /// Where each tensor begins in the other file is a multiple of this.
  private static let alignment = 4096

  private let network: TypedNetwork
  private var model = ONNXModel()
  /// The tensors that go to another file, with the bytes of nothing before each.
  private(set) var external: [(gap: Int, tensor: Tensor)] = []
  private var externalSize = 0

  /// Makes the file.
  ///
  /// - Parameters:
  ///   - network: what is written.
  ///   - externalFile: the name of another file that takes the weights; nil to keep them in the
  ///     file.
  /// - Throws: `NetworkError` when the format cannot say what an operator does, or a type is not
  ///   known.
  init(_ network: TypedNetwork, externalFile: String?) throws(NetworkError) {
    self.network = network
    model.irVersion = Self.formatVersion
    model.producerName = "FLECSim"
    var graph = ONNXGraph()
    graph.name = network.network.name
    for node in network.network.nodes { graph.node.append(try NodeWriter.node(node)) }
    for input in network.network.inputs { graph.input.append(try value(input.name)) }
    for output in network.network.outputs { graph.output.append(try value(output)) }
    for (name, tensor) in network.network.constants.sorted(by: { $0.key < $1.key }) {
      if let externalFile, tensor.type.byteCount >= Self.smallest {
        graph.initializer.append(reference(tensor, name, externalFile))
      } else {
        graph.initializer.append(ONNXTensor(tensor, name: name))
      }
    }
    let usesMicrosoft = graph.node.contains { $0.domain == NodeWriter.microsoft }
    model.graph = graph
    model.opsetImport = [Self.operators("", Self.version)]
    if usesMicrosoft { model.opsetImport.append(Self.operators(NodeWriter.microsoft, 1)) }
  }

  /// The bytes of the file.
  ///
  /// - Throws: `NetworkError` when it is larger than a protocol buffer can be.
  func bytes() throws(NetworkError) -> [UInt8] {
    do {
      return try model.serializedBytes()
    } catch {
      throw NetworkError("the network is too large for one file")
    }
  }

  /// The parts of the other file, in order.
  var externalParts: some Sequence<[UInt8]> {
    external.lazy.flatMap { gap, tensor in
      [[UInt8](repeating: 0, count: gap), [UInt8](tensor.elements.littleEndianBytes)]
    }
  }

  private static func operators(_ domain: String, _ version: Int) -> ONNXOperatorSet {
    var set = ONNXOperatorSet()
    set.domain = domain
    set.version = Int64(version)
    return set
  }

  private func value(_ name: String) throws(NetworkError) -> ONNXValue {
    guard let type = network.types[name] else {
      throw NetworkError("the type of '\(name)' is not known")
    }
    var value = ONNXValue()
    value.name = name
    value.type.tensorType.elemType = ONNXElementTypes.number(type.element)
    // Set though it can have no sides: a scalar's shape is known too.
    var shape = ONNXShape()
    shape.dim = type.shape.map { side in
      var dimension = ONNXShape.Dimension()
      dimension.dimValue = Int64(side)
      return dimension
    }
    value.type.tensorType.shape = shape
    return value
  }

  private mutating func reference(
    _ tensor: Tensor, _ name: String, _ file: String
  ) -> ONNXTensor {
    let gap = (Self.alignment - externalSize % Self.alignment) % Self.alignment
    let offset = externalSize + gap
    external.append((gap, tensor))
    externalSize = offset + tensor.type.byteCount
    var result = ONNXTensor(type: tensor.type, name: name)
    result.dataLocation = .external
    let entries = [
      ("location", file), ("offset", "\(offset)"), ("length", "\(tensor.type.byteCount)"),
    ]
    result.externalData = entries.map { key, value in
      var entry = ONNXEntry()
      entry.key = key
      entry.value = value
      return entry
    }
    return result
  }
}
