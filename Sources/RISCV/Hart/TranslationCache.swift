/// The translation look-aside buffer of a hart, of 256 entries each for fetches, loads and stores,
/// direct mapped by the low bits of the virtual page number.
///
/// Programs can tell that it is there, as on real hardware: a changed page table entry counts from
/// the next SFENCE.VMA on. Both engines therefore use the same entries in the same way. An entry
/// may also know where the page lies in the host's memory, which spares the fast loop everything
/// but a comparison.
struct TranslationCache: BitwiseCopyable {
  struct Entry: BitwiseCopyable {
    /// Virtual page number and context; no page has the initial value.
    var tag = UInt64.max
    /// First physical address of the page.
    var physical: UInt64 = 0
    /// The page in the host's memory, if every access that the entry serves may go there.
    var host: UnsafeMutableRawPointer?
    /// The region that `host` belongs to.
    var region: Int = 0
  }

  static let count = 256

  private let entries: UnsafeMutablePointer<Entry>

  init() {
    entries = .allocate(capacity: 3 * Self.count)
    entries.initialize(repeating: Entry(), count: 3 * Self.count)
  }

  func deallocate() { entries.deallocate() }

  /// Forgets all translations.
  func flush() { entries.update(repeating: Entry(), count: 3 * Self.count) }

  /// What a tag holds of an address, for accesses in `context` (below 256).
  @inline(__always)
  static func tag(_ address: UInt64, context: UInt64) -> UInt64 {
    (address >> 12) << 8 | context
  }

  /// The only entry that can hold the page of `address`.
  @inline(__always)
  func entry(_ address: UInt64, _ access: AccessType) -> UnsafeMutablePointer<Entry> {
    entries + Int(access.rawValue) * Self.count
      + Int(truncatingIfNeeded: address >> 12) & (Self.count - 1)
  }
}
