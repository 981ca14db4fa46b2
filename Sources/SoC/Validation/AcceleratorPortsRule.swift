/// Every accelerator port is served by exactly one DMA.
struct AcceleratorPortsRule: ValidationRule {
  func check(_ context: RuleContext) {
    let soc = context.description
    var servers: [String: DMADescription] = [:]
    var isEveryDMAKnown = soc.origin.isSound("dmas", "accelerators")
    for dma in soc.dmas {
      guard let (accelerator, port) = soc.servedPort(of: dma) else {
        if dma.direction != .memory || !dma.origin.isSound("direction") { isEveryDMAKnown = false }
        continue
      }
      let name = "\(accelerator.name).\(port.name)"
      if let first = servers[name] {
        let key = port.direction == .input ? "destination_port" : "source_port"
        let line = first.origin.position.line
        context.collector.error(
          at: dma.origin.position(of: key), dma.origin.path(of: key),
          "port '\(port.name)' of '\(accelerator.name)' is served by DMA '\(first.name)' already "
            + "(line \(line))",
          expected: "one DMA per port")
        isEveryDMAKnown = false
      } else {
        servers[name] = dma
      }
    }
    // With a mistake in a DMA it is not known which ports are left.
    guard isEveryDMAKnown else { return }
    for accelerator in soc.accelerators {
      let idle = accelerator.ports.filter { servers["\(accelerator.name).\($0.name)"] == nil }
      guard !idle.isEmpty else { continue }
      let names = idle.map { "'\($0.name)'" }.joined(separator: ", ")
      context.collector.warning(
        at: accelerator.origin.position, accelerator.origin.path,
        "no DMA serves port\(idle.count == 1 ? "" : "s") \(names)")
    }
  }
}
