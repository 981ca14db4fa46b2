internal import CMD

/// SHA-256 over parts whose borders count: each is preceded by its length.
///
/// It is a value: a copy of a digest of what many inputs have in common goes on with what is
/// special to each.
struct InputDigest {
  private var context = SHA2_CTX()

  /// A digest of nothing so far.
  init() {
    SHA256Init(&context)
  }

  /// Adds bytes.
  mutating func add(_ bytes: [UInt8]) {
    bytes.withUnsafeBytes { add($0) }
  }

  /// Adds a text, as UTF-8.
  mutating func add(_ text: String) {
    var text = text
    text.withUTF8 { add(UnsafeRawBufferPointer($0)) }
  }

  private mutating func add(_ buffer: UnsafeRawBufferPointer) {
    withUnsafeBytes(of: UInt64(buffer.count).littleEndian) { update($0) }
    update(buffer)
  }

  private mutating func update(_ buffer: UnsafeRawBufferPointer) {
    guard buffer.count > 0 else { return }
    SHA256Update(&context, buffer.bindMemory(to: UInt8.self).baseAddress, buffer.count)
  }

  /// The digest.
  consuming func finish() -> EvaluationKey {
    var bytes = SIMD32<UInt8>()
    withUnsafeMutableBytes(of: &bytes) { buffer in
      SHA256Final(buffer.bindMemory(to: UInt8.self).baseAddress, &context)
    }
    return EvaluationKey(bytes: bytes)
  }
}
