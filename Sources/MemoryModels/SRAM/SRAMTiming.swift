public import SimKernel

/// SRAM timing: fixed read and write latency, `banks` banks interleaved by word, each of which
/// serves one access per cycle.
public struct SRAMTiming: MemoryTiming {
  private let readDelay: Cycle
  private let writeDelay: Cycle
  private let bankMask: UInt64
  /// The cycle after the one in which each bank was last used.
  private let usedUntil: Table<Cycle>
  /// Accesses refused because their bank was taken in the same cycle.
  public private(set) var conflicts: UInt64 = 0

  /// Creates the timing.
  ///
  /// - Parameters:
  ///   - readDelay: cycles from a word's access to its data on the read channel, at least 1.
  ///   - writeDelay: cycles from the last word's access to the write response, at least 1.
  ///   - banks: a power of two.
  public init(arena: Arena, readDelay: Cycle, writeDelay: Cycle, banks: Int) {
    precondition(banks > 0 && banks & (banks - 1) == 0, "banks are a power of two")
    self.readDelay = max(1, readDelay)
    self.writeDelay = max(1, writeDelay)
    bankMask = UInt64(banks - 1)
    usedUntil = Table(arena, count: banks)
  }

  /// Grants or puts off an access; see ``MemoryTiming/start(_:at:)``.
  @inline(__always)
  public mutating func start(_ access: MemoryAccess, at now: Cycle) -> MemoryGrant {
    let bank = Int(truncatingIfNeeded: access.word & bankMask)
    if usedUntil[bank] > now {
      conflicts &+= 1
      return .busy(until: now &+ 1)
    }
    usedUntil[bank] = now &+ 1
    return .started(readyAt: now &+ (access.isWrite ? writeDelay : readDelay) &- 1)
  }
}
