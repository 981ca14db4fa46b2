internal import Foundation
internal import Networks

/// One line about the values of a tensor.
struct TensorSummary {
  let text: String

  /// Type, range, and the place of the greatest element of a single vector.
  init(_ tensor: Tensor) {
    let values = Self.numbers(tensor)
    guard let least = values.min(), let greatest = values.max(), !values.isEmpty else {
      text = "\(tensor.type)"
      return
    }
    var line = "\(tensor.type)  \(Self.text(least)) to \(Self.text(greatest))"
    if tensor.shape.filter({ $0 != 1 }).count == 1, let place = values.firstIndex(of: greatest) {
      line += ", greatest at \(place)"
    }
    if values.contains(where: \.isNaN) { line += ", with NaN" }
    text = line
  }

  private static func text(_ value: Double) -> String { String(format: "%.6g", value) }

  private static func numbers(_ tensor: Tensor) -> [Double] {
    switch tensor.elements {
    case .float32(let array): array.map(Double.init)
    case .float64(let array): array
    case .float16(let array): array.map { Double($0.float) }
    case .bfloat16(let array): array.map { Double($0.float) }
    case .int8(let array): array.map(Double.init)
    case .uint8(let array): array.map(Double.init)
    case .int16(let array): array.map(Double.init)
    case .uint16(let array): array.map(Double.init)
    case .int32(let array): array.map(Double.init)
    case .uint32(let array): array.map(Double.init)
    case .int64(let array): array.map(Double.init)
    case .uint64(let array): array.map(Double.init)
    case .bool(let array): array.map { $0 ? 1 : 0 }
    }
  }
}
