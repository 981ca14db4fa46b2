public import Fabric
public import Peripherals
public import RISCV
public import SimKernel
public import Telemetry

/// A processor core: a RISC-V hart, instruction-accurate, coupled in time to the clocked hardware.
///
/// What it models: every instruction takes one cycle of the core's clock, whose frequency is
/// `cpu_mips` (requirement F12). Accesses to ordinary memory are served at once; an access to a
/// device is a bus transaction that starts in the instruction's cycle, and the hart waits for its
/// answer. Timing model: the hart executes a run of instructions in one go when nobody can notice:
/// up to the next event of any other module, which is exact, plus up to the quantum while
/// interrupts cannot be taken. It then sleeps until the hardware has caught up. Interrupts are
/// taken at the instruction whose cycle they are pending in; firmware that synchronises through
/// devices and interrupts sees no difference whatever the quantum.
/// Not modelled: pipeline, caches, memory latency of ordinary accesses.
public final class Core: Module {
  enum Phase {
    case running
    /// A device access whose cycle has not come, or whose request did not fit into the channel yet.
    case access
    case waitingForLoad
    case waitingForStore
    case waitingForInterrupt
    /// A store to `tohost` retired and the host is about to look at it.
    case host
    /// A semihosting or system call whose cycle has not come.
    case hostCall
  }

  enum State {
    static let run = 0
    static let device = 1
    static let interrupt = 2
  }

  /// The most instructions executed in one go, so that progress and limits are looked at now and
  /// then.
  private static let longestRun: UInt64 = 1 << 16

  /// The hart. Whoever looks at it from outside must change nothing that the program can see.
  public let hart: Hart
  /// All memory that the hart reaches directly, read-only memory too.
  public let stores: [BackingStore]
  /// The debugger's control of this hart, while one is attached.
  public var debug: DebugControl? {
    didSet { isWatched = observer != nil || debug != nil }
  }
  /// Whether somebody looks at every instruction.
  private var isWatched: Bool
  /// Whether a debugger has halted the hart.
  public var isHalted: Bool { isBrokenOff }
  /// The same; a public stored property would cost a runtime call per access.
  private var isBrokenOff = false

  let bus: BusInitiator
  private var interrupts: InterruptLines?
  private let horizon: Horizon
  let time: UnsafeMutablePointer<Tick>
  let ticksPerSecond: UInt64
  private let controls: KernelControls
  private let machineTime: MachineTime
  private let period: Tick
  private let quantum: UInt64
  private let instructionLimit: UInt64
  private let observer: (any InstructionObserver)?
  let services: HostServices
  let exitRequest: ExitRequest
  let symbol: (UInt64) -> String?

  var phase = Phase.running
  /// The cycle up to which the hart has executed.
  var position: Cycle = 0
  /// Budget of the go under way, and how much of it is executed: a debugger may halt in between.
  private var goBudget = 0
  private var goDone = 0
  /// The device access under way, or the call to the host.
  var access = CoreAccess()
  var hostCall = Exit.environmentCall
  /// When a store to the low word of `tohost` acts on its own, and when the host looks whether
  /// the program has taken its last reply.
  var commandDeadline = Cycle.max
  var replyDeadline = Cycle.max

  let residency: Residency
  private let instructions: Counter
  let deviceAccesses: Counter
  private let wakeups: Counter
  private var retiredBefore: UInt64 = 0
  private let traffic: Table<DirectTraffic>
  private let trafficBefore: Table<MemoryTraffic>
  private let programCounter: Signal

