internal import Fabric
internal import SimKernel
internal import Telemetry

/// The streams between DMAs and accelerator ports while a system is built.
final class StreamWiring {
  private let description: SoCDescription
  private var links: [String: StreamLink] = [:]
  private var accelerators: [String: Module] = [:]
  private var dmas: [String: Module] = [:]

  init(description: SoCDescription) {
    self.description = description
  }

  /// The name of an accelerator's port, `os_array.in1`.
  static func key(_ accelerator: String, _ port: String) -> String { "\(accelerator).\(port)" }

  /// Creates a stream for every port; unconnected ones stay silent.
  func makeLinks(of accelerator: AcceleratorDescription, site: ModuleSite, kernel: Kernel) {
    for port in accelerator.ports {
      links[Self.key(accelerator.name, port.name)] = StreamLink(
        kernel: kernel, widthBytes: port.portSize / 8, probed: (site, port.name))
    }
  }

  func link(_ key: String) -> StreamLink? { links[key] }

  func setAccelerator(_ name: String, _ module: Module) { accelerators[name] = module }
  func setDMA(_ key: String, _ module: Module) { dmas[key] = module }

  /// The path of the DMA at a port, as the blocker of waiting states.
  func partner(_ accelerator: String, _ port: String) -> String? {
    description.dmas.first {
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
  }
}
