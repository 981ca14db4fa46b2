public import SimKernel

/// One access of one bus word.
public struct MemoryAccess: BitwiseCopyable, Sendable {
  /// The word's number, counted from the start of the memory.
  public var word: UInt64
  /// Whether it writes.
  public var isWrite: Bool
  /// Data bits that cross the memory's interface.
  public var bits: UInt64

  /// Describes an access.
  public init(word: UInt64, isWrite: Bool, bits: UInt64) {
    self.word = word
    self.isWrite = isWrite
    self.bits = bits
  }
}

/// What a timing model says to an access.
public enum MemoryGrant: BitwiseCopyable, Sendable, Equatable {
  /// The access starts now; its data or acknowledgement can leave in cycle `readyAt`.
  case started(readyAt: Cycle)
  /// Not now; asking again before cycle `until` is pointless.
  case busy(until: Cycle)
}

/// The timing of a memory kind: the one thing in which memories differ.
///
/// To add a memory kind, write a conforming struct, a module class of a few lines around
/// ``MemoryCore`` and its catalog entry; queueing, data movement and response order are written
/// once in the core. A model that needs a schedule (DRAM banks, refresh) keeps it in its own state
/// and answers `.busy(until:)`.
public protocol MemoryTiming: BitwiseCopyable {
  /// May `access` start in cycle `now`? Called at most once per port and cycle; an access that was
  /// refused is asked again.
  mutating func start(_ access: MemoryAccess, at now: Cycle) -> MemoryGrant

  /// Accesses that were refused because another one of the same cycle used what they need.
  var conflicts: UInt64 { get }
}
