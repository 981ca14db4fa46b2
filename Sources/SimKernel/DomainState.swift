/// The run state of a clock domain, in kernel-owned memory.
///
/// It is read and written field by field through a pointer, never as a whole: a module's tick may
/// ask for the horizon, which reads it, while the domain runs.
struct DomainState: BitwiseCopyable {
  /// One summary word of 64 mask words.
  static let maximumModules = 64 * 64

  /// Which words of ``awake`` are not zero.
  var awakeSummary: UInt64 = 0
  /// The next edge not yet processed, and its number. Stale while everybody sleeps.
  var edge: Tick = 0
  var cycle: Cycle = 0
  /// The wheel's earliest wake, and its tick; `.max` when there is none.
  var timedCycle: Cycle = .max
  var timedTick: Tick = .max
  let period: Tick
  let moduleCount: Int
  /// Who runs at the next edge, one bit each.
  let awake: UnsafeMutablePointer<UInt64>

  /// Who runs at the edge being processed, which words of that are not zero, and the edge's tick.
  let frozen: UnsafeMutablePointer<UInt64>
  var frozenSummary: UInt64 = 0
  var frozenTick: Tick = .max
  let modules: UnsafeMutablePointer<Unmanaged<Module>>
  let cells: UnsafeMutablePointer<WakeCell>
  let wheel: TimingWheel

  init(arena: Arena, period: Tick, modules list: [Module]) {
    self.period = period
    moduleCount = list.count
    modules = arena.allocate(Unmanaged<Module>.self, count: list.count)
    for (index, module) in list.enumerated() {
      modules[index] = Unmanaged.passUnretained(module)
    }
    let words = (list.count + 63) / 64
    cells = arena.allocate(WakeCell.self, count: list.count)
    awake = arena.allocate(UInt64.self, count: words)
    frozen = arena.allocate(UInt64.self, count: words)
    wheel = TimingWheel(arena: arena, moduleCount: list.count)
  }
}
