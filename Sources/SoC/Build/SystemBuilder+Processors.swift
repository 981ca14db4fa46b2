internal import Fabric
internal import Peripherals
internal import Processors
internal import RISCV
internal import SimKernel
internal import Telemetry

/// The harts of a system and the wires to them.
struct ProcessorCluster {
  /// In the order of the harts' numbers; empty without a program.
  var cores: [Core] = []
  /// What all harts see as the time.
  let time: MachineTime
  /// What the CLINT drives.
  var timerLines: [CLINT.HartLines] = []
  /// What the PLIC drives, in the order of its contexts.
  var contexts: [Line] = []
}

/// The harts that may have decoded what the host writes.
private final class CodeViews {
  private struct View {
    weak var core: Core?
  }

  private var views: [View] = []

  func add(_ core: Core) { views.append(View(core: core)) }

  func memoryWasWritten(_ range: ClosedRange<UInt64>) {
    for view in views { view.core?.memoryWasWritten(range) }
  }
}

extension SystemBuilder {
  /// The boot ROM's name in paths and reports.
  static let bootROM = "boot_rom"

  /// Makes the harts.
  func makeProcessors(
    _ wiring: BusWiring, memories: [CoreMemory]
  ) throws(SystemError) -> ProcessorCluster {
    var cluster = ProcessorCluster(time: MachineTime(kernel: kernel))
    guard let cpu = description.cpu, let program else { return cluster }
    var entry = cpu.resetAddress ?? program.image.entry
    var memories = memories
    if cpu.boot == .rom {
      memories.append(try makeBootROM(cpu, entry: entry, program))
      entry = BootROM.base
    }
    let group = cpu.harts > 1 ? HartGroup() : nil
    let views = CodeViews()
    let host = makeHost(cpu, program, stores: memories.filter(\.isWritable).map(\.store), views)
    for (hart, name) in cpu.hartNames.enumerated() {
      var configuration = CoreConfiguration(
        hart: hart, instructionSet: cpu.type.instructionSet,
        quantum: UInt64(cpu.quanta.global * cpu.mips / 1000), entry: entry, memories: memories,
        time: cluster.time, toHost: program.image.tohost, host: host)
      configuration.symbol = program.symbol(at:)
      configuration.misalignedAccess = cpu.misaligned == .trapped ? .trapped : .supported
      configuration.engine = cpu.engine
      configuration.group = group
      configuration.instructionLimit = options.instructionLimit
      configuration.observer = options.observer?(hart)
      let core = try makeCore(name, cpu, configuration, wiring)
      wire(core, cpu, into: &cluster)
      cluster.cores.append(core)
      views.add(core)
    }
    return cluster
  }

  /// The services of the host, which all harts share.
  private func makeHost(
    _ cpu: CPUDescription, _ program: Program, stores: [BackingStore], _ views: CodeViews
  ) -> HostServices {
    let memory = PhysicalStores(stores) { views.memoryWasWritten($0) }
    let settings = HostSettings(
      access: cpu.hostFiles.map { .folder(description.resolve($0)) } ?? .none,
      arguments: [program.path] + cpu.arguments, freeMemory: freeMemory(program, stores),
      hasSemihosting: cpu.semihosting, hasLinuxCalls: cpu.linuxCalls)
    return HostServices(
      settings: settings, console: console, memory: memory, toHost: program.image.tohost,
      fromHost: program.image.fromhost, report: options.hostNotes ?? { _ in })
  }

  /// What lies behind the program in its memory.
  private func freeMemory(_ program: Program, _ stores: [BackingStore]) -> Range<UInt64>? {
    guard let store = stores.first(where: { $0.contains(program.image.entry, count: 1) }) else {
      return nil
    }
    let ends = program.image.segments
      .filter { store.contains($0.address, count: Int(clamping: $0.memorySize)) }
      .map { $0.address + $0.memorySize }
    guard let end = ends.max() else { return nil }
    return (end + 15) & ~15..<max((end + 15) & ~15, store.base + UInt64(store.size))
  }

  private func makeCore(
    _ name: String, _ cpu: CPUDescription, _ configuration: CoreConfiguration,
    _ wiring: BusWiring
  ) throws(SystemError) -> Core {
    let site = registry.module(
      name, kind: cpu.type.name, domain: domain(Self.instructionClock))
    let core: Core
    do {
      core = try Core(
        path: name, configuration: configuration, bus: wiring.initiator(name).initiator,
        exit: exit, componentClass: cpu.energyClass ?? "hart", site: site, kernel: kernel)
    } catch {
      throw .build(path: "cpu", reason: "\(error)")
    }
    add(core, site)
    wiring.setInitiator(name, core)
    return core
  }

  private func wire(_ core: Core, _ cpu: CPUDescription, into cluster: inout ProcessorCluster) {
    let lines = CLINT.HartLines(software: kernel.line(to: core), timer: kernel.line(to: core))
    let external = kernel.line(to: core)
    let supervisorExternal = cpu.type.hasSupervisor ? kernel.line(to: core) : nil
    core.attach(
      InterruptLines(
        software: lines.software, timer: lines.timer, external: external,
        supervisorExternal: supervisorExternal))
    cluster.timerLines.append(lines)
    cluster.contexts.append(external)
    if let supervisorExternal { cluster.contexts.append(supervisorExternal) }
  }

  /// A memory that only harts see and that nothing writes; it takes no energy, as it is read a few
  /// times per run.
  private func makeBootROM(
    _ cpu: CPUDescription, entry: UInt64, _ program: Program
  ) throws(SystemError) -> CoreMemory {
    let tree = SystemDeviceTree(description, hasHostInterface: program.image.tohost != nil)
    let contents = BootROM(
      entry: entry, xlen: cpu.type.instructionSet.xlen,
      deviceTree: FlattenedDeviceTree(tree.root).bytes)
    guard contents.fits else {
      throw .build(
        path: "cpu.boot",
        reason: "boot code and device tree take \(contents.bytes.count) bytes; the boot ROM has "
          + "\(BootROM.windowBytes)")
    }
    guard let store = BackingStore(base: BootROM.base, size: contents.bytes.count) else {
      throw .build(path: "cpu.boot", reason: "the host cannot provide memory")
    }
    store.write(contents.bytes, at: BootROM.base)
    let site = registry.module(Self.bootROM, kind: "ROM", domain: domain(Self.instructionClock))
    _ = site.residency([.idle()])
    return CoreMemory(
      store: store, traffic: DirectTraffic(site: site, perAccess: nil, perBit: nil),
      isWritable: false)
  }

  /// Makes the interrupt controller, if the description has one.
  func makeInterruptController(_ wiring: BusWiring, _ cluster: ProcessorCluster) -> PLIC? {
    guard let plic = description.peripherals.first(where: { $0.kindName == "PLIC" }) else {
      return nil
    }
    let site = site(plic.name, kind: plic.kindName, clock: plic.clock)
    let module = PLIC(
      path: plic.name, registers: wiring.registers(plic.name, base: plic.address),
      contexts: cluster.contexts, harts: cluster.cores.count, site: site, arena: kernel.arena)
    add(module, site)
    wiring.setTarget(plic.name, module)
    return module
  }
}
