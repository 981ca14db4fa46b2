/// A registered wire with one driver and one listener, for interrupts and other levels.
public struct Line: BitwiseCopyable {
  @usableFromInline
  struct State: BitwiseCopyable {
    @usableFromInline var previous: Bool
    @usableFromInline var current: Bool
    /// The instant of the latest change.
    @usableFromInline var changed: Stamp
    @usableFromInline var listener: WakeLink
  }

  @usableFromInline let state: UnsafeMutablePointer<State>

  init(state: UnsafeMutablePointer<State>) {
    self.state = state
  }

  /// Drives the wire; the listener sees the new level at a later instant and is woken.
  ///
  /// Of several levels driven within one instant the last one counts.
  @inlinable
  public func set(_ level: Bool) {
    guard state.pointee.current != level else { return }
    let now = PortPage.stamp(of: state)
    if state.pointee.changed < now {
      state.pointee.previous = state.pointee.current
      state.pointee.changed = now
    }
    state.pointee.current = level
    state.pointee.listener.wake(now)
  }

  /// The level as of before this instant.
  @inlinable
  public var level: Bool {
    state.pointee.changed < PortPage.stamp(of: state)
      ? state.pointee.current : state.pointee.previous
  }
}
