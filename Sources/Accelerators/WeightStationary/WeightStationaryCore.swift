internal import Fabric
internal import SimKernel
internal import Telemetry

/// The control of a weight-stationary array: what happens in a cycle, whatever the inside is made
/// of.
///
/// Within a cycle: register access; the output stage sends; a row goes from the output queue to
/// post-processing; a complete row goes to the accumulator buffer; a vector is issued; a row of
/// weights is loaded; all registers inside take their next value; jobs end.
struct WeightStationaryCore<Inside: WeightStationaryDatapath>: BitwiseCopyable {
  private typealias Element = Inside.Element

  private let in1: StreamSink
  private let in2: StreamSink
  private let rows: Int
  private let outputDepth: Int
  private let counters: ArrayCounters
  private let weightWrites: Counter
  private let partialSumWrites: Counter
  private let deskewWrites: Counter
  private let residency: Residency
  private let probes: ArrayProbes
  private let padded1: UnsafeMutableRawPointer
  private let padded2: UnsafeMutableRawPointer

  private var registers: ArrayRegisters
  private var output: OutputStage
  private var accumulators: AccumulatorBuffer<Element>
  private var inside: Inside

  /// Next vector of the current job, and its slot once the first one was issued.
  private var vector = 0
  private var slot = 0
  private var macsPerVector: UInt64 = 0
  private var skewWritesPerVector: UInt64 = 0
  private var partialSumsPerVector: UInt64 = 0
  private var deskewWritesPerVector: UInt64 = 0
  /// Rows issued that have not left the array, and which one leaves next.
  private var rowsInside = 0
  private var leavingSlot = 0
  private var leavingRow = 0
  private var lastRowDue: Cycle = 0
  /// Rows with output that were issued and have not left the output queue.
  private var outputsOpen = 0
  /// Beats of weights loaded for the next switch, and whether they are all there.
  private var weightBeats = 0
  private var areWeightsLoaded = false
  /// The first cycle in which shadow registers may be overwritten.
  private var shadowFreeFrom: Cycle = 0

  init(
    configuration: SystolicArrayConfiguration, site: ModuleSite, registers: RegisterPort,
    in1: StreamSink, in2: StreamSink, out: StreamSource, interrupt: Line?, arena: Arena,
    states: [StateDescriptor]
  ) {
    self.in1 = in1
    self.in2 = in2
    rows = configuration.rows
    outputDepth = AccumulatorBuffer<Inside.Element>.outputDepth(configuration)
    counters = ArrayCounters(
      configuration: configuration, dataflow: .weightStationary,
      registerCount: ArrayRegisterMap.weightStationary.registerCount, site: site)
    let cells = UInt64(configuration.rows * configuration.columns)
    let operandBits = ["width_bits": Double(8 * configuration.dataType.operandBytes)]
    let sumBits = ["width_bits": Double(8 * configuration.dataType.accumulatorBytes)]
    site.component(
      "weight_register", class: "register", attributes: operandBits, quantity: 2 * cells)
    site.component("partial_sum_register", class: "register", attributes: sumBits, quantity: cells)
    site.component(
      "deskew_register", class: "register", attributes: sumBits,
      quantity: UInt64(triangle(configuration.columns)))
    weightWrites = site.counter(
      "weight_register_writes", unit: "write",
      "Writes of shadow weight registers while rows of weights shift up, and of active ones at a switch.",
      action: (component: "weight_register", action: "write"))
    partialSumWrites = site.counter(
      "partial_sum_writes", unit: "write",
      "Partial sums that moved down a row: YDIM rows times N columns per vector.",
      action: (component: "partial_sum_register", action: "write"))
    deskewWrites = site.counter(
      "deskew_register_writes", unit: "write",
      "Writes of the registers that hold early columns until the last one arrives.",
      action: (component: "deskew_register", action: "write"))
    residency = site.residency(states)
    probes = ArrayProbes(site: site)
    padded1 = UnsafeMutableRawPointer(arena.allocate(UInt8.self, count: configuration.in1Bytes))
    padded2 = UnsafeMutableRawPointer(arena.allocate(UInt8.self, count: configuration.in2Bytes))
    self.registers = ArrayRegisters(
      configuration: configuration, dataflow: .weightStationary, port: registers,
      interrupt: interrupt, site: site, arena: arena)
    output = OutputStage(
      out: out, beatBytes: configuration.outBytes,
      rowBytes: configuration.columns * configuration.dataType.accumulatorBytes,
      site: site, arena: arena)
    accumulators = AccumulatorBuffer(configuration: configuration, site: site, arena: arena)
    inside = Inside(configuration: configuration, arena: arena)
  }

