import NetworkFormats
import Networks
import Reference

/// An importer with everything that follows it. Nothing of this may trap, hang, or take much
/// memory.
enum Subject: String {
  case onnx, darknet, scalesim, npy

  /// Reads bytes; that they are refused is no fault.
  func run(_ bytes: [UInt8]) {
    do {
      switch self {
      case .onnx:
        try follow(try ONNXFile.network(bytes: bytes, folder: nil))
      case .darknet:
        let text = String(decoding: bytes, as: UTF8.self)
        try follow(try DarknetFile.network(text: text, weights: .generated(zeros)))
        // What is behind an empty line twice is the file of weights.
        let parts = text.split(separator: "\n\n\n", maxSplits: 1)
        if parts.count == 2 {
          let weights = DarknetWeights.file(Array(parts[1].utf8))
          try follow(try DarknetFile.network(text: String(parts[0]), weights: weights))
        }
      case .scalesim:
        let text = String(decoding: bytes, as: UTF8.self)
        try follow(try ScaleSimTopology.network(text: text, weights: zeros))
      case .npy:
        let tensor = try NumPyFile.tensor(bytes: bytes)
        let again = try NumPyFile.tensor(bytes: NumPyFile.bytes(tensor))
        precondition(again.type == tensor.type)
      }
    } catch {
      precondition(!error.description.isEmpty)
    }
  }

  /// Weights of 0, as many as the file asks for.
  private var zeros: @Sendable (String, [Int]) -> Tensor {
    { _, shape in Tensor(shape, [Float](repeating: 0, count: shape.reduce(1, *))) }
  }

  /// Types the network, counts its layers, writes it, and, when it is small, runs it as it is and fused.
  private func follow(_ network: Network) throws(NetworkError) {
    var binding = ShapeBinding()
    for input in network.inputs {
      if input.dimensions == nil { binding.shapes[input.name] = [2, 3] }
      for case .named(let name) in input.dimensions ?? [] { binding.dimensions[name] = 2 }
      if let dimensions = input.dimensions, dimensions.contains(.unknown) {
        binding.shapes[input.name] = dimensions.map { side in
          if case .fixed(let count) = side { count } else { 2 }
        }
      }
    }
    let typed = try network.typed(binding)
    let table = LayerTable(typed)
    _ = table.text()
    let again = try ONNXFile.network(bytes: ONNXFile.bytes(typed), folder: nil)
    precondition(again.nodes.count == typed.network.nodes.count)
    let elements = typed.types.values.reduce(0) { $0.addingReportingOverflow($1.elementCount).0 }
    guard elements < 100_000, table.totals.macs < 1_000_000 else { return }
    var inputs: [String: Tensor] = [:]
    for input in typed.network.inputs {
      guard let type = typed.types[input.name] else { continue }
      inputs[input.name] = Tensor(zeros: type)
    }
    _ = try Executor(typed, memoryLimit: 1 << 28).run(inputs)
    for bytes in QuantisedBytes.allCases {
      let fused = try typed.folded().fusedQuantised(bytes)
      _ = try Executor(fused, memoryLimit: 1 << 28).run(inputs)
    }
  }
}

extension Tensor {
  /// A tensor of nothing but 0.
  fileprivate init(zeros type: TensorType) {
    func zeros<Element: TensorElement>(_ zero: Element) -> Tensor {
      Tensor(type.shape, [Element](repeating: zero, count: type.elementCount))
    }
    self =
      switch type.element {
      case .float32: zeros(Float(0))
      case .float64: zeros(Double(0))
      case .float16: zeros(Half(bits: 0))
      case .bfloat16: zeros(BFloat16(bits: 0))
      case .int8: zeros(Int8(0))
      case .uint8: zeros(UInt8(0))
      case .int16: zeros(Int16(0))
      case .uint16: zeros(UInt16(0))
      case .int32: zeros(Int32(0))
      case .uint32: zeros(UInt32(0))
      case .int64: zeros(Int64(0))
      case .uint64: zeros(UInt64(0))
      case .bool: zeros(false)
      }
  }
}
