internal import Fabric
internal import Interconnect
internal import MemoryModels
internal import Peripherals
internal import Processors
internal import RISCV
internal import SimKernel
internal import Telemetry

/// Turns a validated description into a running system (requirement F6): clocks, memories,
/// crossbar, processor, peripherals, accelerators, DMAs, wired by ports.
public struct SystemBuilder {
  let description: SoCDescription
  let options: SystemOptions
  let program: Program?
  let payload: Program?
  let kernel: Kernel
  let registry: Registry
  let console: Console
  let exit: ExitRequest

  /// The name of the core's instruction clock, which no configured clock can have.
  static let instructionClock = "cpu.instructions"

  /// Plans the clocks.
  ///
  /// - Parameters:
  ///   - program: what the harts start with; nil for a system that is only looked at.
  ///   - payload: a further executable that is loaded beside it, such as the kernel that firmware
  ///     starts.
  /// - Throws: ``SystemError`` when the clocks share no base tick.
  public init(
    _ description: SoCDescription, program: Program?, payload: Program? = nil,
    options: SystemOptions = SystemOptions()
  ) throws(SystemError) {
    self.description = description
    self.program = program
    self.payload = payload
    self.options = options
    let plan: ClockPlan
    do {
      plan = try ClockPlan(description.clockFrequencies)
    } catch {
      throw .build(path: "clocks", reason: "\(error)")
    }
    kernel = Kernel(plan: plan, eager: options.isEager, order: options.order)
    let waves =
      options.recordsWaves
      ? WaveRecorder(
        kernel: kernel, startsRecording: options.wavesFromStart,
        windowClosed: options.waveWindowClosed ?? { _ in }, sink: options.waveSink ?? { _ in })
      : nil
    registry = Registry(kernel: kernel, waves: waves)
    console = Console(input: options.consoleInput, sink: options.consoleSink)
    exit = ExitRequest(kernel: kernel)
  }

  /// Builds all modules, wires them and loads memories.
  ///
  /// - Throws: ``SystemError`` for what validation cannot see: files that changed, programs that do
  ///   not fit.
  public func build() throws(SystemError) -> System {
    var stores: [String: BackingStore] = [:]
    for memory in description.memories {
      guard let store = BackingStore(base: memory.address, size: Int(memory.length)) else {
        throw .build(
          path: "memories.\(memory.name)",
          reason: "the host cannot provide \(memory.length) bytes")
      }
      stores[memory.name] = store
    }
    let wiring = BusWiring(description: description, kernel: kernel)
    let preload = try Preload(description: description, stores: stores)
      .run(Digest(of: description, [program, payload]))
    try loadPrograms(into: stores, beside: preload.extents)

    let memories = try makeMemories(wiring, stores: stores)
    let processors = try makeProcessors(wiring, memories: memories)
    let controller = makeInterruptController(wiring, processors)
    try makePeripherals(wiring, processors, controller: controller, stores: stores)
    let streams = try makeAccelerators(wiring, controller: controller)
    makeDMAs(wiring, streams: streams, controller: controller)
    makeCrossbar(wiring)
    wiring.connect(kernel: kernel)
    streams.connect(kernel: kernel)
    return System(
      description: description, kernel: kernel, registry: registry, console: console,
      exit: exit, stores: stores, program: program, payload: payload, cores: processors.cores,
      preload: preload)
  }

  // MARK: Clocks and sites

  func domain(_ name: String) -> ClockDomain {
    guard let domain = kernel.domains.first(where: { $0.name == name }) else {
      preconditionFailure("validated description names an unknown clock \(name)")
    }
    return domain
  }

  func site(_ name: String, kind: String, clock: String) -> ModuleSite {
    registry.module(name, kind: kind, domain: domain(clock))
  }

  func add(_ module: Module, _ site: ModuleSite) {
    kernel.add(module, to: site.domain)
  }

  // MARK: Modules

