/// Data that is loaded with the plan: weights, tables, DMA descriptors.
public struct ConstantPool: Sendable {
  /// Address of the first byte.
  public let base: UInt32
  /// Bytes up to the end of the last piece.
  public private(set) var count = 0
  /// What was added, by distance from `base`; places that were only reserved have no data.
  public private(set) var pieces: [(offset: Int, data: [UInt8])] = []

  /// Creates an empty pool; `base` is a multiple of 256.
  public init(base: UInt32) {
    precondition(base % 256 == 0, "the pool begins at a word of the widest bus")
    self.base = base
  }

  /// Adds data.
  ///
  /// - Parameter alignment: a power of two up to 256.
  /// - Returns: the address of its first byte.
  public mutating func add(_ data: [UInt8], alignment: Int = 16) -> UInt32 {
    let address = reserve(data.count, alignment: alignment)
    pieces.append((Int(address - base), data))
    return address
  }

  /// Leaves room for data.
  ///
  /// - Parameter alignment: a power of two up to 256.
  /// - Returns: the address of its first byte.
  public mutating func reserve(_ byteCount: Int, alignment: Int = 16) -> UInt32 {
    count += -count & (alignment - 1)
    defer { count += byteCount }
    return base + UInt32(count)
  }

  /// What lies at `base`, zeros between the pieces.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    for piece in pieces {
      bytes.append(contentsOf: repeatElement(0, count: piece.offset - bytes.count))
      bytes += piece.data
    }
    bytes.append(contentsOf: repeatElement(0, count: count - bytes.count))
    return bytes
  }

  /// Adds little-endian words.
  public mutating func add(words: [UInt32], alignment: Int = 16) -> UInt32 {
    var data: [UInt8] = []
    data.reserveCapacity(4 * words.count)
    for word in words { withUnsafeBytes(of: word.littleEndian) { data += $0 } }
    return add(data, alignment: alignment)
  }
}

extension BinaryInteger {
  /// Rounded up to a multiple of 256 bytes, the widest bus word that arrays of 64 columns of fp32 want: rows and pieces that begin
  /// there never straddle two words.
  var alignedToBus: Self { (self + 255) / 256 * 256 }
}