  var activity: ArrayActivity? { inside.activity }

  mutating func tick(_ now: Cycle) -> Wake {
    registers.serve()
    let wasSending = output.isBusy
    if wasSending {
      let ended = output.advance()
      if ended >= 0 { registers.queue.finish(ended) }
    }
    if accumulators.queued > 0, output.canTake { postProcessRow() }
    let hadRowsInside = rowsInside > 0
    let rowLeft = inside.isRowComplete(now)
    if rowLeft { receiveRow() }
    let (waiting, issued) = issueVector(now)
    let loaded = loadWeights(now, issued: issued)
    inside.finishCycle(now)

    let state: Int
    if issued {
      state = inside.isFull(now) ? ArrayState.compute : ArrayState.fill
    } else if waiting == ArrayState.waitWeights {
      state = loaded ? ArrayState.loadWeights : weightState(now)
    } else if waiting != ArrayState.idle {
      state = waiting
    } else {
      state = unoccupiedState(hadRowsInside, wasSending)
    }
    residency.enter(state, at: now)
    registers.endJobs { _ in false }
    let changed = registers.finishCycle()
    if changed { probes.queue(registers.queue.count) }
    if issued || loaded || rowLeft || changed { return .nextCycle }
    if wasSending || output.isBusy || accumulators.queued > 0, !output.isRefused {
      return .nextCycle
    }
    return .at(nextChange(now))
  }

  /// When something can happen next without a stream or a register.
  private func nextChange(_ now: Cycle) -> Cycle {
    var change = inside.nextChange(after: now)
    if shadowFreeFrom > now { change = min(change, shadowFreeFrom) }
    if registers.queue.count > 0, vector == 0 {
      let passes = Cycle(rows &+ registers.queue.current.pointee.columns &- 1)
      if now &+ passes <= lastRowDue { change = min(change, lastRowDue &+ 1 &- passes) }
    }
    return change
  }

  /// The class of a cycle in which the current job has no weights and gets none.
  private func weightState(_ now: Cycle) -> Int {
    now < shadowFreeFrom ? ArrayState.waitWeights : ArrayState.waitIn2
  }

  /// The class of a cycle in which no job wants operands.
  private func unoccupiedState(_ hadRowsInside: Bool, _ wasSending: Bool) -> Int {
    if hadRowsInside { return ArrayState.drain }
    if output.isRefused { return ArrayState.waitOut }
    return wasSending || output.isBusy || accumulators.queued > 0
      ? ArrayState.drain : ArrayState.idle
  }

  // MARK: Operands

  /// Issues a vector if the current job can; otherwise says what it waits for, `idle` when there is
  /// no job.
  @inline(__always)
  private mutating func issueVector(_ now: Cycle) -> (state: Int, issued: Bool) {
    guard registers.queue.count > 0 else { return (ArrayState.idle, false) }
    let job = registers.queue.current
    let isFirst = vector == 0
    let due = now &+ Cycle(truncatingIfNeeded: rows &+ job.pointee.columns &- 1)
    if isFirst {
      if !job.pointee.reusesWeights, !areWeightsLoaded { return (ArrayState.waitWeights, false) }
      // A narrower job's rows would overtake those of the job before it.
      if due <= lastRowDue || !registers.queue.canOpen { return (ArrayState.waitDrain, false) }
    }
    if job.pointee.hasOutput, outputsOpen == outputDepth {
      return (output.isRefused ? ArrayState.waitOut : ArrayState.waitDrain, false)
    }
    guard in1.canPop else { return (ArrayState.waitIn1, false) }
    if isFirst { open(job.pointee, now) }

    let bytes = job.pointee.depth &* MemoryLayout<Element>.stride
    let kept = Int(in1.front.keptBytes)
    let operands =
      kept >= bytes ? UnsafeRawPointer(in1.data) : padShortBeat(in1, kept, bytes, padded1)
    inside.issue(
      job.pointee, switches: isFirst && !job.pointee.reusesWeights, isEmpty: rowsInside == 0,
      operands, at: now)
    in1.pop()
    rowsInside &+= 1
    lastRowDue = due
    if job.pointee.hasOutput { outputsOpen &+= 1 }
    counters.issues.add()
    counters.in1Beats.add()
    counters.macs.add(macsPerVector)
    counters.skewWrites.add(skewWritesPerVector)
    partialSumWrites.add(partialSumsPerVector)
    deskewWrites.add(deskewWritesPerVector)
    probes.steps(vector)
    vector &+= 1
    if vector == job.pointee.rows {
      vector = 0
      registers.queue.advance()
      probes.queue(registers.queue.count)
    }
    return (ArrayState.compute, true)
  }

