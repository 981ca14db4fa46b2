internal import Fabric
internal import SimKernel
internal import Telemetry

/// The programmer's side of a vector unit: registers, START, completion, interrupt.
///
/// A read gives the values of the cycle's beginning, a write takes effect at its end; where
/// software clears a flag that the hardware sets in the same cycle, it stays set. As in the arrays.
struct VectorRegisters: BitwiseCopyable {
  private let port: RegisterPort
  private let interrupt: Line?
  private let configuration: FixedValues
  private let accesses: Counter
  private let jobsFinished: Counter

  /// The table's bytes, as registers.
  let table: UnsafeMutablePointer<UInt32>
  private let values: UnsafeMutablePointer<UInt32>

  private var interruptEnable = false
  private var isDone = false
  private var isError = false
  private var error = VectorError.none
  private var finished: UInt32 = 0
  /// Whether a job was accepted in this cycle; it joins the queue at its end.
  private var hasAccepted = false
  private var accepted = VectorJob()
  private var hasChanged = false
  /// What was written to the table in this cycle: a beat that is taken in it sees the old value.
  private var written: (place: UnsafeMutablePointer<UInt32>, value: UInt32)?

  /// The jobs.
  var queue: VectorQueue

  private struct FixedValues: BitwiseCopyable {
    let lanes: Int
    let dataType: VectorDataType
    let maximumWidth: Int
  }

  init(
    configuration: VectorUnitConfiguration, port: RegisterPort, interrupt: Line?,
    site: ModuleSite, arena: Arena
  ) {
    self.port = port
    self.interrupt = interrupt
    self.configuration = FixedValues(
      lanes: configuration.lanes, dataType: configuration.dataType,
      maximumWidth: configuration.maximumWidth)
    table = arena.allocate(UInt32.self, count: VectorRegister.tableWords)
    values = arena.allocate(UInt32.self, count: VectorRegister.valueCount)
    queue = VectorQueue(arena: arena)
    accesses = site.counter(
      "register_accesses", unit: "access", "Reads and writes of memory-mapped registers.",
      action: (component: "registers", action: "access"))
    jobsFinished = site.counter("jobs", unit: "job", "Jobs finished.")
    let isFloat = configuration.dataType == .fp32
    set(
      VectorRegister.clampMinimum,
      to: isFloat ? (-Float.infinity).bitPattern : UInt32(bitPattern: -128))
    set(VectorRegister.clampMaximum, to: isFloat ? Float.infinity.bitPattern : 127)
  }

  private func set(_ offset: UInt64, to value: UInt32) {
    guard let index = VectorRegister.valueIndex(offset) else { return }
    let mask: UInt32 =
      switch offset {
      case VectorRegister.mode: VectorJob.modeMask
      case VectorRegister.poolPad: 0xFFFF
      default: 0xFFFF_FFFF
      }
    values[index] = value & mask
  }

  // MARK: Accesses

  /// Answers the waiting access, if there is one and its answer can be sent.
  @inline(__always)
  mutating func serve() {
    if port.mayHaveAccess {
      if let access = port.next() { answer(access) }
      // Another access, or the rest of a refused burst, may wait behind this one.
      hasChanged = true
    }
  }

  @inline(never)
  private mutating func answer(_ access: RegisterAccess) {
    accesses.add()
    switch access {
    case .read(let offset, let bytes):
      if bytes == 4, let value = read(offset) {
        port.complete(read: UInt64(value))
      } else {
        port.complete(read: 0, ok: false)
      }
    case .write(let offset, let bytes, let value):
      port.completeWrite(
        ok: bytes == 4 && write(UInt32(truncatingIfNeeded: value), to: offset))
    }
  }

  private func read(_ offset: UInt64) -> UInt32? {
    switch offset {
    case VectorRegister.control: interruptEnable ? 1 << 2 : 0
    case VectorRegister.status: status
    case VectorRegister.jobs: finished
    case VectorRegister.lanes: UInt32(configuration.lanes)
    case VectorRegister.dataType: configuration.dataType.registerValue
    case VectorRegister.maximumWidth: UInt32(configuration.maximumWidth)
    default:
      VectorRegister.valueIndex(offset).map { values[$0] }
        ?? tablePlace(offset).map { $0.pointee }
    }
  }

  private mutating func write(_ value: UInt32, to offset: UInt64) -> Bool {
    switch offset {
    case VectorRegister.control:
      interruptEnable = value & 1 << 2 != 0
      if value & 1 != 0 { start() }
    case VectorRegister.status:
      if value & 1 << 1 != 0 { isDone = false }
      if value & 1 << 2 != 0 {
        isError = false
        error = .none
      }
    default:
      if VectorRegister.valueIndex(offset) != nil {
        set(offset, to: value)
      } else if let place = tablePlace(offset) {
        written = (place, value)
      } else {
        return false
      }
    }
    return true
  }

  private func tablePlace(_ offset: UInt64) -> UnsafeMutablePointer<UInt32>? {
    let end = VectorRegister.table + UInt64(4 * VectorRegister.tableWords)
    guard offset & 3 == 0, offset >= VectorRegister.table, offset < end else { return nil }
    return table + Int(offset - VectorRegister.table) / 4
  }

  private var status: UInt32 {
    (queue.isBusy ? 1 : 0) | (isDone ? 1 << 1 : 0) | (isError ? 1 << 2 : 0)
      | (queue.isFull ? 1 << 3 : 0) | error.rawValue << 8 | UInt32(queue.count) << 16
  }

  // MARK: Jobs

  private mutating func start() {
    let job = VectorJob(registers: values)
    let unit = VectorUnitConfiguration(
      lanes: configuration.lanes, dataType: configuration.dataType,
      maximumWidth: configuration.maximumWidth)
    if let reason = job.refusal(mode: values[0], unit) {
      refuse(reason)
    } else if queue.isFull {
      refuse(.queueFull)
    } else {
      accepted = job
      hasAccepted = true
    }
  }

  private mutating func refuse(_ reason: VectorError) {
    isError = true
    error = reason
  }

  /// Lets finished jobs end, in order.
  @inline(__always)
  mutating func endJobs() {
    while queue.retire() {
      isDone = true
      finished &+= 1
      jobsFinished.add()
      hasChanged = true
    }
  }

  /// Ends the cycle: an accepted job joins the queue, the interrupt takes its level. Returns
  /// whether something changed, so that the unit has to look again in the next cycle.
  @inline(__always)
  mutating func finishCycle() -> Bool {
    if let (place, value) = written {
      place.pointee = value
      written = nil
    }
    if hasAccepted {
      queue.append(accepted)
      hasAccepted = false
      hasChanged = true
    }
    interrupt?.set(interruptEnable && (isDone || isError))
    let changed = hasChanged
    hasChanged = false
    return changed
  }
}
