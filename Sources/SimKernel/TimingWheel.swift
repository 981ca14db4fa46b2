/// The timed wakes of one clock domain: a wheel of 1,024 cycles for the near future, a heap for the
/// rest. At most one wake per module is outstanding.
///
/// A slot of the wheel is a bit mask of modules, one word per group of 64, so that inserting,
/// removing and collecting are a few operations on words; a two-level bitmap finds the next
/// occupied slot. Everything lives in the arena and is reached through `let` pointers.
struct TimingWheel: BitwiseCopyable {
  /// Cycles the wheel reaches ahead. A slot holds one cycle only, since wakes lie less than a turn
  /// ahead.
  static let span = 1024
  private static let slotMask = span - 1
  private static let words = span / 64
  private static let wordMask = words - 1

  private struct Layout: BitwiseCopyable {
    /// Which modules wake in a slot: word `group × span + slot`.
    let masks: UnsafeMutablePointer<UInt64>
    /// Which groups have a module in a slot; kept up when there is more than one group.
    let groups: UnsafeMutablePointer<UInt64>
    /// Which slots are occupied.
    let occupied: UnsafeMutablePointer<UInt64>
    let marked: UnsafeMutablePointer<UInt64>
    let wakes: UnsafeMutablePointer<Cycle>
    let far: FarWakes
    let isNarrow: Bool
    /// Which words of ``occupied`` are not zero.
    var occupiedWords: UInt64
  }

  /// One pointer, so that handing the wheel to a function out of line copies nothing.
  private let layout: UnsafeMutablePointer<Layout>

  init(arena: Arena, moduleCount: Int) {
    let groupCount = max(1, (moduleCount + 63) / 64)
    let wakes = arena.allocate(Cycle.self, count: moduleCount)
    layout = arena.allocate(Layout.self, count: 1)
    layout.initialize(
      to: Layout(
        masks: arena.allocate(UInt64.self, count: groupCount * Self.span),
        groups: arena.allocate(UInt64.self, count: Self.span),
        occupied: arena.allocate(UInt64.self, count: Self.words),
        marked: arena.allocate(UInt64.self, count: groupCount), wakes: wakes,
        far: FarWakes(arena: arena, moduleCount: moduleCount, wakes: wakes),
        isNarrow: groupCount == 1, occupiedWords: 0))
  }

  /// Which modules have a wake, outstanding or just taken, one word per group. The bit of a taken
  /// wake stays until its module asks for the next one, so that a module which asks again and again
  /// never changes it.
  @inline(__always)
  var marked: UnsafeMutablePointer<UInt64> { layout.pointee.marked }

  /// The wake of each marked module; outstanding when it lies ahead.
  @inline(__always)
  var wakes: UnsafeMutablePointer<Cycle> { layout.pointee.wakes }

  @inline(__always)
  private var masks: UnsafeMutablePointer<UInt64> { layout.pointee.masks }

  @inline(__always)
  private var groups: UnsafeMutablePointer<UInt64> { layout.pointee.groups }

  @inline(__always)
  private var occupied: UnsafeMutablePointer<UInt64> { layout.pointee.occupied }

  @inline(__always)
  private var far: FarWakes { layout.pointee.far }

  @inline(__always)
  private var isNarrow: Bool { layout.pointee.isNarrow }

  /// Schedules `module`, which is marked but has no outstanding wake, at `cycle`, after `now`.
  @inline(__always)
  func insert(_ module: Int, at cycle: Cycle, now: Cycle) {
    let group = module &>> 6
    let bit = 1 as UInt64 &<< UInt64(truncatingIfNeeded: module)
    wakes[module] = cycle
    if _slowPath(cycle &- now >= Cycle(Self.span)) {
      insertFar(module)
      return
    }
    let slot = Int(truncatingIfNeeded: cycle) & Self.slotMask
    masks[group &* Self.span &+ slot] |= bit
    if !isNarrow { groups[slot] |= 1 &<< UInt64(truncatingIfNeeded: group) }
    occupied[slot &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: slot)
    layout.pointee.occupiedWords |= 1 &<< UInt64(truncatingIfNeeded: slot &>> 6)
  }

  @inline(never)
  private func insertFar(_ module: Int) {
    far.insert(module)
  }

  /// Cancels the outstanding wake of `module`, which stays marked.
  @inline(never)
  func remove(_ module: Int) {
    let group = module &>> 6
    let bit = 1 as UInt64 &<< UInt64(truncatingIfNeeded: module)
    if far.contains(module) {
      far.remove(module)
      return
    }
    let slot = Int(truncatingIfNeeded: wakes[module]) & Self.slotMask
    masks[group &* Self.span &+ slot] &= ~bit
    guard masks[group &* Self.span &+ slot] == 0 else { return }
    if !isNarrow {
      groups[slot] &= ~(1 &<< UInt64(truncatingIfNeeded: group))
      guard groups[slot] == 0 else { return }
    }
    vacate(slot)
  }

  @inline(__always)
  private func vacate(_ slot: Int) {
    let word = slot &>> 6
    let rest = occupied[word] & ~(1 &<< UInt64(truncatingIfNeeded: slot))
    occupied[word] = rest
    if rest == 0 { layout.pointee.occupiedWords &= ~(1 &<< UInt64(truncatingIfNeeded: word)) }
  }

  /// Removes the wakes of cycle `now`, which must be the earliest, of a domain of one group.
  @inline(__always)
  func takeNarrow(_ now: Cycle) -> UInt64 {
    let slot = Int(truncatingIfNeeded: now) & Self.slotMask
    var bits = masks[slot]
    masks[slot] = 0
    vacate(slot)
    if _slowPath(far.earliest == now) { takeFar(now) { _, bit in bits |= bit } }
    return bits
  }

  /// Removes the wakes of cycle `now`, which must be the earliest, and hands them over as group and
  /// mask.
  func takeWide(_ now: Cycle, _ body: (Int, UInt64) -> Void) {
    let slot = Int(truncatingIfNeeded: now) & Self.slotMask
    var pending = groups[slot]
    groups[slot] = 0
    while pending != 0 {
      let group = pending.trailingZeroBitCount
      pending &= pending &- 1
      body(group, masks[group &* Self.span &+ slot])
      masks[group &* Self.span &+ slot] = 0
    }
    vacate(slot)
    takeFar(now, body)
  }

  private func takeFar(_ now: Cycle, _ body: (Int, UInt64) -> Void) {
    while far.earliest == now {
      let module = far.first
      far.remove(module)
      body(module &>> 6, 1 &<< UInt64(truncatingIfNeeded: module))
    }
  }

  /// The earliest outstanding wake after `now`, `Cycle.max` when there is none.
  @inline(__always)
  func earliest(after now: Cycle) -> Cycle {
    let start = Int(truncatingIfNeeded: now &+ 1) & Self.slotMask
    var word = start &>> 6
    var bits = occupied[word] & (~0 &<< UInt64(truncatingIfNeeded: start))
    if bits == 0 {
      let nonzero = layout.pointee.occupiedWords
      if nonzero == 0 { return far.earliest }
      // The words after this one in cyclic order; this one, below `start`, comes last.
      let cyclic = (nonzero | nonzero &<< UInt64(Self.words)) &>> UInt64(word &+ 1)
      word = (word &+ 1 &+ cyclic.trailingZeroBitCount) & Self.wordMask
      bits = occupied[word]
    }
    let slot = word &* 64 &+ bits.trailingZeroBitCount
    let near = now &+ 1 &+ Cycle((slot &- start) & Self.slotMask)
    return min(near, far.earliest)
  }
}
