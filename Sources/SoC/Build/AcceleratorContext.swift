internal import Fabric
internal import SimKernel
internal import Telemetry

/// What the builder hands to an accelerator's factory.
struct AcceleratorContext {
  let description: AcceleratorDescription
  let fidelity: Fidelity
  let site: ModuleSite
  let registers: RegisterPort
  let streams: StreamWiring
  let interrupt: Line?
  let kernel: Kernel
  /// Ends the run because a module that is not ours broke the rules.
  let fail: (String) -> Void

  /// The receiving end of an input port.
  func sink(_ port: String) -> StreamSink { link(port).sink }

  /// The sending end of an output port.
  func source(_ port: String) -> StreamSource { link(port).source }

  /// The accelerator's end of a port.
  func end(_ port: AcceleratorPort) -> StreamEnd {
    switch port.direction {
    case .input: .input(sink(port.name), from: partner(port.name))
    case .output: .output(source(port.name), to: partner(port.name))
    }
  }

  private func link(_ port: String) -> StreamLink {
    guard let link = streams.link(StreamWiring.key(description.name, port)) else {
      preconditionFailure("accelerator kind \(description.kindName) has no port \(port)")
    }
    return link
  }

  /// The path of the module at the other end of a port.
  func partner(_ port: String) -> String? { streams.partner(description.name, port) }
}
