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
  private let description: SoCDescription
  private let options: SystemOptions
  private let program: Program?
  private let kernel: Kernel
  private let registry: Registry
  private let console: Console
  private let exit: ExitRequest

  /// The name of the core's instruction clock, which no configured clock can have.
  static let instructionClock = "cpu.instructions"

  /// Plans the clocks.
  ///
  /// - Throws: ``SystemError`` when the clocks share no base tick.
  public init(
    _ description: SoCDescription, program: Program?, options: SystemOptions = SystemOptions()
  ) throws(SystemError) {
    self.description = description
    self.program = program
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
      .run(Digest(of: description, program))
    try loadProgram(into: stores, beside: preload.extents)

    let memories = makeMemories(wiring, stores: stores)
    let core = try makeCore(wiring, memories: memories)
    let controller = makeInterruptController(wiring, core: core)
    makePeripherals(wiring, core: core, controller: controller, stores: stores)
    let streams = makeAccelerators(wiring, controller: controller)
    makeDMAs(wiring, streams: streams, controller: controller)
    makeCrossbar(wiring)
    wiring.connect(kernel: kernel)
    streams.connect(kernel: kernel)
    return System(
      description: description, kernel: kernel, registry: registry, console: console,
      exit: exit, stores: stores, program: program, preload: preload)
  }

  // MARK: Clocks and sites

  private func domain(_ name: String) -> ClockDomain {
    guard let domain = kernel.domains.first(where: { $0.name == name }) else {
      preconditionFailure("validated description names an unknown clock \(name)")
    }
    return domain
  }

  private func site(_ name: String, kind: String, clock: String) -> ModuleSite {
    registry.module(name, kind: kind, domain: domain(clock))
  }

  private func add(_ module: Module, _ site: ModuleSite) {
    kernel.add(module, to: site.domain)
  }

  // MARK: Program

  private func loadProgram(
    into stores: [String: BackingStore], beside files: [Preload.Extent]
  ) throws(SystemError) {
    guard let program else { return }
    for segment in program.image.segments {
      let size = Int(segment.memorySize)
      guard let store = stores.values.first(where: { $0.contains(segment.address, count: size) })
      else {
        throw .program(
          path: program.path,
          reason: "segment 0x\(String(segment.address, radix: 16)) of \(size) bytes lies in no "
            + "memory of \(description.name) (\(memoryMap))")
      }
      // Zeros behind the data are no conflict: nothing is written there.
      if !segment.data.isEmpty {
        let last = segment.address + UInt64(segment.data.count - 1)
        if let file = files.first(where: { $0.range.overlaps(segment.address...last) }) {
          throw .program(
            path: program.path,
            reason:
              "segment 0x\(String(segment.address, radix: 16)) of \(segment.data.count) bytes "
              + "would overwrite \(file.path) at \(file.range.lowerBound.hexadecimal)"
              + "…\(file.range.upperBound.hexadecimal)")
        }
      }
      store.write(Array(segment.data), at: segment.address)
    }
    try checkEntry(program, stores)
    try storeArguments(program, stores)
  }

  /// The reset address of the description, if it gives one, lies where instructions can be.
  private func checkEntry(
    _ program: Program, _ stores: [String: BackingStore]
  ) throws(SystemError) {
    guard let address = description.cpu?.resetAddress else { return }
    guard address % 4 == 0, stores.values.contains(where: { $0.contains(address, count: 4) }) else {
      throw .build(
        path: "cpu.module_address",
        reason: "the first instruction at \(address.hexadecimal) is "
          + (address % 4 == 0 ? "in no memory (\(memoryMap))" : "not 4-byte aligned"))
    }
  }

  private var memoryMap: String {
    description.memories.map {
      "\($0.name) 0x\(String($0.address, radix: 16)) … 0x\(String($0.address + $0.length - 1, radix: 16))"
    }.joined(separator: ", ")
  }

  /// Puts `cpu_firmware_args` where the firmware's start-up code looks for them, if it does.
  private func storeArguments(
    _ program: Program, _ stores: [String: BackingStore]
  ) throws(SystemError) {
    guard let arguments = description.cpu?.arguments,
      let text = program.image.address(of: "flecsim_arguments"),
      let count = program.image.address(of: "flecsim_argument_count"),
      let textStore = stores.values.first(where: {
        $0.contains(text, count: CPUDescription.argumentRoom)
      }),
      let countStore = stores.values.first(where: { $0.contains(count, count: 4) })
    else { return }
    var bytes: [UInt8] = []
    for argument in arguments { bytes += Array(argument.utf8) + [0] }
    guard bytes.count <= CPUDescription.argumentRoom else {
      throw .build(
        path: "cpu.cpu_firmware_args",
        reason: "\(bytes.count) bytes; the firmware has room for \(CPUDescription.argumentRoom)")
    }
    textStore.write(bytes, at: text)
    let number = UInt32(arguments.count)
    countStore.write((0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }, at: count)
  }

  // MARK: Modules

  private func makeCore(
    _ wiring: BusWiring, memories: [CoreMemory]
  ) throws(SystemError) -> Core? {
    guard let cpu = description.cpu, let program else { return nil }
    let site = registry.module(
      "cpu", kind: cpu.type.rawValue, domain: domain(Self.instructionClock))
    let link = wiring.initiator("cpu")
    let quantum = cpu.quanta.global * cpu.mips / 1000
    let core: Core
    do {
      core = try Core(
        path: "cpu",
        configuration: CoreConfiguration(
          hart: 0, quantum: UInt64(quantum), entry: cpu.resetAddress ?? program.image.entry,
          memories: memories, toHost: program.image.tohost, fromHost: program.image.fromhost,
          console: console,
          symbol: program.symbol(at:)),
        bus: link.initiator, exit: exit, componentClass: cpu.energyClass ?? "hart", site: site,
        kernel: kernel)
    } catch {
      throw .build(path: "cpu", reason: "\(error)")
    }
    add(core, site)
    wiring.setInitiator("cpu", core)
    return core
  }

  private func makeInterruptController(_ wiring: BusWiring, core: Core?) -> PLIC? {
    guard let plic = description.peripherals.first(where: { $0.kindName == "PLIC" }) else {
      attach(to: core, external: nil)
      return nil
    }
    let site = site(plic.name, kind: plic.kindName, clock: plic.clock)
    let context = core.map { kernel.line(to: $0) }
    let module = PLIC(
      path: plic.name,
      registers: wiring.registers(plic.name, base: plic.address),
      contexts: context.map { [$0] } ?? [], site: site, arena: kernel.arena)
    add(module, site)
    wiring.setTarget(plic.name, module)
    attach(to: core, external: context)
    return module
  }

  private func attach(to core: Core?, external: Line?) {
    guard let core else { return }
    coreLines.software = kernel.line(to: core)
    coreLines.timer = kernel.line(to: core)
    guard let software = coreLines.software, let timer = coreLines.timer else { return }
    core.attach(
      InterruptLines(
        software: software, timer: timer, external: external ?? kernel.line(to: core)))
  }

  private let coreLines = CoreLines()

  /// The interrupt wire of a device, if the PLIC listens to it.
  private func interrupt(of name: String, _ controller: PLIC?) -> Line? {
    guard let controller, let source = description.interruptSource(of: name) else { return nil }
    let line = kernel.line(to: controller)
    controller.attach(line, to: source)
    return line
  }

  private func makePeripherals(
    _ wiring: BusWiring, core: Core?, controller: PLIC?, stores: [String: BackingStore]
  ) {
    for peripheral in description.peripherals where peripheral.kindName != "PLIC" {
      let site = site(peripheral.name, kind: peripheral.kindName, clock: peripheral.clock)
      let registers = wiring.registers(peripheral.name, base: peripheral.address)
      let module: Module
      switch peripheral.kindName {
      case "CLINT":
        var harts: [CLINT.HartLines] = []
        if let software = coreLines.software, let timer = coreLines.timer {
          harts = [CLINT.HartLines(software: software, timer: timer)]
        }
        module = CLINT(
          path: peripheral.name, registers: registers, harts: harts, site: site,
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
      default: preconditionFailure("no model for peripheral kind \(peripheral.kindName)")
      }
      add(module, site)
      wiring.setTarget(peripheral.name, module)
    }
  }

  private func makeMemories(
    _ wiring: BusWiring, stores: [String: BackingStore]
  ) -> [CoreMemory] {
    var result: [CoreMemory] = []
    for memory in description.memories {
      guard let store = stores[memory.name] else { continue }
      let site = site(memory.name, kind: memory.type.rawValue, clock: memory.clock)
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
      }
      add(module, site)
      wiring.setTarget(memory.name, module)
      result.append(CoreMemory(store: store, traffic: traffic))
    }
    return result
  }

  private func makeAccelerators(_ wiring: BusWiring, controller: PLIC?) -> StreamWiring {
    let streams = StreamWiring(description: description)
    for accelerator in description.accelerators {
      guard let kind = accelerator.kind else { continue }
      let site = site(accelerator.name, kind: kind.name, clock: accelerator.clock)
      streams.makeLinks(of: accelerator, site: site, kernel: kernel)
      let module = kind.make(
        AcceleratorContext(
          description: accelerator, fidelity: description.simulation.fidelity, site: site,
          registers: wiring.registers(accelerator.name, base: accelerator.address),
          streams: streams, interrupt: interrupt(of: accelerator.name, controller),
          kernel: kernel))
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

/// The interrupt wires from the CLINT to the core, created with the core and driven by the CLINT.
private final class CoreLines {
  var software: Line?
  var timer: Line?
}