  /// Creates a core; ``attach(_:)`` gives it its interrupt wires.
  ///
  /// - Throws: ``CoreError`` when the memories overlap.
  public init(
    path: String, configuration: CoreConfiguration, bus: BusInitiator,
    exit: ExitRequest, componentClass: String = "hart", site: ModuleSite, kernel: Kernel
  ) throws(CoreError) {
    let hart = Hart(
      configuration: HartConfiguration(
        hartID: UInt32(configuration.hart), instructionSet: configuration.instructionSet,
        misalignedAccess: configuration.misalignedAccess, engine: configuration.engine,
        semihosting: configuration.host.semihosting != nil,
        proxiesEnvironmentCalls: configuration.host.linuxCalls != nil))
    for memory in configuration.memories {
      let store = memory.store
      let region = MemoryRegion(
        base: store.base, size: UInt64(store.size), pointer: store.bytes,
        writable: memory.isWritable)
      do {
        try hart.add(region)
      } catch {
        throw CoreError(message: "\(error)")
      }
    }
    hart.reset(pc: configuration.entry)
    hart[register: 10] = UInt64(configuration.hart)
    configuration.group?.add(hart)
    self.hart = hart
    self.bus = bus
    horizon = kernel.horizon()
    time = kernel.time
    ticksPerSecond = kernel.ticksPerSecond
    controls = kernel.controls
    machineTime = configuration.time
    period = site.domain.period
    // Harts that share memory see each other's stores in the cycle after, whatever the quantum.
    quantum = configuration.group == nil ? configuration.quantum : 0
    instructionLimit = configuration.instructionLimit ?? .max
    observer = configuration.observer
    isWatched = configuration.observer != nil
    services = configuration.host
    exitRequest = exit
    symbol = configuration.symbol
    stores = configuration.memories.map(\.store)
    if services.hostInterface != nil { hart.watch(configuration.toHost) }
    traffic = Table(kernel.arena, count: configuration.memories.count)
    trafficBefore = Table(kernel.arena, count: configuration.memories.count)
    for (index, memory) in configuration.memories.enumerated() { traffic[index] = memory.traffic }
    let xlen = Int(configuration.instructionSet.xlen.rawValue)
    site.component("hart", class: componentClass, attributes: ["xlen": Double(xlen)])
    instructions = site.counter(
      "instructions", unit: "instruction", "Instructions retired.",
      action: ("hart", "instruction"))
    deviceAccesses = site.counter(
      "device_accesses", unit: "access", "Loads and stores that went over the bus.")
    wakeups = site.counter(
      "wakeups", unit: "wake-up", "Times an interrupt ended a WFI that had to wait.")
    residency = site.residency([
      .active("run"), .waiting("wait-device", on: "crossbar"),
      .waiting("wfi", on: "interrupt"),
    ])
    programCounter = site.signal("pc", .bits(xlen))
    super.init(path: path)
    if let group = configuration.group { kernel.keepOrder(of: self, sharing: group) }
  }

  /// Connects the hart's interrupt wires, which wake this module.
  public func attach(_ lines: InterruptLines) {
    interrupts = lines
  }

  /// Whether the hart stands in the middle of a device access.
  public var isWaitingForDevice: Bool {
    phase == .access || phase == .waitingForLoad || phase == .waitingForStore
  }

  /// Drops what the hart has decoded from a range of memory that somebody else has written.
  public func memoryWasWritten(_ range: ClosedRange<UInt64>) {
    hart.invalidateCode(at: range.lowerBound, count: UInt64(range.count))
  }

  public override func tick(_ now: Cycle) -> Wake {
    if isBrokenOff {
      // Ticked again by a debugger, in the cycle in which it has halted.
      isBrokenOff = false
      return proceed(now)
    }
    // A wire that changes while the hart is ahead is looked at when its time has come.
    if now < position { return .at(position) }
    switch phase {
    case .running: return run(now)
    case .access: return beginAccess(now)
    case .waitingForLoad: return finishLoad(now)
    case .waitingForStore: return finishStore(now)
    case .waitingForInterrupt: return awaitInterrupt(now)
    case .hostCall: return answerHostCall(now)
    case .host:
      phase = .running
      actForHost(now)
      return run(now)
    }
  }

  // MARK: Running

  func run(_ now: Cycle) -> Wake {
    synchroniseInputs(now)
    // What the hart would execute after the exit is nobody's business.
    if exitRequest.reason != nil { return .onPort }
    guard hart.retiredInstructions < instructionLimit else {
      exitRequest.finish(.instructionLimit(instructionLimit))
      return .onPort
    }
    residency.enter(State.run, at: now)
    goBudget = budget(now)
    goDone = 0
    return proceed(now)
  }

  /// Executes what is left of the go that began in cycle `now`.
  private func proceed(_ now: Cycle) -> Wake {
    if isWatched { return proceedWatched(now) }
    let result = hart.run(budget: goBudget - goDone, synchronised: goDone == 0)
    return finishGo(result, now)
  }

  /// The same for those who look on. Not inlined: it counts references.
  @inline(never)
  private func proceedWatched(_ now: Cycle) -> Wake {
    guard observer != nil || debug?.isActive == true else {
      let result = hart.run(budget: goBudget - goDone, synchronised: goDone == 0)
      if result.executed > 0 { debug?.noteMotion() }
      return finishGo(result, now)
    }
    guard let exit = goStepwise(now) else {
      position = now &+ UInt64(goDone)
      countInstructions()
      isBrokenOff = true
      controls.pause()
      return .nextCycle
    }
    let wake = finishGo(RunResult(exit: exit, executed: 0), now)
    if let debug, phase == .running, debug.isDone(at: hart) { controls.pause() }
    return wake
  }

  private func finishGo(_ result: RunResult, _ now: Cycle) -> Wake {
    goDone += result.executed
    position = now &+ UInt64(goDone)
    countInstructions()
    programCounter.set(hart.programCounter)
    return act(on: result.exit, now)
  }