  /// The interrupt wire of a device, if the PLIC listens to it.
  private func interrupt(of name: String, _ controller: PLIC?) -> Line? {
    guard let controller, let source = description.interruptSource(of: name) else { return nil }
    let line = kernel.line(to: controller)
    controller.attach(line, to: source)
    return line
  }

  private func makePeripherals(
    _ wiring: BusWiring, _ processors: ProcessorCluster, controller: PLIC?,
    stores: [String: BackingStore]
  ) throws(SystemError) {
    for peripheral in description.peripherals where peripheral.kindName != "PLIC" {
      let site = site(
        peripheral.name, kind: peripheral.external?.kindName ?? peripheral.kindName,
        clock: peripheral.clock)
      let registers = wiring.registers(peripheral.name, base: peripheral.address)
      let module: Module
      switch peripheral.kindName {
      case "CLINT":
        module = CLINT(
          path: peripheral.name, registers: registers, harts: processors.timerLines,
          time: processors.time, compare: description.cpu?.boot == .rom ? 0 : .max, site: site,
          kernel: kernel)
      case "UART16550":
        module = UART16550(
          path: peripheral.name, registers: registers,
          interrupt: interrupt(of: peripheral.name, controller), console: console, site: site)
      case "TestFinisher":
        module = TestFinisher(
          path: peripheral.name, registers: registers, exit: exit, site: site)
      case "Marker":
        var names: [UInt64: String] = [:]
        for tag in peripheral.tags { names[UInt64(tag.key) ?? .max] = tag.value }
        module = Marker(
          path: peripheral.name, registers: registers, registry: registry, names: names,
          memories: description.memories.compactMap { stores[$0.name] }, site: site,
          kernel: kernel)
      case PeripheralCatalog.plugin.name:
        guard let external = peripheral.external else { continue }
        module = try external.makePeripheral(
          path: peripheral.name, registers: registers,
          interrupt: interrupt(of: peripheral.name, controller), site: site, arena: kernel.arena,
          fail: fail)
      default: preconditionFailure("no model for peripheral kind \(peripheral.kindName)")
      }
      add(module, site)
      wiring.setTarget(peripheral.name, module)
    }
  }

  private func makeMemories(
    _ wiring: BusWiring, stores: [String: BackingStore]
  ) throws(SystemError) -> [CoreMemory] {
    var result: [CoreMemory] = []
    for memory in description.memories {
      guard let store = stores[memory.name] else { continue }
      let site = site(
        memory.name, kind: memory.external?.kindName ?? memory.type.rawValue, clock: memory.clock)
      let buses = (0..<memory.ports).map { wiring.target(memory.name, port: $0).target }
      let configuration = MemoryConfiguration(
        store: store, readDelay: Cycle(memory.readDelay), writeDelay: Cycle(memory.writeDelay))
      let module: Module
      let traffic: DirectTraffic
      switch memory.type {
      case .sram:
        let sram = SRAM(
          path: memory.name, configuration: configuration, banks: memory.banks, buses: buses,
          componentClass: memory.energyClass ?? "sram", site: site, arena: kernel.arena)
        (module, traffic) = (sram, sram.directTraffic)
      case .dram:
        let dram = DRAM(
          path: memory.name, configuration: configuration,
          bitsPerCycle: UInt64(memory.bandwidthBitsPerCycle),
          picojoulesPerBit: memory.origin.isGiven("pj_per_bit") ? memory.picojoulesPerBit : nil,
          buses: buses, componentClass: memory.energyClass ?? "dram", site: site,
          arena: kernel.arena)
        (module, traffic) = (dram, dram.directTraffic)
      case .plugin:
        guard let external = memory.external else { continue }
        let ours = ExternalMemory(
          path: memory.name, configuration: configuration,
          model: try external.makeMemoryModel(path: memory.name, site: site, fail: fail),
          buses: buses, component: memory.energyClass.map { declare($0, at: site) }, site: site,
          arena: kernel.arena)
        (module, traffic) = (ours, ours.directTraffic)
      }
      add(module, site)
      wiring.setTarget(memory.name, module)
      result.append(CoreMemory(store: store, traffic: traffic))
    }
    return result
  }

