/// The stamp of the current instant, as ports see it.
///
/// The state of channels and lines lives in pages that begin with the stamp, so that a port finds
/// it by masking its own address. Loading a pointer to it first would be one more memory operation,
/// and those are what a short tick spends its time on.
@usableFromInline
enum PortPage {
  /// Bytes of a page, and its alignment.
  @usableFromInline static var bytes: Int {
    @inlinable @inline(__always) get { 1 << 16 }
  }

  /// The stamp of the page that holds `state`.
  @inlinable @inline(__always)
  static func stamp(of state: UnsafeMutableRawPointer) -> Stamp {
    let page = state - (Int(bitPattern: state) & (bytes - 1))
    return page.assumingMemoryBound(to: Stamp.self).pointee
  }
}

/// The pages of one kernel; see ``PortPage``.
struct PortMemory {
  private static let headerBytes = 64

  private let arena: Arena
  private var page: UnsafeMutableRawPointer
  private var used = Self.headerBytes
  /// Sets the stamps.
  let clock: PortClock

  init(arena: Arena, now: Stamp) {
    self.arena = arena
    clock = PortClock(arena: arena, first: Self.page(arena, now))
    page = UnsafeMutableRawPointer(clock.first)
  }

  private static func page(_ arena: Arena, _ now: Stamp) -> UnsafeMutablePointer<Stamp> {
    let page = arena.allocate(bytes: PortPage.bytes, alignment: PortPage.bytes)
    let stamp = page.bindMemory(to: Stamp.self, capacity: 1)
    stamp.pointee = now
    return stamp
  }

  /// Allocates the zeroed state of a port.
  mutating func allocate<State: BitwiseCopyable>(
    _ type: State.Type
  ) -> UnsafeMutablePointer<State> {
    let bytes = (MemoryLayout<State>.stride + 15) & ~15
    if used + bytes > PortPage.bytes {
      let stamp = Self.page(arena, clock.first.pointee)
      clock.append(stamp)
      page = UnsafeMutableRawPointer(stamp)
      used = Self.headerBytes
    }
    defer { used += bytes }
    return (page + used).bindMemory(to: type, capacity: 1)
  }
}

/// The stamps of a kernel's port pages, in kernel-owned memory.
struct PortClock: BitwiseCopyable {
  private static let maximumPages = 1024

  /// The stamp of the first page, which most systems never fill.
  let first: UnsafeMutablePointer<Stamp>
  private let others: UnsafeMutablePointer<UnsafeMutablePointer<Stamp>>
  private let otherCount: UnsafeMutablePointer<Int>

  init(arena: Arena, first: UnsafeMutablePointer<Stamp>) {
    self.first = first
    others = arena.allocate(UnsafeMutablePointer<Stamp>.self, count: Self.maximumPages)
    otherCount = arena.allocate(Int.self, count: 1)
  }

  func append(_ stamp: UnsafeMutablePointer<Stamp>) {
    precondition(otherCount.pointee < Self.maximumPages, "a kernel holds about a million channels")
    others[otherCount.pointee] = stamp
    otherCount.pointee += 1
  }

  /// Begins the instant `now`.
  @inline(__always)
  func set(_ now: Stamp) {
    first.pointee = now
    if _slowPath(otherCount.pointee > 0) { setOthers(now) }
  }

  @inline(never)
  private func setOthers(_ now: Stamp) {
    for index in 0..<otherCount.pointee { others[index].pointee = now }
  }
}