  /// The same as `hart.run`, one instruction at a time, for those who look on; nil when the
  /// debugger halts the hart.
  private func goStepwise(_ now: Cycle) -> Exit? {
    while goDone < goBudget {
      if debug?.halts(before: hart) == true { return nil }
      let step = hart.step(synchronised: goDone == 0)
      note(step, at: now &+ UInt64(goDone))
      switch step {
      case .retired: goDone += 1
      case .trapped: break
      case .retiredAndStopped(_, let exit):
        goDone += 1
        return exit
      case .stopped(let exit): return exit
      }
    }
    return .budget
  }

  /// Tells observer and debugger.
  @inline(never)
  func note(_ step: Step, at cycle: Cycle) {
    guard isWatched else { return }
    switch step {
    case .retired(let retired), .retiredAndStopped(let retired, _):
      debug?.noteMotion()
      observer?.observe(.retired(retired), of: hart, at: cycle)
    case .trapped(let trap):
      debug?.noteMotion()
      observer?.observe(
        trap.cause.isInterrupt
          ? .interrupt(trap) : .exception(trap, word: hart.executedInstruction),
        of: hart, at: cycle)
    case .stopped: break
    }
  }

  /// Does what the hart asks for at `position`, when the latest instruction ran in or after cycle
  /// `now`.
  func act(on exit: Exit, _ now: Cycle) -> Wake {
    switch exit {
    case .budget, .synchronise: break
    case .deviceLoad(let address, let bytes):
      access = CoreAccess(address: address, bytes: bytes)
      phase = .access
    case .deviceStore(let address, let bytes, let value):
      access = CoreAccess(address: address, bytes: bytes, isStore: true, value: value)
      phase = .access
    case .wfi: phase = .waitingForInterrupt
    case .hostStore(let address, let bytes, _):
      if services.hostInterface?.isComplete(address: address, bytes: bytes) == true {
        phase = .host
      } else {
        commandDeadline = position &+ HostInterface.lowWordPatience
      }
    case .semihosting, .environmentCall:
      hostCall = exit
      phase = .hostCall
    case .doubleFault(let cause, let programCounter, let value):
      // Its cycle may lie ahead; the hart says the same again then.
      guard position == now else { return .at(position) }
      exitRequest.finish(
        .unhandledTrap(describe(cause: cause, at: programCounter, value: value)))
      return .onPort
    }
    if position == now {
      switch phase {
      case .access: return beginAccess(now)
      case .hostCall: return answerHostCall(now)
      default: break
      }
    }
    return .at(max(position, now &+ 1))
  }

  /// Brings interrupt bits and time up to this instant.
  func synchroniseInputs(_ now: Cycle) {
    if let interrupts { hart.setInterruptPending(interrupts.pending) }
    hart.setTime(machineTime.count(at: time.pointee))
    if now >= commandDeadline { actForHost(now) }
    if now >= replyDeadline { pollForHost(now) }
  }

  /// How many instructions may run before anybody could notice.
  private func budget(_ now: Cycle) -> Int {
    let free = horizon.tick &- time.pointee
    var cycles = free / period &+ 1
    if !hart.canTakeInterrupt {
      // Not past the end of the run: what is counted there belongs to no cycle of it.
      cycles = min(cycles &+ quantum, (horizon.limit &- time.pointee) / period &+ 1)
    }
    let deadline = min(commandDeadline, replyDeadline)
    if deadline != .max { cycles = min(cycles, max(1, deadline &- now)) }
    cycles = min(cycles, instructionLimit &- hart.retiredInstructions)
    return Int(min(cycles, Self.longestRun))
  }

  func countInstructions() {
    let retired = hart.retiredInstructions
    instructions.add(retired &- retiredBefore)
    retiredBefore = retired
    for index in 0..<traffic.count {
      let (now, before) = (hart.traffic(ofRegion: index), trafficBefore[index])
      guard now != before else { continue }
      traffic[index].loads.add(now.loads &- before.loads)
      traffic[index].loadedBytes.add(now.loadedBytes &- before.loadedBytes)
      traffic[index].stores.add(now.stores &- before.stores)
      traffic[index].storedBytes.add(now.storedBytes &- before.storedBytes)
      trafficBefore[index] = now
    }
  }

  // MARK: Waiting for interrupts

  private func awaitInterrupt(_ now: Cycle) -> Wake {
    synchroniseInputs(now)
    guard hart.interruptPendingAndEnabled else {
      residency.enter(State.interrupt, at: now)
      let deadline = min(commandDeadline, replyDeadline)
      return deadline == .max ? .onPort : .at(deadline)
    }
    if now > position { wakeups.add() }
    hart.addStallCycles(now &- position)
    position = now
    phase = .running
    return run(now)
  }

  /// Shows where the program has got to.
  func showProgramCounter() { programCounter.set(hart.programCounter) }
}
