internal import Fabric
internal import SimKernel
internal import Telemetry

/// The DMA's state and the work of a cycle.
struct DMACore: BitwiseCopyable {
  private enum Phase: BitwiseCopyable {
    case idle
    /// Reading a linked descriptor.
    case fetching
    case moving
  }

  private enum State {
    static let idle = 0
    static let active = 1
    static let descriptor = 2
    static let waitMemory = 3
    static let waitStream = 4
    static let waitAnswer = 5
  }

  private let direction: DMADirection
  private let registerPort: RegisterPort
  private let input: StreamSink?
  private let output: StreamSource?
  private let interrupt: Line?
  private let portBytes: Int

  private var registers: DMARegisterFile
  private var reader: ReadEngine
  private var writer: WriteEngine
  private var queue: BeatQueue
  private var phase = Phase.idle
  private let fetched: UnsafeMutableRawPointer
  private var fetchedBytes = 0
  private var isLinked = false
  private var nextDescriptor: Address = 0
  /// Bytes that a transfer from the stream still wants of it.
  private var inputLeft = 0
  private let descriptor: DMADescriptor

  private let counters: DMACounters
  private let residency: Residency

  init(
    configuration: DMAConfiguration, registers port: RegisterPort, bus: BusInitiator,
    input: StreamSink?, output: StreamSource?, interrupt: Line?, componentClass: String,
    site: ModuleSite, arena: Arena
  ) {
    direction = configuration.direction
    registerPort = port
    self.input = input
    self.output = output
    self.interrupt = interrupt
    portBytes = configuration.portBytes
    registers = DMARegisterFile(portBits: 8 * configuration.portBytes, arena: arena)
    reader = ReadEngine(
      bus: bus, streamBytes: configuration.portBytes,
      maximumBurstBeats: configuration.maximumBurstBeats,
      outstanding: configuration.outstanding, arena: arena)
    writer = WriteEngine(
      bus: bus, maximumBurstBeats: configuration.maximumBurstBeats,
      outstanding: configuration.outstanding, arena: arena)
    queue = BeatQueue(arena: arena, width: configuration.portBytes, capacity: 4)
    fetched = UnsafeMutableRawPointer(
      arena.allocate(UInt8.self, count: DMADescriptor.linkedBytes + configuration.portBytes))
    descriptor = DMADescriptor(words: Table(arena, count: DMADescriptor.wordCount))
    counters = DMACounters(
      site: site, direction: configuration.direction, busBits: 8 * bus.widthBytes,
      portBits: 8 * configuration.portBytes,
      bufferWords: ReadEngine.bufferWords(maximumBurstBeats: configuration.maximumBurstBeats),
      componentClass: componentClass)
    let stream =
      direction == .toStream ? configuration.destination : configuration.source
    residency = site.residency([
      .idle(), .active("active"), .active("descriptor"), .waiting("wait-memory", on: "crossbar"),
      .waiting("wait-stream", on: direction == .memoryToMemory ? nil : stream),
      .waiting("wait-write-answer", on: "crossbar"),
    ])
  }

  mutating func tick(_ now: Cycle) -> Wake {
    var progress = registerPort.mayHaveAccess && serveRegisters()
    if phase == .idle, let job = registers.takeJob() {
      begin(job)
      progress = true
    }
    let wasPhase = phase
    var moved = false
    switch phase {
    case .idle: break
    case .fetching: moved = fetch()
    case .moving: moved = move()
    }
    if let interrupt { interrupt.set(registers.interruptLevel) }
    enterState(wasPhase, moved: moved, now)
    // A job that ended may have a successor; progress anywhere means the next cycle can do more.
    return progress || moved || (phase == .idle && registers.hasJob) ? .nextCycle : .onPort
  }

  // Mutating for the same reason as `count`.
  private mutating func enterState(_ active: Phase, moved: Bool, _ now: Cycle) {
    let state: Int
    switch active {
    case .idle: state = State.idle
    case .fetching: state = State.descriptor
    case .moving:
      if moved {
        state = State.active
      } else if direction == .toStream {
        state = queue.count > 0 ? State.waitStream : State.waitMemory
      } else if writer.isWaitingForAnswers {
        state = State.waitAnswer
      } else if direction == .fromStream {
        state = queue.count > 0 ? State.waitMemory : State.waitStream
      } else {
        state = State.waitMemory
      }
    }
    residency.enter(state, at: now)
  }

  private mutating func serveRegisters() -> Bool {
    guard let access = registerPort.next() else { return false }
    counters.registerAccesses.add()
    switch access {
    case .read(let offset, let bytes):
      let value = registers.read(offset, bytes: bytes, busy: phase != .idle)
      registerPort.complete(read: UInt64(value ?? 0), ok: value != nil)
    case .write(let offset, let bytes, let value):
      registerPort.completeWrite(
        ok: registers.write(
          offset, bytes: bytes, value: UInt32(truncatingIfNeeded: value), busy: phase != .idle))
    }
    return true
  }

  // MARK: Jobs

  private mutating func begin(_ job: DMARegisterFile.Job) {
    isLinked = job.isLinked
    if job.isLinked {
      nextDescriptor = job.chain
      fetchNext()
    } else {
      for index in 0..<DMADescriptor.wordCount { descriptor.words[index] = job.words[index] }
      startTransfer()
    }
  }

