internal import Fabric
internal import SimKernel
internal import Telemetry

/// The programmer's side of an array: registers, START, completion, interrupt. The same for both
/// dataflows.
///
/// A read gives the values of the cycle's beginning, a write takes effect at its end; where
/// software clears a flag that the hardware sets in the same cycle, it stays set.
struct ArrayRegisters: BitwiseCopyable {
  private let port: RegisterPort
  private let interrupt: Line?
  private let dataflow: ArrayDataflow
  private let dataType: ArrayDataType
  private let rows: Int
  private let columns: Int
  private let accumulatorRows: Int
  private let outBits: Int
  private let accesses: Counter
  private let jobsFinished: Counter

  /// Both bias banks.
  let bias: UnsafeMutablePointer<UInt32>
  /// M, N, K, FLAGS, SCALE, SHIFT, ZERO_POINT, CLAMP_MIN, CLAMP_MAX.
  private let values: UnsafeMutablePointer<UInt32>
  private static let valueCount = 9

  private var interruptEnable = false
  private var isDone = false
  private var isError = false
  private var error = ArrayError.none
  private var finished: UInt32 = 0
  /// A job accepted in this cycle; it joins the queue at its end.
  private var accepted: ArrayJob?
  private var hasChanged = false
  /// A bias written in this cycle: a row that leaves in it still uses the old one.
  private var writtenBias: (place: UnsafeMutablePointer<UInt32>, value: UInt32)?

  /// The jobs.
  var queue: JobQueue

  init(
    configuration: SystolicArrayConfiguration, dataflow: ArrayDataflow, port: RegisterPort,
    interrupt: Line?, site: ModuleSite, arena: Arena
  ) {
    self.port = port
    self.interrupt = interrupt
    self.dataflow = dataflow
    dataType = configuration.dataType
    rows = configuration.rows
    columns = configuration.columns
    accumulatorRows = configuration.accumulatorRows
    outBits = 8 * configuration.outBytes
    bias = arena.allocate(UInt32.self, count: 2 * ArrayRegister.biasesPerBank)
    values = arena.allocate(UInt32.self, count: Self.valueCount)
    queue = JobQueue(
      capacity: configuration.rows + configuration.columns + 4, arena: arena)
    accesses = site.counter(
      "register_accesses", unit: "access", "Reads and writes of memory-mapped registers.",
      action: (component: "registers", action: "access"))
    jobsFinished = site.counter("jobs", unit: "job", "Jobs finished.")
    let (least, greatest): (UInt32, UInt32) =
      switch configuration.dataType {
      case .int8: (UInt32(bitPattern: -128), 127)
      case .int16: (UInt32(bitPattern: -32768), 32767)
      case .fp32: (0, 0)
      }
    values[7] = least
    values[8] = greatest
    for (name, value) in configuration.registerPresets {
      if let index = SystolicArrayConfiguration.presetNames.firstIndex(of: name) {
        set(index, to: value)
      }
    }
  }

  private func set(_ index: Int, to value: UInt32) {
    let mask: UInt32 =
      switch index {
      case 3: dataflow == .weightStationary ? 0x7F : 0x3F
      case 4: 0x7FFF_FFFF
      case 5: 0x3F
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
    case ArrayRegister.control: interruptEnable ? 1 << 2 : 0
    case ArrayRegister.status: status
    case ArrayRegister.columnCount: UInt32(columns)
    case ArrayRegister.rowCount: UInt32(rows)
    case ArrayRegister.dataType: dataType.registerValue
    case ArrayRegister.dataflow: dataflow == .weightStationary ? 1 : 0
    case ArrayRegister.accumulatorRows:
      dataflow == .weightStationary ? UInt32(accumulatorRows) : nil
    case ArrayRegister.jobs: finished
    case ArrayRegister.outBits: UInt32(outBits)
    default: place(of: offset).map { $0.pointee }
    }
  }

