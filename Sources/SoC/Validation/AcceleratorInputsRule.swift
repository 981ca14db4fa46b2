internal import Diagnostics

/// Streams from accelerator to accelerator join an output to an input of the same width, and no
/// accelerator takes, over whatever ways, what it sends.
struct AcceleratorInputsRule: ValidationRule {
  func check(_ context: RuleContext) {
    let soc = context.description
    var unknown = UnknownNames(noun: "accelerator")
    for accelerator in soc.accelerators
    where accelerator.origin.isSound("inputs", "accelerator", "fixed_args") {
      var seen: Set<String> = []
      for input in accelerator.inputs {
        if !seen.insert(input.key).inserted {
          context.collector.error(
            at: input.origin.position, input.origin.path,
            "port '\(input.key)' of '\(accelerator.name)' is driven twice",
            expected: "one sender per port")
        } else {
          checkReceiver(accelerator, input, context)
          checkDriver(accelerator, input, context, &unknown)
        }
      }
    }
    if !unknown.isEmpty, soc.hasSoundNames("accelerators") {
      unknown.report(among: soc.accelerators.map(\.name), context.collector)
    }
    for stream in soc.resolvedStreams { checkWidths(stream, context) }
    checkLoops(context)
  }

  private func checkReceiver(
    _ accelerator: AcceleratorDescription, _ input: DictionaryEntry<String>,
    _ context: RuleContext
  ) {
    guard accelerator.knowsPorts else { return }
    checkPort(input.key, .input, of: accelerator, input.origin, context)
  }

  private func checkDriver(
    _ accelerator: AcceleratorDescription, _ input: DictionaryEntry<String>,
    _ context: RuleContext, _ unknown: inout UnknownNames
  ) {
    guard let driver = StreamEndpoint(input.value) else {
      context.collector.error(
        at: input.origin.position, input.origin.path,
        "found the text \"\(JSONValue.shortened(input.value))\"",
        expected: "an output port of an accelerator, ACCELERATOR.PORT")
      return
    }
    let soc = context.description
    guard let sender = soc.accelerators.first(where: { $0.name == driver.accelerator }) else {
      if let other = soc.kindOfModule(driver.accelerator) {
        context.collector.error(
          at: input.origin.position, input.origin.path,
          "'\(driver.accelerator)' is \(other.withArticle)",
          expected: "an output port of an accelerator")
      } else {
        unknown.add(driver.accelerator, at: input.origin.position, input.origin.path)
      }
      return
    }
    guard sender.knowsPorts, sender.origin.isSound("accelerator", "fixed_args") else { return }
    checkPort(driver.port, .output, of: sender, input.origin, context)
  }

  private func checkPort(
    _ name: String, _ direction: AcceleratorPort.Direction,
    of accelerator: AcceleratorDescription, _ origin: Origin, _ context: RuleContext
  ) {
    let fitting = accelerator.ports.filter { $0.direction == direction }.map(\.name)
    let expected = (fitting.count == 1 ? "" : "one of ") + fitting.joined(separator: ", ")
    guard let port = accelerator.ports.first(where: { $0.name == name }) else {
      context.collector.error(
        at: origin.position, origin.path,
        "'\(accelerator.name)' has no port '\(JSONValue.shortened(name))'", expected: expected,
        suggestion: Suggestion.nearest(to: name, among: fitting))
      return
    }
    if port.direction != direction {
      context.collector.error(
        at: origin.position, origin.path,
        "'\(name)' is an \(port.direction.rawValue) port of '\(accelerator.name)'",
        expected: expected)
    }
  }

  private func checkWidths(_ stream: ResolvedStream, _ context: RuleContext) {
    guard stream.receiver.hasSoundWidths, stream.driver.hasSoundWidths,
      stream.driverPort.widthBits != stream.port.widthBits
    else { return }
    context.collector.error(
      at: stream.origin.position, stream.origin.path,
      "port '\(stream.port.name)' of '\(stream.receiver.name)' is \(stream.port.widthBits) bits "
        + "wide, but '\(stream.driverPort.name)' of '\(stream.driver.name)' is "
        + "\(stream.driverPort.widthBits)",
      expected: "ports of the same width")
  }

  /// Reports the first stream that closes a loop.
  private func checkLoops(_ context: RuleContext) {
    let streams = context.description.resolvedStreams
    for (index, stream) in streams.enumerated() {
      // Who takes, over the streams so far and this one, what the receiver sends.
      var reached: Set = [stream.receiver.name]
      var isGrowing = true
      while isGrowing {
        let next = streams[...index].filter { reached.contains($0.driver.name) }
          .map(\.receiver.name)
        isGrowing = !reached.isSuperset(of: next)
        reached.formUnion(next)
      }
      guard reached.contains(stream.driver.name) else { continue }
      let ownOutput = stream.driver.name == stream.receiver.name
      context.collector.error(
        at: stream.origin.position, stream.origin.path,
        ownOutput
          ? "'\(stream.receiver.name)' takes what it sends itself"
          : "'\(stream.receiver.name)' takes from '\(stream.driver.name)', which depends on what "
            + "'\(stream.receiver.name)' sends",
        expected: "streams without a loop")
      return
    }
  }
}

/// A stream from accelerator to accelerator whose names all exist and whose directions fit.
struct ResolvedStream {
  let receiver: AcceleratorDescription
  let port: AcceleratorPort
  let driver: AcceleratorDescription
  let driverPort: AcceleratorPort
  /// Where the key of the input port stands.
  let origin: Origin
}

extension SoCDescription {
  /// The streams among ``acceleratorStreams`` in which there is no mistake about names and
  /// directions.
  var resolvedStreams: [ResolvedStream] {
    accelerators.flatMap { receiver -> [ResolvedStream] in
      guard receiver.origin.isSound("inputs", "accelerator", "fixed_args") else { return [] }
      var seen: Set<String> = []
      return receiver.inputs.compactMap { input in
        guard seen.insert(input.key).inserted, let endpoint = StreamEndpoint(input.value),
          let port = receiver.ports.first(where: { $0.name == input.key }),
          let driver = accelerators.first(where: { $0.name == endpoint.accelerator }),
          driver.origin.isSound("accelerator", "fixed_args"),
          let driverPort = driver.ports.first(where: { $0.name == endpoint.port }),
          port.direction == .input, driverPort.direction == .output
        else { return nil }
        return ResolvedStream(
          receiver: receiver, port: port, driver: driver, driverPort: driverPort,
          origin: input.origin)
      }
    }
  }
}
