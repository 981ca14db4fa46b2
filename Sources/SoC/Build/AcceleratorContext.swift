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

  /// The receiving end of an input port.
  func sink(_ port: String) -> StreamSink { link(port).sink }

  /// The sending end of an output port.
  func source(_ port: String) -> StreamSource { link(port).source }

  private func link(_ port: String) -> StreamLink {
    guard let link = streams.link(StreamWiring.key(description.name, port)) else {
      preconditionFailure("accelerator kind \(description.kindName) has no port \(port)")
    }
    return link
  }

  /// The path of the module at the other end of a port.
  func partner(_ port: String) -> String? { streams.partner(description.name, port) }
}
