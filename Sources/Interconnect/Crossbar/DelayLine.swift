internal import Fabric
internal import SimKernel

/// A pipeline of a fixed number of cycles between an input and an output channel of the crossbar,
/// with as many registers as it has stages. With one stage it is a plain wire: the channels
/// register.
struct DelayLine<Payload: BitwiseCopyable>: BitwiseCopyable {
  private struct Entry: BitwiseCopyable {
    var readyAt: Cycle
    var payload: Payload
  }

  private let entries: UnsafeMutablePointer<Entry>
  private let lanes: UnsafeMutableRawPointer
  private let laneBytes: Int
  private let stages: Cycle
  private let capacity: Int
  private var head = 0
  private var count = 0

  init(arena: Arena, stages: Cycle, laneBytes: Int) {
    self.stages = stages
    self.laneBytes = laneBytes
    capacity = Int(stages)
    entries = arena.allocate(Entry.self, count: capacity)
    lanes = UnsafeMutableRawPointer(arena.allocate(UInt8.self, count: capacity * laneBytes))
  }

  /// Whether the line can take a payload in this cycle.
  @inline(__always)
  func canAccept(_ output: OutPort<Payload>) -> Bool {
    stages == 1 ? output.canPush : count < capacity
  }

  /// Sends a payload on its way.
  @inline(__always)
  mutating func accept(
    _ payload: Payload, data: UnsafeRawPointer?, now: Cycle, output: OutPort<Payload>
  ) {
    if stages == 1 {
      if let data { copyLanes(to: output.data, from: data, count: laneBytes) }
      output.push(payload)
      return
    }
    let end = head &+ count
    let tail = end >= capacity ? end &- capacity : end
    entries[tail] = Entry(readyAt: now &+ stages &- 1, payload: payload)
    if let data {
      copyLanes(to: lanes + tail &* laneBytes, from: data, count: laneBytes)
    }
    count &+= 1
  }

  /// Moves the oldest payload out when its time has come; returns whether it did, and otherwise
  /// when to try again.
  @inline(__always)
  mutating func advance(_ output: OutPort<Payload>, now: Cycle) -> (moved: Bool, wake: Wake) {
    guard count > 0 else { return (false, .onPort) }
    let ready = entries[head].readyAt
    guard ready <= now else { return (false, .at(ready)) }
    guard output.canPush else { return (false, .onPort) }
    if laneBytes > 0 {
      copyLanes(to: output.data, from: lanes + head &* laneBytes, count: laneBytes)
    }
    output.push(entries[head].payload)
    head = head &+ 1 == capacity ? 0 : head &+ 1
    count &-= 1
    return (true, count > 0 ? .nextCycle : .onPort)
  }

  var isEmpty: Bool { count == 0 }
}
