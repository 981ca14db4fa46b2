internal import Mapping

/// Replays the runtime firmware over a plan: when the core issues which command, and so when every layer begins and ends.
///
/// The core takes interrupts one by one and gives every engine up to two commands whose dependencies are complete, as the
/// firmware does; what that costs is measured on the instruction-set simulator. What the commands do is left to `Devices`.
struct RuntimeReplay<Devices: PlannedDevices> {
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
    /// Its number at the interrupt controller: of several that wait the least comes first.
    var source = 0
    var isDMA = false
    var issued = 0
    var completed = 0
    var starts: [Double] = []
    var ends: [Double] = []
    var tag: Int?
    var tagAt = 0
  }

  private let timing: CoreTiming
  private let core: RuntimeCycles
  private let waits: [Wait]
  private let kernels: [Double]
  private let tagCount: Int
  private var engines: [Engine]
  private var devices: Devices
  /// Ends whose interrupts have not been cleared, in the order of time.
  private var pending: [CommandEnd] = []
  private var time = 0.0
  private var kernelEnd: Double?
  private var tags: [(time: Double, tag: Int)] = []

  init(
    work: [EngineWork], tagCount: Int, timing: CoreTiming, kernelCycles: [Double],
    devices: Devices
  ) {
    self.timing = timing
    self.tagCount = tagCount
    self.devices = devices
    core = RuntimeCycles(timing)
    kernels = kernelCycles
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
  }

  /// Replays the plan.
  mutating func run() -> PlanTimeline.Result {
    let runtime = timing.runtime
    time = timing.cycles(runtime.start)
    for engine in engines.dropFirst() {
      time += timing.cycles(engine.isDMA ? runtime.openDMA : runtime.openAccelerator)
    }
    time += core.cycles(runtime.opened)
    pass()
    time += core.cycles(runtime.begun)
    while true {
      if let end = kernelEnd {
        if let event = nextEvent(before: core.lastRaise(before: end)) {
          serve(at: event)
        } else {
          endKernel(at: end)
        }
      } else if beginKernel() {
        continue
      } else if let event = nextEvent(before: .infinity) {
        time += idleLoop
        serve(at: event)
      } else {
        break
      }
    }
    time += Double(runtime.loop.finish(engines: engines.count)) * core.instruction
    time += Double(Self.instructionsToExit) * core.instruction
    return result()
  }

  /// From the store to `tohost` to the end of a run.
  private static var instructionsToExit: Int { 2 }

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

  private func result() -> PlanTimeline.Result {
    var result = PlanTimeline.Result()
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

  // MARK: Interrupts

  /// When the oldest interrupt was raised, if that was before `limit`.
  private mutating func nextEvent(before limit: Double) -> Double? {
    if pending.isEmpty, let end = devices.nextEnd(before: limit) { note(end) }
    return pending.first.flatMap { $0.time < limit ? $0.time : nil }
  }

  /// Has everything worked on that is in front of `time`.
  private mutating func advance(to time: Double) {
    while let end = devices.nextEnd(before: time) { note(end) }
  }

  private mutating func note(_ end: CommandEnd) {
    engines[end.engine].ends.append(end.time)
    pending.append(end)
  }

  /// Of the engines that raised their interrupt before `time` the one that the interrupt controller names.
  private func claimed(before time: Double) -> Int? {
    var best: Int?
    for end in pending where end.time < time {
      if let known = best, engines[known].source <= engines[end.engine].source { continue }
      best = end.engine
    }
    return best
  }

  /// An interrupt: the runtime asks one device what it has completed and gives all of them new commands.
  private mutating func serve(at completion: Double) {
    let begin = max(time, core.interrupted(at: completion))
    // A core that sleeps has its `wfi` behind it.
    let isAsleep = kernelEnd == nil && begin > time
    time = begin - (isAsleep ? core.instruction : 0)
    time += kernelEnd == nil ? core.wake : core.trap
    // A runtime that costs nothing claims what has woken it all the same.
    let claim = max((time + core.servedLoad).rounded(.down), completion + 1)
    advance(to: claim)
    let index = claimed(before: claim) ?? 0
    let service = engines[index].isDMA ? core.serveDMA : core.serveAccelerator
    let cleared = max(claim, (time + service.cleared).rounded(.down))
    let read = max(claim, (time + service.read).rounded(.down))
    advance(to: read)
    // What ends in the cycle in which DONE is cleared, or later, raises the line again.
    pending.removeAll { $0.engine == index && $0.time < cleared }
    var completed = engines[index].completed
    while completed < engines[index].ends.count, engines[index].ends[completed] < read {
      completed += 1
    }
    engines[index].completed = completed
    let behindRead = time + service.behindRead
    time += service.end
    if let tag = engines[index].tag, completed >= engines[index].tagAt {
      tags.append((behindRead + core.servedTagStore, tag))
      time += core.servedTag
      engines[index].tag = nil
    }
    pass()
    time += core.served
    if let end = kernelEnd {
      time += core.resume
      kernelEnd = end + time - begin
    }
  }

  // MARK: Commands

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
        // The tag is set between the waits and the first register write.
        let first =
          cost.start(waits: Int(command.waits), groups: 1, values: 1) + cost.tag
          - cost.tagToFirstWrite
        tags.append((time + core.cycles(first) + core.servedStore, Int(command.tag)))
        time += core.cycles(cost.tag - 1) + core.store
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
    let start = time - core.cycles(cost.tail) - core.store + core.servedStore
    engines[index].issued += 1
    engines[index].starts.append(start)
    devices.issue(index, at: start)
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
      let store = time - core.cycles(cost.tagToKernel - 1) - core.store
      tags.append((store + core.servedStore, Int(command.tag)))
    }
    engines[0].issued += 1
    engines[0].starts.append(time)
    kernelEnd = time + kernels[index]
    // Interrupts that wait are taken as soon as the runtime lets them.
    time -= core.cycles(cost.trapToKernel)
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
}
