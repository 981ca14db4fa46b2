public import Mapping

/// Replays a plan without simulating it: when the core issues which command, when which tile of which job is computed, and
/// so when every layer begins and ends.
///
/// The core takes interrupts one by one and gives every engine up to two commands whose dependencies are complete, as the
/// runtime firmware does. Arrays work through tiles as ``ArrayJobTimes`` says. Nothing is counted cycle by cycle: the work is
/// proportional to the number of commands.
public struct PlanTimeline {
  /// What comes out.
  public struct Result: Sendable {
    /// Cycles before the first tag, then of each tag of the plan.
    public var untagged = 0
    /// Cycles for which each tag was the current one.
    public var tags: [Int] = []
    /// When every command of every engine was complete.
    public var completions: [[Double]] = []
    /// When it was started.
    public var starts: [[Double]] = []
    /// Cycles in all.
    public var cycles = 0
  }

  /// A command without what it makes its device do.
  private struct Command: BitwiseCopyable {
    /// −1 for none.
    var tag: Int32
    var groups: Int32
    var values: Int32
    /// Its dependencies in ``waits``.
    var firstWait: Int32
    var waits: Int32
  }

  private struct Wait: BitwiseCopyable {
    var engine: Int32
    var count: Int32
  }

  private struct Engine {
    var commands: [Command]
    /// What copies do; empty for other engines.
    var copies: [[TransferShape]] = []
    /// Its number at the interrupt controller: of several that wait the least comes first.
    var source = 0
    var isDMA = false
    var issued = 0
    var completed = 0
    var starts: [Double] = []
    /// When commands end; known as soon as everything they need has begun.
    var ends: [Double] = []
    var tag: Int?
    var tagAt = 0
    var complex = -1
    var load: StreamTiming?
  }

  private let timing: SystemTiming
  private let core: RuntimeCycles
  private let waits: [Wait]
  private let kernels: [Double]
  private var engines: [Engine]
  private var complexes: [ArrayComplex] = []
  private var events = EventHeap()
  private var time = 0.0
  private var kernelEnd: Double?
  private var tags: [(time: Double, tag: Int)] = []
  private let tagCount: Int
  /// Copies that are not over.
  private var copies: [CopyInterference] = []

  /// Prepares a replay.
  ///
  /// - Parameters:
  ///   - kernelCycles: cycles of every command of the core.
  public init(
    work: [EngineWork], tagCount: Int, timing: SystemTiming, kernelCycles: [Double]
  ) {
    self.timing = timing
    core = RuntimeCycles(timing.core)
    kernels = kernelCycles
    self.tagCount = tagCount
    var waits: [Wait] = []
    engines = work.map { engine in
      Engine(
        commands: engine.commands.map { command in
          defer {
            waits += command.dependencies.map {
              Wait(engine: Int32($0.engine), count: Int32($0.count))
            }
          }
          return Command(
            tag: Int32(command.tag ?? -1), groups: Int32(command.groups),
            values: Int32(command.values), firstWait: Int32(waits.count),
            waits: Int32(command.dependencies.count))
        }, source: engine.interrupt, isDMA: engine.kind == .dma)
    }
    self.waits = waits
    for array in timing.arrays where work.contains(where: { $0.name == array.output }) {
      let complex = ArrayComplex(array, work, timing)
      complexes.append(complex)
      for engine in [
        complex.engines.array, complex.engines.vector, complex.engines.input,
        complex.engines.weights, complex.engines.side, complex.engines.output,
      ] where engine >= 0 {
        engines[engine].complex = complexes.count - 1
      }
    }
    for (index, engine) in work.enumerated()
    where engine.kind == .dma && engines[index].complex < 0 {
      engines[index].load = timing.dmas.first { $0.name == engine.name }.map {
        StreamTiming(system: timing, dma: $0)
      }
      engines[index].copies = engine.commands.map {
        if case .transfer(let shapes) = $0.work { return shapes }
        return []
      }
    }
  }

  /// Replays the plan.
  public mutating func run() -> Result {
    let runtime = timing.core.runtime
    time = timing.core.cycles(runtime.start)
    for engine in engines.dropFirst() {
      time += timing.core.cycles(engine.isDMA ? runtime.openDMA : runtime.openAccelerator)
    }
    time += core.cycles(runtime.opened)
    pass()
    time += core.cycles(runtime.begun)
    while true {
      if let end = kernelEnd {
        if let event = nextEvent(), event.time + core.interrupt < end {
          serve(at: event.time)
        } else {
          endKernel(at: end)
        }
      } else if beginKernel() {
        continue
      } else if let event = nextEvent() {
        time += idleLoop
        serve(at: event.time)
      } else {
        break
      }
    }
    time += Double(runtime.loop.finish(engines: engines.count)) * core.instruction
    return result()
  }

