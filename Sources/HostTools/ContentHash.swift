/// A fingerprint of a sequence of texts and byte strings: FNV-1a, 2 × 64 bits.
///
/// It names files of a local cache; it is no protection against somebody who wants a collision.
public struct ContentHash {
  private var low: UInt64 = 0xcbf2_9ce4_8422_2325
  private var high: UInt64 = 0x6c62_272e_07bb_0142

  /// The fingerprint of nothing.
  public init() {}

  /// Adds a part; the parts' borders count.
  public mutating func add(_ bytes: some Sequence<UInt8>) {
    var length: UInt64 = 0
    for byte in bytes {
      mix(byte)
      length &+= 1
    }
    for shift in stride(from: UInt64(0), to: 64, by: 8) {
      mix(UInt8(truncatingIfNeeded: length >> shift))
    }
  }

  /// Adds a text.
  public mutating func add(_ text: String) { add(text.utf8) }

  private mutating func mix(_ byte: UInt8) {
    low = (low ^ UInt64(byte)) &* 0x100_0000_01b3
    high = (high ^ UInt64(byte ^ 0x5a)) &* 0x100_0000_01b3
  }

  /// 32 hexadecimal digits.
  public var text: String { [high, low].map(Self.digits).joined() }

  private static func digits(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
