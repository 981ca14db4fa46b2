/// Every accelerator port is served by exactly one DMA or one other accelerator.
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
    let streamed = checkStreams(servers, context)
    // With a mistake in a DMA or a stream it is not known which ports are left.
    guard isEveryDMAKnown, let streamed else { return }
    let isEveryStreamKnown =
      soc.resolvedStreams.count == soc.accelerators.reduce(0) { $0 + $1.inputs.count }
      && soc.accelerators.allSatisfy { $0.origin.isSound("inputs") }
    guard isEveryStreamKnown else { return }
    for accelerator in soc.accelerators {
      let idle = accelerator.ports.filter {
        let name = "\(accelerator.name).\($0.name)"
        return servers[name] == nil && !streamed.contains(name) && !$0.isOptional
      }
      guard !idle.isEmpty else { continue }
      let names = idle.map { "'\($0.name)'" }.joined(separator: ", ")
      context.collector.warning(
        at: accelerator.origin.position, accelerator.origin.path,
        "no DMA serves port\(idle.count == 1 ? "" : "s") \(names)")
    }
  }

  /// Reports ports that a stream from accelerator to accelerator and something else serve; returns
  /// the ports at both ends of such streams, nil after a mistake.
  private func checkStreams(
    _ servers: [String: DMADescription], _ context: RuleContext
  ) -> Set<String>? {
    var streamed: Set<String> = []
    var isSound = true
    for stream in context.description.resolvedStreams {
      // A loop, which is reported as such.
      guard stream.driver.name != stream.receiver.name else { return nil }
      let ends = [(stream.driver, stream.driverPort), (stream.receiver, stream.port)]
      for (accelerator, port) in ends {
        let name = "\(accelerator.name).\(port.name)"
        let text = "port '\(port.name)' of '\(accelerator.name)'"
        if let dma = servers[name] {
          isSound = false
          context.collector.error(
            at: stream.origin.position, stream.origin.path,
            "\(text) is served by DMA '\(dma.name)' already (line \(dma.origin.position.line))",
            expected: "a DMA or an accelerator at a port, not both")
        } else if !streamed.insert(name).inserted {
          isSound = false
          context.collector.error(
            at: stream.origin.position, stream.origin.path,
            "\(text) feeds another accelerator already", expected: "one receiver per port")
        }
      }
    }
    return isSound ? streamed : nil
  }
}