  /// The main loop up to the `wfi`.
  private var idleLoop: Double {
    let loop = core.loop
    let instructions: Int
    if engines[0].issued < engines[0].commands.count {
      instructions = loop.blocked(fulfilled: fulfilled(engines[0].commands[engines[0].issued]))
    } else {
      let first = engines.firstIndex { $0.completed < $0.commands.count }
      instructions = loop.idle(firstIncomplete: max(1, first ?? engines.count))
    }
    return core.cycles(instructions)
  }

  private func result() -> Result {
    var result = Result()
    let end = time
    var perTag = [Double](repeating: 0, count: tagCount)
    for (index, entry) in tags.enumerated() {
      let until = index + 1 < tags.count ? tags[index + 1].time : end
      perTag[entry.tag] += until - entry.time
    }
    result.untagged = Int((tags.first?.time ?? end).rounded())
    result.tags = perTag.map { Int($0.rounded()) }
    result.cycles = result.untagged + result.tags.reduce(0, +)
    result.completions = engines.map(\.ends)
    result.starts = engines.map(\.starts)
    return result
  }

  // MARK: The core

  /// The next completion that the core does not know of.
  private mutating func nextEvent() -> EventHeap.Event? {
    while let event = events.first {
      if engines[event.engine].completed > event.command {
        events.removeFirst()
        continue
      }
      return event
    }
    return nil
  }

  /// Of the engines that have completed something by `time` the one that the interrupt controller names.
  private func claimed(by time: Double) -> Int? {
    var best: Int?
    for event in events.all
    where event.time <= time && engines[event.engine].completed <= event.command {
      if let known = best, engines[known].source <= engines[event.engine].source { continue }
      best = event.engine
    }
    return best
  }

  /// An interrupt: the runtime asks one device what it has completed and gives all of them new commands.
  private mutating func serve(at completion: Double) {
    let begin = max(time, completion + core.interrupt)
    // A core that sleeps has its `wfi` behind it.
    let isAsleep = kernelEnd == nil && begin > time
    time = begin - (isAsleep ? core.instruction : 0)
    time += kernelEnd == nil ? core.wake : core.trap
    let claim = max(time, completion)
    let index = claimed(by: max(time - 2, completion)) ?? 0
    time += engines[index].isDMA ? core.serveDMA : core.serveAccelerator
    // Behind the claim, also if the runtime costs nothing: what was claimed is then known.
    let read = max(claim, time - core.load + core.servedLoad)
    var completed = engines[index].completed
    while completed < engines[index].ends.count, engines[index].ends[completed] <= read {
      completed += 1
    }
    engines[index].completed = completed
    if let tag = engines[index].tag, completed >= engines[index].tagAt {
      time += core.servedTag
      tags.append((time, tag))
      engines[index].tag = nil
    }
    pass()
    time += core.served
    if let end = kernelEnd {
      time += core.resume
      kernelEnd = end + time - begin
    }
  }

  /// Waits of a command that are fulfilled in front of the first that is not; nil when all are.
  private func blockedBehind(_ command: Command) -> Int? {
    let first = Int(command.firstWait)
    for position in 0..<Int(command.waits) {
      let wait = waits[first + position]
      if engines[Int(wait.engine)].completed < Int(wait.count) { return position }
    }
    return nil
  }

  private func fulfilled(_ command: Command) -> Int {
    blockedBehind(command) ?? Int(command.waits)
  }

  /// Gives every engine what it can take.
  private mutating func pass() {
    let scan = core.scan
    for index in engines.indices.dropFirst() {
      var hasIssued = false
      while true {
        let (issued, count) = (engines[index].issued, engines[index].commands.count)
        if issued - engines[index].completed == 2 {
          time += core.cycles(hasIssued ? scan.filled : scan.full)
          break
        }
        if issued == count {
          time += core.cycles(scan.drained)
          break
        }
        let command = engines[index].commands[issued]
        if let position = blockedBehind(command) {
          time += core.cycles(scan.blocked(fulfilled: position))
          break
        }
        issue(index, command)
        hasIssued = true
      }
    }
  }