  /// Declares the array of a memory whose energy is that of a class of the table.
  private func declare(
    _ componentClass: String, at site: ModuleSite
  ) -> (name: String, read: String, write: String) {
    site.component("array", class: componentClass)
    return ("array", "read", "write")
  }

  /// Ends the run because a module that is not ours broke the rules.
  private var fail: (String) -> Void {
    { [exit] text in exit.finish(.moduleFault(text)) }
  }

  private func makeAccelerators(
    _ wiring: BusWiring, controller: PLIC?
  ) throws(SystemError) -> StreamWiring {
    let streams = StreamWiring(description: description)
    // All streams first: an accelerator may take what one that stands behind it in the file sends.
    let sites = description.accelerators.map { accelerator in
      let site = site(
        accelerator.name, kind: accelerator.external?.kindName ?? accelerator.kindName,
        clock: accelerator.clock)
      streams.makeLinks(of: accelerator, site: site, kernel: kernel)
      return site
    }
    for (accelerator, site) in zip(description.accelerators, sites) {
      guard let kind = accelerator.kind else { continue }
      let module = try kind.make(
        AcceleratorContext(
          description: accelerator, fidelity: description.simulation.fidelity, site: site,
          registers: wiring.registers(accelerator.name, base: accelerator.address),
          streams: streams, interrupt: interrupt(of: accelerator.name, controller),
          kernel: kernel, fail: fail))
      add(module, site)
      wiring.setTarget(accelerator.name, module)
      streams.setAccelerator(accelerator.name, module)
    }
    return streams
  }

  private func makeDMAs(_ wiring: BusWiring, streams: StreamWiring, controller: PLIC?) {
    for dma in description.dmas {
      let site = site(dma.name, kind: "DMA", clock: dma.clock)
      let port = dma.acceleratorName.map { StreamWiring.key($0, dma.acceleratorPort ?? "") }
      let link = port.flatMap { streams.link($0) }
      let direction: Interconnect.DMADirection =
        switch dma.direction {
        case .toModule: .toStream
        case .fromModule: .fromStream
        case .memory: .memoryToMemory
        }
      let module = DMA(
        path: dma.name,
        configuration: DMAConfiguration(
          direction: direction, portBytes: dma.portSize / 8,
          maximumBurstBeats: dma.maxBurstBeats, outstanding: dma.outstanding,
          source: dma.sourceModule ?? "memory", destination: dma.destinationModule ?? "memory"),
        registers: wiring.registers(dma.name, base: dma.address),
        bus: wiring.initiator(dma.name).initiator,
        input: direction == .fromStream ? link?.sink : nil,
        output: direction == .toStream ? link?.source : nil,
        interrupt: interrupt(of: dma.name, controller),
        componentClass: dma.energyClass ?? "byte_gather", site: site, arena: kernel.arena)
      add(module, site)
      wiring.setInitiator(dma.name, module)
      wiring.setTarget(dma.name, module)
      if let port { streams.setDMA(port, module) }
    }
  }

  private func makeCrossbar(_ wiring: BusWiring) {
    let crossbar = description.crossbar
    let site = site("crossbar", kind: "Crossbar", clock: crossbar.clock)
    let module = Crossbar(
      path: "crossbar",
      configuration: CrossbarConfiguration(
        latency: Cycle(crossbar.latencyCycles),
        arbitration: crossbar.arbitration == .roundRobin ? .roundRobin : .fixedPriority,
        outstanding: crossbar.outstanding, windows: wiring.windows),
      initiators: wiring.initiatorBuses, targets: wiring.targetBuses,
      targetNames: wiring.targetNames, componentClass: crossbar.energyClass ?? "crossbar",
      site: site, arena: kernel.arena)
    add(module, site)
    wiring.setCrossbar(module)
  }
}
