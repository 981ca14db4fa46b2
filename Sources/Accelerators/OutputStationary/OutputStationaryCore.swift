internal import Fabric
internal import SimKernel
internal import Telemetry

/// The control of an output-stationary array: what happens in a cycle, whatever the inside is made
/// of.
///
/// Within a cycle: register access; the output stage sends; a row leaves the drain; a step is
/// issued; all registers inside take their next value; jobs end. What a later part uses of an
/// earlier one in the same cycle (a row that leaves frees the drain for the last step issued) is
/// combinational.
struct OutputStationaryCore<Inside: OutputStationaryDatapath>: BitwiseCopyable {
  private typealias Element = Inside.Element

  private let in1: StreamSink
  private let in2: StreamSink
  private let doubleBuffered: Bool
  private let counters: ArrayCounters
  private let drainCaptures: Counter
  private let drainShifts: Counter
  private let residency: Residency
  private let probes: ArrayProbes
  /// Operands of a beat that is shorter than its row.
  private let padded1: UnsafeMutableRawPointer
  private let padded2: UnsafeMutableRawPointer

  private var registers: ArrayRegisters
  private var output: OutputStage
  private var inside: Inside

  /// Next step of the current job, and its slot once the first one was issued.
  private var step = 0
  private var slot = 0
  private var macsPerStep: UInt64 = 0
  private var skewWritesPerStep: UInt64 = 0
  /// The job whose result takes the drain, −1 when it is free, and how many of its rows are left.
  private var draining = -1
  private var rowsLeft = 0

  init(
    configuration: SystolicArrayConfiguration, site: ModuleSite, registers: RegisterPort,
    in1: StreamSink, in2: StreamSink, out: StreamSource, interrupt: Line?, arena: Arena,
    states: [StateDescriptor]
  ) {
    self.in1 = in1
    self.in2 = in2
    doubleBuffered = configuration.doubleBuffered
    counters = ArrayCounters(
      configuration: configuration, dataflow: .outputStationary,
      registerCount: ArrayRegisterMap.outputStationary.registerCount, site: site)
    let cells = UInt64(configuration.rows * configuration.columns)
    let bits = ["width_bits": Double(8 * configuration.dataType.accumulatorBytes)]
    site.component("accumulator", class: "register", attributes: bits, quantity: cells)
    site.alsoCharges(
      "macs", as: "accumulator_writes", component: "accumulator", action: "write")
    let drainRegister = doubleBuffered ? "drain_register" : "accumulator"
    if doubleBuffered {
      site.component(drainRegister, class: "register", attributes: bits, quantity: cells)
    }
    drainCaptures = site.counter(
      "drain_captures", unit: "write", "Results taken over from accumulators by drain registers.",
      action: doubleBuffered ? (component: drainRegister, action: "write") : nil)
    drainShifts = site.counter(
      "drain_shifts", unit: "write", "Results that moved up a row on their way out.",
      action: (component: drainRegister, action: "write"))
    residency = site.residency(states)
    probes = ArrayProbes(site: site)
    padded1 = UnsafeMutableRawPointer(arena.allocate(UInt8.self, count: configuration.in1Bytes))
    padded2 = UnsafeMutableRawPointer(arena.allocate(UInt8.self, count: configuration.in2Bytes))
    self.registers = ArrayRegisters(
      configuration: configuration, dataflow: .outputStationary, port: registers,
      interrupt: interrupt, site: site, arena: arena)
    output = OutputStage(
      out: out, beatBytes: configuration.outBytes,
      rowBytes: configuration.columns * configuration.dataType.accumulatorBytes,
      site: site, arena: arena)
    inside = Inside(
      configuration: configuration, jobs: self.registers.queue.jobs,
      slots: configuration.rows + configuration.columns + 4, arena: arena)
  }

  var activity: ArrayActivity? { inside.activity }

  mutating func tick(_ now: Cycle) -> Wake {
    registers.serve()
    let wasSending = output.isBusy
    if wasSending {
      let ended = output.advance()
      if ended >= 0 { registers.queue.finish(ended) }
    }
    if draining >= 0, output.canTake, inside.isComputed(draining, before: now) { drainRow() }
    let (state, issued) = issueStep(now)
    let hasWavefronts = inside.hasWavefronts(now)
    inside.finishCycle(now)
    if issued {
      residency.enter(inside.isFull(now) ? ArrayState.compute : ArrayState.fill, at: now)
    } else if state != ArrayState.idle {
      residency.enter(state, at: now)
    } else {
      residency.enter(unoccupiedState(hasWavefronts, wasSending), at: now)
    }
    registers.endJobs { inside.isComputed($0, before: now &+ 1) }
    let queueChanged = registers.finishCycle()
    if queueChanged { probes.queue(registers.queue.count) }
    if issued || queueChanged { return .nextCycle }
    if wasSending || output.isBusy, !output.isRefused { return .nextCycle }
    let change = inside.nextChange(
      after: now, head: registers.queue.inFlight > 0 ? registers.queue.head : -1,
      draining: draining)
    return .at(change)
  }

