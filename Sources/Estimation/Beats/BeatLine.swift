internal import SimKernel

/// A pipeline of the crossbar in front of a channel: a plain wire with one stage, as the channel registers.
struct BeatLine: BitwiseCopyable {
  private let stages: Int
  private let ready: UnsafeMutablePointer<Int>
  private let values: UnsafeMutablePointer<Int>
  private var head = 0
  private var count = 0

  init(stages: Int, arena: Arena) {
    self.stages = stages
    ready = arena.allocate(Int.self, count: stages)
    values = arena.allocate(Int.self, count: stages)
  }

  @inline(__always)
  func canAccept(_ output: inout BeatChannel, _ now: Int) -> Bool {
    stages == 1 ? output.canPush(now) : count < stages
  }

  @inline(__always)
  mutating func accept(_ value: Int, _ output: inout BeatChannel, _ now: Int) {
    if stages == 1 { return output.push(value, now) }
    let end = head &+ count
    let tail = end >= stages ? end &- stages : end
    ready[tail] = now &+ stages &- 1
    values[tail] = value
    count &+= 1
  }

  /// Moves the oldest value out when its time has come.
  @inline(__always)
  mutating func advance(_ output: inout BeatChannel, _ now: Int) {
    guard count > 0, ready[head] <= now, output.canPush(now) else { return }
    output.push(values[head], now)
    head = head &+ 1 == stages ? 0 : head &+ 1
    count &-= 1
  }
}
