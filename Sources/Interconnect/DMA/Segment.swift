internal import Fabric

/// A piece of a row that one request can serve: bytes in memory, or padding.
struct Segment: BitwiseCopyable {
  /// What else there is to know; one word, so that it is loaded as it was stored.
  struct Flags: OptionSet, BitwiseCopyable {
    let rawValue: UInt64

    /// Bytes that are in no memory.
    static let padding = Flags(rawValue: 1)
    /// Neighbouring bytes in memory.
    static let contiguous = Flags(rawValue: 2)
    /// The row ends with this piece.
    static let endsRow = Flags(rawValue: 4)
    /// The rows that leave transposed together end with this piece.
    static let endsGroup = Flags(rawValue: 8)
    /// The transfer ends with this piece.
    static let endsTransfer = Flags(rawValue: 16)
  }

  /// First byte in memory; unused for padding.
  var address: Address = 0
  /// Elements, and their distance in bytes.
  var count = 0
  var stride = 1
  var elementBytes = 1
  var flags: Flags = []

  /// Payload bytes.
  @inline(__always)
  var bytes: Int { count &* elementBytes }

  /// Bytes of memory from the first to the last payload byte.
  @inline(__always)
  var span: Int { (count &- 1) &* stride &+ elementBytes }

  @inline(__always)
  var isPadding: Bool { flags.rawValue & Flags.padding.rawValue != 0 }
  @inline(__always)
  var endsRow: Bool { flags.rawValue & Flags.endsRow.rawValue != 0 }
  @inline(__always)
  var endsGroup: Bool { flags.rawValue & Flags.endsGroup.rawValue != 0 }
  @inline(__always)
  var endsTransfer: Bool { flags.rawValue & Flags.endsTransfer.rawValue != 0 }
}
