public import Fabric
public import SimKernel
public import Telemetry

/// The core-local interruptor: software interrupts and the machine timer of every hart.
///
/// What it models: msip, mtimecmp and mtime as on SiFive's CLINT and QEMU's `virt`. mtime is a
/// function of simulated time at the time base's frequency (10 MHz), whatever the clocks of the
/// harts; writing it moves its origin, for the `time` CSRs too. MTIP = (mtime ≥ mtimecmp) as a
/// level. Words and double words are served; places without a register read as zero, as on Spike
/// and QEMU.
/// Timing model: registers answer in the cycle the access arrives; a timer interrupt rises in the
/// first cycle of the CLINT's clock in which mtime has reached mtimecmp.
public final class CLINT: Module {
  /// Bytes of address space.
  public static let windowBytes: UInt64 = 0xC0000
  /// The most harts the register layout has room for.
  public static let hartLimit = 4095

  /// The register map for hart 0.
  public static let map = RegisterMap(
    device: "CLINT", windowBytes: windowBytes,
    [
      RegisterDescriptor(
        "MSIP", at: 0,
        "Bit 0 raises the machine software interrupt; of hart 0, of hart h at +4·h."),
      RegisterDescriptor(
        "MTIMECMP", at: 0x4000, bytes: 8, reset: UInt64.max,
        "The timer interrupt is up while MTIME is at least this; of hart 0, of hart h at +8·h. "
          + "Halves may be accessed. 0 with a boot ROM, as on Spike."),
      RegisterDescriptor(
        "MTIME", at: 0xBFF8, bytes: 8, reset: nil,
        "Time in ticks of 10 MHz; halves may be accessed."),
    ])

  /// The interrupt lines of one hart.
  public struct HartLines {
    /// The machine software interrupt.
    public let software: Line
    /// The machine timer interrupt.
    public let timer: Line

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
  private let machineTime: MachineTime
  private let period: Tick
  private let activity: PeripheralActivity

  /// Creates the device.
  ///
  /// - Parameters:
  ///   - harts: the interrupt wires in hart order; traps when there are more than ``hartLimit``.
  ///   - time: mtime; shared with the harts, whose `time` CSR shows it.
  ///   - compare: every mtimecmp at reset. 0 makes the timer interrupt pending from the start, as
  ///     on Spike; the largest value never does.
  public init(
    path: String, registers: RegisterPort, harts: [HartLines], time machineTime: MachineTime,
    compare reset: UInt64 = .max, site: ModuleSite, kernel: Kernel
  ) {
    precondition(harts.count <= Self.hartLimit, "a CLINT has registers for 4095 harts")
    self.registers = registers
    self.harts = harts
    software = Table(kernel.arena, count: max(1, harts.count))
    compare = Table(kernel.arena, count: max(1, harts.count))
    for index in harts.indices { compare[index] = reset }
    time = kernel.time
    self.machineTime = machineTime
    period = site.domain.period
    activity = PeripheralActivity(site: site, registers: 2 + 2 * max(1, harts.count))
    super.init(path: path)
  }

  private var mtime: UInt64 { machineTime.count(at: time.pointee) }

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
      if !isDue, let tick = machineTime.tick(ofCount: compare[index], from: time.pointee) {
        wake = .earliest(wake, .at((tick &+ period &- 1) / period))
      }
    }
    return progress ? .nextCycle : wake
  }

  private func serve(_ access: RegisterAccess) {
    switch access {
    case .read(let offset, let bytes):
      guard serves(offset, bytes) else {
        registers.complete(read: 0, ok: false)
        return
      }
      var value = word(offset)
      if bytes == 8 { value |= word(offset + 4) << 32 }
      registers.complete(read: value)
    case .write(let offset, let bytes, let value):
      guard serves(offset, bytes) else {
        registers.completeWrite(ok: false)
        return
      }
      if bytes == 8 {
        store(value, offset)
      } else {
        setWord(offset, value & 0xFFFF_FFFF)
      }
      registers.completeWrite()
    }
  }

  private func serves(_ offset: UInt64, _ bytes: Int) -> Bool {
    (bytes == 4 || bytes == 8) && offset % UInt64(bytes) == 0
  }

  /// The hart whose mtimecmp the double word at `offset` is.
  private func compareIndex(_ offset: UInt64) -> Int? {
    guard offset >= 0x4000, offset < 0x4000 + 8 * UInt64(harts.count) else { return nil }
    return Int(offset - 0x4000) / 8
  }

  private func word(_ offset: UInt64) -> UInt64 {
    let shift = offset % 8 * 8
    if let index = compareIndex(offset) { return compare[index] >> shift & 0xFFFF_FFFF }
    if offset >= 0xBFF8, offset < 0xC000 { return mtime >> shift & 0xFFFF_FFFF }
    return offset < 4 * UInt64(harts.count) && software[Int(offset / 4)] ? 1 : 0
  }

  private func setWord(_ offset: UInt64, _ value: UInt64) {
    if offset < 4 * UInt64(harts.count) {
      software[Int(offset / 4)] = value & 1 != 0
      return
    }
    let start = offset & ~7
    let shift = offset % 8 * 8
    let old = word(start) | word(start + 4) << 32
    store(old & ~(0xFFFF_FFFF << shift) | value << shift, start)
  }

  /// Writes a double word.
  private func store(_ value: UInt64, _ offset: UInt64) {
    if let index = compareIndex(offset) {
      compare[index] = value
    } else if offset == 0xBFF8 {
      machineTime.set(value, at: time.pointee)
    } else if offset < 0x4000 {
      for half in [0, 4] as [UInt64] where offset + half < 4 * UInt64(harts.count) {
        software[Int((offset + half) / 4)] = value >> (8 * half) & 1 != 0
      }
    }
  }
}
