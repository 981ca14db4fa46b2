internal import Diagnostics

/// A DMA's source and destination exist, and are what its direction needs.
struct DMAEndpointsRule: ValidationRule {
  private enum Side {
    case source
    case destination

    var moduleKey: String { self == .source ? "source_module" : "destination_module" }
    var portKey: String { self == .source ? "source_port" : "destination_port" }

    func module(of dma: DMADescription) -> String? {
      self == .source ? dma.sourceModule : dma.destinationModule
    }

    func port(of dma: DMADescription) -> String? {
      self == .source ? dma.sourcePort : dma.destinationPort
    }
  }

  func check(_ context: RuleContext) {
    let soc = context.description
    var unknownMemories = UnknownNames(noun: "memory")
    var unknownAccelerators = UnknownNames(noun: "accelerator")
    for dma in soc.dmas where dma.origin.isSound("direction") {
      if reportReversed(dma, context) { continue }
      for side in [Side.source, .destination] where dma.origin.isSound(side.moduleKey) {
        if dma.acceleratorSide == side.moduleKey {
          checkAccelerator(dma, side, context, &unknownAccelerators)
        } else {
          checkMemory(dma, side, context, &unknownMemories)
        }
      }
    }
    if !unknownMemories.isEmpty, soc.hasSoundNames("memories") {
      unknownMemories.report(among: soc.memories.map(\.name), context.collector)
    }
    if !unknownAccelerators.isEmpty, soc.hasSoundNames("accelerators") {
      unknownAccelerators.report(among: soc.accelerators.map(\.name), context.collector)
    }
  }

  /// Source and destination both fit the opposite direction: the direction is the mistake.
  private func reportReversed(_ dma: DMADescription, _ context: RuleContext) -> Bool {
    guard dma.direction != .memory, let source = dma.sourceModule,
      let destination = dma.destinationModule
    else { return false }
    let soc = context.description
    let memories = soc.memories.map(\.name)
    let accelerators = soc.accelerators.map(\.name)
    let isReversed =
      dma.direction == .toModule
      ? accelerators.contains(source) && memories.contains(destination)
      : memories.contains(source) && accelerators.contains(destination)
    guard isReversed else { return false }
    let opposite = dma.direction == .toModule ? DMADirection.fromModule : .toModule
    let isFromAccelerator = opposite == .fromModule
    context.collector.error(
      at: dma.origin.position(of: "direction"), dma.origin.path(of: "direction"),
      "found \"\(dma.direction.rawValue)\", but data goes from "
        + "\(isFromAccelerator ? "accelerator" : "memory") '\(source)' to "
        + "\(isFromAccelerator ? "memory" : "accelerator") '\(destination)'",
      suggestion: opposite.rawValue)
    return true
  }

  private func checkMemory(
    _ dma: DMADescription, _ side: Side, _ context: RuleContext, _ unknown: inout UnknownNames
  ) {
    let position = dma.origin.position(of: side.moduleKey)
    let path = dma.origin.path(of: side.moduleKey)
    guard let name = side.module(of: dma) else {
      if dma.direction != .memory {
        context.collector.error(at: position, path, "missing", expected: "the name of a memory")
      }
      return
    }
    let isMemory = context.description.memories.contains { $0.name == name }
    if !isMemory, let other = context.description.kindOfModule(name) {
      context.collector.error(
        at: position, path, "'\(name)' is \(other.withArticle)",
        expected: "the name of a memory, for direction \"\(dma.direction.rawValue)\"")
    } else if !isMemory {
      unknown.add(name, at: position, path)
    } else if dma.origin.isGiven(side.portKey) {
      context.collector.warning(
        at: dma.origin.position(of: side.portKey), dma.origin.path(of: side.portKey),
        "has no effect: '\(name)' is a memory")
    }
  }

  private func checkAccelerator(
    _ dma: DMADescription, _ side: Side, _ context: RuleContext, _ unknown: inout UnknownNames
  ) {
    let position = dma.origin.position(of: side.moduleKey)
    let path = dma.origin.path(of: side.moduleKey)
    let expected = "the name of an accelerator"
    guard let name = side.module(of: dma) else {
      context.collector.error(at: position, path, "missing", expected: expected)
      return
    }
    guard let accelerator = context.description.accelerators.first(where: { $0.name == name })
    else {
      if let other = context.description.kindOfModule(name) {
        context.collector.error(
          at: position, path, "'\(name)' is \(other.withArticle)",
          expected: "\(expected), for direction \"\(dma.direction.rawValue)\"")
      } else {
        unknown.add(name, at: position, path)
      }
      return
    }
    if accelerator.knowsPorts { checkPort(dma, side, accelerator, context) }
  }

  private func checkPort(
    _ dma: DMADescription, _ side: Side, _ accelerator: AcceleratorDescription,
    _ context: RuleContext
  ) {
    guard dma.origin.isSound(side.portKey) else { return }
    let direction: AcceleratorPort.Direction = side == .source ? .output : .input
    let fitting = accelerator.ports.filter { $0.direction == direction }.map(\.name)
    let position = dma.origin.position(of: side.portKey)
    let path = dma.origin.path(of: side.portKey)
    let expected = (fitting.count == 1 ? "" : "one of ") + fitting.joined(separator: ", ")
    guard let name = side.port(of: dma) else {
      context.collector.error(at: position, path, "missing", expected: expected)
      return
    }
    guard let port = accelerator.ports.first(where: { $0.name == name }) else {
      let near = Suggestion.nearest(to: name, among: fitting)
      context.collector.error(
        at: position, path,
        "'\(accelerator.name)' has no port '\(JSONValue.shortened(name))'", expected: expected,
        suggestion: near)
      return
    }
    if port.direction != direction {
      context.collector.error(
        at: position, path,
        "'\(name)' is an \(port.direction.rawValue) port of "
          + "'\(accelerator.name)'",
        expected: expected)
    }
  }
}

extension DMADescription {
  /// The key that names the accelerator; nil for a memory DMA.
  fileprivate var acceleratorSide: String? {
    switch direction {
    case .toModule: "destination_module"
    case .fromModule: "source_module"
    case .memory: nil
    }
  }
}

extension SoCDescription {
  /// What kind of module has a name.
  func kindOfModule(_ name: String) -> AddressWindow.Kind? {
    if memories.contains(where: { $0.name == name }) { return .memory }
    if accelerators.contains(where: { $0.name == name }) { return .accelerator }
    if dmas.contains(where: { $0.name == name }) { return .dma }
    return peripherals.contains(where: { $0.name == name }) ? .peripheral : nil
  }

  /// The accelerator port that a DMA serves, when all names in question exist.
  func servedPort(
    of dma: DMADescription
  ) -> (accelerator: AcceleratorDescription, port: AcceleratorPort)? {
    guard dma.origin.isSound("direction", "source_module", "destination_module"),
      let accelerator = accelerators.first(where: { $0.name == dma.acceleratorName }),
      let port = accelerator.ports.first(where: { $0.name == dma.acceleratorPort }),
      (port.direction == .input) == (dma.direction == .toModule)
    else { return nil }
    return (accelerator, port)
  }
}

extension AddressWindow.Kind {
  /// `a memory`, `an accelerator`, …
  var withArticle: String { (self == .accelerator ? "an " : "a ") + rawValue }
}
