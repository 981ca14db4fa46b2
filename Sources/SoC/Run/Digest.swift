internal import CMD

/// SHA-256, by the BSD message digest library.
public struct Digest {
  private var context = SHA2_CTX()

  /// A digest of nothing so far.
  public init() {
    SHA256Init(&context)
  }

  /// Adds bytes.
  public mutating func add(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { buffer in
      let start = buffer.bindMemory(to: UInt8.self).baseAddress
      SHA256Update(&context, start, bytes.count)
    }
  }

  /// Adds a text and a separator, so that neighbouring texts cannot run into each other.
  public mutating func add(_ text: String) {
    add(Array(text.utf8) + [0])
  }

  /// The digest as 64 lower-case hexadecimal digits.
  public consuming func hexadecimal() -> String {
    var bytes = [UInt8](repeating: 0, count: 32)
    SHA256Final(&bytes, &context)
    let digits = Array("0123456789abcdef")
    return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
  }

  /// The digest of one run of bytes.
  public static func hexadecimal(of bytes: [UInt8]) -> String {
    var digest = Digest()
    digest.add(bytes)
    return digest.hexadecimal()
  }
}
