/// The discrete-event kernel: clocked modules, registered channels, exact integer time.
///
/// Per instant the kernel freezes, for every domain with an edge there, who runs; then runs them. A
/// module that wants the next cycle stays in its domain's mask, so an active module costs no queue
/// operation and a sleeping one costs nothing. When nobody is active, time jumps.
public final class Kernel {
  /// The last tick a kernel processes, about 9,200 s of femtoseconds; a run that gets there ends
  /// with ``Outcome/limitReached``.
  public static let lastTick: Tick = 1 << 63 - 1

  /// Owns the memory of all ports, counters and tables.
  public let arena = Arena()
  /// The clocks, in plan order.
  public let domains: [ClockDomain]
  /// Base ticks per second.
  public let ticksPerSecond: UInt64
  /// The tick being processed; between two runs the last tick that was simulated.
  public let time: UnsafeMutablePointer<Tick>

  let isEager: Bool
  let states: UnsafeMutablePointer<DomainState>
  let requests: UnsafeMutablePointer<KernelRequests>
  /// Sets the stamp of the current instant where ports see it.
  let clock: PortClock
  /// The first tick not yet simulated; up to date between two runs.
  var next: Tick = 0
  /// The limit of the current run.
  let limit: UnsafeMutablePointer<Tick>
  var barriers: [(Tick) -> Void] = []
  /// Whether the latest run was paused, so that its last instant still has barrier actions to come.
  var isPaused = false

  /// Where the state of channels and lines comes from.
  private var ports: PortMemory
  private let order: ModuleOrder
  private var modules: [(module: Module, domain: Int)] = []
  private var indices: [ObjectIdentifier: Int] = [:]
  /// What modules share beyond ports.
  private var shared: [ObjectIdentifier: ObjectIdentifier] = [:]
  private var links: [WakeLink] = []
  private var pendingLinks: [(module: ObjectIdentifier, install: (WakeLink) -> Void)] = []
  private var isSealed = false

  /// Creates a kernel.
  ///
  /// - Parameters:
  ///   - eager: tick every module in every cycle, instead of sleeping and skipping; for tests.
  ///   - order: the order of modules within an edge; for tests.
  public init(plan: ClockPlan, eager: Bool = false, order: ModuleOrder = .registration) {
    domains = plan.clocks.enumerated().map {
      ClockDomain(
        index: $0.offset, name: $0.element.name, hertz: $0.element.hertz,
        period: $0.element.period)
    }
    ticksPerSecond = plan.ticksPerSecond
    isEager = eager
    self.order = order
    time = arena.allocate(Tick.self, count: 1)
    ports = PortMemory(arena: arena, now: 1)
    clock = ports.clock
    limit = arena.allocate(Tick.self, count: 1)
    requests = arena.allocate(KernelRequests.self, count: 1)
    states = arena.allocate(DomainState.self, count: plan.clocks.count)
  }

  // MARK: Building

  /// Adds a module to a clock domain, before the first run. The kernel keeps it alive.
  ///
  /// Traps when the module was added before or the domain is full (4,096 modules).
  public func add(_ module: Module, to domain: ClockDomain) {
    precondition(!isSealed, "modules are added before the first run")
    let known = indices.updateValue(modules.count, forKey: ObjectIdentifier(module))
    precondition(known == nil, "a module is added once")
    modules.append((module, domain.index))
  }

  /// Lets the modules of a domain that share `resource` run in the order they were added, whatever
  /// the ``ModuleOrder``: for those who use it within an instant, against the timing rule, as harts
  /// use their memory. Called before the first run.
  public func keepOrder(of module: Module, sharing resource: AnyObject) {
    precondition(!isSealed, "the order of modules is fixed before the first run")
    shared[ObjectIdentifier(module)] = ObjectIdentifier(resource)
  }

  /// Creates a channel; ``connect(_:producer:consumer:)`` says whom it wakes.
  ///
  /// - Parameters:
  ///   - capacity: slots; 2 gives one transfer per cycle.
  ///   - laneBytes: bytes of data that travel with each payload.
  public func channel<Payload: BitwiseCopyable>(
    of _: Payload.Type, capacity: Int = 2, laneBytes: Int = 0
  ) -> (out: OutPort<Payload>, in: InPort<Payload>) {
    precondition(capacity > 0, "a channel has at least one slot")
    precondition(laneBytes >= 0, "a channel has at least 0 bytes of data lanes")
    let state = ports.allocate(ChannelState<Payload>.self)
    let slots = arena.allocate(ChannelSlot<Payload>.self, count: capacity)
    let lanes = UnsafeMutableRawPointer(arena.allocate(UInt8.self, count: capacity * laneBytes))
    for index in 0..<capacity {
      slots[index].mark = ~0
      slots[index].next = slots + (index + 1) % capacity
      slots[index].lanes = lanes + index * laneBytes
    }
    state.initialize(
      to: ChannelState(
        tail: slots, head: slots, producer: openEnd, consumer: openEnd, laneBytes: laneBytes))
    return (OutPort(state: state), InPort(state: state))
  }