  /// Begins to read the descriptor at `nextDescriptor`, or completes the job at the end of the
  /// chain.
  private mutating func fetchNext() {
    guard nextDescriptor != 0 else {
      complete(.none)
      return
    }
    queue.removeAll()
    var pattern = TransferPattern()
    pattern.base = nextDescriptor
    pattern.count0 = DMADescriptor.linkedBytes
    reader.start(pattern, alignsRows: false, marksRows: false)
    fetchedBytes = 0
    phase = .fetching
  }

  private mutating func fetch() -> Bool {
    let activity = reader.tick(into: &queue)
    count(activity)
    var progress = activity.progress
    while queue.count > 0 {
      let beat = queue.front
      (fetched + fetchedBytes).copyMemory(from: queue.frontData, byteCount: beat.bytes)
      fetchedBytes += beat.bytes
      queue.removeFirst()
      progress = true
    }
    guard reader.isFinished else { return progress }
    if reader.error != .okay {
      complete(DMAError(reader.error))
      return true
    }
    counters.descriptors.add()
    nextDescriptor = Address(fetched.load(as: UInt32.self))
    for index in 0..<DMADescriptor.wordCount {
      descriptor.words[index] = fetched.load(fromByteOffset: 4 * (index + 1), as: UInt32.self)
    }
    startTransfer()
    return true
  }

  private mutating func startTransfer() {
    queue.removeAll()
    guard
      let pattern = descriptor.pattern(toStreamOf: direction == .toStream ? portBytes : nil)
    else {
      complete(.badDescriptor)
      return
    }
    switch direction {
    case .toStream:
      reader.start(
        pattern, alignsRows: descriptor.alignsRows, marksRows: descriptor.marksRows)
    case .fromStream:
      guard pattern.kind == .strided else {
        complete(.badDescriptor)
        return
      }
      writer.start(pattern)
      inputLeft = pattern.byteCount
    case .memoryToMemory:
      guard let destination = descriptor.destination, destination.byteCount == pattern.byteCount
      else {
        complete(.badDescriptor)
        return
      }
      reader.start(pattern, alignsRows: false, marksRows: false)
      writer.start(destination)
    }
    phase = .moving
  }

  private mutating func complete(_ error: DMAError) {
    phase = .idle
    queue.removeAll()
    registers.finish(error)
    if error == .none { counters.jobs.add() }
  }

  // MARK: Moving data

  private mutating func move() -> Bool {
    var progress = false
    switch direction {
    case .toStream:
      if let output, queue.count > 0, output.canPush {
        let beat = queue.front
        copyLanes(to: output.data, from: queue.frontData, count: portBytes)
        output.push(StreamBeat(keptBytes: beat.bytes, isLast: beat.isLast))
        queue.removeFirst()
        counters.streamBeats.add()
        registers.bytesMoved &+= UInt64(beat.bytes)
        counters.bytes.add(UInt64(beat.bytes))
        progress = true
      }
      let activity = reader.tick(into: &queue)
      count(activity)
      progress = progress || activity.progress
      if reader.isFinished, queue.count == 0 || reader.error != .okay {
        endTransfer(reader.error)
        progress = true
      }
    case .fromStream:
      progress = write()
      // Beats that this transfer does not need belong to the next one.
      if let input, inputLeft > 0, input.canPop, !queue.isFull, !writer.isFinished,
        phase == .moving
      {
        let data = input.data
        let beat = input.pop()
        inputLeft &-= Int(beat.keptBytes)
        copyLanes(to: queue.tailData, from: data, count: Int(beat.keptBytes))
        queue.append(
          BeatQueue.Beat(bytes: Int(beat.keptBytes), isLast: beat.isLast))
        counters.streamBeats.add()
        progress = true
      }
    case .memoryToMemory:
      progress = write()
      if phase == .moving {
        let activity = reader.tick(into: &queue)
        count(activity)
        progress = progress || activity.progress
        if reader.isFinished, reader.error != .okay, !writer.isFinished {
          writer.abort(reader.error)
          progress = true
        }
      }
    }
    return progress
  }

  /// A cycle of the write engine; ends the transfer when it is finished.
  private mutating func write() -> Bool {
    let before = queue.count
    let activity = writer.tick(from: &queue)
    if activity.requested { counters.bursts.add() }
    if activity.busBeat { counters.busBeats.add() }
    if queue.count < before { counters.beatsUnpacked.add(UInt64(before - queue.count)) }
    registers.bytesMoved &+= UInt64(activity.bytes)
    counters.bytes.add(UInt64(activity.bytes))
    guard writer.isFinished else { return activity.progress }
    if direction == .memoryToMemory, !reader.isFinished {
      // The destination failed: let the responses of the source run out.
      if writer.error != .okay { reader.stop() }
      return activity.progress
    }
    // The reader's error is this transfer's only when it reads for it.
    let isCopy = direction == .memoryToMemory
    endTransfer(isCopy && writer.error == .okay ? reader.error : writer.error)
    return true
  }

  private mutating func endTransfer(_ response: BusResponse) {
    if response != .okay {
      complete(DMAError(response))
    } else if isLinked {
      fetchNext()
    } else {
      complete(.none)
    }
  }

  // Mutating although it changes nothing here: a plain method would get a copy of the whole core.
  private mutating func count(_ activity: ReadEngine.Activity) {
    if activity.requested { counters.bursts.add() }
    if activity.busBeat {
      counters.busBeats.add()
      counters.wordsRead.add()
    }
    if activity.paddingBytes > 0 { counters.paddingBytes.add(activity.paddingBytes) }
    if activity.turnedPiece { counters.turnedPieces?.add() }
  }
}