  @inline(never)
  private mutating func open(_ job: ArrayJob, _ now: Cycle) {
    slot = registers.queue.open()
    counters.open(job)
    macsPerVector = UInt64(job.depth * job.columns)
    skewWritesPerVector = UInt64(triangle(job.depth))
    partialSumsPerVector = UInt64(rows * job.columns)
    deskewWritesPerVector = UInt64(triangle(job.columns))
    guard !job.reusesWeights else { return }
    areWeightsLoaded = false
    weightBeats = 0
    // The switch passes row r in column c after r + c cycles; a load, skewed alike, comes bottom
    // row first.
    shadowFreeFrom = now &+ Cycle(job.depth &- 1)
    weightWrites.add(UInt64(job.depth * job.columns))
  }

  /// Takes a row of weights for the current job, or for the next one once this one's are in use.
  ///
  /// In the cycle of a job's last vector (`issued`) the one behind it is current already; the one
  /// after that is not seen.
  @inline(__always)
  private mutating func loadWeights(_ now: Cycle, issued: Bool) -> Bool {
    guard registers.queue.count > 0, !areWeightsLoaded, now >= shadowFreeFrom, in2.canPop else {
      return false
    }
    var job = registers.queue.current
    if vector > 0 || job.pointee.reusesWeights {
      guard registers.queue.hasNext, !issued || vector > 0 else { return false }
      job = registers.queue.next
      if job.pointee.reusesWeights { return false }
    }
    takeWeights(job.pointee)
    return true
  }

  private mutating func takeWeights(_ job: ArrayJob) {
    let bytes = job.columns &* MemoryLayout<Element>.stride
    let kept = Int(in2.front.keptBytes)
    inside.load(
      job, beat: weightBeats,
      kept >= bytes ? UnsafeRawPointer(in2.data) : padShortBeat(in2, kept, bytes, padded2))
    in2.pop()
    weightBeats &+= 1
    counters.in2Beats.add()
    counters.skewWrites.add(UInt64(truncatingIfNeeded: triangle(job.columns)))
    weightWrites.add(UInt64(truncatingIfNeeded: weightBeats &* job.columns))
    if weightBeats == job.depth { areWeightsLoaded = true }
  }

  // MARK: Results

  private mutating func receiveRow() {
    let job = registers.queue.jobs + leavingSlot
    accumulators.receive(inside.takeRow(), job, row: leavingRow, slot: leavingSlot)
    rowsInside &-= 1
    probes.rowLeaves()
    leavingRow &+= 1
    if leavingRow == job.pointee.rows {
      if !job.pointee.hasOutput { registers.queue.finish(leavingSlot) }
      leavingRow = 0
      leavingSlot = registers.queue.slot(after: leavingSlot)
    }
  }

  private mutating func postProcessRow() {
    let (row, entry) = accumulators.pop()
    outputsOpen &-= 1
    let job = registers.queue.jobs + entry.slot
    let bytes = Element.finish(
      row, count: job.pointee.columns, with: job.pointee.post,
      registers.parameters(of: job, row: 0), into: output.buffer)
    counters.finishRow(job.pointee.columns, job.pointee.post)
    output.take(
      count: bytes, slot: entry.slot, isLast: entry.isLast, endsJob: job.pointee.isLast)
  }
}
