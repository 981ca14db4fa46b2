internal import Reports
internal import SoC

extension SystemGraph {
  /// The boxes and arrows of a description.
  init(_ description: SoCDescription) {
    let clocks = Dictionary(
      description.clocks.map { ($0.name, Self.frequency($0.hertz)) },
      uniquingKeysWith: { first, _ in first })
    func clock(_ name: String) -> String { clocks[name].map { "\(name) \($0)" } ?? name }
    let windows = Dictionary(
      description.moduleWindows.map { ($0.name, AddressRange(start: $0.start, length: $0.length)) },
      uniquingKeysWith: { a, _ in a })

    var nodes: [Node] = []
    var edges: [Edge] = []
    if let cpu = description.cpu {
      nodes.append(
        Node(
          name: "cpu", kind: .processor,
          detail: [cpu.type.name] + (cpu.harts > 1 ? ["\(cpu.harts) harts"] : []),
          clock: Self.frequency(UInt64(cpu.instructionsPerSecond))))
      edges.append(Edge(from: "cpu", to: "crossbar", kind: .bus))
    }
    let crossbar = description.crossbar
    nodes.append(
      Node(
        name: "crossbar", kind: .crossbar,
        detail: [
          "\(crossbar.widthBits) bit", "latency \(crossbar.latencyCycles)",
          crossbar.arbitration.rawValue,
        ], clock: clock(crossbar.clock)))
    for memory in description.memories {
      let size = Self.size(memory.length)
      let ports = memory.ports > 1 ? ["\(memory.ports) ports, \(memory.banks) banks"] : []
      nodes.append(
        Node(
          name: memory.name, kind: .memory,
          detail: ["\(memory.external?.kindName ?? memory.type.rawValue) \(size)"] + ports,
          clock: clock(memory.clock), addresses: windows[memory.name]))
      edges.append(Edge(from: "crossbar", to: memory.name, kind: .bus))
    }
    for dma in description.dmas {
      nodes.append(
        Node(
          name: dma.name, kind: .dma, detail: ["DMA \(dma.portSize) bit", dma.direction.rawValue],
          clock: clock(dma.clock), addresses: windows[dma.name]))
      edges.append(Edge(from: dma.name, to: "crossbar", kind: .bus))
      edges.append(Edge(from: "crossbar", to: dma.name, kind: .bus))
      switch dma.direction {
      case .toModule:
        edges.append(
          Edge(
            from: dma.name, to: dma.destinationModule ?? "", label: dma.destinationPort ?? "",
            kind: .stream))
      case .fromModule:
        edges.append(
          Edge(
            from: dma.sourceModule ?? "", to: dma.name, label: dma.sourcePort ?? "",
            kind: .stream))
      case .memory: break
      }
    }
    for accelerator in description.accelerators {
      let arguments = accelerator.arguments
      let lanes = arguments[integer: "LANES"]
      let shape =
        lanes > 0
        ? "\(lanes) lanes" : "\(arguments[integer: "YDIM"]) × \(arguments[integer: "XDIM"])"
      nodes.append(
        Node(
          name: accelerator.name, kind: .accelerator,
          detail: accelerator.external.map { external in
            ["\(accelerator.kindName) \(external.kindName)"]
              + (external.parameters.isEmpty
                ? []
                : [external.parameters.map { "\($0.name)=\($0.value)" }.joined(separator: " ")])
          } ?? ["\(accelerator.kindName) \(shape) \(arguments.operandType.rawValue)"],
          clock: clock(accelerator.clock), addresses: windows[accelerator.name]))
      edges.append(Edge(from: "crossbar", to: accelerator.name, kind: .bus))
      for input in accelerator.inputs {
        guard let driver = input.value.split(separator: ".").first else { continue }
        edges.append(
          Edge(
            from: String(driver), to: accelerator.name,
            label: "\(input.value.dropFirst(driver.count + 1)) to \(input.key)", kind: .stream))
      }
    }
    for peripheral in description.peripherals {
      nodes.append(
        Node(
          name: peripheral.name, kind: .peripheral,
          detail: [peripheral.external?.kindName ?? peripheral.kindName],
          clock: clock(peripheral.clock), addresses: windows[peripheral.name]))
      edges.append(Edge(from: "crossbar", to: peripheral.name, kind: .bus))
    }
    if let plic = description.peripherals.first(where: { $0.kindName == "PLIC" }) {
      for interrupt in description.interrupts {
        edges.append(
          Edge(
            from: interrupt.key, to: plic.name, label: "irq \(interrupt.value)",
            kind: .interrupt))
      }
      if description.cpu != nil {
        edges.append(Edge(from: plic.name, to: "cpu", label: "external", kind: .interrupt))
      }
    }
    if description.cpu != nil,
      let clint = description.peripherals.first(where: { $0.kindName == "CLINT" })
    {
      edges.append(Edge(from: clint.name, to: "cpu", label: "timer", kind: .interrupt))
    }
    self.init(title: description.name, nodes: nodes, edges: edges)
  }

  private static func frequency(_ hertz: UInt64) -> String {
    let units: [(String, UInt64)] = [("GHz", 1_000_000_000), ("MHz", 1_000_000), ("kHz", 1000)]
    for (unit, factor) in units where hertz >= factor {
      let value = Double(hertz) / Double(factor)
      return (value == value.rounded() ? "\(hertz / factor)" : "\(value)") + " \(unit)"
    }
    return "\(hertz) Hz"
  }

  private static func size(_ bytes: UInt64) -> String {
    for (unit, shift) in [("GiB", 30), ("MiB", 20), ("KiB", 10)] as [(String, UInt64)]
    where bytes >= 1 << shift && bytes % (1 << shift) == 0 {
      return "\(bytes >> shift) \(unit)"
    }
    return "\(bytes) B"
  }
}
