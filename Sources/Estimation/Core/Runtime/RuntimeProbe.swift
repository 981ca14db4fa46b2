public import RISCV

/// What the runtime did at a place of its run that can be told from outside.
public struct RuntimeEvent: Sendable, Equatable {
  /// What it was.
  public enum Kind: Sendable, Equatable {
    /// A load of a device's register.
    case read(engine: Int, offset: UInt64)
    /// A store to a device's register.
    case write(engine: Int, offset: UInt64)
    /// A load of PLIC.CLAIM while an interrupt is pending.
    case claim
    /// The store that completes the interrupt.
    case complete
    /// The store of the marker's tag.
    case tag
    /// Another load of a device: the PLIC's enables.
    case otherRead
    /// Another store to a device.
    case otherWrite
    /// A `wfi`.
    case wait
    /// An interrupt is taken.
    case trap
    /// The return from it.
    case resume
    /// The first instruction of a kernel.
    case kernel
    /// The first instruction behind a kernel's return.
    case kernelReturn
    /// A store to the table of engines: what the runtime knows of commands changes.
    case bookkeeping
    /// The program's last store, to `tohost`.
    case end

    /// The device whose register is accessed; nil for other events.
    public var engine: Int? {
      switch self {
      case .read(let engine, _), .write(let engine, _): engine
      default: nil
      }
    }
  }

  /// What it was.
  public let kind: Kind
  /// Instructions retired since reset, without that of the event.
  public let instructions: Int

  /// Whether it is a load or store that goes over the bus.
  public var isAccess: Bool {
    switch kind {
    case .read, .write, .claim, .complete, .tag, .otherRead, .otherWrite: true
    case .wait, .trap, .resume, .kernel, .kernelReturn, .bookkeeping, .end: false
    }
  }

  /// Whether it is a load that goes over the bus.
  public var isLoad: Bool { isAccess && !isStore }

  /// Whether it is a store that goes over the bus.
  public var isStore: Bool {
    switch kind {
    case .write, .complete, .tag, .otherWrite: true
    default: false
    }
  }
}

/// Runs the runtime firmware on a probe plan, without an SoC: a stub answers its device accesses as
/// devices would that finish a command when the probe says so.
public struct RuntimeProbe {
  /// When devices finish commands.
  public enum Completion: Sendable {
    /// One command each time the core sleeps: that of the first device that has one.
    case whileWaiting
    /// All commands under way as soon as a kernel runs, one interrupt after the other; otherwise as
    /// ``whileWaiting``.
    case whileComputing
    /// All commands under way as soon as a tag is set; otherwise as ``whileWaiting``.
    case whenTagged
  }

  private let machine: FirmwareMachine
  private let devices: UInt64
  private let plan: UInt64
  private let byte: UInt64
  private let kernels: Set<UInt64>
  private let table: Range<UInt64>
  private let arguments: UInt64
  private let argumentCount: UInt64

  /// A run takes no more instructions than that.
  private static let limit = 2_000_000
  private static let kernelCount: UInt64 = 26

  /// Prepares runs of a program in `memories`, with plans at `planAddress`: a multiple of 64, by
  /// default the first behind the program's stack.
  public init(
    program: ELFImage, instructionSet: InstructionSet, memories: [MeteredMemory],
    planAddress: UInt64? = nil
  ) throws(CoreCostError) {
    machine = try FirmwareMachine(
      program: program, instructionSet: instructionSet, memories: memories)
    devices = machine.returnAddress + FirmwareMachine.freeBytes / 2
    let free = (try machine.address(of: "__stack_top") + 63) & ~63
    plan = planAddress ?? free
    byte = try machine.address(of: "__heap_start")
    arguments = try machine.address(of: "flecsim_arguments")
    argumentCount = try machine.address(of: "flecsim_argument_count")
    let table = try machine.address(of: "kernels")
    let width = instructionSet.xlen == .rv64 ? 8 : 4
    var kernels: Set<UInt64> = []
    for index in 0..<Self.kernelCount {
      guard let kernel = machine.hart.peek(table + index * UInt64(width), bytes: width) else {
        throw .missingKernel(UInt32(index))
      }
      kernels.insert(kernel)
    }
    self.kernels = kernels
    let engines = program.symbols.first { $0.name == "engines" }
    guard let engines else { throw .missingSymbol("engines") }
    self.table = engines.address..<engines.address + engines.size
  }

  /// Executes the program from reset to its end.
  public func run(
    _ probe: ProbePlan, _ completion: Completion = .whileWaiting
  ) throws(CoreCostError) -> [RuntimeEvent] {
    try machine.load()
    let (words, tag) = probe.words(
      at: UInt32(truncatingIfNeeded: plan), devices: UInt32(truncatingIfNeeded: devices),
      byte: UInt32(truncatingIfNeeded: byte))
    try machine.write(words, at: plan)
    // cpu_firmware_args, as the loader writes it: eight digits.
    let digits = String(plan, radix: 16)
    let text = Array((String(repeating: "0", count: max(0, 8 - digits.count)) + digits).utf8) + [0]
    try machine.write(text, at: arguments)
    try machine.write([UInt32(1)], at: argumentCount)
    machine.hart.reset(pc: machine.program.entry)
    machine.hart.watch(machine.program.tohost)
    var run = ProbeRun(
      machine: machine, devices: StubDevices(probe, base: devices, tag: UInt64(tag)),
      kernels: kernels, table: table, completion: completion)
    return try run.execute(limit: Self.limit)
  }
}

