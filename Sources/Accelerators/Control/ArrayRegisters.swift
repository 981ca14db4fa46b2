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

  /// Both banks of biases, both of factors, both of shifts.
  private let banks: UnsafeMutablePointer<UInt32>
  /// M, N, K, FLAGS, SCALE, SHIFT, ZERO_POINT, CLAMP_MIN, CLAMP_MAX, PASSES, SLOPE.
  private let values: UnsafeMutablePointer<UInt32>
  private static let valueCount = 11

  private var interruptEnable = false
  private var isDone = false
  private var isError = false
  private var error = ArrayError.none
  private var finished: UInt32 = 0
  /// A job accepted in this cycle; it joins the queue at its end.
  private let accepted: UnsafeMutablePointer<ArrayJob>
  private var hasAccepted = false
  private var hasChanged = false
  /// A parameter written in this cycle: a row that leaves in it still uses the old one.
  private var writtenParameter: (place: UnsafeMutablePointer<UInt32>, value: UInt32)?

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
    banks = arena.allocate(UInt32.self, count: 6 * ArrayRegister.parametersPerBank)
    values = arena.allocate(UInt32.self, count: Self.valueCount)
    accepted = arena.allocate(ArrayJob.self, count: 1)
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
      case .fp32: ((-Float.infinity).bitPattern, Float.infinity.bitPattern)
      }
    values[7] = least
    values[8] = greatest
    values[9] = 1
    for (name, value) in configuration.registerPresets {
      if let index = SystolicArrayConfiguration.presetNames.firstIndex(of: name) {
        set(index, to: value)
      }
    }
  }

  private func set(_ index: Int, to value: UInt32) {
    let mask: UInt32 =
      switch index {
      case 3: dataflow == .weightStationary ? 0xFFF : 0xFBF
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
    default: stored(at: offset).map { $0.pointee }
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
    default:
      guard let place = stored(at: offset) else { return false }
      if place >= values, place < values + Self.valueCount {
        set(place - values, to: value)
      } else {
        writtenParameter = (place, value & parameterMask(place))
      }
    }
    return true
  }

  /// The bits of a bias, a factor or a shift.
  private func parameterMask(_ place: UnsafeMutablePointer<UInt32>) -> UInt32 {
    switch (place - banks) / (2 * ArrayRegister.parametersPerBank) {
    case 0: 0xFFFF_FFFF
    case 1: 0x7FFF_FFFF
    default: 0x3F
    }
  }

  /// Where a register lies that is no more than a stored number.
  private func stored(at offset: UInt64) -> UnsafeMutablePointer<UInt32>? {
    guard offset & 3 == 0 else { return nil }
    let bankBytes = UInt64(4 * ArrayRegister.parametersPerBank)
    switch offset {
    case ArrayRegister.rows...ArrayRegister.clampMaximum:
      return values + Int(offset - ArrayRegister.rows) / 4
    case ArrayRegister.passes:
      return dataflow == .weightStationary ? values + 9 : nil
    case ArrayRegister.slope:
      return values + 10
    case ArrayRegister.bias..<ArrayRegister.bias + 2 * bankBytes:
      return banks + Int(offset - ArrayRegister.bias) / 4
    case ArrayRegister.scales..<ArrayRegister.scales + 4 * bankBytes:
      return banks + 2 * ArrayRegister.parametersPerBank + Int(offset - ArrayRegister.scales) / 4
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
    } else if values[3] & foreignFlags != 0 {
      refuse(.badFlags)
    } else if queue.isFull {
      refuse(.queueFull)
    } else {
      accepted.pointee = job
      hasAccepted = true
    }
  }

  /// Flags for what arrays of this operand type do not have.
  private var foreignFlags: UInt32 {
    dataType == .fp32
      ? ArrayJob.requantiseFlag | ArrayJob.channelScalesFlag
      : ArrayJob.leakyFlag | ArrayJob.clampFlag
  }

  private mutating func refuse(_ reason: ArrayError) {
    isError = true
    error = reason
  }

  private func requestedJob() -> ArrayJob {
    let flags = values[3]
    func has(_ flag: UInt32) -> Bool { flags & flag != 0 }
    func signed(_ index: Int) -> Int32 { Int32(bitPattern: values[index]) }
    let height = dataflow == .outputStationary ? rows : accumulatorRows
    return ArrayJob(
      rows: Int(values[0]), columns: Int(values[1]), depth: Int(values[2]),
      tileRows: has(ArrayJob.tiledFlag) ? height : Int(values[0]), passes: Int(values[9]),
      accumulates: has(ArrayJob.accumulateFlag), hasOutput: has(ArrayJob.outputFlag),
      reusesWeights: has(ArrayJob.reuseWeightsFlag),
      hasColumnParameters: dataflow == .weightStationary || has(ArrayJob.columnParametersFlag),
      biasBank: has(ArrayJob.biasBankFlag) ? 1 : 0,
      post: PostProcessing(
        addsBias: has(ArrayJob.biasFlag), rectifies: has(ArrayJob.reluFlag),
        requantises: has(ArrayJob.requantiseFlag),
        hasChannelScales: has(ArrayJob.channelScalesFlag), leaks: has(ArrayJob.leakyFlag),
        clamps: has(ArrayJob.clampFlag), scale: values[4], shift: values[5],
        zeroPoint: signed(6), minimum: signed(7), maximum: signed(8), slope: values[10]))
  }

  private func fits(_ job: ArrayJob) -> Bool {
    guard job.rows > 0, job.columns > 0, job.depth > 0, job.passes > 0, job.columns <= columns
    else { return false }
    switch dataflow {
    case .outputStationary:
      return min(job.rows, job.tileRows) <= rows
    case .weightStationary:
      let usesBuffer = job.accumulates || !job.hasOutput || job.passes > 1
      return job.depth <= rows && (!usesBuffer || min(job.rows, job.tileRows) <= accumulatorRows)
    }
  }

  /// The parameters of row `row` of a part.
  @inline(__always)
  func parameters(of job: UnsafeMutablePointer<ArrayJob>, row: Int) -> RowParameters {
    let size = ArrayRegister.parametersPerBank
    let isByColumn = job.pointee.hasColumnParameters
    let first = UnsafePointer(banks + (job.pointee.biasBank &* size &+ (isByColumn ? 0 : row)))
    return RowParameters(
      biases: first, scales: first + 2 &* size, shifts: first + 4 &* size,
      stride: isByColumn ? 1 : 0)
  }

  /// Lets finished parts and jobs end, in order; the oldest part is finished by `isComputed` if it
  /// has no output.
  @inline(__always)
  mutating func endJobs(_ isComputed: (Int) -> Bool) {
    while queue.inFlight > 0 {
      let head = queue.head
      if !queue.jobs[head].hasOutput, isComputed(head) { queue.finish(head) }
      guard queue.isHeadFinished else { return }
      hasChanged = true
      guard queue.retire() else { continue }
      isDone = true
      finished &+= 1
      jobsFinished.add()
    }
  }

  /// Ends the cycle: an accepted job joins the queue, the interrupt takes its level. Returns
  /// whether something changed, so that the array has to look again in the next cycle.
  @inline(__always)
  mutating func finishCycle() -> Bool {
    if let (place, value) = writtenParameter {
      place.pointee = value
      writtenParameter = nil
    }
    if hasAccepted {
      queue.append(accepted.pointee)
      hasAccepted = false
      hasChanged = true
    }
    interrupt?.set(interruptEnable && (isDone || isError))
    let changed = hasChanged
    hasChanged = false
    return changed
  }
}
