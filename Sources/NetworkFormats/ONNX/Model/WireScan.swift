internal import Networks

/// A look at the structure of a file before it is decoded: it bounds the memory that decoding
/// takes.
///
/// An empty message takes two bytes in a file and hundreds in memory, so messages are counted
/// first. Everything else takes at most eight times the memory of the file.
struct WireScan {
  /// Most messages of a file: nodes, attributes, tensors, and parts of these.
  static let greatestCount = 1 << 22

  /// The kinds of message whose fields hold further messages.
  private enum Kind {
    case model, graph, node, function, attribute, tensor, sparse, value, type, dense, shape, leaf

    /// The kind of message that a field holds, nil for other fields.
    func field(_ number: UInt64) -> Kind? {
      switch (self, number) {
      case (.model, 7): .graph
      case (.model, 8): .leaf
      case (.model, 25): .function
      case (.graph, 1), (.function, 7): .node
      case (.graph, 5), (.attribute, 5), (.sparse, 1): .tensor
      case (.graph, 11), (.graph, 12), (.graph, 13): .value
      case (.graph, 15): .sparse
      case (.node, 5), (.function, 11): .attribute
      case (.function, 9), (.tensor, 3), (.tensor, 13), (.shape, 1): .leaf
      case (.value, 2): .type
      case (.type, 1): .dense
      case (.dense, 2): .shape
      case _: nil
      }
    }
  }

  private var count = 0

  /// Checks a file.
  ///
  /// - Throws: `NetworkError` when the file ends too early or has too many messages. Other damage
  ///   is left to the decoder.
  static func check(_ bytes: [UInt8]) throws(NetworkError) {
    let problem = bytes.withUnsafeBufferPointer { buffer -> NetworkError? in
      var scan = WireScan()
      do throws(NetworkError) {
        _ = try scan.message(buffer, 0..<buffer.count, .model)
        return nil
      } catch {
        return error
      }
    }
    if let problem { throw problem }
  }

  /// Scans a message; false when it is damaged.
  private mutating func message(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ kind: Kind
  ) throws(NetworkError) -> Bool {
    count += 1
    guard count <= Self.greatestCount else {
      throw NetworkError("the file has more than \(Self.greatestCount) parts")
    }
    if kind == .leaf { return true }
    var position = range.lowerBound
    while position < range.upperBound {
      guard let tag = Self.number(bytes, &position, range.upperBound) else { return false }
      switch tag & 7 {
      case 0: guard Self.number(bytes, &position, range.upperBound) != nil else { return false }
      case 1: position += 8
      case 5: position += 4
      case 2:
        guard let size = Self.number(bytes, &position, range.upperBound) else { return false }
        let rest = UInt64(range.upperBound - position)
        guard size <= rest else {
          if kind == .model, tag >> 3 <= 32, size <= 1 << 40 {
            throw NetworkError(
              "the file is truncated or no ONNX file: \(bytes.count) bytes, where its contents need "
                + "\(UInt64(position) + size) or more")
          }
          return false
        }
        let end = position + Int(size)
        if let inner = kind.field(tag >> 3) {
          guard try message(bytes, position..<end, inner) else { return false }
        }
        position = end
      case _: return false
      }
    }
    return true
  }

  private static func number(
    _ bytes: UnsafeBufferPointer<UInt8>, _ position: inout Int, _ end: Int
  ) -> UInt64? {
    var result: UInt64 = 0
    var shift: UInt64 = 0
    while position < end, shift < 70 {
      let byte = bytes[position]
      position += 1
      if shift < 64 { result |= UInt64(byte & 0x7f) << shift }
      if byte < 0x80 { return result }
      shift += 7
    }
    return nil
  }
}
