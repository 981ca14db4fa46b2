/// When things happen at the boundary between a hart and the devices of its SoC, in ticks of any
/// common unit.
///
/// Every clock has an edge at 0, and what is sent at one edge is seen at a later edge of the
/// receiver: nothing crosses a boundary within an edge. From this and from the order in which the
/// crossbar works within a cycle (answers and data first, then requests) follows:
///
/// - a **load** is granted at the crossbar's first edge behind the instruction's, served by the
///   device `latency` cycles later; the answer takes `latency` cycles back, and one to the hart;
/// - a **store** takes a cycle more: its data follows the grant;
/// - the next instruction runs in the hart's cycle after the answer's.
///
/// With one clock for all a load takes 3 + 2·latency cycles of the hart, a store 4 + 2·latency, the
/// instruction's own included: 5 and 6 with the usual crossbar.
public struct HartTiming: Sendable, Hashable, BitwiseCopyable {
  /// Ticks of an instruction: of the clock `cpu_mips`.
  public var hartPeriod: Int
  /// Ticks of a cycle of crossbar, devices and PLIC.
  public var busPeriod: Int
  /// `crossbar.latency_cycles`, at least 1.
  public var latency: Int

  /// A hart that executes an instruction every `hartPeriod` ticks, on a crossbar of period
  /// `busPeriod`.
  public init(hartPeriod: Int = 1, busPeriod: Int = 1, latency: Int = 1) {
    self.hartPeriod = max(1, hartPeriod)
    self.busPeriod = max(1, busPeriod)
    self.latency = max(1, latency)
  }

  /// When an access is served by the device, and when the next instruction runs.
  public struct Access: Sendable, Hashable, BitwiseCopyable {
    /// The edge at which the device reads or changes its register; a job that the store starts
    /// begins here.
    public var served: Int
    /// The edge at which the next instruction runs.
    public var next: Int

    /// An access served at one edge and followed by an instruction at another.
    public init(served: Int, next: Int) {
      self.served = served
      self.next = next
    }
  }

  /// The access of an instruction at the hart's edge `tick`, when nobody else uses the crossbar's
  /// port to the device.
  @inlinable
  public func access(at tick: Int, isStore: Bool) -> Access {
    let granted = Self.edge(behind: tick, busPeriod)
    let served = granted + (isStore ? latency + 1 : latency) * busPeriod
    let answered = served + latency * busPeriod
    return Access(
      served: served, next: Self.edge(behind: answered, hartPeriod) + hartPeriod)
  }

  /// The hart's edge at which an interrupt raised by a device at the bus edge `tick` is taken: the
  /// first instruction behind a `wfi`, or of the trap handler, runs there if the hart is not busy
  /// with a device access. One cycle into the PLIC, one out of it.
  @inlinable
  public func interrupt(raisedAt tick: Int) -> Int {
    Self.edge(behind: tick + busPeriod, hartPeriod)
  }

  /// The first edge of a clock of this period behind `tick`.
  @inlinable
  public static func edge(behind tick: Int, _ period: Int) -> Int { (tick / period + 1) * period }

  /// Cycles of the hart that a load takes with one clock for all.
  @inlinable
  public var loadCycles: Int { 3 + 2 * latency }

  /// Cycles of the hart that a store takes with one clock for all.
  @inlinable
  public var storeCycles: Int { 4 + 2 * latency }

  /// Cycles of the hart for a piece of the runtime with one clock for all, device accesses included.
  @inlinable
  public func cycles(_ piece: RuntimeCost.Piece) -> Int {
    var cycles = piece.instructions
    for access in piece.accesses { cycles += (access.isStore ? storeCycles : loadCycles) - 1 }
    return cycles
  }
}