  private mutating func issue(_ index: Int, _ command: Command) {
    let cost = core.command
    if command.tag >= 0 {
      if engines[index].completed >= engines[index].issued {
        time += core.cycles(cost.tag - 1) + core.store
        tags.append((time, Int(command.tag)))
      } else {
        time += core.cycles(cost.deferredTag)
        engines[index].tag = Int(command.tag)
        engines[index].tagAt = engines[index].issued
      }
    }
    let values = Int(command.values)
    let instructions = cost.instructions(
      waits: Int(command.waits), groups: Int(command.groups), values: values)
    time += core.cycles(instructions - values) + Double(values) * core.store
    let last = time - core.cycles(cost.tail) - core.store + core.servedStore
    engines[index].issued += 1
    engines[index].starts.append(last)
    if engines[index].complex >= 0 {
      advance(engines[index].complex)
    } else if let load = engines[index].load {
      copy(index, engines[index].copies[engines[index].issued - 1], load)
    }
  }

  /// Begins the core's next kernel if it can.
  private mutating func beginKernel() -> Bool {
    let index = engines[0].issued
    guard index < engines[0].commands.count else { return false }
    let command = engines[0].commands[index]
    guard blockedBehind(command) == nil else { return false }
    let cost = core.core
    var instructions = cost.begin
    if command.waits > 0 { instructions += cost.waits + Int(command.waits) * cost.perWait }
    time += core.cycles(instructions)
    if command.tag >= 0 {
      time += core.cycles(cost.tag - 1) + core.store
      tags.append((time - core.cycles(cost.tagToKernel), Int(command.tag)))
    }
    engines[0].issued += 1
    engines[0].starts.append(time)
    kernelEnd = time + kernels[index]
    return true
  }

  private mutating func endKernel(at end: Double) {
    time = max(time, end)
    kernelEnd = nil
    engines[0].completed += 1
    engines[0].ends.append(time)
    time += core.cycles(core.core.end)
    pass()
  }

  // MARK: Devices

  private mutating func complete(_ engine: Int, _ command: Int, at time: Double) {
    engines[engine].ends.append(time)
    events.insert(EventHeap.Event(time: time, engine: engine, command: command))
  }

  /// A copy from memory to memory.
  private mutating func copy(_ index: Int, _ shapes: [TransferShape], _ dma: StreamTiming) {
    let command = engines[index].starts.count - 1
    var time = max(engines[index].starts[command], (engines[index].ends.last ?? 0) + 1)
    for shape in shapes {
      let source = timing.memory(at: shape.address)
      let target = shape.destination.flatMap { timing.memory(at: $0) }
      let words = Double(shape.byteCount) / Double(timing.busBytes)
      let isLong = words >= Double(dma.dma.burstBeats)
      let burst = isLong ? Double(dma.dma.burstBeats) : words
      let rate = max(
        dma.readCycles(words: burst, source, isCopy: true), dma.writeCycles(words: burst, target),
        Double(timing.busBytes) / Double(dma.dma.portBytes))
      let begin = time
      time += dma.readLatency(source) + words * rate + dma.answerLatency(target) + 4
      let pins =
        (dma.isOffChip(source) ? words * dma.pinCycles(source) : 0)
        + (dma.isOffChip(target) ? words * dma.pinCycles(target) : 0)
      note(
        CopyInterference(
          start: begin, end: time, words: words, port: dma.port(target),
          cyclesPerWord: dma.pinCycles(source),
          banks: Double(target.map { timing.memories[$0].banks } ?? 1), pins: pins))
    }
    complete(index, command, at: time)
  }

  /// A copy begins: jobs that have been worked out already lose time.
  private mutating func note(_ copy: CopyInterference) {
    for index in complexes.indices where complexes[index].end > copy.start {
      let (use, end) = (complexes[index].use, complexes[index].end)
      let lost = copy.delay(use, from: copy.start, to: end)
      guard lost > 0 else { continue }
      complexes[index].times.delay(by: lost)
      complexes[index].end += lost
      let names = complexes[index].engines
      for engine in [
        names.array, names.vector, names.input, names.weights, names.side, names.output,
      ] where engine >= 0 {
        delay(engine, copy, use, until: end)
      }
    }
    events.update { engines[$0.engine].ends[$0.command] }
    copies.append(copy)
    if copies.count > 8 { copies.removeFirst() }
  }

  /// Puts off what an engine completes behind a copy's beginning.
  private mutating func delay(
    _ engine: Int, _ copy: CopyInterference, _ use: CopyInterference.Use, until end: Double
  ) {
    var command = engines[engine].ends.count - 1
    while command >= engines[engine].completed, engines[engine].ends[command] > copy.start {
      let known = engines[engine].ends[command]
      engines[engine].ends[command] += copy.delay(use, from: copy.start, to: min(known, end))
      command -= 1
    }
  }

  private func start(_ engine: Int, _ command: Int) -> Double? {
    guard engine >= 0, command >= 0 else { return 0 }
    return command < engines[engine].starts.count ? engines[engine].starts[command] : nil
  }

