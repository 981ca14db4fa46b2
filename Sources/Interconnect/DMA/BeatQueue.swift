internal import SimKernel

/// A small first-in first-out buffer of stream-wide beats inside the DMA.
struct BeatQueue: BitwiseCopyable {
  struct Beat: BitwiseCopyable {
    var bytes: Int
    var isLast: Bool
  }

  let width: Int
  private let beats: UnsafeMutablePointer<Beat>
  private let lanes: UnsafeMutableRawPointer
  private let capacity: Int
  private var head = 0
  private var tail = 0
  private(set) var count = 0

  init(arena: Arena, width: Int, capacity: Int) {
    self.width = width
    self.capacity = capacity
    beats = arena.allocate(Beat.self, count: capacity)
    lanes = UnsafeMutableRawPointer(arena.allocate(UInt8.self, count: capacity * width))
  }

  @inline(__always)
  var isFull: Bool { count == capacity }

  /// The lanes of the beat that ``append(_:)`` adds.
  @inline(__always)
  var tailData: UnsafeMutableRawPointer { lanes + tail &* width }

  @inline(__always)
  mutating func append(_ beat: Beat) {
    beats[tail] = beat
    tail = tail &+ 1 == capacity ? 0 : tail &+ 1
    count &+= 1
  }

  @inline(__always)
  var front: Beat { beats[head] }

  @inline(__always)
  var frontData: UnsafeMutableRawPointer { lanes + head &* width }

  @inline(__always)
  mutating func removeFirst() {
    head = head &+ 1 == capacity ? 0 : head &+ 1
    count &-= 1
  }

  mutating func removeAll() {
    head = 0
    tail = 0
    count = 0
  }
}
