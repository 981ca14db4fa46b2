/// What a hart read from and wrote to a region, instruction fetches excluded.
public struct MemoryTraffic: BitwiseCopyable, Sendable, Equatable {
  /// Load and store instructions that reached the region.
  public var loads: UInt64 = 0, stores: UInt64 = 0
  /// The bytes they moved.
  public var loadedBytes: UInt64 = 0, storedBytes: UInt64 = 0

  /// No traffic.
  public init() {}
}

/// Ordinary memory that a hart reads and writes directly, without leaving `run`.
public struct MemoryRegion {
  /// First physical address.
  public let base: UInt64
  /// Length in bytes.
  public let size: UInt64
  /// The memory itself, `size` bytes. It must stay valid as long as the hart that uses it.
  public let pointer: UnsafeMutableRawPointer
  /// Whether stores are allowed; a store to other memory is an access fault.
  public let writable: Bool

  /// Describes `size` bytes at `pointer` as the memory at physical address `base`.
  public init(base: UInt64, size: UInt64, pointer: UnsafeMutableRawPointer, writable: Bool = true) {
    self.base = base
    self.size = size
    self.pointer = pointer
    self.writable = writable
  }
}

/// Why a region cannot be given to a hart.
public enum MemoryRegionError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The region has no bytes.
  case empty(base: UInt64)
  /// The region does not end within the physical address space.
  case beyondAddressSpace(base: UInt64, size: UInt64)
  /// The region shares addresses with one that was added before.
  case overlap(base: UInt64, size: UInt64, otherBase: UInt64, otherSize: UInt64)

  /// One sentence with the addresses.
  public var description: String {
    switch self {
    case .empty(let base):
      "memory region at \(hexadecimal(base)) is empty"
    case .beyondAddressSpace(let base, let size):
      "memory region \(hexadecimal(base)) of \(size) bytes exceeds the physical address space"
    case .overlap(let base, let size, let otherBase, let otherSize):
      "memory region \(hexadecimal(base)) of \(size) bytes overlaps the one of \(otherSize) bytes "
        + "at \(hexadecimal(otherBase))"
    }
  }
}
