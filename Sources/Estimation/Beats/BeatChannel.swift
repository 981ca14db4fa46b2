/// A registered channel of two slots, without data: what is sent in a cycle is seen in the next one, and so is a slot that
/// becomes free.
struct BeatChannel: BitwiseCopyable {
  private var front = 0
  private var back = 0
  private var count = 0
  private var pushedAt = -1
  private var poppedAt = -1

  /// Whether something that was sent before cycle `now` waits.
  @inline(__always)
  func canPop(_ now: Int) -> Bool { count > (pushedAt == now ? 1 : 0) }

  /// Whether a slot was free before cycle `now`.
  @inline(__always)
  func canPush(_ now: Int) -> Bool { count &+ (poppedAt == now ? 1 : 0) < 2 }

  /// The last cycle in which something was sent or taken.
  var lastUse: Int { max(pushedAt, poppedAt) }

  /// What waits longest.
  @inline(__always)
  var first: Int { front }

  @inline(__always)
  mutating func push(_ value: Int, _ now: Int) {
    if count == 0 { front = value } else { back = value }
    count &+= 1
    pushedAt = now
  }

  @inline(__always)
  @discardableResult
  mutating func pop(_ now: Int) -> Int {
    let value = front
    front = back
    count &-= 1
    poppedAt = now
    return value
  }
}
