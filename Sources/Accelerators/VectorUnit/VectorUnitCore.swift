internal import Fabric
internal import SimKernel
internal import Telemetry

/// What a vector unit does in a cycle.
///
/// Two registers lie between the streams: the operand register takes source beats, the result
/// register holds a beat until it is sent. Within a cycle the result leaves, the pool or the
/// operand register fills the result register, then source beats are taken; what leaves frees its
/// register for the one behind it in the same cycle. The elementwise result is worked out when a
/// beat is taken and stands for the operands from then on, which nobody outside can see.
struct VectorUnitCore: BitwiseCopyable {
  private let input: StreamSink
  private let side: StreamSink
  private let out: StreamSource
  private let beatBytes: Int
  private let isFloat: Bool
  private let counters: VectorCounters
  private let residency: Residency
  private let queued: Signal
  /// Operands of beats that are shorter than they need be, and the a that waits for its b.
  private let paddedA: UnsafeMutableRawPointer
  private let paddedB: UnsafeMutableRawPointer

  private var registers: VectorRegisters
  private var pool: VectorPool

  /// The operand register: the beat with its elementwise result.
  private var operand: UnsafeMutableRawPointer
  private var operandBytes = 0
  private var operandSlot = 0
  private var isOperandLast = false
  private var hasOperand = false
  /// Source beats of the current job that were taken.
  private var taken = 0
  /// Whether a was taken from `side` and b is to follow, and the valid bytes of a.
  private var holdsA = false
  private var heldBytes = 0

  /// The job whose image is in the pool.
  private var poolSlot = 0
  private var isPooling = false
  /// Whether all beats of the image have entered it.
  private var isImageIn = false
  /// Cycles for which the pool goes on working on its last beat.
  private var poolCycles = 0

  /// The result register.
  private var result: UnsafeMutableRawPointer
  private var resultBytes = 0
  private var resultSlot = 0
  private var isResultLast = false
  private var hasResult = false

  init(
    configuration: VectorUnitConfiguration, site: ModuleSite, registers: RegisterPort,
    input: StreamSink, side: StreamSink, out: StreamSource, interrupt: Line?, arena: Arena,
    states: [StateDescriptor]
  ) {
    self.input = input
    self.side = side
    self.out = out
    beatBytes = configuration.beatBytes
    isFloat = configuration.dataType == .fp32
    counters = VectorCounters(configuration: configuration, site: site)
    residency = site.residency(states)
    queued = site.signal("queued", .bits(2))
    queued.set(0)
    func buffer() -> UnsafeMutableRawPointer {
      UnsafeMutableRawPointer(arena.allocate(UInt8.self, count: configuration.beatBytes))
    }
    paddedA = buffer()
    paddedB = buffer()
    operand = buffer()
    result = buffer()
    self.registers = VectorRegisters(
      configuration: configuration, port: registers, interrupt: interrupt, site: site, arena: arena)
    pool = VectorPool(
      configuration: configuration, counters: counters, jobs: self.registers.queue.jobs,
      arena: arena)
  }

  mutating func tick(_ now: Cycle) -> Wake {
    registers.serve()
    let wasBusy = hasResult || hasOperand || isPooling
    var isRefused = false
    var moved = false
    if hasResult {
      if out.canPush {
        send()
        moved = true
      } else {
        isRefused = true
      }
    }
    if hasOperand || isPooling, advance() { moved = true }
    var took = false
    if registers.queue.count > 0 {
      if hasOperand {
        // It waits for the pool or for the result to leave.
        residency.enter(isRefused && !moved ? VectorState.waitOut : VectorState.compute, at: now)
      } else {
        let state = takeBeats()
        took = state == VectorState.compute
        residency.enter(state, at: now)
      }
    } else if wasBusy {
      residency.enter(isRefused && !moved ? VectorState.waitOut : VectorState.drain, at: now)
    } else {
      residency.enter(VectorState.idle, at: now)
    }
    registers.endJobs()
    let changed = registers.finishCycle()
    if took || changed, queued.isOn {
      queued.set(UInt64(truncatingIfNeeded: registers.queue.count))
    }
    return took || moved || changed ? .nextCycle : .onPort
  }

  // MARK: Operands

  /// Takes the beats that the current job needs next; returns the class of the cycle, `compute` if
  /// a beat was taken.
  @inline(__always)
  private mutating func takeBeats() -> Int {
    let slot = registers.queue.current
    let job = registers.queue.jobs + slot
    let hasSecond = job.pointee.binary != .none
    if job.pointee.takesSide {
      guard side.canPop else { return VectorState.waitSide }
      if hasSecond {
        guard holdsA else {
          holdA()
          return VectorState.compute
        }
        let b = second(for: heldBytes)
        work(job, slot, paddedA, b, heldBytes)
        holdsA = false
      } else {
        work(job, slot, side.data, side.data, kept(side))
      }
      side.pop()
    } else {
      guard input.canPop else { return VectorState.waitIn }
      let bytes = kept(input)
      if hasSecond {
        guard side.canPop else { return VectorState.waitSide }
        let b = second(for: bytes)
        work(job, slot, input.data, b, bytes)
        side.pop()
      } else {
        work(job, slot, input.data, input.data, bytes)
      }
      input.pop()
    }
    return VectorState.compute
  }

