/// The slot of a channel that a module would use next, taken before the module runs: afterwards it
/// says whether the module used it in this very instant.
///
/// For checkers that watch a module from outside; modules themselves use ``InPort`` and
/// ``OutPort``.
public struct SlotWatch<Payload: BitwiseCopyable>: BitwiseCopyable {
  let slot: UnsafeMutablePointer<ChannelSlot<Payload>>
  let now: Stamp

  /// Whether the slot was filled in the instant in which the watch began.
  public var wasFilled: Bool { slot.pointee.mark == now }
  /// Whether the slot was emptied in the instant in which the watch began.
  public var wasEmptied: Bool { slot.pointee.mark == ~now }
  /// What the slot holds, or held last.
  public var payload: Payload { slot.pointee.payload }
  /// The slot's data lanes.
  public var data: UnsafeRawPointer { UnsafeRawPointer(slot.pointee.lanes) }
}

extension InPort {
  /// Watches the slot that the next pop empties.
  public var watch: SlotWatch<Payload> {
    SlotWatch(slot: state.pointee.head, now: now)
  }
}

extension OutPort {
  /// Watches the slot that the next push fills.
  public var watch: SlotWatch<Payload> {
    SlotWatch(slot: state.pointee.tail, now: now)
  }
}

extension Line {
  /// The level that was driven last, visible to the listener or not yet.
  public var drivenLevel: Bool { state.pointee.current }
}