  /// Works through the jobs of an array for which everything has been started.
  private mutating func advance(_ index: Int) {
    let names = complexes[index].engines
    while complexes[index].next < complexes[index].steps.count {
      let place = complexes[index].next
      guard let vector = start(names.vector, complexes[index].steps[place].vector),
        let side = start(names.side, complexes[index].steps[place].side),
        let output = start(names.output, complexes[index].steps[place].job.output.command)
      else { return computeAhead(index) }
      var step = complexes[index].steps[place]
      step.job.vectorStart = vector
      step.job.sideStart = side
      step.job.outputStart = output
      let ends: ArrayJobTimes.Ends
      if let rows = step.rows {
        ends = complexes[index].times.finish(step.job, rows)
      } else if step.array >= 0 {
        guard takeStarts(&step, names) else { return }
        var computed = complexes[index].times.run(step.job)
        let begin = max(complexes[index].end, step.job.start)
        let lost = copies.reduce(0) { $0 + $1.delay(step.use, from: begin, to: computed.array) }
        if lost > 0 {
          complexes[index].times.delay(by: lost)
          computed.delay(by: lost)
        }
        complexes[index].end = computed.array
        complexes[index].use = step.use
        ends = computed
        completeArray(names, step, ends)
      } else {
        ends = complexes[index].times.runVector(step.job, pixels: step.pixels)
      }
      if step.vector >= 0 { complete(names.vector, step.vector, at: ends.vector) }
      if let share = step.job.side, share.isLast {
        complete(names.side, share.command, at: ends.side)
      }
      if step.job.output.isLast {
        complete(names.output, step.job.output.command, at: ends.output)
      }
      complexes[index].next += 1
    }
  }

  /// Fills in when the array and what feeds it know of a job; false when they do not yet.
  private func takeStarts(
    _ step: inout ArrayComplex.Step, _ names: ArrayComplex.Engines
  ) -> Bool {
    guard let job = start(names.array, step.array),
      let input = start(names.input, step.job.input.command),
      let weights = start(names.weights, step.job.weights.command)
    else { return false }
    step.job.start = job
    step.job.inputStart = input
    step.job.weightsStart = weights
    return true
  }

  private mutating func completeArray(
    _ complex: ArrayComplex.Engines, _ step: ArrayComplex.Step, _ ends: ArrayJobTimes.Ends
  ) {
    complete(complex.array, step.array, at: ends.array)
    if step.job.input.isLast {
      complete(complex.input, step.job.input.command, at: ends.input)
    }
    if step.job.weights.isLast {
      complete(complex.weights, step.job.weights.command, at: ends.weights)
    }
  }

  /// Computes jobs of a few rows that the array can end on its own.
  private mutating func computeAhead(_ index: Int) {
    let names = complexes[index].engines
    let next = complexes[index].next
    for place in next..<min(next + 2, complexes[index].steps.count) {
      if complexes[index].steps[place].rows != nil { continue }
      guard complexes[index].steps[place].array >= 0,
        ArrayJobTimes.endsAlone(complexes[index].steps[place].job)
      else { return }
      var step = complexes[index].steps[place]
      guard takeStarts(&step, names) else { return }
      let (ends, rows) = complexes[index].times.compute(step.job)
      step.rows = rows
      complexes[index].steps[place] = step
      completeArray(names, step, ends)
    }
  }
}

/// Completions by time.
struct EventHeap {
  struct Event {
    var time: Double
    var engine: Int
    var command: Int
  }

  private var heap: [Event] = []

  var first: Event? { heap.first }
  /// All of them, in no order.
  var all: [Event] { heap }

  mutating func insert(_ event: Event) {
    heap.append(event)
    var child = heap.count - 1
    while child > 0 {
      let parent = (child - 1) / 2
      guard heap[child].time < heap[parent].time else { return }
      heap.swapAt(child, parent)
      child = parent
    }
  }

  /// Gives every event its time anew.
  mutating func update(_ time: (Event) -> Double) {
    let known = heap
    heap.removeAll(keepingCapacity: true)
    for var event in known {
      event.time = time(event)
      insert(event)
    }
  }

  mutating func removeFirst() {
    guard let last = heap.popLast(), !heap.isEmpty else { return }
    heap[0] = last
    var parent = 0
    while true {
      var least = parent
      for child in [2 * parent + 1, 2 * parent + 2]
      where child < heap.count && heap[child].time < heap[least].time {
        least = child
      }
      if least == parent { return }
      heap.swapAt(parent, least)
      parent = least
    }
  }
}
