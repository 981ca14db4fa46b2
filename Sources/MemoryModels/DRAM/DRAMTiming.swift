public import SimKernel

/// First-order DRAM timing: a pipelined access latency and a limit on the data rate, shared by
/// reads and writes of all ports. No banks, rows or refresh yet.
public struct DRAMTiming: MemoryTiming {
  private let readDelay: Cycle
  private let writeDelay: Cycle
  private let bitsPerCycle: UInt64
  /// When the data pins are free again, in units of 1 / `bitsPerCycle` of a cycle.
  private var pinsFree: UInt64 = 0
  /// Always zero: without banks, waiting for the pins is bandwidth, not conflict.
  public var conflicts: UInt64 { 0 }

  /// Creates the timing.
  ///
  /// - Parameters:
  ///   - readDelay: cycles from a word's access to its data on the read channel, at least 1.
  ///   - writeDelay: cycles from the last word's access to the write response, at least 1.
  ///   - bitsPerCycle: peak data rate.
  public init(readDelay: Cycle, writeDelay: Cycle, bitsPerCycle: UInt64) {
    precondition(bitsPerCycle > 0, "a DRAM moves at least one bit per cycle")
    self.readDelay = max(1, readDelay)
    self.writeDelay = max(1, writeDelay)
    self.bitsPerCycle = bitsPerCycle
  }

  /// Grants or puts off an access; see ``MemoryTiming/start(_:at:)``.
  @inline(__always)
  public mutating func start(_ access: MemoryAccess, at now: Cycle) -> MemoryGrant {
    // The pins may be claimed by a word as soon as they become free within this cycle.
    let cycleEnd = (now &+ 1) &* bitsPerCycle
    if pinsFree >= cycleEnd {
      return .busy(until: pinsFree / bitsPerCycle)
    }
    pinsFree = max(pinsFree, now &* bitsPerCycle) &+ access.bits
    let lastCycle = (pinsFree &- 1) / bitsPerCycle
    return .started(readyAt: lastCycle &+ (access.isWrite ? writeDelay : readDelay) &- 1)
  }
}
