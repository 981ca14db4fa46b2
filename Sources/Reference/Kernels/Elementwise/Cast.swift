internal import Networks

/// Conversion of element types.
///
/// Conversions to integers cut off the fraction. A number outside of the range of a 32- or 64-bit integer, and NaN,
/// becomes the least integer, as the x86 processors that references run on do it; narrower integers keep the low bits.
enum Cast {
  /// The same numbers as another type.
  static func convert(_ tensor: Tensor, to type: ElementType) throws(NetworkError) -> Tensor {
    if tensor.type.element == type { return tensor }
    let elements: Tensor.Elements =
      switch type {
      case .float32:
        .float32(values(tensor, real: { Float($0) }, integer: { Float($0) }, isReal: true))
      case .float64: .float64(values(tensor, real: { $0 }, integer: { Double($0) }, isReal: true))
      case .float16:
        .float16(
          values(tensor, real: { Half(Float($0)) }, integer: { Half(Float($0)) }, isReal: true))
      case .bfloat16:
        .bfloat16(
          values(
            tensor, real: { BFloat16(Float($0)) }, integer: { BFloat16(Float($0)) }, isReal: true))
      case .int8: .int8(integers(tensor))
      case .uint8: .uint8(integers(tensor))
      case .int16: .int16(integers(tensor))
      case .uint16: .uint16(integers(tensor))
      case .int32: .int32(integers(tensor))
      case .uint32:
        .uint32(
          values(
            tensor, real: { UInt32(truncatingIfNeeded: wide($0)) },
            integer: { UInt32(truncatingIfNeeded: $0) }))
      case .int64: .int64(values(tensor, real: wide, integer: { $0 }))
      case .uint64: .uint64(values(tensor, real: unsigned, integer: { UInt64(bitPattern: $0) }))
      case .bool: .bool(values(tensor, real: { $0 != 0 }, integer: { $0 != 0 }))
      }
    return Tensor(shape: tensor.shape, elements: elements)
  }

  private static func integers<Element: FixedWidthInteger & TensorElement>(
    _ tensor: Tensor
  ) -> [Element] {
    values(
      tensor, real: { Element(truncatingIfNeeded: narrow($0)) },
      integer: { Element(truncatingIfNeeded: $0) })
  }

  /// A real number as Int64, as the processor's conversion does it.
  static func wide(_ value: Double) -> Int64 {
    value >= -0x1p63 && value < 0x1p63 ? Int64(value) : Int64.min
  }

  private static func narrow(_ value: Double) -> Int32 {
    value > -0x1p31 - 1 && value < 0x1p31 ? Int32(value) : Int32.min
  }

  private static func unsigned(_ value: Double) -> UInt64 {
    value >= 0x1p63 && value < 0x1p64 ? UInt64(value) : UInt64(bitPattern: wide(value))
  }

  /// Every element, converted from a real number or an integer.
  @inline(__always)
  private static func values<Element: BitwiseCopyable>(
    _ tensor: Tensor, real: (Double) -> Element, integer: (Int64) -> Element,
    isReal: Bool = false
  ) -> [Element] {
    switch tensor.elements {
    case .float32(let array): map(array) { real(Double($0)) }
    case .float64(let array): map(array, real)
    case .float16(let array): map(array) { real(Double($0.float)) }
    case .bfloat16(let array): map(array) { real(Double($0.float)) }
    case .int8(let array): map(array) { integer(Int64($0)) }
    case .uint8(let array): map(array) { integer(Int64($0)) }
    case .int16(let array): map(array) { integer(Int64($0)) }
    case .uint16(let array): map(array) { integer(Int64($0)) }
    case .int32(let array): map(array) { integer(Int64($0)) }
    case .uint32(let array): map(array) { integer(Int64($0)) }
    case .int64(let array): map(array, integer)
    case .uint64(let array):
      // The upper half of the range is negative as Int64, which matters for real numbers only.
      map(array) { isReal && $0 >> 63 == 1 ? real(Double($0)) : integer(Int64(bitPattern: $0)) }
    case .bool(let array): map(array) { integer($0 ? 1 : 0) }
    }
  }

  /// Every element, converted.
  @inline(__always)
  static func map<Source: BitwiseCopyable, Target: BitwiseCopyable>(
    _ array: [Source], _ function: (Source) -> Target
  ) -> [Target] {
    .filled(array.count) { out in
      array.reading { source in
        for i in 0..<array.count { out[i] = function(source[i]) }
      }
    }
  }
}
