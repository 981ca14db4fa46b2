public import SimKernel

/// One class of cycles a module can be in, for ``ModuleSite/residency(_:)``.
public struct StateDescriptor: Sendable {
  /// The name, for example `compute` or `wait-in1`.
  public let name: String
  /// Whether the module works, waits for somebody or has nothing to do.
  public let kind: StateKind
  /// The path of the module waited for, for waiting states.
  public let blocker: String?

  /// A state in which the module works.
  public static func active(_ name: String) -> StateDescriptor {
    StateDescriptor(name: name, kind: .active, blocker: nil)
  }

  /// A state in which the module waits for `blocker`.
  public static func waiting(_ name: String, on blocker: String?) -> StateDescriptor {
    StateDescriptor(name: name, kind: .waiting, blocker: blocker)
  }

  /// A state in which the module has nothing to do.
  public static func idle(_ name: String = "idle") -> StateDescriptor {
    StateDescriptor(name: name, kind: .idle, blocker: nil)
  }
}

/// Which class of cycles a module is in: exactly one per cycle, so that all classes of a module sum
/// to the total cycles. A change costs a few instructions, a cycle without change nothing, so
/// sleeping modules stay asleep.
public struct Residency: BitwiseCopyable {
  @usableFromInline
  struct Record: BitwiseCopyable {
    @usableFromInline var current: Int
    @usableFromInline var since: Cycle
    @usableFromInline var cycles: UnsafeMutablePointer<UInt64>
    @usableFromInline var signal: Signal
  }

  @usableFromInline let record: UnsafeMutablePointer<Record>

  init(record: UnsafeMutablePointer<Record>) {
    self.record = record
  }

  /// From cycle `now` on, the cycle being executed included, the module is in `state` (an index
  /// into the descriptors it declared).
  @inlinable @inline(__always)
  public func enter(_ state: Int, at now: Cycle) {
    if record.pointee.current != state { change(to: state, at: now) }
  }

  @inlinable @inline(never)
  func change(to state: Int, at now: Cycle) {
    let old = record.pointee.current
    record.pointee.cycles[old] &+= now &- record.pointee.since
    record.pointee.since = now
    record.pointee.current = state
    record.pointee.signal.set(UInt64(truncatingIfNeeded: state))
  }

  /// The current state's index.
  @inlinable
  public var current: Int { record.pointee.current }

  /// The first cycle of the current state that is not credited yet.
  var since: Cycle { record.pointee.since }

  /// Credits all cycles before `boundary` to the current state.
  func flush(before boundary: Cycle) {
    guard boundary > record.pointee.since else { return }
    record.pointee.cycles[record.pointee.current] &+= boundary &- record.pointee.since
    record.pointee.since = boundary
  }
}
