/// What a port needs to know about the module at its other end, in kernel-owned memory.
///
/// An awake module stays in its domain's mask while it runs; it leaves when its tick asks to sleep
/// and nobody woke it in that very instant. So waking an awake module is one store to memory that
/// nobody else writes, and only waking a sleeping one touches the shared mask: a chain of
/// read-modify-write operations on one mask word would cost more than everything else in a tick.
@usableFromInline
struct WakeCell: BitwiseCopyable {
  /// The instant of the latest wake while the module is awake, ``asleep`` otherwise.
  @usableFromInline var woken: Stamp
  /// The module's word in its domain's mask of awake modules, and its bit there.
  @usableFromInline var word: UnsafeMutablePointer<UInt64>
  @usableFromInline var bit: UInt64
  /// The domain's mask of words that hold an awake module, and the word's bit there.
  @usableFromInline var summary: UnsafeMutablePointer<UInt64>
  @usableFromInline var summaryBit: UInt64

  /// The value of ``woken`` of a module outside the mask.
  @usableFromInline static var asleep: Stamp {
    @inlinable @inline(__always) get { .max }
  }
  /// The value of ``woken`` of a module that is in the mask without a port having asked for it.
  static var unasked: Stamp { .max - 1 }
}

/// A port's handle to the ``WakeCell`` of the module at its other end.
@usableFromInline
struct WakeLink: BitwiseCopyable {
  @usableFromInline let cell: UnsafeMutablePointer<WakeCell>

  init(cell: UnsafeMutablePointer<WakeCell>) {
    self.cell = cell
  }

  /// Makes the module run at the first edge of its clock after the instant `now`.
  @inlinable @inline(__always)
  func wake(_ now: Stamp) {
    let wasAsleep = cell.pointee.woken == WakeCell.asleep
    cell.pointee.woken = now
    if _slowPath(wasAsleep) {
      cell.pointee.word.pointee |= cell.pointee.bit
      cell.pointee.summary.pointee |= cell.pointee.summaryBit
    }
  }
}