  /// Lets pushes of `port` wake `consumer` and pops wake `producer`, which may be added later.
  public func connect<Payload>(
    _ port: OutPort<Payload>, producer: Module, consumer: Module
  ) {
    let state = port.state
    link(to: producer) { state.pointee.producer = $0 }
    link(to: consumer) {
      state.pointee.consumer = $0
      // What was pushed before the link existed would wake nobody.
      if InPort(state: state).isOccupied { $0.wake(PortPage.stamp(of: state)) }
    }
  }

  /// Creates a registered wire whose changes wake `listener`, which may be added later.
  public func line(to listener: Module) -> Line {
    let state = ports.allocate(Line.State.self)
    state.initialize(
      to: Line.State(previous: false, current: false, changed: 0, listener: openEnd))
    link(to: listener) {
      state.pointee.listener = $0
      if state.pointee.current { $0.wake(PortPage.stamp(of: state)) }
    }
    return Line(state: state)
  }

  /// A wake target that reaches nobody, for the open end of a channel driven by hand in tests.
  private lazy var openEnd: WakeLink = {
    let nowhere = arena.allocate(UInt64.self, count: 1)
    let cell = arena.allocate(WakeCell.self, count: 1)
    cell.initialize(
      to: WakeCell(
        woken: WakeCell.unasked, word: nowhere, bit: 0, summary: nowhere, summaryBit: 0))
    return WakeLink(cell: cell)
  }()

  /// Runs `body` between two instants whenever ``KernelControls/raiseBarrier()`` was called in the
  /// first of them, with the tick of that instant.
  public func onBarrier(_ body: @escaping (Tick) -> Void) {
    barriers.append(body)
  }

  /// A handle with which a module asks the kernel to finish or to run the barrier actions.
  public var controls: KernelControls { KernelControls(requests: requests) }

  /// A handle with which a module asks how long it has the system to itself.
  public func horizon() -> Horizon { Horizon(kernel: Unmanaged.passUnretained(self)) }

  // MARK: Sealing

  /// Hands `install` the module's link, now or when the modules' places are known.
  private func link(to module: Module, _ install: @escaping (WakeLink) -> Void) {
    pendingLinks.append((ObjectIdentifier(module), install))
    if isSealed { installLinks() }
  }

  private func installLinks() {
    for (module, install) in pendingLinks {
      guard let index = indices[module] else {
        preconditionFailure("a port is connected to a module that was never added")
      }
      install(links[index])
    }
    pendingLinks = []
  }

  /// The domain of `module` and its place there; nil for modules of others, and before the first
  /// run.
  func place(of module: Module) -> (domain: Int, place: Int)? {
    guard isSealed, let index = indices[ObjectIdentifier(module)] else { return nil }
    let state = states + modules[index].domain
    return (modules[index].domain, links[index].cell - state.pointee.cells)
  }

  /// Fixes the order of modules and lays out the run state, before the first run.
  func seal() {
    guard !isSealed else { return }
    isSealed = true
    links = Array(repeating: openEnd, count: modules.count)
    for domain in domains {
      var list = modules.indices.filter { modules[$0].domain == domain.index }
      precondition(
        list.count <= DomainState.maximumModules,
        "a clock domain holds at most \(DomainState.maximumModules) modules")
      switch order {
      case .registration: break
      case .reversed: list.reverse()
      case .shuffled(let seed):
        var random = SplitMix64(seed: seed &+ UInt64(domain.index))
        list.shuffle(using: &random)
      }
      restoreOrder(&list)
      let state = states + domain.index
      state.initialize(
        to: DomainState(
          arena: arena, period: domain.period, modules: list.map { modules[$0].module }))
      DomainScheduler(state).prepare()
      for (place, index) in list.enumerated() {
        links[index] = WakeLink(cell: state.pointee.cells + place)
      }
    }
    installLinks()
  }

  /// Puts modules that share a resource back into the order they were added, at the places they
  /// have.
  private func restoreOrder(_ list: inout [Int]) {
    var places: [ObjectIdentifier: [Int]] = [:]
    for (place, index) in list.enumerated() {
      guard let resource = shared[ObjectIdentifier(modules[index].module)] else { continue }
      places[resource, default: []].append(place)
    }
    for group in places.values {
      for (place, index) in zip(group, group.map { list[$0] }.sorted()) { list[place] = index }
    }
  }
}
