/// Fills in the defaults that follow from other values.
struct DefaultResolution {
  /// The SoC file as the user named it.
  let file: String
  let collector: DiagnosticCollector

  func resolve(_ soc: inout SoCDescription) {
    if soc.name.isEmpty { soc.name = nameFromFile }
    if soc.clocks.isEmpty { soc.clocks = [.standard] }
    for index in soc.memories.indices where !soc.memories[index].origin.isGiven("type") {
      let isDRAM = soc.memories[index].name.lowercased().hasPrefix("dram")
      soc.memories[index].type = isDRAM ? .dram : .sram
    }
    let usual = MemoryDescription.withDefaults()
    for index in soc.memories.indices where soc.memories[index].type != .dram {
      soc.memories[index].bandwidthBitsPerCycle = usual.bandwidthBitsPerCycle
      soc.memories[index].picojoulesPerBit = usual.picojoulesPerBit
    }
    for index in soc.accelerators.indices {
      guard let kind = soc.accelerators[index].kind else { continue }
      kind.resolve(&soc.accelerators[index].arguments)
    }
    resolvePorts(&soc)
    resolvePeripherals(&soc)
    resolveFirmware(&soc)
    if soc.crossbar.widthBits == 0 {
      let widest = soc.dmas.filter { $0.origin.isSound("port_size") }.map(\.portSize).max() ?? 0
      soc.crossbar.widthBits = max(128, widest)
    }
    resolveClockNames(&soc)
    resolveInterrupts(&soc)
  }

  private var nameFromFile: String {
    let last = file.split(separator: "/").last.map(String.init) ?? ""
    let base = last.hasSuffix(".json") ? String(last.dropLast(5)) : last
    return base.isEmpty ? "soc" : base
  }

  private func resolvePorts(_ soc: inout SoCDescription) {
    for index in soc.dmas.indices {
      let dma = soc.dmas[index]
      guard dma.acceleratorPort == nil, let owner = dma.acceleratorName,
        let accelerator = soc.accelerators.first(where: { $0.name == owner })
      else { continue }
      let isInput = dma.direction == .toModule
      let candidates = accelerator.ports.filter { ($0.direction == .input) == isInput }
      guard candidates.count == 1 else { continue }
      if isInput {
        soc.dmas[index].destinationPort = candidates[0].name
      } else {
        soc.dmas[index].sourcePort = candidates[0].name
      }
    }
  }

  private func resolvePeripherals(_ soc: inout SoCDescription) {
    guard !soc.origin.isGiven("peripherals") else {
      for index in soc.peripherals.indices
      where !soc.peripherals[index].origin.isGiven("module_address") {
        soc.peripherals[index].address = soc.peripherals[index].kind?.defaultAddress ?? 0
      }
      return
    }
    let taken = soc.moduleWindows
    var leftOut: Set<String> = []
    for owner in taken {
      let kinds = PeripheralCatalog.kinds.filter {
        !leftOut.contains($0.name) && $0.usualWindow.overlaps(owner)
      }
      guard !kinds.isEmpty else { continue }
      leftOut.formUnion(kinds.map(\.name))
      collector.warning(
        at: owner.origin.position, owner.origin.path,
        "takes the usual addresses of \(kinds.map(\.name).joined(separator: ", ")), which "
          + "\(kinds.count == 1 ? "is" : "are") left out",
        expected: "a section peripherals if \(kinds.count == 1 ? "it is" : "they are") needed")
    }
    let names = Set(taken.map(\.name))
    for kind in PeripheralCatalog.kinds
    where !leftOut.contains(kind.name) && !names.contains(kind.defaultInstanceName) {
      soc.peripherals.append(
        PeripheralDescription(kind, origin: Origin(position: soc.origin.position)))
    }
  }

  private func resolveFirmware(_ soc: inout SoCDescription) {
    guard case .sources(var sources) = soc.cpu?.firmware, sources.memory.isEmpty else { return }
    let memory = soc.memories.first { $0.name == "dram" } ?? soc.memories.first
    sources.memory = memory?.name ?? ""
    soc.cpu?.firmware = .sources(sources)
  }

  private func resolveClockNames(_ soc: inout SoCDescription) {
    let first = soc.clocks[0].name
    func fill(_ clock: inout String) {
      if clock.isEmpty { clock = first }
    }
    fill(&soc.crossbar.clock)
    for index in soc.memories.indices { fill(&soc.memories[index].clock) }
    for index in soc.dmas.indices { fill(&soc.dmas[index].clock) }
    for index in soc.accelerators.indices { fill(&soc.accelerators[index].clock) }
    for index in soc.peripherals.indices { fill(&soc.peripherals[index].clock) }
  }

  private func resolveInterrupts(_ soc: inout SoCDescription) {
    var used = Set(soc.interrupts.map(\.value))
    let named = Set(soc.interrupts.map(\.key))
    var assigned: [DictionaryEntry<Int>] = []
    for peripheral in soc.peripherals where !named.contains(peripheral.name) {
      guard let source = peripheral.kind?.interruptSource, used.insert(source).inserted else {
        continue
      }
      assigned.append(DictionaryEntry(key: peripheral.name, value: source))
    }
    let done = named.union(assigned.map(\.key))
    for name in soc.interruptingModules where !done.contains(name) {
      guard let free = (1...PeripheralCatalog.interruptSources).first(where: { !used.contains($0) })
      else { break }
      used.insert(free)
      assigned.append(DictionaryEntry(key: name, value: free))
    }
    soc.interrupts += assigned
  }
}

extension ClockDescription {
  /// The clock of a description that names none: 100 kHz, the 10 µs period of the experiments
  /// with the original.
  static let standard = {
    var clock = ClockDescription()
    clock.name = "system"
    clock.hertz = 100_000
    return clock
  }()
}

extension PeripheralKind {
  fileprivate var usualWindow: AddressWindow {
    AddressWindow(
      name: defaultInstanceName, kind: .peripheral, start: defaultAddress, length: windowBytes,
      origin: Origin())
  }
}

extension PeripheralDescription {
  /// An instance of `kind` at its usual address.
  init(_ kind: PeripheralKind, origin: Origin) {
    self = .withDefaults()
    name = kind.defaultInstanceName
    kindName = kind.name
    address = kind.defaultAddress
    self.origin = origin
  }
}
