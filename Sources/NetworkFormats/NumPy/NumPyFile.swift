public import Networks

/// One array in a `.npy` file, as `numpy.save` writes it.
///
/// Format: NumPy Enhancement Proposal 1, versions 1.0 to 3.0. NumPy has no bfloat16; two-byte records without a type
/// (`V2`) are taken for it and written for it, as the package ml_dtypes does.
public enum NumPyFile {
  /// Longest header, in bytes; `numpy.load` itself refuses longer ones.
  static let headerLimit = 10_000

  /// The array of a file.
  ///
  /// - Throws: `NetworkError` naming the file, as ``tensor(bytes:)``.
  public static func tensor(path: String) throws(NetworkError) -> Tensor {
    do {
      return try tensor(bytes: try HostBytes.read(path, limit: 1 << 35))
    } catch {
      throw error.in(file: path)
    }
  }

  /// The array of a file's bytes; in C order and in the byte order of this machine, whatever the file has.
  ///
  /// - Throws: `NetworkError` when the bytes are no such file, are truncated or too many, or the array has elements
  ///   that ``ElementType`` does not know or exceeds ``Limits``.
  public static func tensor(bytes: [UInt8]) throws(NetworkError) -> Tensor {
    let header = try NumPyHeader(file: bytes)
    guard let count = Limits.elementCount(of: header.shape) else {
      throw NetworkError(
        "the array has the shape \(TensorType.text(header.shape)); at most \(Limits.elements) "
          + "elements and \(Limits.rank) axes are possible")
    }
    let data = bytes[header.dataStart...]
    let expected = count * header.element.byteCount
    guard data.count == expected else {
      throw NetworkError(
        "the array \(TensorType(header.element, header.shape)) needs \(expected) bytes behind the "
          + "header, but the file has \(data.count)",
        suggestion: data.count < expected ? "it may be truncated" : nil)
    }
    let reader = NumPyReader(header: header, count: count, bytes: bytes)
    return Tensor(shape: header.shape, elements: reader.elements())
  }

  /// Writes an array, whole or not at all.
  ///
  /// - Throws: `NetworkError` naming the file.
  public static func write(_ tensor: Tensor, to path: String) throws(NetworkError) {
    try HostBytes.write(header(tensor.type), data(tensor.elements), to: path)
  }

  /// The bytes of a file: version 1.0, little-endian, C order.
  public static func bytes(_ tensor: Tensor) -> [UInt8] {
    header(tensor.type) + data(tensor.elements)
  }

  private static func header(_ type: TensorType) -> [UInt8] {
    let sides = type.shape.map(String.init).joined(separator: ", ")
    let shape = type.shape.count == 1 ? "(\(sides),)" : "(\(sides))"
    let name = NumPyHeader.name(of: type.element)
    var text = "{'descr': '\(name)', 'fortran_order': False, 'shape': \(shape), }"
    // The data begins at a multiple of 64 bytes, after ten bytes, the text and a line feed.
    let fill = 63 - (10 + text.utf8.count) % 64
    text += String(repeating: " ", count: fill) + "\n"
    let length = text.utf8.count
    return NumPyHeader.magic + [1, 0, UInt8(length & 0xff), UInt8(length >> 8)] + Array(text.utf8)
  }

  /// Elements as little-endian bytes.
  static func data(_ elements: Tensor.Elements) -> [UInt8] {
    switch elements {
    case .float32(let array): littleEndian(array)
    case .float64(let array): littleEndian(array)
    case .float16(let array): littleEndian(array)
    case .bfloat16(let array): littleEndian(array)
    case .int8(let array): littleEndian(array)
    case .uint8(let array): array
    case .int16(let array): littleEndian(array)
    case .uint16(let array): littleEndian(array)
    case .int32(let array): littleEndian(array)
    case .uint32(let array): littleEndian(array)
    case .int64(let array): littleEndian(array)
    case .uint64(let array): littleEndian(array)
    case .bool(let array): array.map { $0 ? 1 : 0 }
    }
  }

  private static func littleEndian<Element: BitwiseCopyable>(_ array: [Element]) -> [UInt8] {
    array.withUnsafeBytes { source in
      #if _endian(little)
        return Array(source)
      #else
        let width = MemoryLayout<Element>.size
        return source.indices.map { source[$0 / width * width + (width - 1 - $0 % width)] }
      #endif
    }
  }
}
