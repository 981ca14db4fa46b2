/// The state both ends of a channel share, in kernel-owned memory. A port is one pointer to it.
@usableFromInline
struct ChannelState<Payload: BitwiseCopyable>: BitwiseCopyable {
  /// The slot the producer fills next and the slot the consumer empties next.
  @usableFromInline var tail: UnsafeMutablePointer<ChannelSlot<Payload>>
  @usableFromInline var head: UnsafeMutablePointer<ChannelSlot<Payload>>
  @usableFromInline var producer: WakeLink
  @usableFromInline var consumer: WakeLink
  @usableFromInline let laneBytes: Int
}

/// One slot of the ring.
///
/// `mark` says since when the slot is what it is: the stamp of the instant at which it was filled,
/// or the complement of the stamp at which it was emptied. Stamps have a clear top bit, so each end
/// needs a single unsigned comparison with the current stamp, and filling or emptying is one store.
@usableFromInline
struct ChannelSlot<Payload: BitwiseCopyable>: BitwiseCopyable {
  @usableFromInline var mark: Stamp
  /// The next slot of the ring; the slot itself when there is only one.
  @usableFromInline var next: UnsafeMutablePointer<ChannelSlot<Payload>>
  @usableFromInline var lanes: UnsafeMutableRawPointer
  @usableFromInline var payload: Payload

  /// Whether the slot was filled before the instant `now`.
  @inlinable @inline(__always)
  func isFull(before now: Stamp) -> Bool { mark < now }

  /// Whether the slot was empty before the instant `now`.
  @inlinable @inline(__always)
  func isFree(before now: Stamp) -> Bool { ~mark < now }
}

/// The producing end of a registered channel.
///
/// What is pushed at one instant is seen by the consumer at any later instant, never the same one;
/// a slot freed by the consumer is, too, seen at a later instant. Two slots give one transfer per
/// cycle, one slot every other cycle.
public struct OutPort<Payload: BitwiseCopyable>: BitwiseCopyable {
  @usableFromInline let state: UnsafeMutablePointer<ChannelState<Payload>>

  /// The stamp of the current instant.
  @inlinable @inline(__always)
  var now: Stamp { PortPage.stamp(of: state) }

  init(state: UnsafeMutablePointer<ChannelState<Payload>>) {
    self.state = state
  }

  /// Whether a slot was free before this instant.
  @inlinable @inline(__always)
  public var canPush: Bool {
    state.pointee.tail.pointee.isFree(before: now)
  }

  /// Bytes of data lanes that travel with each payload (0 when the payload is all).
  @inlinable @inline(__always)
  public var laneBytes: Int { state.pointee.laneBytes }

  /// The data lanes of the slot that the next ``push(_:)`` will send; write them first, and only
  /// while ``canPush``.
  @inlinable @inline(__always)
  public var data: UnsafeMutableRawPointer {
    state.pointee.tail.pointee.lanes
  }

  /// Sends `payload`; traps when ``canPush`` is false.
  @inlinable @inline(__always)
  public func push(_ payload: Payload) {
    let slot = state.pointee.tail
    let now = self.now
    precondition(slot.pointee.isFree(before: now), "push into a full channel")
    slot.pointee.payload = payload
    slot.pointee.mark = now
    state.pointee.tail = slot.pointee.next
    state.pointee.consumer.wake(now)
  }
}

/// The consuming end of a registered channel; see ``OutPort``.
public struct InPort<Payload: BitwiseCopyable>: BitwiseCopyable {
  @usableFromInline let state: UnsafeMutablePointer<ChannelState<Payload>>

  /// The stamp of the current instant.
  @inlinable @inline(__always)
  var now: Stamp { PortPage.stamp(of: state) }

  init(state: UnsafeMutablePointer<ChannelState<Payload>>) {
    self.state = state
  }

  /// Whether a payload sent at an earlier instant waits.
  @inlinable @inline(__always)
  public var canPop: Bool {
    state.pointee.head.pointee.isFull(before: now)
  }

  /// Bytes of data lanes that travel with each payload (0 when the payload is all).
  @inlinable @inline(__always)
  public var laneBytes: Int { state.pointee.laneBytes }

  /// The waiting payload; traps when ``canPop`` is false.
  @inlinable @inline(__always)
  public var front: Payload {
    let slot = state.pointee.head
    precondition(
      slot.pointee.isFull(before: now), "front of an empty channel")
    return slot.pointee.payload
  }

  /// The data lanes of the waiting payload; readable until the end of the tick that pops it, since
  /// the producer sees the slot as free at a later instant only. Take it before ``pop()``.
  @inlinable @inline(__always)
  public var data: UnsafeMutableRawPointer {
    state.pointee.head.pointee.lanes
  }

  /// Removes and returns the waiting payload; traps when ``canPop`` is false.
  @inlinable @inline(__always)
  @discardableResult
  public func pop() -> Payload {
    let slot = state.pointee.head
    let now = self.now
    precondition(slot.pointee.isFull(before: now), "pop from an empty channel")
    slot.pointee.mark = ~now
    state.pointee.head = slot.pointee.next
    state.pointee.producer.wake(now)
    return slot.pointee.payload
  }

  /// Whether a payload is on its way or waits, visible or not yet.
  ///
  /// For reports between two instants (a deadlock's wait-for graph). Inside a tick the answer
  /// depends on the order of modules; use ``canPop`` there.
  @inlinable
  public var isOccupied: Bool { state.pointee.head.pointee.isFull(before: .max >> 1) }
}
