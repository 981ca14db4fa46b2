internal import Networks

/// Brings the elements of a file into C order and the machine's byte order. Their number has been checked.
struct NumPyReader {
  let header: NumPyHeader
  let count: Int
  let bytes: [UInt8]

  func elements() -> Tensor.Elements {
    switch header.element {
    case .float32: .float32(array(zero: 0))
    case .float64: .float64(array(zero: 0))
    case .float16: .float16(array(zero: Half(bits: 0)))
    case .bfloat16: .bfloat16(array(zero: BFloat16(bits: 0)))
    case .int8: .int8(array(zero: 0))
    case .uint8: .uint8(array(zero: 0))
    case .int16: .int16(array(zero: 0))
    case .uint16: .uint16(array(zero: 0))
    case .int32: .int32(array(zero: 0))
    case .uint32: .uint32(array(zero: 0))
    case .int64: .int64(array(zero: 0))
    case .uint64: .uint64(array(zero: 0))
    // Any other byte than 0 is true, but only 0 and 1 are truth values of Swift.
    case .bool: .bool(array(zero: UInt8(0)).map { $0 != 0 })
    }
  }

  private func array<Element: BitwiseCopyable>(zero: Element) -> [Element] {
    var array = [Element](repeating: zero, count: count)
    let width = MemoryLayout<Element>.size
    bytes.withUnsafeBytes { file in
      let data = UnsafeRawBufferPointer(rebasing: file[header.dataStart...])
      array.withUnsafeMutableBytes { target in
        target.copyMemory(from: UnsafeRawBufferPointer(rebasing: data[..<target.count]))
        if header.isBigEndian != Self.isHostBigEndian, width > 1 { swapBytes(target, width) }
      }
    }
    return header.isFortranOrder ? rowMajor(array) : array
  }

  private static var isHostBigEndian: Bool { Int(1).bigEndian == 1 }

  private func swapBytes(_ buffer: UnsafeMutableRawBufferPointer, _ width: Int) {
    for start in stride(from: 0, to: buffer.count, by: width) {
      for index in 0..<width / 2 { buffer.swapAt(start + index, start + width - 1 - index) }
    }
  }

  /// Elements whose first axis was contiguous, so that the last is.
  private func rowMajor<Element: BitwiseCopyable>(_ array: [Element]) -> [Element] {
    let shape = header.shape
    guard shape.count > 1, count > 0 else { return array }
    var strides: [Int] = []
    var product = 1
    for side in shape {
      strides.append(product)
      product *= side
    }
    var position = [Int](repeating: 0, count: shape.count)
    var source = 0
    var result = array
    for target in 0..<count {
      result[target] = array[source]
      var axis = shape.count - 1
      while axis >= 0 {
        position[axis] += 1
        source += strides[axis]
        if position[axis] < shape[axis] { break }
        source -= strides[axis] * shape[axis]
        position[axis] = 0
        axis -= 1
      }
    }
    return result
  }
}