  /// Valid bytes of the waiting beat, at most one per byte of the lanes.
  @inline(__always)
  private func kept(_ stream: StreamSink) -> Int {
    min(Int(stream.front.keptBytes), beatBytes)
  }

  /// Takes a from `side` and keeps it until b comes.
  private mutating func holdA() {
    heldBytes = kept(side)
    paddedA.copyMemory(from: side.data, byteCount: heldBytes)
    side.pop()
    holdsA = true
  }

  /// Operand b, with zeros for what its beat does not hold.
  @inline(__always)
  private func second(for bytes: Int) -> UnsafeRawPointer {
    let count = kept(side)
    return count >= bytes
      ? UnsafeRawPointer(side.data) : padShortBeat(side, count, bytes, paddedB)
  }

  /// Fills the operand register.
  @inline(__always)
  private mutating func work(
    _ job: UnsafeMutablePointer<VectorJob>, _ slot: Int, _ a: UnsafeRawPointer,
    _ b: UnsafeRawPointer, _ bytes: Int
  ) {
    if job.pointee.isPlain {
      operand.copyMemory(from: a, byteCount: bytes)
    } else {
      VectorArithmetic.apply(
        job, isFloat: isFloat,
        table: UnsafeRawPointer(registers.table).assumingMemoryBound(to: UInt8.self), a, b,
        into: operand, count: bytes)
    }
    counters.take(job, bytes: bytes)
    operandBytes = bytes
    operandSlot = slot
    hasOperand = true
    taken &+= 1
    isOperandLast = taken == job.pointee.beats
    if isOperandLast {
      taken = 0
      registers.queue.advance()
    }
  }

  // MARK: Results

  private mutating func send() {
    let data = out.data
    data.copyMemory(from: result, byteCount: resultBytes)
    if resultBytes < beatBytes {
      (data + resultBytes).initializeMemory(
        as: UInt8.self, repeating: 0, count: beatBytes &- resultBytes)
    }
    out.push(StreamBeat(keptBytes: resultBytes, isLast: isResultLast))
    counters.sent(bytes: resultBytes)
    hasResult = false
    if isResultLast { registers.queue.finishPart(resultSlot) }
  }

  /// Moves the beat in the operand register and what the pool has on; whether something did.
  @inline(__always)
  private mutating func advance() -> Bool {
    let slot = isPooling ? poolSlot : operandSlot
    guard registers.queue.jobs[slot].pool == .none else { return advancePool() }
    guard !hasResult else { return false }
    swap(&operand, &result)
    resultBytes = operandBytes
    resultSlot = operandSlot
    isResultLast = isOperandLast
    hasResult = true
    hasOperand = false
    if isOperandLast { registers.queue.finishPart(operandSlot) }
    return true
  }

  /// The pool's share of a cycle: a pixel of its result leaves if one is complete, and a beat of
  /// its image enters if none is left waiting.
  @inline(never)
  private mutating func advancePool() -> Bool {
    if poolCycles > 0 {
      poolCycles &-= 1
      if poolCycles == 0 { _ = leavePool() }
      return true
    }
    let left = isPooling && leavePool()
    guard hasOperand, isPooling ? operandSlot == poolSlot && !pool.isReady : beginPool() else {
      return left
    }
    if operandBytes < pool.keptBytes {
      (operand + operandBytes).initializeMemory(
        as: UInt8.self, repeating: 0, count: pool.keptBytes &- operandBytes)
    }
    pool.take(operand)
    poolCycles = registers.queue.jobs[poolSlot].geometry.cyclesPerBeat &- 1
    hasOperand = false
    if isOperandLast {
      isImageIn = true
      registers.queue.finishPart(poolSlot)
    }
    if poolCycles == 0 { _ = leavePool() }
    return true
  }

  /// Begins the image of the beat in the operand register, if its job has one.
  private mutating func beginPool() -> Bool {
    guard registers.queue.jobs[operandSlot].pool != .none else { return false }
    poolSlot = operandSlot
    isPooling = true
    isImageIn = false
    pool.begin(registers.queue.jobs + poolSlot, keptBytes: operandBytes)
    return true
  }

  /// Moves the next pixel of the pool's result to the result register, if it is complete and the
  /// register is free; notices the end of the image.
  private mutating func leavePool() -> Bool {
    var hasLeft = false
    if pool.isReady, !hasResult {
      pool.leave(into: result)
      resultBytes = pool.keptBytes
      resultSlot = poolSlot
      isResultLast = pool.isEmpty
      hasResult = true
      hasLeft = true
    }
    if isImageIn, pool.isEmpty { isPooling = false }
    return hasLeft
  }
}
