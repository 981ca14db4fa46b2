internal import Networks

/// What stands before the elements: a Python dictionary with `descr`, `fortran_order` and `shape`.
struct NumPyHeader {
  static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

  var element: ElementType
  var isBigEndian: Bool
  var isFortranOrder: Bool
  var shape: [Int]
  /// Where the elements begin.
  var dataStart: Int

  init(file: [UInt8]) throws(NetworkError) {
    guard file.starts(with: Self.magic) else {
      if file.starts(with: [0x50, 0x4b]) {
        throw NetworkError("is an archive (.npz), not a .npy file")
      }
      throw NetworkError(
        file.isEmpty ? "is empty" : "is no .npy file", suggestion: "write it with numpy.save")
    }
    guard file.count >= 10 else { throw NetworkError("is truncated in the header") }
    let version = file[6]
    guard (1...3).contains(version) else {
      throw NetworkError("has version \(version) of the .npy format; 1 to 3 are known")
    }
    let lengthBytes = version == 1 ? 2 : 4
    guard file.count >= 8 + lengthBytes else { throw NetworkError("is truncated in the header") }
    let length = file[8..<8 + lengthBytes].reversed().reduce(0) { $0 << 8 | Int($1) }
    let start = 8 + lengthBytes
    guard length <= NumPyFile.headerLimit else {
      throw NetworkError(
        "has a header of \(length) bytes; at most \(NumPyFile.headerLimit) are read")
    }
    guard length <= file.count - start else { throw NetworkError("is truncated in the header") }
    dataStart = start + length
    var parser = PythonLiteral(bytes: file[start..<dataStart])
    var values: [String: PythonLiteral.Value] = [:]
    guard case .dictionary(let pairs)? = parser.value(), parser.isAtEnd else {
      throw NetworkError("has a header that is no Python dictionary")
    }
    for (key, value) in pairs { values[key] = value }

    switch values["descr"] {
    case .text(let name): (element, isBigEndian) = try Self.type(name)
    case .tuple: throw NetworkError("holds records of several fields, not numbers")
    case .number, .truth, .dictionary, nil: throw NetworkError("has a header without 'descr'")
    }
    guard case .truth(let isFortranOrder)? = values["fortran_order"] else {
      throw NetworkError("has a header without 'fortran_order'")
    }
    self.isFortranOrder = isFortranOrder
    guard case .tuple(let sides)? = values["shape"] else {
      throw NetworkError("has a header without 'shape'")
    }
    shape = []
    for side in sides {
      guard case .number(let side) = side, side >= 0 else {
        throw NetworkError("has a shape that is no list of numbers")
      }
      shape.append(side)
    }
  }

  /// NumPy's name of an element type, little-endian.
  static func name(of element: ElementType) -> String {
    switch element {
    case .float32: "<f4"
    case .float64: "<f8"
    case .float16: "<f2"
    case .bfloat16: "<V2"
    case .int8: "|i1"
    case .uint8: "|u1"
    case .int16: "<i2"
    case .uint16: "<u2"
    case .int32: "<i4"
    case .uint32: "<u4"
    case .int64: "<i8"
    case .uint64: "<u8"
    case .bool: "|b1"
    }
  }

  private static func type(_ name: String) throws(NetworkError) -> (ElementType, Bool) {
    let order = name.first
    let hasOrder = order.map { "<>|=".contains($0) } ?? false
    let kind = hasOrder ? String(name.dropFirst()) : name
    guard let element = ElementType.allCases.first(where: { Self.name(of: $0).dropFirst() == kind })
    else {
      let reason =
        switch kind.first {
        case "c": "complex numbers"
        case "U", "S", "a": "text"
        case "O": "Python objects"
        case "M", "m": "times"
        case "V": "records"
        case _: "elements that are not known"
        }
      throw NetworkError(
        "holds \(reason) ('\(name.prefix(20))')",
        suggestion: "convert with astype, for example to 'float32'")
    }
    return (element, order == ">")
  }
}

/// The part of Python's literals that headers use.
struct PythonLiteral {
  indirect enum Value {
    case text(String)
    case number(Int)
    case truth(Bool)
    case tuple([Value])
    case dictionary([(String, Value)])
  }

  private let bytes: ArraySlice<UInt8>
  private var position: Int
  private var depth = 0

  init(bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  /// Whether only blanks are left.
  var isAtEnd: Bool { bytes[position...].allSatisfy(Self.isBlank) }

  /// The next value, or nil when there is none that is understood.
  mutating func value() -> Value? {
    guard depth < 8 else { return nil }
    depth += 1
    defer { depth -= 1 }
    switch peek() {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return text().map { .text($0) }
    case UInt8(ascii: "("): return list(closing: UInt8(ascii: ")"))
    case UInt8(ascii: "["): return list(closing: UInt8(ascii: "]"))
    case UInt8(ascii: "{"): return dictionary()
    case UInt8(ascii: "0")...UInt8(ascii: "9"): return number()
    case UInt8(ascii: "T"): return word("True") ? .truth(true) : nil
    case UInt8(ascii: "F"): return word("False") ? .truth(false) : nil
    case _: return nil
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || (0x09...0x0d).contains(byte)
  }

  /// The next byte that is no blank; 0 at the end.
  private mutating func peek() -> UInt8 {
    while position < bytes.endIndex, Self.isBlank(bytes[position]) { position += 1 }
    return position < bytes.endIndex ? bytes[position] : 0
  }

  private mutating func skip(_ character: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  private mutating func word(_ word: String) -> Bool {
    guard bytes[position...].starts(with: word.utf8) else { return false }
    position += word.utf8.count
    return true
  }

  private mutating func text() -> String? {
    let quote = bytes[position]
    position += 1
    guard let end = bytes[position...].firstIndex(of: quote) else { return nil }
    defer { position = end + 1 }
    return String(decoding: bytes[position..<end], as: UTF8.self)
  }

  private mutating func number() -> Value? {
    var value = 0
    while position < bytes.endIndex, case let digit = Int(bytes[position]) - 48,
      (0...9).contains(digit)
    {
      let (tens, tooLarge) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflow) = tens.addingReportingOverflow(digit)
      guard !tooLarge, !overflow else { return nil }
      value = sum
      position += 1
    }
    // Python 2 marks long integers.
    if position < bytes.endIndex, bytes[position] == UInt8(ascii: "L") { position += 1 }
    return .number(value)
  }

  private mutating func list(closing: UInt8) -> Value? {
    position += 1
    var values: [Value] = []
    while peek() != closing {
      guard let value = value() else { return nil }
      values.append(value)
      guard skip(",") || peek() == closing else { return nil }
    }
    position += 1
    return .tuple(values)
  }

  private mutating func dictionary() -> Value? {
    position += 1
    var pairs: [(String, Value)] = []
    while !skip("}") {
      guard case .text(let key)? = value(), skip(":"), let value = value() else { return nil }
      pairs.append((key, value))
      guard skip(",") || peek() == UInt8(ascii: "}") else { return nil }
    }
    return .dictionary(pairs)
  }
}
