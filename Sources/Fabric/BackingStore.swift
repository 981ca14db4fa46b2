/// The bytes of a memory, shared by its timing model, the preloader and the processors that access
/// it directly.
public final class BackingStore {
  /// The first byte's address.
  public let base: UInt64
  /// Size in bytes.
  public let size: Int
  /// The bytes; zero at reset. Pages are reserved by the host on first touch.
  public let bytes: UnsafeMutableRawPointer

  /// The widest bus word, in bytes. Whole words of this size that overlap the memory may be read,
  /// whatever its base and size are; what lies outside belongs to nobody.
  public static let granularity = 4096

  /// What was reserved: from the word that holds `base` to the end of the one that holds the last
  /// byte.
  private let reservation: UnsafeMutableRawPointer

  /// Reserves `size` zeroed bytes; nil when the host cannot.
  public init?(base: UInt64, size: Int) {
    let lead = Int(base % UInt64(Self.granularity))
    guard size >= 0, size <= Int.max - 2 * Self.granularity,
      let memory = allocateZeroed(lead + size + Self.granularity)
    else { return nil }
    self.base = base
    self.size = size
    reservation = memory
    bytes = memory + lead
  }

  deinit {
    releaseZeroed(reservation)
  }

  /// Whether `[address, address + count)` lies inside.
  public func contains(_ address: UInt64, count: Int) -> Bool {
    address >= base && count >= 0 && address - base <= UInt64(size)
      && UInt64(count) <= UInt64(size) - (address - base)
  }

  /// Copies `source` to `address`; the range must lie inside.
  public func write(_ source: [UInt8], at address: UInt64) {
    precondition(contains(address, count: source.count), "write outside the memory")
    source.withUnsafeBytes {
      if let start = $0.baseAddress {
        (bytes + Int(address - base)).copyMemory(from: start, byteCount: source.count)
      }
    }
  }

  /// Reads `count` bytes at `address`; the range must lie inside.
  public func read(at address: UInt64, count: Int) -> [UInt8] {
    precondition(contains(address, count: count), "read outside the memory")
    return Array(
      UnsafeRawBufferPointer(start: bytes + Int(address - base), count: count))
  }
}
