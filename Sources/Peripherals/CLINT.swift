public import Fabric
public import SimKernel
public import Telemetry

/// The core-local interruptor: software interrupts and the machine timer of every hart.
///
/// What it models: msip, mtimecmp and mtime as on SiFive's CLINT and QEMU's `virt`. mtime is a
/// function of simulated time at the time base's frequency (10 MHz), whatever the clocks of the
/// harts; writing it moves its origin. MTIP = (mtime ≥ mtimecmp) as a level.
/// Timing model: registers answer in the cycle the access arrives; a timer interrupt rises in the
/// first cycle of the CLINT's clock in which mtime has reached mtimecmp.
public final class CLINT: Module {
  /// The frequency of mtime in hertz (the constant of Spike and QEMU).
  public static let timeBaseHertz: UInt64 = 10_000_000
  /// Bytes of address space.
  public static let windowBytes: UInt64 = 0xC0000

  /// The register map for one hart.
  public static let map = RegisterMap(
    device: "CLINT", windowBytes: windowBytes,
    [
      RegisterDescriptor(
        "MSIP", at: 0, "Bit 0 raises the hart's machine software interrupt."),
      RegisterDescriptor(
        "MTIMECMP", at: 0x4000, bytes: 8, reset: UInt64.max,
        "The timer interrupt is up while MTIME is at least this; halves may be accessed."),
      RegisterDescriptor(
        "MTIME", at: 0xBFF8, bytes: 8, reset: nil,
        "Time in ticks of 10 MHz; halves may be accessed."),
    ])

  /// The interrupt lines of one hart.
  public struct HartLines {
    let software: Line
    let timer: Line

    /// Creates the pair.
    public init(software: Line, timer: Line) {
      self.software = software
      self.timer = timer
    }
  }

  private let registers: RegisterPort
  private let harts: [HartLines]
  private let software: Table<Bool>
  private let compare: Table<UInt64>
  private let time: UnsafeMutablePointer<Tick>
  private let timeBase: TimeBase
  private let period: Tick
  /// What was added to mtime by writing it.
  private var offset: UInt64 = 0
  private let activity: PeripheralActivity

  /// Creates the device; `harts` are its lines in hart order.
  public init(
    path: String, registers: RegisterPort, harts: [HartLines], site: ModuleSite, kernel: Kernel
  ) {
    self.registers = registers
    self.harts = harts
    software = Table(kernel.arena, count: max(1, harts.count))
    compare = Table(kernel.arena, count: max(1, harts.count))
    for index in harts.indices { compare[index] = .max }
    time = kernel.time
    timeBase = TimeBase(ticksPerSecond: kernel.ticksPerSecond, hertz: Self.timeBaseHertz)
    period = site.domain.period
    activity = PeripheralActivity(site: site, registers: 4)
    super.init(path: path)
  }

  private var mtime: UInt64 { timeBase.count(at: time.pointee) &+ offset }

  public override func tick(_ now: Cycle) -> Wake {
    var progress = false
    if registers.mayHaveAccess, let access = registers.next() {
      serve(access)
      progress = true
    }
    activity.note(served: progress, at: now)
    var wake = Wake.onPort
    let current = mtime
    for index in 0..<harts.count {
      harts[index].software.set(software[index])
      let isDue = current >= compare[index]
      harts[index].timer.set(isDue)
      if !isDue, let tick = timeBase.tick(ofCount: compare[index] &- offset, from: time.pointee) {
        wake = .earliest(wake, .at((tick &+ period &- 1) / period))
      }
    }
    return progress ? .nextCycle : wake
  }

  private func serve(_ access: RegisterAccess) {
    switch access {
    case .read(let offset, let bytes):
      guard let (value, shift) = locate(offset, bytes) else {
        registers.complete(read: 0, ok: false)
        return
      }
      registers.complete(read: value >> shift)
    case .write(let offset, let bytes, let value):
      registers.completeWrite(ok: write(offset, bytes, value))
    }
  }

  /// The 64-bit value a read belongs to and the shift to its part.
  private func locate(_ offset: UInt64, _ bytes: Int) -> (value: UInt64, shift: UInt64)? {
    guard bytes == 4 || bytes == 8, offset % UInt64(bytes) == 0 else { return nil }
    let hartCount = UInt64(harts.count)
    switch offset {
    case 0..<4 * hartCount:
      return bytes == 4 ? (software[Int(offset / 4)] ? 1 : 0, 0) : nil
    case 0x4000..<0x4000 + 8 * hartCount:
      return (compare[Int(offset - 0x4000) / 8], offset % 8 * 8)
    case 0xBFF8..<0xC000: return (mtime, offset % 8 * 8)
    default: return nil
    }
  }

  private func write(_ offset: UInt64, _ bytes: Int, _ value: UInt64) -> Bool {
    guard let (old, shift) = locate(offset, bytes) else { return false }
    let mask = (bytes == 8 ? UInt64.max : 0xFFFF_FFFF) << shift
    let new = (old & ~mask) | (value << shift & mask)
    switch offset {
    case 0..<0x4000: software[Int(offset / 4)] = value & 1 != 0
    case 0x4000..<0xBFF8: compare[Int(offset - 0x4000) / 8] = new
    default: self.offset = self.offset &+ (new &- old)
    }
    return true
  }
}
