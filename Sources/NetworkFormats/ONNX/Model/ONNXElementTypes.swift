internal import Networks

/// Element types by the numbers that ONNX files give them.
enum ONNXElementTypes {
  /// The element type of a number, nil for those that networks here cannot have.
  static func element(_ number: Int32) -> ElementType? {
    switch number {
    case 1: .float32
    case 2: .uint8
    case 3: .int8
    case 4: .uint16
    case 5: .int16
    case 6: .int32
    case 7: .int64
    case 9: .bool
    case 10: .float16
    case 11: .float64
    case 12: .uint32
    case 13: .uint64
    case 16: .bfloat16
    default: nil
    }
  }

  /// The number of an element type.
  static func number(_ element: ElementType) -> Int32 {
    switch element {
    case .float32: 1
    case .uint8: 2
    case .int8: 3
    case .uint16: 4
    case .int16: 5
    case .int32: 6
    case .int64: 7
    case .bool: 9
    case .float16: 10
    case .float64: 11
    case .uint32: 12
    case .uint64: 13
    case .bfloat16: 16
    }
  }

  /// What messages call a number that has no element type.
  static func name(_ number: Int32) -> String {
    switch number {
    case 0: "undefined"
    case 8: "string"
    case 14: "complex64"
    case 15: "complex128"
    case 17...20, 24: "8-bit floating point"
    case 21: "uint4"
    case 22: "int4"
    case 23: "4-bit floating point"
    case 25: "uint2"
    case 26: "int2"
    case 27, 28: "6-bit floating point"
    default: element(number)?.rawValue ?? "number \(number)"
    }
  }

  /// The element type of a number.
  ///
  /// - Throws: `NetworkError` that names the type when it is not supported.
  static func supported(_ number: Int32) throws(NetworkError) -> ElementType {
    guard let element = element(number) else {
      let known = ElementType.allCases.map(\.rawValue).joined(separator: ", ")
      throw NetworkError(
        "element type \(name(number)) is not supported", suggestion: "there are \(known)")
    }
    return element
  }
}
