public import Fabric
public import Peripherals
internal import RISCV
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
  private enum Phase {
    case running
    /// A device access whose cycle has not come, or whose request did not fit into the channel yet.
    case access
    case waitingForLoad
    case waitingForStore
    case waitingForInterrupt
    /// A store to `tohost` retired and the host is about to look at it.
    case host
  }

  private enum State {
    static let run = 0
    static let device = 1
    static let interrupt = 2
  }

  /// The most instructions executed in one go, so that progress and limits are looked at now and
  /// then.
  private static let longestRun: UInt64 = 1 << 16

  private let hart: Hart
  private let bus: BusInitiator
  private var interrupts: InterruptLines?
  private let horizon: Horizon
  private let time: UnsafeMutablePointer<Tick>
  private let timeBase: TimeBase
  private let period: Tick
  private let quantum: UInt64
  private let hostInterface: HostInterface?
  private let exitRequest: ExitRequest
  private let symbol: (UInt64) -> String?
  /// For messages only: the hart has its own way to memory.
  private let stores: [BackingStore]

  private var phase = Phase.running
  /// The cycle up to which the hart has executed.
  private var position: Cycle = 0
  /// The device access under way.
  private var address: Address = 0
  private var accessBytes = 0
  private var storeValue: UInt64 = 0
  private var isStore = false
  /// When a store to the low word of `tohost` acts on its own.
  private var hostDeadline = Cycle.max

  private let residency: Residency
  private let instructions: Counter
  private let deviceAccesses: Counter
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
    let hart = Hart(configuration: HartConfiguration(hartID: UInt32(configuration.hart)))
    for memory in configuration.memories {
      let store = memory.store
      let region = MemoryRegion(
        base: store.base, size: UInt64(store.size), pointer: store.bytes, writable: true)
      do {
        try hart.add(region)
      } catch {
        throw CoreError(message: "\(error)")
      }
    }
    hart.reset(pc: configuration.entry)
    hart[register: 10] = UInt64(configuration.hart)
    self.hart = hart
    self.bus = bus
    horizon = kernel.horizon()
    time = kernel.time
    timeBase = TimeBase(ticksPerSecond: kernel.ticksPerSecond, hertz: CLINT.timeBaseHertz)
    period = site.domain.period
    quantum = configuration.quantum
    exitRequest = exit
    symbol = configuration.symbol
    stores = configuration.memories.map(\.store)
    hostInterface = configuration.toHost.flatMap {
      HostInterface(
        toHost: $0, fromHost: configuration.fromHost, memories: configuration.memories.map(\.store),
        console: configuration.console)
    }
    if hostInterface != nil { hart.watch(configuration.toHost) }
    traffic = Table(kernel.arena, count: configuration.memories.count)
    trafficBefore = Table(kernel.arena, count: configuration.memories.count)
    for (index, memory) in configuration.memories.enumerated() { traffic[index] = memory.traffic }
    site.component("hart", class: componentClass, attributes: ["xlen": 32])
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
    programCounter = site.signal("pc", .bits(32))
    super.init(path: path)
  }

  /// Connects the hart's interrupt wires, which wake this module.
  public func attach(_ lines: InterruptLines) {
    interrupts = lines
  }

  public override func tick(_ now: Cycle) -> Wake {
    // A wire that changes while the hart is ahead is looked at when its time has come.
    if now < position { return .at(position) }
    switch phase {
    case .running: return run(now)
    case .access: return beginAccess(now)
    case .waitingForLoad: return finishLoad(now)
    case .waitingForStore: return finishStore(now)
    case .waitingForInterrupt: return awaitInterrupt(now)
    case .host:
      phase = .running
      actForHost(now)
      return run(now)
    }
  }

  // MARK: Running

  private func run(_ now: Cycle) -> Wake {
    synchroniseInputs(now)
    // What the hart would execute after the exit is nobody's business.
    if exitRequest.reason != nil { return .onPort }
    residency.enter(State.run, at: now)
    let result = hart.run(budget: budget(now), synchronised: true)
    position = now &+ UInt64(result.executed)
    countInstructions()
    switch result.exit {
    case .budget, .synchronise: break
    case .deviceLoad(let address, let bytes):
      self.address = address
      accessBytes = bytes
      isStore = false
      phase = .access
    case .deviceStore(let address, let bytes, let value):
      self.address = address
      accessBytes = bytes
      storeValue = value
      isStore = true
      phase = .access
    case .wfi: phase = .waitingForInterrupt
    case .hostStore(let address, let bytes, _):
      if hostInterface?.isComplete(address: address, bytes: bytes) == true {
        phase = .host
      } else {
        hostDeadline = position &+ HostInterface.lowWordPatience
      }
    case .doubleFault(let cause, let programCounter, let value):
      exitRequest.finish(
        .unhandledTrap(describe(cause: cause, at: programCounter, value: value)))
      return .onPort
    }
    if position == now, phase == .access { return beginAccess(now) }
    return .at(max(position, now &+ 1))
  }

  /// Brings interrupt bits and time up to this instant.
  private func synchroniseInputs(_ now: Cycle) {
    if let interrupts { hart.setInterruptPending(interrupts.pending) }
    hart.setTime(timeBase.count(at: time.pointee))
    if now >= hostDeadline { actForHost(now) }
  }

  /// How many instructions may run before anybody could notice.
  private func budget(_ now: Cycle) -> Int {
    let free = horizon.tick &- time.pointee
    var cycles = free / period &+ 1
    if !hart.canTakeInterrupt { cycles = cycles &+ quantum }
    if hostDeadline != .max { cycles = min(cycles, max(1, hostDeadline &- now)) }
    return Int(min(cycles, Self.longestRun))
  }

  private func countInstructions() {
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
    programCounter.set(hart.programCounter)
  }

  private func actForHost(_ now: Cycle) {
    guard let hostInterface else { return }
    if let code = hostInterface.act() { exitRequest.finish(.code(code, by: "tohost")) }
    // Nothing tells when the program takes a reply, so the host looks again while another one
    // waits.
    hostDeadline =
      hostInterface.hasWaitingReply ? now &+ HostInterface.lowWordPatience : .max
  }

  // MARK: Device accesses

  private func beginAccess(_ now: Cycle) -> Wake {
    residency.enter(State.device, at: now)
    let request = BusRequest(address: address, bytes: accessBytes, busBytes: bus.widthBytes)
    if isStore {
      guard bus.writeRequest.canPush, bus.writeData.canPush else { return .onPort }
      let lane = Int(address & Address(bus.widthBytes - 1))
      for index in 0..<accessBytes {
        bus.writeData.data.storeBytes(
          of: UInt8(truncatingIfNeeded: storeValue >> UInt64(8 * index)),
          toByteOffset: lane + index, as: UInt8.self)
      }
      bus.writeRequest.push(request)
      bus.writeData.push(WriteBeat(offset: lane, bytes: accessBytes, isLast: true))
      phase = .waitingForStore
    } else {
      guard bus.readRequest.canPush else { return .onPort }
      bus.readRequest.push(request)
      phase = .waitingForLoad
    }
    deviceAccesses.add()
    return .onPort
  }

  private func finishLoad(_ now: Cycle) -> Wake {
    guard bus.readData.canPop else { return .onPort }
    let lane = Int(address & Address(bus.widthBytes - 1))
    var value: UInt64 = 0
    for index in (0..<accessBytes).reversed() {
      let byte = bus.readData.data.load(fromByteOffset: lane + index, as: UInt8.self)
      value = value << 8 | UInt64(byte)
    }
    let response = bus.readData.pop().response
    if response == .okay { hart.completeLoad(value) } else { hart.failAccess() }
    return resume(now)
  }

  private func finishStore(_ now: Cycle) -> Wake {
    guard bus.writeResponse.canPop else { return .onPort }
    let response = bus.writeResponse.pop().response
    if response == .okay { hart.completeStore() } else { hart.failAccess() }
    return resume(now)
  }

  /// The access was answered in cycle `now`; the next instruction runs in the cycle after.
  private func resume(_ now: Cycle) -> Wake {
    hart.addStallCycles(now &- position)
    position = now &+ 1
    phase = .running
    countInstructions()
    return .nextCycle
  }

  // MARK: Waiting for interrupts

  private func awaitInterrupt(_ now: Cycle) -> Wake {
    synchroniseInputs(now)
    guard hart.interruptPendingAndEnabled else {
      residency.enter(State.interrupt, at: now)
      return hostDeadline == .max ? .onPort : .at(hostDeadline)
    }
    if now > position { wakeups.add() }
    hart.addStallCycles(now &- position)
    position = now
    phase = .running
    return run(now)
  }

  /// Cause, place, instruction and `mtval` of a trap whose handler cannot run, and why it cannot.
  private func describe(cause: TrapCause, at address: UInt64, value: UInt64) -> String {
    func hex(_ value: UInt64) -> String { "0x" + String(value, radix: 16) }
    let place = symbol(address).map { " in \($0)" } ?? ""
    let code = instruction(at: address).map { ": \($0)" } ?? ""
    // The hart stands at the handler's first instruction.
    let vector = hart.programCounter
    return "\(cause) at pc \(hex(address))\(place)\(code), mtval \(hex(value)); "
      + (vector == 0
        ? "no trap handler is installed (mtvec is 0)"
        : "the trap handler at \(hex(vector))\(symbol(vector).map { " (\($0))" } ?? "") itself traps")
  }

  /// The instruction in assembler and as a word; nil where no memory is.
  private func instruction(at address: UInt64) -> String? {
    guard let store = stores.first(where: { $0.contains(address, count: 4) }) else { return nil }
    let word = store.read(at: address, count: 4).reversed().reduce(UInt32(0)) {
      $0 << 8 | UInt32($1)
    }
    let digits = String(word, radix: 16)
    let padded = "0x" + String(repeating: "0", count: 8 - digits.count) + digits
    // Two low bits other than 11 mark an instruction of 16 bits.
    if word & 3 != 3 { return "no 32-bit instruction (\(padded)); the core has no compressed ones" }
    let text = disassemble(word, pc: address).split(separator: " ").joined(separator: " ")
    return text == "unknown" ? "no instruction of the core (\(padded))" : "'\(text)' (\(padded))"
  }
}