/// A run under way.
private struct ProbeRun {
  let machine: FirmwareMachine
  var devices: StubDevices
  let kernels: Set<UInt64>
  let table: Range<UInt64>
  let completion: RuntimeProbe.Completion
  var events: [RuntimeEvent] = []
  /// Where the kernel that runs returns to.
  var returnAddress: UInt64?

  init(
    machine: FirmwareMachine, devices: StubDevices, kernels: Set<UInt64>, table: Range<UInt64>,
    completion: RuntimeProbe.Completion
  ) {
    self.machine = machine
    self.devices = devices
    self.kernels = kernels
    self.table = table
    self.completion = completion
  }

  private mutating func note(_ kind: RuntimeEvent.Kind) {
    events.append(
      RuntimeEvent(kind: kind, instructions: Int(machine.hart.retiredInstructions)))
  }

  mutating func execute(limit: Int) throws(CoreCostError) -> [RuntimeEvent] {
    let hart = machine.hart
    while hart.retiredInstructions < limit {
      noteKernel()
      hart.setInterruptPending(devices.isPending ? 1 << 11 : 0)
      let word = hart.nextInstruction
      if word == 0x3020_0073 { note(.resume) }
      if word == 0x1050_0073 {
        note(.wait)
        // Nothing will ever happen again: the program has ended some other way.
        guard devices.completeFirst() || devices.isPending else { break }
        hart.setInterruptPending(1 << 11)
      }
      switch hart.step() {
      case .retired(let retired):
        if let store = retired.store, table.contains(store.address) {
          events.append(
            RuntimeEvent(
              kind: .bookkeeping, instructions: Int(machine.hart.retiredInstructions) - 1))
        }
      case .retiredAndStopped(_, .wfi), .retiredAndStopped(_, .synchronise): break
      case .trapped(let trap):
        guard trap.cause.isInterrupt else {
          throw .unexpected("\(trap.cause)", address: trap.programCounter)
        }
        note(.trap)
      case .stopped(.deviceLoad(let address, _)):
        let (kind, value) = devices.load(address)
        note(kind)
        hart.completeLoad(value)
      case .stopped(.deviceStore(let address, _, let value)):
        let kind = devices.store(address, value)
        note(kind)
        if completion == .whenTagged, kind == .tag { while devices.completeFirst() {} }
        hart.completeStore()
      case .retiredAndStopped(_, .hostStore):
        note(.end)
        return events
      case .stopped(let exit), .retiredAndStopped(_, let exit):
        throw .unexpected("\(exit)", address: hart.programCounter)
      }
    }
    throw .endless(instructions: limit)
  }

  private mutating func noteKernel() {
    let counter = machine.hart.programCounter
    if counter == returnAddress {
      returnAddress = nil
      note(.kernelReturn)
    } else if returnAddress == nil, kernels.contains(counter) {
      returnAddress = machine.hart[register: 1]
      note(.kernel)
      if completion == .whileComputing { while devices.completeFirst() {} }
    }
  }
}

/// Devices and PLIC as the runtime sees them.
private struct StubDevices {
  private struct Device {
    let kind: ProbePlan.Kind
    var issued: UInt64 = 0
    var completed: UInt64 = 0
    var isDone = false
  }

  private var devices: [Device]
  private let base: UInt64
  private let tag: UInt64
  private var claimed: Int?

  init(_ plan: ProbePlan, base: UInt64, tag: UInt64) {
    devices = plan.engines.map { Device(kind: $0.kind) }
    self.base = base
    self.tag = tag
  }

  /// Whether the external interrupt is raised.
  var isPending: Bool { pending != nil }

  private var pending: Int? {
    devices.indices.first { devices[$0].isDone && claimed != $0 }
  }

  /// Finishes a command of the first device that has one under way; false when there is none.
  mutating func completeFirst() -> Bool {
    guard let index = devices.firstIndex(where: { $0.completed < $0.issued }) else { return false }
    devices[index].completed += 1
    devices[index].isDone = true
    return true
  }

  private func engine(_ address: UInt64) -> (engine: Int, offset: UInt64)? {
    guard address >= base else { return nil }
    let offset = address - base
    guard offset < UInt64(devices.count) * ProbePlan.Register.stride else { return nil }
    return (
      Int(offset / ProbePlan.Register.stride), offset % ProbePlan.Register.stride
    )
  }

  mutating func load(_ address: UInt64) -> (RuntimeEvent.Kind, UInt64) {
    guard let (engine, offset) = engine(address) else {
      // Of the PLIC's registers only CLAIM is read while an interrupt is pending.
      guard let pending else { return (.otherRead, 0) }
      claimed = pending
      return (.claim, UInt64(pending))
    }
    let device = devices[engine]
    switch offset {
    case ProbePlan.Register.status:
      return (.read(engine: engine, offset: offset), (device.issued - device.completed) << 16)
    case ProbePlan.Register.jobs:
      return (.read(engine: engine, offset: offset), device.completed)
    default: return (.read(engine: engine, offset: offset), 0)
    }
  }

  mutating func store(_ address: UInt64, _ value: UInt64) -> RuntimeEvent.Kind {
    guard let (engine, offset) = engine(address) else {
      if value == tag { return .tag }
      guard let source = claimed, value == UInt64(source) else { return .otherWrite }
      claimed = nil
      return .complete
    }
    if offset == ProbePlan.Register.status {
      devices[engine].isDone = false
    } else if value == 1 {
      devices[engine].issued += 1
    }
    return .write(engine: engine, offset: offset)
  }
}
