/// A privilege mode, ordered by what it may do.
public enum PrivilegeMode: UInt8, Sendable, Hashable, CaseIterable, BitwiseCopyable, Comparable {
  /// U-mode: applications.
  case user = 0
  /// S-mode: operating systems.
  case supervisor = 1
  /// M-mode: firmware, the mode after reset.
  case machine = 3

  /// Whether `lhs` may do less than `rhs`.
  public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// What an access to memory is for.
public enum AccessType: UInt8, Sendable, Hashable, CaseIterable, BitwiseCopyable {
  /// Reading an instruction.
  case fetch
  /// Reading data.
  case load
  /// Writing data; atomic operations that read and write count as stores.
  case store

  /// The exception of an access that address translation refuses.
  public var pageFault: TrapCause {
    switch self {
    case .fetch: .instructionPageFault
    case .load: .loadPageFault
    case .store: .storePageFault
    }
  }

  /// The exception of an access whose address is not a multiple of its size.
  public var addressMisaligned: TrapCause {
    switch self {
    case .fetch: .instructionAddressMisaligned
    case .load: .loadAddressMisaligned
    case .store: .storeAddressMisaligned
    }
  }
}
