internal import RISCV

/// What the harts of a system share while a debugger controls them.
///
/// When one of them halts, those whose turn comes later in the same instant stand still too, before
/// they execute anything. They go on in the same order, so that even harts that race for a word of
/// memory do not notice.
public final class DebugGroup {
  /// Whether a hart has halted since the system ran.
  fileprivate var isPausing = false
  fileprivate var halts = 0

  /// Harts that run.
  public init() {}

  /// Lets harts execute again.
  public func resume() { isPausing = false }
}

/// What a debugger wants of one hart, and why the hart is halted.
///
/// A core that has one asks it before every instruction. A hart halts in the middle of its cycle
/// and later goes on with the rest of it, so that nothing in the system notices.
public final class DebugControl {
  /// The accesses that a watchpoint looks for.
  public enum Access: Sendable, Hashable {
    /// Stores, loads, or both.
    case write, read, any
  }

  /// Bytes whose accesses halt the hart, by the addresses that programs use.
  public struct Watchpoint: Sendable, Hashable {
    /// What to look for.
    public var access: Access
    /// First byte.
    public var address: UInt64
    /// Number of bytes.
    public var length: UInt64

    /// A watchpoint for these bytes.
    public init(access: Access, address: UInt64, length: UInt64) {
      self.access = access
      self.address = address
      self.length = length
    }
  }

  /// What the hart does when it goes on.
  public enum Motion: Sendable, Hashable {
    /// Runs.
    case run
    /// Executes one instruction, or enters a trap handler.
    case step
    /// The same until the program counter is outside the addresses.
    case stepWithin(Range<UInt64>)
  }

  /// Why the hart is halted.
  public enum Stop: Sendable, Hashable {
    /// The next instruction has a breakpoint.
    case breakpoint
    /// The next instruction will touch watched bytes, of which this is the first. GDB expects to
    /// hear of it before it happens.
    case watchpoint(Watchpoint, address: UInt64)
    /// The motion is done.
    case step
    /// The hart has executed the cycles it was given.
    case deadline
  }

  /// Addresses before whose instruction the hart halts.
  public var breakpoints: Set<UInt64> = []
  /// Accesses before which it halts.
  public var watchpoints: Set<Watchpoint> = []
  /// Why the hart is halted; nil while it is not, or only because another one is.
  public private(set) var stop: Stop?
  /// Which hart's halt came first.
  public private(set) var order = 0
  private let group: DebugGroup
  private var motion = Motion.run
  private var deadline = UInt64.max
  private var isStepDone = false
  /// Whether something was executed since the hart went on from a stop that the user has seen.
  private var hasMoved = true

  /// A control without breakpoints.
  public init(group: DebugGroup) {
    self.group = group
  }

  /// Lets the hart go on when the system runs.
  ///
  /// - Parameters:
  ///   - stepsOver: whether breakpoints and watchpoints of the very next instruction count only
  ///     when the hart comes there again: the debugger's user has seen them.
  ///   - deadline: the cycle of the hart before which it halts.
  public func resume(_ motion: Motion, stepsOver: Bool, deadline: UInt64 = .max) {
    stop = nil
    self.motion = motion
    self.deadline = deadline
    isStepDone = false
    if stepsOver { hasMoved = false }
  }

  /// Whether there is anything to look at; otherwise the hart may run as it always does.
  var isActive: Bool {
    motion != .run || !breakpoints.isEmpty || !watchpoints.isEmpty || deadline != .max
      || group.isPausing
  }

  /// Whether the hart halts before its next instruction.
  func halts(before hart: Hart) -> Bool {
    if !group.isPausing {
      stop = reason(before: hart)
      group.isPausing = stop != nil
    }
    guard group.isPausing else { return false }
    group.halts += 1
    order = group.halts
    return true
  }

  /// Whether the hart, which has finished its cycle, has finished its motion with it. To halt it
  /// at its next instruction would be too late: that may be another instant.
  func isDone(at hart: Hart) -> Bool {
    guard !group.isPausing, isMotionDone(at: hart.programCounter) else { return false }
    stop = .step
    group.isPausing = true
    return true
  }

  /// Takes note that the hart has executed something, or entered a trap handler.
  func noteMotion() {
    hasMoved = true
    isStepDone = true
  }

  private func reason(before hart: Hart) -> Stop? {
    let programCounter = hart.programCounter
    if isMotionDone(at: programCounter) { return .step }
    if hart.cycle >= deadline { return .deadline }
    guard hasMoved else { return nil }
    if breakpoints.contains(programCounter) { return .breakpoint }
    if !watchpoints.isEmpty, let access = PendingAccess(of: hart) { return hit(by: access) }
    return nil
  }

  private func isMotionDone(at programCounter: UInt64) -> Bool {
    guard isStepDone else { return false }
    return switch motion {
    case .run: false
    case .step: true
    case .stepWithin(let range): !range.contains(programCounter)
    }
  }

  private func hit(by access: PendingAccess) -> Stop? {
    for point in watchpoints {
      switch point.access {
      case .write: guard access.isStore else { continue }
      case .read: guard access.isLoad else { continue }
      case .any: break
      }
      // Distances, because the last byte may be the last of the address space.
      if access.address &- point.address < point.length {
        return .watchpoint(point, address: access.address)
      }
      if point.address &- access.address < access.bytes, point.length > 0 {
        return .watchpoint(point, address: point.address)
      }
    }
    return nil
  }
}