  /// The class of a cycle in which no job wants operands.
  private func unoccupiedState(_ hasWavefronts: Bool, _ wasSending: Bool) -> Int {
    if hasWavefronts { return ArrayState.drain }
    if output.isRefused { return ArrayState.waitOut }
    return wasSending || output.isBusy || draining >= 0 ? ArrayState.drain : ArrayState.idle
  }

  // MARK: Operands

  /// Issues a step if the current job can; otherwise says what it waits for, `idle` when there is
  /// no job.
  @inline(__always)
  private mutating func issueStep(_ now: Cycle) -> (state: Int, issued: Bool) {
    guard registers.queue.count > 0 else { return (ArrayState.idle, false) }
    let job = registers.queue.current
    let isLast = step &+ 1 == job.pointee.depth
    if draining >= 0, doubleBuffered ? isLast && job.pointee.hasOutput : step == 0 {
      return (output.isRefused ? ArrayState.waitOut : ArrayState.waitDrain, false)
    }
    if step == 0, !registers.queue.canOpen { return (ArrayState.waitDrain, false) }
    guard in1.canPop else { return (ArrayState.waitIn1, false) }
    guard in2.canPop else { return (ArrayState.waitIn2, false) }
    if step == 0 { open(job.pointee) }

    let first = Self.operands(
      in1, bytes: job.pointee.rows &* MemoryLayout<Element>.stride, padded1)
    let second = Self.operands(
      in2, bytes: job.pointee.columns &* MemoryLayout<Element>.stride, padded2)
    if isLast, job.pointee.hasOutput {
      draining = slot
      rowsLeft = job.pointee.rows
      if doubleBuffered { drainCaptures.add(macsPerStep) }
    }
    inside.issue(
      ArrayStep(slot: slot, isFirst: step == 0, isLast: isLast), first, second, at: now)
    in1.pop()
    in2.pop()
    counters.issues.add()
    counters.in1Beats.add()
    counters.in2Beats.add()
    counters.macs.add(macsPerStep)
    counters.skewWrites.add(skewWritesPerStep)
    probes.steps(step)
    step &+= 1
    if isLast {
      step = 0
      registers.queue.advance()
      probes.queue(registers.queue.count)
    }
    return (ArrayState.compute, true)
  }

  @inline(never)
  private mutating func open(_ job: ArrayJob) {
    slot = registers.queue.open()
    counters.open(job)
    macsPerStep = UInt64(job.rows * job.columns)
    skewWritesPerStep = UInt64(triangle(job.rows) + triangle(job.columns))
  }

  /// The waiting beat's operands, zeros for those it does not hold.
  @inline(__always)
  private static func operands(
    _ stream: StreamSink, bytes: Int, _ padded: UnsafeMutableRawPointer
  ) -> UnsafeRawPointer {
    let kept = Int(stream.front.keptBytes)
    return kept >= bytes
      ? UnsafeRawPointer(stream.data) : padShortBeat(stream, kept, bytes, padded)
  }

  // MARK: Results

  private mutating func drainRow() {
    let job = registers.queue.jobs + draining
    let (used, width) = (job.pointee.rows, job.pointee.columns)
    let row = used &- rowsLeft
    let bytes = Element.finish(
      inside.drainRow(), count: width, with: job.pointee.post,
      registers.parameters(of: job, row: row), into: output.buffer)
    inside.shiftDrain(job)
    rowsLeft &-= 1
    drainShifts.add(UInt64(truncatingIfNeeded: rowsLeft &* width))
    counters.finishRow(width, job.pointee.post)
    probes.rowLeaves()
    output.take(
      count: bytes, slot: draining, isLast: rowsLeft == 0, endsJob: job.pointee.isLast)
    if rowsLeft == 0 { draining = -1 }
  }
}

/// Copies the `kept` bytes of a stream's waiting beat and fills up with zeros to `bytes`.
@inline(never)
func padShortBeat(
  _ stream: StreamSink, _ kept: Int, _ bytes: Int, _ padded: UnsafeMutableRawPointer
) -> UnsafeRawPointer {
  padded.copyMemory(from: stream.data, byteCount: kept)
  (padded + kept).initializeMemory(as: UInt8.self, repeating: 0, count: bytes &- kept)
  return UnsafeRawPointer(padded)
}