  private mutating func write(_ value: UInt32, to offset: UInt64) -> Bool {
    switch offset {
    case ArrayRegister.control:
      interruptEnable = value & 1 << 2 != 0
      if value & 1 != 0 { start() }
    case ArrayRegister.status:
      if value & 1 << 1 != 0 { isDone = false }
      if value & 1 << 2 != 0 {
        isError = false
        error = .none
      }
    case ArrayRegister.rows...ArrayRegister.clampMaximum:
      guard offset & 3 == 0 else { return false }
      set(Int(offset - ArrayRegister.rows) / 4, to: value)
    default:
      guard let place = place(of: offset) else { return false }
      writtenBias = (place, value)
    }
    return true
  }

  /// Where a register lies that is no more than a stored number.
  private func place(of offset: UInt64) -> UnsafeMutablePointer<UInt32>? {
    guard offset & 3 == 0 else { return nil }
    switch offset {
    case ArrayRegister.rows...ArrayRegister.clampMaximum:
      return values + Int(offset - ArrayRegister.rows) / 4
    case ArrayRegister.bias..<ArrayRegister.bias + UInt64(8 * ArrayRegister.biasesPerBank):
      return bias + Int(offset - ArrayRegister.bias) / 4
    default:
      return nil
    }
  }

  private var status: UInt32 {
    (queue.isBusy ? 1 : 0) | (isDone ? 1 << 1 : 0) | (isError ? 1 << 2 : 0)
      | (queue.isFull ? 1 << 3 : 0) | error.rawValue << 8 | UInt32(queue.count) << 16
  }

  // MARK: Jobs

  private mutating func start() {
    let job = requestedJob()
    if !fits(job) {
      refuse(.badShape)
    } else if job.post.requantises, dataType == .fp32 {
      refuse(.badFlags)
    } else if queue.isFull {
      refuse(.queueFull)
    } else {
      accepted = job
    }
  }

  private mutating func refuse(_ reason: ArrayError) {
    isError = true
    error = reason
  }

  private func requestedJob() -> ArrayJob {
    let flags = values[3]
    func signed(_ index: Int) -> Int32 { Int32(bitPattern: values[index]) }
    return ArrayJob(
      rows: Int(values[0]), columns: Int(values[1]), depth: Int(values[2]),
      accumulates: flags & ArrayJob.accumulateFlag != 0,
      hasOutput: flags & ArrayJob.outputFlag != 0,
      reusesWeights: flags & ArrayJob.reuseWeightsFlag != 0,
      biasBank: flags & ArrayJob.biasBankFlag != 0 ? 1 : 0,
      post: PostProcessing(
        addsBias: flags & ArrayJob.biasFlag != 0, rectifies: flags & ArrayJob.reluFlag != 0,
        requantises: flags & ArrayJob.requantiseFlag != 0, scale: values[4], shift: values[5],
        zeroPoint: signed(6), minimum: signed(7), maximum: signed(8)))
  }

  private func fits(_ job: ArrayJob) -> Bool {
    guard job.rows > 0, job.columns > 0, job.depth > 0, job.columns <= columns else {
      return false
    }
    switch dataflow {
    case .outputStationary:
      return job.rows <= rows
    case .weightStationary:
      let usesBuffer = job.accumulates || !job.hasOutput
      return job.depth <= rows && (!usesBuffer || job.rows <= accumulatorRows)
    }
  }

  /// Lets finished jobs end, in order; the oldest one is finished by `isComputed` if it has no
  /// output.
  @inline(__always)
  mutating func endJobs(_ isComputed: (Int) -> Bool) {
    while queue.inFlight > 0 {
      let head = queue.head
      if !queue.jobs[head].hasOutput, isComputed(head) { queue.finish(head) }
      guard queue.isHeadFinished else { return }
      queue.retire()
      isDone = true
      finished &+= 1
      jobsFinished.add()
      hasChanged = true
    }
  }

  /// Ends the cycle: an accepted job joins the queue, the interrupt takes its level. Returns
  /// whether something changed, so that the array has to look again in the next cycle.
  @inline(__always)
  mutating func finishCycle() -> Bool {
    if let (place, value) = writtenBias {
      place.pointee = value
      writtenBias = nil
    }
    if let job = accepted {
      queue.append(job)
      accepted = nil
      hasChanged = true
    }
    interrupt?.set(interruptEnable && (isDone || isError))
    let changed = hasChanged
    hasChanged = false
    return changed
  }
}
