/// What an instruction stands for.
struct Decoded: BitwiseCopyable {
  /// As it stands in memory, 16 or 32 bits.
  var key: UInt32
  /// The 32-bit instruction that `key` stands for.
  var word: UInt32 = 0
  /// Nil when it is illegal.
  var operation: Operation?
}

/// Remembers what instruction words stand for: looking one up in the tables takes longer than
/// executing it.
struct DecodeCache: BitwiseCopyable {
  private static let bits = 11

  private let xlen: XLEN
  private let entries: UnsafeMutablePointer<Decoded>
  /// The extensions that all entries were decoded for.
  private let extensions: UnsafeMutablePointer<Extensions>

  init(xlen: XLEN) {
    self.xlen = xlen
    entries = .allocate(capacity: 1 << Self.bits)
    extensions = .allocate(capacity: 1)
    extensions.initialize(to: [])
    clear()
  }

  func deallocate() {
    entries.deallocate()
    extensions.deallocate()
  }

  /// The entry of word zero, which is illegal in every instruction set, is right from the start.
  private func clear() {
    entries.initialize(repeating: Decoded(key: 0), count: 1 << Self.bits)
  }

  /// Looks up `word`, 16 or 32 bits, for a hart with the given extensions switched on.
  func decode(_ word: UInt32, extensions: Extensions) -> Decoded {
    if self.extensions.pointee != extensions {
      clear()
      self.extensions.pointee = extensions
    }
    let entry = entries + Int(truncatingIfNeeded: (word &* 0x9e37_79b1) >> UInt32(32 - Self.bits))
    if entry.pointee.key != word { entry.pointee = look(up: word, extensions) }
    return entry.pointee
  }

  /// Not inlined: the tables hold strings, whose counting should not burden the caller.
  @inline(never)
  private func look(up word: UInt32, _ extensions: Extensions) -> Decoded {
    var full = word
    if word & 3 != 3 {
      guard extensions.contains(.c),
        let expanded = expandCompressed(
          UInt16(truncatingIfNeeded: word), xlen: xlen, extensions: extensions)
      else { return Decoded(key: word) }
      full = expanded
    }
    let operation = Encoding.decode(full, xlen: xlen, extensions: extensions)?.operation
    return Decoded(key: word, word: full, operation: operation)
  }
}
