internal import Fabric
internal import SimKernel
internal import Telemetry

/// The streams between DMAs and accelerator ports, and among accelerators, while a system is built.
final class StreamWiring {
  private let description: SoCDescription
  private var links: [String: StreamLink] = [:]
  /// The port that drives an input port, where that is another accelerator's.
  private let drivers: [String: StreamEndpoint]
  private var accelerators: [String: Module] = [:]
  private var dmas: [String: Module] = [:]

  init(description: SoCDescription) {
    self.description = description
    var drivers: [String: StreamEndpoint] = [:]
    for (receiver, driver) in description.acceleratorStreams {
      drivers[Self.key(receiver.accelerator, receiver.port)] = driver
    }
    self.drivers = drivers
  }

  /// The name of an accelerator's port, `os_array.in1`.
  static func key(_ accelerator: String, _ port: String) -> String { "\(accelerator).\(port)" }

  /// Creates a stream for every port that no other accelerator drives; unconnected ones stay
  /// silent. A driven input is the other end of its driver's stream.
  func makeLinks(of accelerator: AcceleratorDescription, site: ModuleSite, kernel: Kernel) {
    for port in accelerator.ports {
      let key = Self.key(accelerator.name, port.name)
      guard drivers[key] == nil else { continue }
      links[key] = StreamLink(
        kernel: kernel, widthBytes: port.portSize / 8, probed: (site, port.name))
    }
  }

  func link(_ key: String) -> StreamLink? {
    links[drivers[key].map { Self.key($0.accelerator, $0.port) } ?? key]
  }

  func setAccelerator(_ name: String, _ module: Module) { accelerators[name] = module }
  func setDMA(_ key: String, _ module: Module) { dmas[key] = module }

  /// The path of the module at the other end of a port, as the blocker of waiting states.
  func partner(_ accelerator: String, _ port: String) -> String? {
    let own = StreamEndpoint(accelerator: accelerator, port: port)
    if let driver = drivers[Self.key(accelerator, port)] { return driver.accelerator }
    if let stream = description.acceleratorStreams.first(where: { $0.driver == own }) {
      return stream.receiver.accelerator
    }
    return description.dmas.first {
      $0.acceleratorName == accelerator && $0.acceleratorPort == port
    }?.name
  }

  /// Lets the ends of all connected streams wake each other.
  func connect(kernel: Kernel) {
    for accelerator in description.accelerators {
      guard let module = accelerators[accelerator.name] else { continue }
      for port in accelerator.ports {
        let key = Self.key(accelerator.name, port.name)
        guard let link = links[key], let dma = dmas[key] else { continue }
        switch port.direction {
        case .input: link.connect(kernel: kernel, sender: dma, receiver: module)
        case .output: link.connect(kernel: kernel, sender: module, receiver: dma)
        }
      }
    }
    for (receiver, driver) in description.acceleratorStreams {
      guard let sender = accelerators[driver.accelerator],
        let module = accelerators[receiver.accelerator],
        let link = links[Self.key(driver.accelerator, driver.port)]
      else { continue }
      link.connect(kernel: kernel, sender: sender, receiver: module)
    }
  }
}
